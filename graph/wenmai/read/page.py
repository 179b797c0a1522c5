"""A newspaper page → its items: where each begins and ends, insets taken out, broken paragraphs joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from wenmai.read.bylines import Signature, lead_signatures
from wenmai.read.columns import gap_between, is_finished, lines_of
from wenmai.read.layout import Shape, shape_of
from wenmai.records import BlockKind

_DASH_KICKER = re.compile(r"^(.{4,}?(?:——|--|――))[ 　]+(?=\S)")
_FAR = 60
"""Lines that the cutter looks ahead at most: more than any group of headings or inset has."""

_COLUMN_LABEL = re.compile(r"^[·•【\[〔《〈/].*[·•】\]〕》〉/]$|(?:——|――)$")
_FRAGMENT = re.compile(r"[^。，,！？；;、]{1,8}[。，,！？；;、]")
_OPENING_WORDS = re.compile(
    r"[“「《]|[今昨前明次当當][天日年晚早]|[上下本去前]个?[周月年]|\d|近[日年期来]|日前|此[外前次后]|另外|同时|同時|不过|不過|但|而|因此|然而|目前|据|據"
    r"|如今|其中|随[着后]|未来|记者|記者|首先|其次|最后|接下来|与此同时|事实上|对此|为此|根据|按照|在|当|从"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or line of an item as it is stored, its kind, and who signs in it (offsets within `text`)."""

    kind: BlockKind
    text: str
    signatures: tuple[Signature, ...] = ()


@dataclass(slots=True)
class _Item:
    """An item as it grows; what the cutter asks of it is kept up to date, so that a long page costs linear time."""

    shapes: list[Shape] = field(default_factory=list)
    closed: bool = False
    first: Shape | None = None
    last: Shape | None = None
    last_heading: int = -1
    subheads: int = 0
    signed_above: bool = False

    def add(self, shapes: Sequence[Shape]) -> None:
        """Append lines."""
        for shape in shapes:
            if shape.kind == "body":
                self.first = self.first or shape
                self.last = shape
            elif shape.kind == "heading" and self.first:
                self.last_heading = len(self.shapes)
                self.subheads += 1
            elif shape.kind == "byline" and not self.first:
                self.signed_above = True
            self.shapes.append(shape)

    def is_open(self) -> bool:
        """Tell whether the last paragraph stops in the midst of a sentence."""
        return self.last is not None and not self.closed and not is_finished(self.last.text)


def items(text: str) -> list[list[Part]]:
    """Cut the text of a page into its items, in order of where they begin. A single article is one item."""
    shapes = [shape_of(line) for line in lines_of(text)]
    return [_parts(item.shapes, titled=False) for item in _Cutter(shapes).cut()]


def article(text: str, title: str) -> list[Part]:
    """Return the parts of `text` as one article whose `title` is known from elsewhere."""
    return _parts([shape_of(line) for line in lines_of(text)], titled=bool(title), title=title)


def stories(parts: Sequence[Part]) -> list[list[Part]]:
    """Cut the parts of a web page where a heading stands above a paragraph that opens with `本报讯` or the like.

    The first story must open so too; else such headings are subheads of one story.
    """
    opens = [part.kind == "body" and lead_signatures(part.text)[0] > 0 for part in parts]
    first = next((at for at, part in enumerate(parts) if part.kind == "body"), None)
    found: list[list[Part]] = [[]]
    for at, part in enumerate(parts):
        begins = part.kind == "subtitle" and first is not None and first < at and opens[first]
        if begins and at + 1 < len(parts) and opens[at + 1]:
            found.append([Part("title", part.text)])
        else:
            found[-1].append(part)
    return found


