"""Posts in apposition: 申能集团党委书记、董事长王坚; 市委常委、副市长甲，区民政局局长乙.

From each person the chain of titles before the name is read backwards; each title belongs to the body (or, for 市长 and
its kin, the area) that stands nearest before it. The chain becomes one symbol of the person, so that later rules see a
plain list of people. Former posts (原, 前, 时任) give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from wenmai import ontology
from wenmai.extract.context import Context
from wenmai.extract.prepare import Found
from wenmai.extract.symbols import Node, Passage, chars, symbol
from wenmai.lexicon import alternatives, characters, one_of, rows, words
from wenmai.records import Span


@cache
def _leaving() -> re.Pattern[str]:
    return re.compile(alternatives(words("posts", "leaving")))


@cache
def _former() -> re.Pattern[str]:
    return re.compile(f"{one_of('posts', 'former')}$")


@cache
def _present() -> re.Pattern[str]:
    return re.compile(f"{one_of('posts', 'present')}$")


@cache
def _beside() -> re.Pattern[str]:
    return re.compile(f"^{one_of('posts', 'present')}")


@cache
def _department() -> re.Pattern[str]:
    return re.compile(rf"[^\ue000-\uf8ff\n{characters('posts', 'not_departments')}]{{1,{_DEPARTMENT}}}$")


@cache
def _party_department() -> re.Pattern[str]:
    return re.compile(f"({one_of('party', 'departments')})((?:常务)?副?(?:部长|书记))")


_DEPARTMENT = 10
"""The longest name of a department between a body and a title, in symbols."""
_LEVELS = "省市区县镇乡"


@dataclass(frozen=True, slots=True)
class Held:
    """One post as the text shows it: who, which title, where; `span` is the phrase that says so."""

    person: Node
    title: str
    owner: Node | None
    span: Span
    confidence: float


@cache
def title_classes() -> dict[str, tuple[str, ...]]:
    """Return for each post title the classes of body that it fits; none named means any."""
    return {r["title"]: tuple(c for c in r["fits"].split("|") if c) for r in rows("post_titles")}


@cache
def _titles() -> re.Pattern[str]:
    bodies = words("posts", "body_words")
    forms = alternatives(title for title in title_classes() if not title.startswith(bodies))
    return re.compile(f"(?:{one_of('posts', 'regions')})?{one_of('posts', 'ranks')}*{forms}(?:助理)?")


def find_titles(text: str, canonical: str, taken: Iterable[Span]) -> list[Node]:
    """Return the post titles of an article outside the mentions at `taken`; a title is as `text` prints it."""
    masked = list(canonical)
    begins = set()
    for span in taken:
        begins.add(span.begin)
        masked[span.begin : span.end] = "\0" * (span.end - span.begin)
    return [
        Node("Title", Span(*m.span()), value=text[m.start() : m.end()], name=m.group())
        for m in _titles().finditer("".join(masked))
        if canonical[m.start() - 1 : m.start() + 1] not in words("posts", "swallows")
        and (m.end() in begins or m.group() not in words("posts", "verbs_too"))
    ]


def _fits(title: str) -> tuple[str, ...]:
    table = title_classes()
    base = title
    while base and base not in table:
        base = base[1:]
    return table.get(base, ())


def _of_area(title: str) -> bool:
    return _fits(title) == ("AdministrativeArea",)


def _may_be_of_area(title: str) -> bool:
    fits = _fits(title)
    return not fits or "AdministrativeArea" in fits


def _of_company(title: str) -> bool:
    """Tell whether a title names a department of a company, which no area has: 市场部负责人."""
    return title.find("部", 2) > 0 and not title.endswith(("部长", "书记"))


@dataclass(slots=True)
class _Chain:
    """A chain being read backwards: titles (former or not) with the owners found so far."""

    begin: int
    titles: list[tuple[str, Node | None, bool]]


class PostFinder:
    """Reads the posts of one article."""

    def __init__(self, context: Context, found: Found, text: str) -> None:
        self._context = context
        self._text = text
        self._area_of = found.area_of
        self._area_of_level = found.area_of_level
        self._department_of = found.department
        self._last_owner: Node | None = None

    def read(self, passage: Passage) -> list[Held]:
        """Return the posts of `passage` and reduce each chain to its person."""
        held: list[Held] = []
        self._last_owner = None
        position = 0
        people = chars("Person")
        while position < len(passage.symbols):
            if passage.symbols[position] not in people:
                position += 1
                continue
            chain = self._chain(passage, position)
            if not chain.titles:
                position += 1
                continue
            person = passage.node(position)
            span = passage.span(chain.begin, position + 1)
            own = self._own(passage, chain, person, span)
            if not _leaving().search(passage.symbols, position, passage.clause(position)[1]):
                held.extend(own)
            passage.reduce(chain.begin, position + 1, Node(person.cls, span, person.keys, name=person.name))
            position = chain.begin + 1
        return held

    def _chain(self, passage: Passage, person: int) -> _Chain:
        """Read backwards from the symbol before `person`."""
        titles: list[tuple[str, Node | None, bool]] = []
        begin = i = person
        while i > 0 and passage.symbols[i - 1] == symbol("Title"):
            title, start, former, owner = self._unit(passage, i - 1, str(passage.node(i - 1).value))
            titles.insert(0, (title, owner, former))
            begin = start
            joint = next((j for j in words("posts", "and") if passage.symbols[:start].endswith(j)), None)
            if joint is None:
                break
            i = start - len(joint)
        return _Chain(begin, titles)

    def _unit(self, passage: Passage, at: int, title: str) -> tuple[str, int, bool, Node | None]:
        """Read one title with its department, 原 or 前, and owner; return also where it begins."""
        start, former = at, False
        text = passage.symbols
        department = ""
        if found := _department().search(text, max(0, start - _DEPARTMENT), start):
            between = found.group()
            place = found.start()
            if _former().search(between):
                former, between = True, _former().sub("", between)
            elif between.startswith(("原", "前", "曾", "拟任", "时任")):
                former = True
            else:
                between = _beside().sub("", _present().sub("", between))
            before = passage.nodes[place - 1] if place else None
            if before is not None and self._is_owner(before):
                department, start = between, place
            elif former and not between:
                start = place
        if start == at and text[:start].endswith("的"):
            before = passage.nodes[start - 2] if start > 1 else None
            if before is not None and self._is_owner(before):
                start -= 1
        owner = passage.nodes[start - 1] if start else None
        if owner is not None and self._is_owner(owner):
            start -= 1
            tail = text[:start]
            if tail.endswith(("原", "前", "时任")) and not former:
                former, start = True, start - (2 if tail.endswith("时任") else 1)
        else:
            owner = None
        return self._printed(passage, department.lstrip("原前曾"), at) + title, start, former, owner

    def _printed(self, passage: Passage, department: str, before: int) -> str:
        """Return the words of a department as the article prints them, not as they are matched (戲劇系)."""
        begin = passage.symbols.rfind(department, 0, before)
        places = range(begin, begin + len(department)) if begin >= 0 else range(0)
        return "".join(self._text[passage.begins[i] : passage.ends[i]] for i in places)

    @staticmethod
    def _is_owner(node: Node) -> bool:
        return node.cls in ontology.subclasses("Organization") or node.cls in ontology.subclasses("Place")

    def _own(self, passage: Passage, chain: _Chain, person: Node, span: Span) -> list[Held]:
        held = []
        owner = self._inherited(passage, chain)
        sure = 0.95
        was = False  # 原某公司董事长、党委书记: what follows without a body of its own is former too
        for title, named, ended in map(self._department, chain.titles):
            was = former = ended or (was and named is None)
            if named is not None:
                owner = named
            elif owner is None:
                owner, sure = self._guessed(passage, chain.begin, title), 0.7
            if former:
                continue
            place = owner
            if owner is not None and _of_area(title) and owner.cls not in ontology.subclasses("Place"):
                place = self._area_of(owner)
            in_area = place is not None and place.cls in ontology.subclasses("Place")
            if in_area and (not _may_be_of_area(title) or (_of_company(title) and title not in title_classes())):
                continue
            if place is not None:
                held.append(Held(person, title, place, span, sure))
        self._last_owner = owner
        return held

    def _department(self, unit: tuple[str, Node | None, bool]) -> tuple[str, Node | None, bool]:
        """区委宣传部部长 is 部长 in the department, if the article names it."""
        title, owner, former = unit
        found = _party_department().fullmatch(title)
        body = self._department_of(found[1]) if found and (owner is None or owner.cls == "PartyBody") else None
        return (found[2], body, former) if found and body is not None else unit

    def _inherited(self, passage: Passage, chain: _Chain) -> Node | None:
        """党委书记甲、院长乙: the second chain has no body of its own and stands beside the first person."""
        if chain.titles[0][1] is None and chain.begin > 1 and passage.symbols[chain.begin - 1] in "、，":
            before = passage.nodes[chain.begin - 2]
            if before is not None and before.cls == "Person":
                return self._last_owner
        return None

    def _guessed(self, passage: Passage, position: int, title: str) -> Node | None:
        """A title that fits one kind of body belongs to the body of that kind the text is about."""
        fits = _fits(title)
        if fits == ("AdministrativeArea",):
            return self._area_of_level(next((c for c in title if c in _LEVELS), ""))
        if not fits or "AdministrativeArea" in fits or title in words("posts", "common"):
            return None
        return self._context.nearest(fits, passage, position)
