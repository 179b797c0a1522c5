"""The text names are looked for in: canonical characters without what only breaks a name.

Zero-width characters, line breaks inside a block and blanks between two Chinese characters of a line's wrap are left
out; `Surface.span` leads back to the article's own offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from wenmai.extract.canon import canonical
from wenmai.records import Article, Span

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_WRAP = re.compile("(?<=[\u3400-\u9fff])[ \t\u3000]*(?:\r\n|\r|\n)[ \t\u3000]*(?=[\u3400-\u9fff])")


@dataclass(slots=True)
class Surface:
    """`text` is what finders read; `marks` and `shifts` tell how many characters were left out before a place."""

    article: Article
    text: str
    marks: list[int]
    shifts: list[int]

    def place(self, position: int) -> int:
        """Return the article's offset of the character at `position` of `text`."""
        i = bisect_right(self.marks, position)
        return position + (self.shifts[i - 1] if i else 0)

    def span(self, begin: int, end: int) -> Span:
        """Return the article's span of the characters from `begin` to `end` (exclusive) of `text`."""
        return Span(self.place(begin), self.place(end - 1) + 1)

    def position(self, offset: int) -> int:
        """Return the position in `text` of the article's character at `offset` (or of the next that is kept)."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.place(middle) < offset:
                low = middle + 1
            else:
                high = middle
        return low


def surface(article: Article) -> Surface:
    """Make the surface of an article. Nothing is raised; an article without text gives an empty one."""
    whole = canonical(article.text)
    left_out: list[tuple[int, int]] = [m.span() for m in _INVISIBLE.finditer(whole)]
    for block in article.blocks:
        left_out += [m.span() for m in _WRAP.finditer(whole, block.span.begin, block.span.end)]
    left_out.sort()
    pieces: list[str] = []
    marks: list[int] = []
    shifts: list[int] = []
    position = dropped = 0
    for begin, end in left_out:
        if begin < position:
            continue
        pieces.append(whole[position:begin])
        dropped += end - begin
        marks.append(end - dropped)
        shifts.append(dropped)
        position = end
    pieces.append(whole[position:])
    return Surface(article, "".join(pieces), marks, shifts)