class _Cutter:
    """Walks down the page once; `outer` holds the items that an inset interrupts."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.shapes = shapes
        self.found: list[_Item] = []
        self.outer: list[_Item] = []
        self.now = self._new()
        gaps = Counter(shape.gap for shape in shapes[1:])
        self.usual_gap = gaps.most_common(1)[0][0] if gaps else 0

    def cut(self) -> list[_Item]:
        at = 0
        while at < len(self.shapes):
            group = self._heading_group(at)
            if group:
                self._headings(at, at + group)
                at += group
                continue
            shape = self.shapes[at]
            if shape.kind == "body":
                self._body(at)
            elif shape.kind == "byline" and self.now.first:
                self._closing(shape)
            else:
                self.now.add([shape])
            at += 1
        return self._with_bodies()

    def _new(self) -> _Item:
        item = _Item()
        self.found.append(item)
        return item

    def _heading_group(self, at: int) -> int:
        """Return how many lines of headings (and notes before and among them) begin at `at`."""
        end = at
        last = 0
        while end < min(at + _FAR, len(self.shapes)) and self.shapes[end].kind in ("heading", "note"):
            end += 1
            if self.shapes[end - 1].kind == "heading":
                last = end - at
        return last

    def _headings(self, begin: int, end: int) -> None:
        group = self.shapes[begin:end]
        if self.now.first and self._begins_item(group, end):
            if self.now.is_open():
                self.outer.append(self.now)
            self.now = self._new()
        self.now.add(group)

    def _begins_item(self, group: Sequence[Shape], end: int) -> bool:
        """Tell whether the headings before line `end` open an item; else they are a subhead of the present one."""
        follows = self.shapes[end] if end < len(self.shapes) else None
        if follows is None:
            return False
        headings = [shape for shape in group if shape.kind == "heading"]
        signed = follows.kind == "byline" and end + 1 < len(self.shapes) and self.shapes[end + 1].kind == "body"
        wide = max(shape.gap for shape in group) >= self.usual_gap + 2
        return self.now.closed or follows.lead or signed or self.now.is_open() or len(headings) > 1 or wide

    def _body(self, at: int) -> None:
        shape = self.shapes[at]
        if self.outer and self._resumes(at):
            self.now = self.outer.pop()
        elif shape.lead and self.now.first and (self.now.closed or self.now.first.lead):
            self.now = self._new()
        self.now.add([shape])

    def _resumes(self, at: int) -> bool:
        """Tell whether a paragraph goes on with the item that the present inset interrupts."""
        shape = self.shapes[at]
        if shape.lead or not self.now.first:
            return False
        if self.now.closed:
            return True
        if self.now.is_open() or self._is_signed_below(at):
            return False
        fragment = _FRAGMENT.match(shape.text) and not _OPENING_WORDS.match(shape.text)
        return bool(fragment) or shape.gap >= self.usual_gap + 2

    def _is_signed_below(self, at: int) -> bool:
        """Tell whether a byline comes before the next heading, and story text right after it: the inset's end."""
        for below in range(at, min(at + _FAR, len(self.shapes) - 1)):
            if self.shapes[below].kind == "heading":
                return False
            if self.shapes[below].kind == "byline" and self.shapes[below].closes:
                return self.shapes[below + 1].kind == "body"
        return False

    def _closing(self, shape: Shape) -> None:
        """Take a byline below a story; it may show that the last heading was no subhead but an item of its own."""
        heading, first = self.now.last_heading, self.now.first
        whole = any(signature.role.endswith(("摄影报道", "攝影報道", "图文报道")) for signature in shape.signatures)
        signed = first is not None and first.lead and bool(first.signatures)
        own = signed or self.now.signed_above or (whole and self.now.subheads == 1)
        if heading > 0 and own and shape.closes and self.now.shapes[-1].kind != "heading":
            rest = self.now.shapes[heading:]
            del self.now.shapes[heading:]
            self.now = self._new()
            self.now.add(rest)
        self.now.add([shape])
        self.now.closed = self.now.closed or shape.closes

    def _with_bodies(self) -> list[_Item]:
        """Return the items; what has no paragraph of its own goes to its neighbour."""
        result: list[_Item] = []
        waiting: list[Shape] = []
        for item in self.found:
            if item.first:
                item.shapes[:0] = waiting
                waiting = []
                result.append(item)
            elif result:
                result[-1].shapes += item.shapes
            else:
                waiting += item.shapes
        return result or [_Item(waiting)]


def _parts(shapes: Sequence[Shape], *, titled: bool, title: str = "") -> list[Part]:
    """Return the parts of one item: headings told apart, broken paragraphs joined."""
    above: list[Part] = []
    parts: list[Part] = []
    have_title = titled
    begun = False
    broken: list[Shape] | None = None
    joined: dict[int, list[Shape]] = {}
    for shape in shapes:
        if shape.kind == "body":
            begun = True
            if broken is None:
                broken = joined[len(parts)] = []
                parts.append(Part("body", ""))
            broken.append(shape)
            broken = None if is_finished(shape.text) else broken
        elif shape.kind == "heading":
            parts += [Part("subtitle", shape.text)] if begun else _heading(shape.text, have_title, above, title)
            have_title = have_title or parts[-1].kind == "title"
            broken = None
        else:
            parts.append(Part(shape.kind, shape.text, shape.signatures))
            broken = None if shape.kind == "byline" else broken
    for at, pieces in joined.items():
        parts[at] = _joined(pieces)
    return parts


def _heading(text: str, have_title: bool, above: list[Part], title: str) -> list[Part]:
    """Return the part or parts of a line above the story: a kicker before a dash, the headline, what is below it."""
    if text == title:
        return [Part("title", text)]
    split = _DASH_KICKER.match(text)
    if split and not have_title:
        above.append(Part("kicker", split[1]))
        return [Part("kicker", split[0]), Part("title", text[split.end() :])]
    if _COLUMN_LABEL.search(text) or (have_title and above):
        return [Part("kicker", text)]
    if have_title:
        above.append(Part("subtitle", text))
        return [Part("subtitle", text)]
    return [Part("title", text)]


def _joined(pieces: Sequence[Shape]) -> Part:
    """Return the paragraph that the columns of a page broke into `pieces`."""
    words: list[str] = []
    signatures: list[Signature] = []
    length = 0
    for piece in pieces:
        gap = gap_between(words[-1], piece.text) if words else ""
        length += len(gap)
        signatures += [Signature(s.name, s.role, s.begin + length, s.end + length) for s in piece.signatures]
        words += [gap, piece.text]
        length += len(piece.text)
    return Part("body", "".join(words), tuple(signatures))
