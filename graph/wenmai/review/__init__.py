"""What is doubtful in a store, the most worth looking at first, with the words behind it and the way to settle it.

Takes an open store, gives `Doubt`s. It changes nothing: `wenmai curate` does. A kind of doubt is a module in `kinds/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wenmai.errors import UsageError
from wenmai.review.doubt import Doubt, Named, Words, in_order
from wenmai.review.kinds import Options, kind_names, load
from wenmai.review.known import Known
from wenmai.store.protocol import Store

__all__ = ["Doubt", "Named", "Options", "Review", "Words", "kind_names", "review"]

_MOST_CLAIMS = 6
"""Claims whose words are shown: of more, the first and the last, which are those of either side."""


@dataclass(frozen=True)
class Review:
    """The doubts shown, and of every kind looked for how many there are in all."""

    doubts: tuple[Doubt, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """How many doubts there are, shown or not."""
        return sum(self.counts.values())


def review(
    store: Store | Known, kinds: Sequence[str] = (), limit: int | None = None, options: Options | None = None
) -> Review:
    """Return the doubts of a store: of `kinds` (default: all), at most `limit` of them; the same every time.

    Claims and entities that a person confirmed, and claims that were rejected, are left out. Raises UsageError for a
    kind that is none, StoreError.
    """
    chosen = list(dict.fromkeys(kinds)) or list(kind_names())
    for name in chosen:
        if name not in kind_names():
            raise UsageError(f"there is no kind of doubt {name!r}; there are {', '.join(kind_names())}")
    known = store if isinstance(store, Known) else Known(store)
    found = {name: in_order(load(name).find(known, options or Options())) for name in chosen}
    first = in_order(doubt for doubts in found.values() for doubt in doubts)[:limit]
    shown = tuple(replace(doubt, words=tuple(known.words(_some(doubt.claims))[: 2 * _MOST_CLAIMS])) for doubt in first)
    return Review(shown, {name: len(doubts) for name, doubts in found.items()})


def _some(claims: tuple[str, ...]) -> tuple[str, ...]:
    half = _MOST_CLAIMS // 2
    return claims if len(claims) <= _MOST_CLAIMS else (*claims[:half], *claims[-half:])
