"""The annotated corpora and the raw text the tagger learns from, and the parts held out to measure it.

Each corpus keeps its own guideline and hence its own head: CLUENER2020 (Xu et al. 2020, arXiv:2001.04351), People's
Daily 1998, MSRA (Levow 2006, SIGHAN bake-off), Resume (Zhang and Yang 2018, "Chinese NER Using Lattice LSTM").
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.canon import canonical
from wenmai.extract.tagger.features import FIRST, Alphabet, code_points, folding

LONGEST = 120
GRAM = 12
SENTENCE = re.compile(r"[^。！？；!?\n]*[。！？；!?\n]?[”』」’）)]?")


@dataclass(frozen=True)
class Sentence:
    """One annotated sentence: spans are (begin, end, label), in order, without overlap."""

    text: str
    spans: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True)
class Corpora:
    """What there is to learn from: `train` and `held` by head, `raw` without labels."""

    train: dict[str, list[Sentence]]
    held: dict[str, list[Sentence]]
    raw: list[str]


def read_jsonl(path: Path) -> Iterator[Sentence]:
    """Read sentences with `entity_list` (CLUENER, MSRA, Resume as GuocaiL/nlp_corpus writes them)."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            found = {
                (e["entity_index"]["begin"], e["entity_index"]["end"], e["entity_type"]) for e in record["entity_list"]
            }
            yield Sentence(record["text"], disjoint(found))


def disjoint(found: Iterable[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    """Return the spans in order, the longer of two that overlap."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(found, key=lambda s: (s[0], -s[1], s[2])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def read_bio(path: Path) -> Iterator[Sentence]:
    """Read one character and its BIO tag a line, sentences parted by empty lines."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.rsplit(" ", 1) for line in block.split("\n") if " " in line]
        spans: list[tuple[int, int, str]] = []
        for i, (_, tag) in enumerate(rows):
            if tag.startswith("I-") and spans and spans[-1][1:] == (i, tag[2:]):
                spans[-1] = (spans[-1][0], i + 1, tag[2:])
            elif tag != "O":
                spans.append((i, i + 1, tag[2:]))
        if rows and all(len(char) == 1 for char, _ in rows):
            yield Sentence("".join(char for char, _ in rows), tuple(spans))


def read_raw(folder: Path) -> Iterator[str]:
    """Read the sentences of raw text: headlines, articles and the sentences of FinRE."""
    for path in sorted((folder / "raw").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from (piece for piece in SENTENCE.findall(line.strip()) if len(piece) > 4)
    for path in sorted(folder.glob("finre_*.tsv")):
        yield from dict.fromkeys(
            row.split("\t")[3] for row in path.read_text(encoding="utf-8").splitlines() if row.count("\t") == 3
        )


def share(text: str, seed: int) -> float:
    """Return a number in [0, 1) that depends on the text and nothing else, to split by."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{text}".encode()).digest()[:6]) / 2**48


def grams(text: str) -> set[str]:
    """Return the 12-grams of `text`."""
    return {text[i : i + GRAM] for i in range(len(text) - GRAM + 1)}


def load(folder: Path) -> Corpora:
    """Read all corpora of `folder`; a tenth of each is held out, always the same.

    What is trained on shares no 12-gram with what People's Daily and MSRA hold out, and no raw sentence shares one
    with any held-out part.
    """
    sources = {
        "clue": read_jsonl(folder / "cluener_train.jsonl"),
        "pd": read_bio(folder / "people_daily_train.bio"),
        "msra": read_jsonl(folder / "msra_train.jsonl"),
        "resume": read_jsonl(folder / "resume_train.jsonl"),
    }
    train: dict[str, list[Sentence]] = {}
    held: dict[str, list[Sentence]] = {}
    for head, source in sources.items():
        sentences = list(dict.fromkeys(s for s in source if s.text.strip()))
        held[head] = [s for s in sentences if share(s.text, 0) < 0.1]
        train[head] = [s for s in sentences if share(s.text, 0) >= 0.1]
    news = {g for head in ("pd", "msra") for s in held[head] for g in grams(s.text)}
    for head, sentences in train.items():
        train[head] = [s for s in sentences if news.isdisjoint(grams(s.text))]
    every = news | {g for s in held["clue"] for g in grams(s.text)}
    raw = [text for text in dict.fromkeys(read_raw(folder)) if every.isdisjoint(grams(text))]
    return Corpora(train, held, raw)


def pieces(sentence: Sentence) -> Iterator[Sentence]:
    """Cut a sentence that is too long to learn from at a place outside its names."""
    text, spans = sentence.text, sentence.spans
    begin = 0
    while len(text) - begin > LONGEST:
        cut = begin + LONGEST
        inside = [s for s in spans if s[0] < cut < s[1]]
        cut = inside[0][0] if inside and inside[0][0] > begin else cut
        yield Sentence(text[begin:cut], within(spans, begin, cut))
        begin = cut
    yield Sentence(text[begin:], within(spans, begin, len(text)))


def within(spans: Iterable[tuple[int, int, str]], begin: int, end: int) -> tuple[tuple[int, int, str], ...]:
    """Return the spans that lie in [begin, end), counted from `begin`."""
    return tuple((b - begin, e - begin, label) for b, e, label in spans if begin <= b and e <= end)


def fold(sentence: Sentence) -> Sentence:
    """Return the sentence in canonical characters, as the tagger reads it."""
    return Sentence(canonical(sentence.text), sentence.spans)


def alphabet(texts: Sequence[str], chars: int = 6000, pairs: int = 65_000, triples: int = 40_000) -> Alphabet:
    """Return the commonest characters, pairs and triples of canonical `texts`, each seen four times or more."""
    table = folding()
    ids = np.concatenate([np.append(table[code_points(text)], -1) for text in texts])
    known = _known(ids[ids >= 0], chars)
    small = Alphabet.of(known, [], [])
    seen = np.where(ids >= 0, small.table[np.maximum(ids, 0)], -1).astype(np.int64)
    wide = [seen[: len(seen) - 2], seen[1:-1], seen[2:]]
    pair = wide[0] * small.size + wide[1]
    usable = (wide[0] >= FIRST) & (wide[1] >= FIRST)
    triple = pair * small.size + wide[2]
    whole = usable & (wide[2] >= FIRST)
    return Alphabet.of(
        known,
        _known(pair[usable], pairs),
        _known(triple[whole], triples),
    )


def _known(keys: NDArray[Any], number: int) -> NDArray[Any]:
    """Return the `number` commonest of `keys` in order, those seen fewer than four times left out."""
    values, counts = np.unique(keys, return_counts=True)
    order = np.lexsort((values, -counts))
    return np.sort(values[order[counts[order] >= 4][:number]])
