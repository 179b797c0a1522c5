"""Reading and splitting the corpora the tagger learns from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wenmai.extract.tagger.decode import tag_names
from wenmai.extract.tagger.model import Tagger
from wenmai.extract.tagger.weights import load as load_weights
from wenmai.extract.tagger.weights import save
from wenmai.learn.corpora import LONGEST, Sentence, disjoint, load, pieces, read_bio, share


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


def small_corpora(folder: Path) -> Path:
    """Write corpora of a few dozen made-up sentences, in the formats of the real ones."""
    folder.mkdir()
    people = [f"{a}{b}明" for a in "沈陆何余" for b in "一小文天海"]
    for name, label in (("cluener_train", "name"), ("msra_train", "PER"), ("resume_train", "NAME")):
        rows = []
        for i, person in enumerate(people):
            begin = 3 + i % 4
            text = "昨天下午三点钟"[:begin] + person + "来到新桥边。"
            span = {"entity_type": label, "entity": person, "entity_index": {"begin": begin, "end": begin + 3}}
            rows.append(json.dumps({"text": text, "entity_list": [span]}, ensure_ascii=False))
        (folder / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    bio = "".join(f"{p[0]} B-PER\n{p[1]} I-PER\n{p[2]} I-PER\n说 O\n\n" for p in people)
    (folder / "people_daily_train.bio").write_text(bio, encoding="utf-8")
    (folder / "raw").mkdir()
    raw = [f"{n}号楼的居民{p}昨天说，河边的路修好了，大家都很高兴。" for n, p in enumerate(people)]
    (folder / "raw" / "articles.txt").write_text("\n".join(raw), encoding="utf-8")
    return folder


def test_a_small_training_learns_its_sentences_and_is_the_same_twice(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is in the extra `learn`")
    from wenmai.learn.network import Shape
    from wenmai.learn.recipe import Recipe, Training
    from wenmai.learn.training import Plan

    corpora = load(small_corpora(tmp_path / "corpora"))
    plan = Plan(40, 2e-2, 0.1, 0.1, 0.1, 0.0)
    recipe = Recipe(
        shape=Shape(16, 4, 4, 16), hidden=Plan(1, 2e-3, 0.1, 0.1), teacher=plan, student=plan, teachers=2,
        unlabelled=20, threads=1,
    )  # fmt: skip
    for name in "ab":
        training = Training(corpora, recipe, tmp_path / f"work-{name}", lambda line: None)
        save(training.run(), tmp_path / f"{name}.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    weights = load_weights(tmp_path / "a.npz")
    assert set(weights.heads["clue"].tags) == set(tag_names(["name"]))
    heard = {t.head for t in Tagger(weights).tag("昨天下午沈小明来到新桥边。") if (t.begin, t.end) == (4, 7)}
    assert "clue" in heard
