"""What the tagger says of a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Tagged:
    """A span that a head takes for a name: code points of the text, its label, and how likely it is."""

    begin: int
    end: int
    label: str
    head: str
    score: float
