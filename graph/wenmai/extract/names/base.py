"""What the finders share: the candidate, the protocol, and the notes on one article that later finders build on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from wenmai.extract.names.surface import Surface
from wenmai.extract.tagger.spans import Tagged

_COUNTED = 200_000
_WORTH_AN_INDEX = 2_000_000
"""Characters that plain counting may go over before an index of the text is cheaper."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a surface that may be a name. `tier` orders belief: a lower one wins whatever the length."""

    begin: int
    end: int
    cls: str
    voice: str
    confidence: float = 0.9
    code: str | None = None
    tier: int = 5

    @property
    def rank(self) -> tuple[int, int, int, float, int, str]:
        """What candidates are taken by, the least first: a low tier, then the longest, then the surest."""
        return min(self.tier, 5), self.begin - self.end, self.tier, -self.confidence, self.begin, self.cls


@dataclass(slots=True)
class Area:
    """A place of the lexicon in the text. `full`: with its generic term (市, 区); `sure`: no other word."""

    begin: int
    end: int
    cls: str
    code: str | None
    full: bool
    sure: bool

    @property
    def county(self) -> bool:
        """Tell whether this is a district or county of China, whose short forms are often other words."""
        return self.code is not None and not self.code.endswith("00")


@dataclass(slots=True)
class Notes:
    """One article as the finders see it: its surface, the barriers no name begins before, the areas, what was found.

    `barriers` are (end, begin, strong): the words of a barrier end where a name may begin; a weak one (a function
    character that names use too) does not part a company's name from the area it begins with. `lexicon_names` holds
    the bounds (begin to end) of names that everybody knows, `tagged` what the tagger hears.
    """

    surface: Surface
    barriers: list[tuple[int, int, bool]]
    areas: list[Area]
    found: list[Candidate] = field(default_factory=list)
    introduced: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    lexicon_names: dict[int, int] = field(default_factory=dict)
    tagged: list[Tagged] = field(default_factory=list)
    area_begins: dict[int, Area] = field(default_factory=dict)
    area_ends: dict[int, Area] = field(default_factory=dict)
    _ends: list[int] = field(default_factory=list)
    _begins: dict[int, int] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _pairs: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ends = [b[0] for b in self.barriers]
        self._begins = {b[1]: b[0] - b[1] for b in self.barriers}
        self._starts = [a.begin for a in self.areas]
        self.area_begins = {a.begin: a for a in self.areas}
        self.area_ends = {a.end: a for a in self.areas}

    @property
    def text(self) -> str:
        """The text that is searched."""
        return self.surface.text

    def count(self, words: str) -> int:
        """Return how often `words` occur in the text (in its first 200,000 characters)."""
        if words not in self._counts:
            self._counts[words] = self._count(words)
        return self._counts[words]

    def _count(self, words: str) -> int:
        """Count by the places of the rarest pair of characters in `words` where the text is long and is asked often."""
        text = self.text[:_COUNTED]
        if len(text) * len(self._counts) < _WORTH_AN_INDEX or len(words) < 2:
            return text.count(words)
        if not self._pairs:
            for i in range(len(text) - 1):
                self._pairs.setdefault(text[i : i + 2], []).append(i)
        rarest = min(range(len(words) - 1), key=lambda i: len(self._pairs.get(words[i : i + 2], ())))
        count = done = 0
        for place in self._pairs.get(words[rarest : rarest + 2], ()):
            begin = place - rarest
            if begin >= done and text.startswith(words, begin):
                count, done = count + 1, begin + len(words)
        return count

    def barrier_before(self, position: int) -> tuple[int, int, bool]:
        """Return the last barrier that ends at or before `position`, as (end, begin, strong)."""
        i = bisect_right(self._ends, position)
        return self.barriers[i - 1] if i else (0, 0, True)

    def barrier_ends_at(self, position: int) -> bool:
        """Tell whether a barrier ends (or the text begins) at `position`."""
        if position == 0:
            return True
        i = bisect_left(self._ends, position)
        return i < len(self._ends) and self._ends[i] == position

    def barrier_length(self, position: int) -> int:
        """Return how long the barrier is that begins at `position`; 0 if none does."""
        return self._begins.get(position, 0)

    def barrier_covers(self, begin: int, end: int) -> bool:
        """Tell whether a barrier that begins before `begin` reaches to `end`: the 县 of 撤县."""
        return any(self._begins.get(begin - k, 0) >= end - begin + k for k in (1, 2, 3))

    def areas_in(self, begin: int, end: int) -> list[Area]:
        """Return the areas that lie within the stretch, in order."""
        result = []
        for i in range(bisect_left(self._starts, begin), len(self.areas)):
            if self.areas[i].begin >= end:
                break
            if self.areas[i].end <= end:
                result.append(self.areas[i])
        return result


class Finder(Protocol):
    """One way of finding names."""

    def __call__(self, notes: Notes) -> list[Candidate]:
        """Return the candidates this finder sees; `notes.found` holds those of the finders before it."""
        ...
