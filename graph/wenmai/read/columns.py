"""Lines and paragraphs as a column of print leaves them: cut off lines, cut off sentences, put together again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_FINAL = "。！？!?…；;：:."
_CLOSERS = "”’」』》)）】]〕\"'"
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"), ("「", "」"), ("『", "』"))
_BLANK = " \t　\u200b\ufeff\xa0"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its words, and how many blank lines stand before it."""

    text: str
    gap: int


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank, stripped; lines cut at a column's width are put together."""
    raw: list[tuple[str, int]] = []
    gap = 0
    for line in text.split("\n"):
        if line.strip(_BLANK):
            raw.append((line.rstrip(_BLANK), gap))
            gap = 0
        else:
            gap += 1
    width = _wrap_width([line for line, _ in raw])
    if width:
        raw = _unwrapped(raw, width)
    return [Line(line.strip(_BLANK), gap) for line, gap in raw]


def is_finished(paragraph: str) -> bool:
    """Tell whether `paragraph` ends where a sentence or a quotation may end."""
    bare = paragraph.rstrip(_CLOSERS + _BLANK)
    if not bare:
        return True
    return bare[-1] in _FINAL or (bare != paragraph and paragraph[-1] in "”』」" and is_balanced(paragraph))


def is_balanced(text: str) -> bool:
    """Tell whether every quotation and bracket that `text` opens is closed in it, and the reverse."""
    return all(text.count(left) == text.count(right) for left, right in _PAIRS)


def gap_between(left: str, right: str) -> str:
    """Return what stands between two parts of one paragraph: a space between Latin words, else nothing."""
    words = left[-1:].isascii() and left[-1:].isalnum() and right[:1].isascii() and right[:1].isalpha()
    return " " if words else ""


def _wrap_width(lines: list[str]) -> int:
    """Return the width at which the lines were cut, in characters; 0 if they are whole paragraphs."""
    if len(lines) < 8:
        return 0
    counts = Counter(len(line) for line in lines)
    width = max(range(8, 61), key=lambda w: (sum(counts[w + d] for d in (-1, 0, 1)), -w))
    near = [line for line in lines if abs(len(line) - width) <= 1]
    open_ends = sum(1 for line in near if not is_finished(line))
    longer = sum(1 for line in lines if len(line) > width + 2)
    return width if len(near) * 2 > len(lines) and open_ends * 3 > len(near) * 2 and longer * 10 < len(lines) else 0


def _unwrapped(raw: list[tuple[str, int]], width: int) -> list[tuple[str, int]]:
    groups: list[tuple[list[str], int]] = []
    full = False
    for line, gap in raw:
        indented = re.match(r"[ \t]{2,}|　", line) is not None
        if groups and full and gap == 0 and not indented:
            words = groups[-1][0]
            words += [gap_between(words[-1], line.strip(_BLANK)), line.strip(_BLANK)]
        else:
            groups.append(([line], gap))
        full = len(line) >= width - 1
    return [("".join(words), gap) for words, gap in groups]
