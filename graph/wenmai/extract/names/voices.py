"""Who spoke up for which stretch of a text, who was heard, and why the others were not: what `explain` shows of names.

`choose` takes candidates in the order of `Candidate.rank`; one that overlaps a candidate taken before it falls. So the
reason of a fall is the first part of the rank in which the two differ.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from wenmai.extract.names.base import Candidate, Notes
from wenmai.records import Span


@dataclass(frozen=True, slots=True)
class Voice:
    """One candidate as it came out: its words and place in the article, who found it, whether it stands, and why."""

    span: Span
    words: str
    cls: str
    voice: str
    confidence: float
    tier: int
    stands: bool
    why: str


def hear(notes: Notes, chosen: Sequence[Candidate]) -> list[Voice]:
    """Return the candidates of an article, in order of text, what stands (`chosen`, in order) before the others."""
    begins = [c.begin for c in chosen]
    fallen: dict[int, int] = {}
    voices = []
    standing = set(chosen)
    for c in dict.fromkeys(notes.found):
        if c in standing:
            continue
        first = bisect_left(begins, c.end)
        rivals = []
        while first > 0 and chosen[first - 1].end > c.begin:
            first -= 1
            rivals.append(chosen[first])
            fallen[first] = fallen.get(first, 0) + 1
        winner = min(rivals, key=lambda r: r.rank)
        voices.append(_voice(notes, c, False, f"{_reason(c, winner)}: {_words(notes, winner)}"))
    for i, c in enumerate(chosen):
        count = fallen.get(i, 0)
        voices.append(_voice(notes, c, True, f"over {count} that overlap it" if count else "nobody else spoke up"))
    return sorted(voices, key=lambda v: (v.span, not v.stands, v.tier, -v.confidence, v.cls, v.voice))


def _reason(loser: Candidate, winner: Candidate) -> str:
    """Say in what `loser` comes after `winner`."""
    if loser.rank[0] != winner.rank[0]:
        return f"tier {winner.tier} goes before {loser.tier}"
    if loser.rank[1] != winner.rank[1]:
        return f"shorter than {winner.cls or 'a title'}"
    if loser.tier != winner.tier:
        return f"as long, and tier {winner.tier} goes before {loser.tier}"
    if loser.confidence != winner.confidence:
        return f"as long, and less sure than {winner.cls or 'a title'} {winner.confidence:.2f}"
    if loser.begin != winner.begin:
        return "as long and as sure, and behind"
    return f"no better than {winner.cls or 'a title'} by {winner.voice}"


def _words(notes: Notes, c: Candidate) -> str:
    return notes.text[c.begin : c.end]


def _voice(notes: Notes, c: Candidate, stands: bool, why: str) -> Voice:
    span = notes.surface.span(c.begin, c.end)
    return Voice(span, span.of(notes.surface.article.text), c.cls, c.voice, c.confidence, c.tier, stands, why)
