"""How well a tagger reads what was held out: exact spans with their labels, micro-averaged, as CoNLL counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Found = tuple[int, int, str]

MERGED: Mapping[str, str] = {
    "company": "ORG", "government": "ORG", "organization": "ORG", "address": "PLACE", "scene": "PLACE",
    "book": "WORK", "movie": "WORK", "game": "GAME", "name": "PERSON", "position": "POSITION",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """Precision, recall and F1 of one label, and how many there are to find."""

    precision: float
    recall: float
    f1: float
    gold: int


def figures(gold: Sequence[Iterable[Found]], found: Sequence[Iterable[Found]]) -> dict[str, Figure]:
    """Return the figures per label, and over all under `*`."""
    right: Counter[str] = Counter()
    there: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for wanted, got in ((set(a), set(b)) for a, b in zip(gold, found, strict=True)):
        there.update(s[2] for s in wanted)
        said.update(s[2] for s in got)
        right.update(s[2] for s in wanted & got)
    result = {label: _figure(right[label], there[label], said[label]) for label in sorted(there | said)}
    result["*"] = _figure(right.total(), there.total(), said.total())
    return result


def _figure(right: int, there: int, said: int) -> Figure:
    precision = right / said if said else 0.0
    recall = right / there if there else 0.0
    both = precision + recall
    return Figure(precision, recall, 2 * precision * recall / both if both else 0.0, there)


def merge(spans: Iterable[Found]) -> list[Found]:
    """Return CLUENER spans with their labels merged: companies, governments and organizations are one, and so on."""
    return [(begin, end, MERGED[label]) for begin, end, label in spans]
