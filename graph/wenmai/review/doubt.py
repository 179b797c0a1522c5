"""What a review lists: one record for a doubt, with what it is about, the words behind it and the way to settle it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

_DIGITS = 12


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """Something in the store: its local id (`org-0123456789ab`), its name, its class (local name)."""

    id: str
    name: str
    cls: str


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """Words of an article that a doubt stands on; `claim` is the local id of the claim they are evidence of."""

    article: str
    published: str
    begin: int
    end: int
    quote: str
    claim: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a person should look at.

    `weight` says from 0 to 1 how much it is worth looking at, `what` in a few words what is doubtful, `why` the
    reasons, `against` those against it. `claims` are the local ids of the claims it stands on; `words` are theirs and
    are filled in last, for the doubts that are shown. `commands` would settle it, the likeliest first. `key` tells
    doubts of one kind about the same things apart.
    """

    kind: str
    weight: float
    what: str
    about: tuple[Named, ...]
    why: tuple[str, ...]
    against: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()
    key: str = ""

    @property
    def id(self) -> str:
        """Return an id that follows from kind, subject and matter: the same as long as the doubt is there."""
        parts = (self.kind, self.what, self.key, *sorted(named.id for named in self.about))
        return f"{self.kind}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:_DIGITS]}"


def share(number: float) -> float:
    """Return `number` between 0 and 1, to two places: a weight."""
    return round(min(max(number, 0.0), 1.0), 2)


def in_order(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Return doubts with the most worth looking at first; each id once."""
    unique = {doubt.id: doubt for doubt in doubts}
    return sorted(unique.values(), key=lambda doubt: (-doubt.weight, doubt.kind, doubt.id))


def quoted(text: str) -> str:
    """Return `text` as one word of a shell's command line."""
    return "'" + text.replace("'", "'\\''") + "'"
