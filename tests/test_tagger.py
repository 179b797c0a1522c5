"""The tagger: cutting, folding, decoding, packing, the weights that ship, and a text read with and without."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from wenmai.errors import UsageError
from wenmai.extract.canon import canonical
from wenmai.extract.tagger import engine
from wenmai.extract.tagger.crf import Chain, Decoder
from wenmai.extract.tagger.cutting import cut
from wenmai.extract.tagger.decode import FORBIDDEN, allowed, encode, spans_of, tag_names
from wenmai.extract.tagger.encoder import Bidirectional, Direction, Packing
from wenmai.extract.tagger.features import FIRST, UNKNOWN, Alphabet
from wenmai.extract.tagger.model import WEIGHTS, Tagger
from wenmai.extract.tagger.onnx import ENCODER, OnnxEncoder
from wenmai.extract.tagger.weights import load, save

ALPHABET = Alphabet.of([ord("上"), ord("海"), ord("0"), ord("a")], [FIRST * 7 + FIRST + 1], [])
TEXT = "柳溪市教育局局长郅文舒昨天会见星河创新公司总裁赖明远。双方签署合作协议，桑榆出版社社长出席。"
TAGGER = Tagger.load()
ARTICLES = sorted((Path(__file__).parent / "gold").glob("*.txt"))
EXTREMES = st.text(st.sampled_from("上海。”，\n𠀀😀a（《银行王") | st.characters(), max_size=300)


@settings(deadline=None)
@given(EXTREMES, st.integers(1, 9))
def test_cutting_loses_nothing_and_offsets_are_code_points(text: str, longest: int) -> None:
    found = cut(text, longest)
    assert "".join(text[b:e] for b, e in found) == text
    assert all(b < e for b, e in found)
    assert len(ALPHABET.ids(text)) == len(text)


def test_folding_reads_variants_as_one() -> None:
    assert ALPHABET.ids("上7A").tolist() == ALPHABET.ids("上0a").tolist()
    assert ALPHABET.ids("𠀀")[0] == UNKNOWN


def test_pairs_are_found_where_they_start() -> None:
    pairs, triples = ALPHABET.grams(ALPHABET.batch([ALPHABET.ids("上海"), ALPHABET.ids("a")]))
    assert pairs.tolist() == [[0, 1, 0], [0, 0, 0]]
    assert not triples.any()


def test_spans_survive_encoding() -> None:
    names = tag_names(["ORG", "PER"])
    spans = [(0, 1, "PER"), (1, 3, "ORG"), (4, 8, "ORG")]
    assert spans_of([names[t] for t in encode(9, spans, names)]) == spans
    assert spans_of(["I-ORG", "E-ORG", "B-ORG", "E-PER", "B-ORG", "O"]) == []


def chained(names: Sequence[str], draw: np.random.Generator) -> Chain:
    """Return a head with steps, starts and ends drawn at random where the scheme allows them."""
    step, start, end = (a + draw.normal(size=a.shape).astype(np.float32) for a in allowed(names))
    return Chain(names, step, start, end)


def test_the_best_path_and_the_chances_equal_those_of_trying_every_path() -> None:
    draw = np.random.default_rng(1)
    heads = [chained(tag_names(labels), draw) for labels in (["X", "Y"], ["Z"])]
    lengths = [4, 4, 3, 1]
    packing = Packing.of(lengths)
    decoder = Decoder(heads)
    given = [(draw.normal(size=(sum(lengths), len(h.tags))) * 1.5).astype(np.float32) for h in heads]
    laid = np.stack([decoder.laid(i, scores, FORBIDDEN) for i, scores in enumerate(given)])
    for head, scores, found in zip(heads, given, decoder.spans(laid, packing), strict=True):
        lined = scores[packing.lined]
        expected = []
        for offset, size in zip(np.cumsum([0, *lengths]).tolist(), lengths, strict=False):
            expected += tried(head, lined[offset : offset + size], offset)
        assert [span[:3] for span in found] == [span[:3] for span in expected]
        assert [span[3] for span in found] == pytest.approx([span[3] for span in expected], abs=1e-4)
        assert found


def tried(head: Chain, row: NDArray[np.float32], offset: int) -> list[tuple[int, int, str, float]]:
    """Return the spans of the best of all paths through `row`, each with the chance of all paths that hold it."""
    paths = list(product(range(len(head.tags)), repeat=len(row)))
    worth = np.array(
        [head.start[p[0]] + head.end[p[-1]] + sum(row[t, tag] for t, tag in enumerate(p))
         + sum(head.step[a, b] for a, b in pairwise(p)) for p in paths]
    )  # fmt: skip
    best = paths[int(worth.argmax())]
    chance = np.exp(worth - worth.max())
    chance /= chance.sum()
    return [
        (begin + offset, end + offset, label,
         float(sum(c for c, p in zip(chance, paths, strict=True) if p[begin:end] == best[begin:end])))
        for begin, end, label in spans_of([head.tags[tag] for tag in best])
    ]  # fmt: skip


def test_a_row_is_encoded_alike_alone_and_beside_longer_ones() -> None:
    draw = np.random.default_rng(2)

    def some(*shape: int) -> NDArray[np.float32]:
        return draw.normal(size=shape).astype(np.float32)

    encoder = Bidirectional(*(Direction(some(4, 12), some(3, 12), some(12)) for _ in range(2)))
    packing = Packing.of([5, 2, 1])
    inputs = some(8, 4)
    together = encoder(inputs, packing)
    for row, size in enumerate([5, 2, 1]):
        mine = packing.row == row
        assert np.array_equal(together[mine], encoder(inputs[mine], Packing.of([size])))


@settings(deadline=None, max_examples=60)
@given(EXTREMES)
def test_every_span_lies_in_the_text_and_those_of_a_head_do_not_overlap(text: str) -> None:
    found = TAGGER.tag(canonical(text))
    assert found == sorted(found)
    for head in TAGGER.weights.heads:
        mine = [t for t in found if t.head == head]
        assert all(0 <= t.begin < t.end <= len(text) and 0 <= t.score <= 1.0001 for t in mine)
        assert all(a.end <= b.begin for a, b in pairwise(mine))


def test_names_are_heard_that_no_list_holds() -> None:
    heard = {TEXT[t.begin : t.end] for t in TAGGER.tag(TEXT) if t.score > 0.5}
    assert {"郅文舒", "赖明远", "星河创新公司", "桑榆出版社"} <= heard


def test_a_text_is_read_alike_by_itself_and_among_others() -> None:
    texts = [canonical(p.read_text(encoding="utf-8")) for p in ARTICLES]
    alone = [TAGGER.tag(text) for text in texts]
    TAGGER.read_ahead(texts)
    assert [TAGGER.tag(text) for text in texts] == alone
    TAGGER.read_ahead(texts[::-3])
    assert [TAGGER.tag(text) for text in texts] == alone


@pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed")
def test_onnxruntime_and_numpy_hear_the_same_spans() -> None:
    other = Tagger(TAGGER.weights, OnnxEncoder())
    texts = [canonical(p.read_text(encoding="utf-8")) for p in ARTICLES]
    assert texts
    for text in [*texts, "\n".join(texts)]:
        ours, theirs = TAGGER.tag(text), other.tag(text)
        assert [(t.begin, t.end, t.label, t.head) for t in ours] == [(t.begin, t.end, t.label, t.head) for t in theirs]
        assert all(abs(a.score - b.score) < 1e-3 for a, b in zip(ours, theirs, strict=True))


def test_the_weights_are_small_and_say_what_they_were_made_of() -> None:
    assert WEIGHTS.stat().st_size + ENCODER.stat().st_size <= 10_000_000
    card = WEIGHTS.with_name("MODEL_CARD.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("CLUENER2020", "MSRA", "People's Daily", "Resume", "licence", "wenmai learn"))
    assert TAGGER.weights.card["figures"]["clue"]["merged"] > 0.7


def test_weights_survive_saving_and_nothing_else_is_taken_for_them(tmp_path: Path) -> None:
    save(TAGGER.weights, tmp_path / "a.npz")
    again = Tagger(load(tmp_path / "a.npz"))
    assert again.tag(TEXT) == TAGGER.tag(TEXT)
    np.savez(tmp_path / "b.npz", x=np.zeros(3))
    with pytest.raises(ValueError, match=r"b\.npz holds no weights"):
        load(tmp_path / "b.npz")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "c.npz")


def extracted(tagger: str, text: str, tmp_path: Path) -> list[str]:
    """Return the names that the command finds with `--tagger`."""
    article = tmp_path / "article.txt"
    article.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "wenmai.cli", "extract", str(article), "--date", "2021-03-06", "--tagger", tagger],
        capture_output=True, text=True, check=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return [m["name"] for line in done.stdout.splitlines() for m in json.loads(line).get("mentions", ())]


def test_everything_works_without_the_tagger_and_more_with_it(tmp_path: Path) -> None:
    text = "柳溪市教育局昨天请来了客人。郅文舒回忆起往事，郅文舒的同事也到了。"
    without, heard = (set(extracted(tagger, text, tmp_path)) for tagger in ("none", "numpy"))
    assert "柳溪市教育局" in without
    assert without < heard


def test_a_tagger_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENMAI_TAGGER", "loud")
    with pytest.raises(UsageError, match="there is no tagger 'loud'"):
        engine()
