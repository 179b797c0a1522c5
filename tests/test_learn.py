"""Reading and splitting the corpora the tagger learns from."""

from __future__ import annotations

from pathlib import Path

from wenmai.learn.corpora import LONGEST, Sentence, disjoint, pieces, read_bio, share


def test_bio_is_read_with_adjacent_names_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("王 B-PER\n某 I-PER\n沪 B-LOC\n苏 B-LOC\n人 O\n\n好 O\n", encoding="utf-8")
    assert list(read_bio(path)) == [
        Sentence("王某沪苏人", ((0, 2, "PER"), (2, 3, "LOC"), (3, 4, "LOC"))),
        Sentence("好"),
    ]


def test_of_two_that_overlap_the_longer_stays() -> None:
    assert disjoint([(0, 2, "a"), (0, 4, "b"), (4, 5, "c")]) == ((0, 4, "b"), (4, 5, "c"))


def test_long_sentences_are_cut_outside_names() -> None:
    text = "好" * 300
    parts = list(pieces(Sentence(text, ((LONGEST - 2, LONGEST + 2, "ORG"),))))
    assert "".join(p.text for p in parts) == text
    assert [p.spans for p in parts if p.spans] == [((0, 4, "ORG"),)]


def test_the_split_depends_on_the_text_alone() -> None:
    assert share("上海", 0) == share("上海", 0) != share("上海", 1)
    assert 0 <= share("", 0) < 1
