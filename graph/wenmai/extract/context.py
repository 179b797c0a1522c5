"""What a passage takes from those before it: what the text is about, who was named together, the day last told.

A `Context` is fed passage by passage, in order. It puts a symbol in the place of pronouns and bare nouns (该公司, 双方,
后者) and fills the slots of patterns that name no text (`{@subject:Policy}`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from wenmai import ontology
from wenmai.extract.dates import DateMention
from wenmai.extract.pattern import LIST_JOIN
from wenmai.extract.symbols import Node, Passage, chars
from wenmai.lexicon import HAN, alternatives, characters, one_of, rows, words

_ACTORS = frozenset({"Organization", "Place", "Person"})
"""Classes of which many are named in passing: only what opened a clause is what the text is about."""
_POINTING = ("该", "这", "两", "双", "三", "四", "各", "前", "后")
_COUNTS = {"双": 2, "两": 2, "三": 3, "四": 4}
_SYMBOLS = re.compile("[\ue000-\uf8ff]")
_KEEP = 40
"""How many symbols back a list of names is still what 双方 means, counted in mentions."""


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(f"[0-9a-z{characters('pointers', 'leads')}]{{0,8}}")


@cache
def _preposition() -> re.Pattern[str]:
    return re.compile(f"[{characters('pointers', 'prepositions')}]$")


@cache
def _pronouns() -> tuple[re.Pattern[str], dict[str, tuple[str, tuple[str, ...]]]]:
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    table |= {r["suffix"]: ("alike", (r["class"],)) for r in rows("event_suffixes")}
    table |= {f"{this}{noun}": kind for noun, kind in table.items() for this in words("pointers", "this")}
    table |= {r["form"]: (r["kind"], tuple(r["class"].split("|"))) for r in rows("pronouns")}
    marks = (*_POINTING, *words("pointers", "this"))
    alone = rf"(?<![^\n{characters('pointers', 'alone_behind')}])"
    bare = alternatives(form for form in table if not form.startswith(marks))
    marked = alternatives(form for form in table if form.startswith(marks))
    return re.compile(f"{marked}|{alone}{bare}(?![们法务家会员])"), table


_OF_ANOTHER = re.compile(r"起?(?:正式|开始)?[\u4e00-\u9fff]{2}的")
"""2009年5月1日起施行的某规定: the date is that document's own."""


class Context:
    """The memory of one article, in reading order."""

    def __init__(self) -> None:
        self._about: dict[str, Node] = {}
        self._recent: list[Node] = []
        self._together: list[Node] = []
        self._subject: Node | None = None
        self._opening: Node | None = None
        self._start: Node | None = None

    def point_back(self, passage: Passage) -> None:
        """Put the symbol of what it means in the place of every pronoun and bare noun of `passage`."""
        pattern, table = _pronouns()
        position = 0
        while found := pattern.search(passage.symbols, position):
            kind, classes = table[found.group()]
            node = self._antecedent(found.group(), kind, classes, passage, found.start())
            if node is None:
                position = found.end()
                continue
            span = passage.span(*found.span())
            passage.reduce(*found.span(), replace(node, span=span, pronoun=True))
            position = found.start() + 1

    def _antecedent(
        self, form: str, kind: str, classes: tuple[str, ...], passage: Passage, position: int
    ) -> Node | None:
        before = [n for n in passage.nodes[:position] if n is not None and n.keys]
        if form == "双方" and passage.symbols[:position].endswith(words("pointers", "sides")):
            return None
        wanted = _any_of(classes)
        fits = [n for n in (*self._recent, *before) if n.cls in wanted]
        if not fits:
            return None
        if kind == "newest":
            first = {n.keys: n for n in reversed(fits)}
            return max(first.values(), key=lambda n: n.span.begin)
        if kind in ("same", "alike"):
            return self._same(form, classes, fits, passage, position, kind == "alike")
        here = _lists(passage, position)
        together = [n for n in (here or self._together) if n.cls in wanted]
        if kind == "pair":
            count = _COUNTS.get(form[0], len(together) or 2)
            spoken = [n for n in fits if n.cls != "MediaBody"]  # a masthead or a source is no party
            distinct = together if len(together) == count else _last_distinct(spoken, count)
            if len(distinct) != count or (count == 2 and distinct[0].name.endswith(distinct[1].name)):
                return None  # fewer than there should be, or one and its short form
            keys = tuple(dict.fromkeys(k for n in distinct for k in n.keys))
            return Node(distinct[0].cls, distinct[0].span, keys) if len(distinct) > 1 else None
        last = _last_distinct(fits, 2)
        if len(last) < 2:
            return None
        return last[-1] if kind == "latter" else last[0]

    def _same(
        self, form: str, classes: tuple[str, ...], fits: list[Node], passage: Passage, position: int, strict: bool
    ) -> Node | None:
        """该公园 and 公园 are the thing whose name ends so; 该 the last of them, a bare noun the one most spoken of."""
        noun = re.sub(f"^(?:该|这家|{'|'.join(words('pointers', 'this'))})", "", form)
        alike = [n for n in fits if n.name.endswith(noun)]
        if strict and not alike:
            return None
        topic = self.topic("|".join(classes), passage, position)
        if form != noun and alike:
            by_class = (
                topic is not None and topic is self._subject and "Organization" in ontology.superclasses(topic.cls)
            )
            return topic if by_class else alike[-1]
        if noun == "校" and (schools := [n for n in fits if n.name.endswith(words("pointers", "schools"))]):
            fits = schools  # no institute and no laboratory
            topic = topic if topic is not None and any(n.name == topic.name for n in fits) else None
        if topic is not None and (not alike or any(n.keys == topic.keys or n.name == topic.name for n in alike)):
            return topic
        pool = alike or fits
        counts = Counter(n.name for n in pool)
        best = max(counts.values())
        return next(n for n in reversed(pool) if counts[n.name] == best)

    def topic(
        self,
        classes: str,
        passage: Passage,
        position: int,
        opening: bool = False,
        but: frozenset[str] = frozenset(),
    ) -> Node | None:
        """Return what the text before `position` is about, if of one of `classes` (joined by |, preferred first)."""
        if classes == "Date":
            here = [
                n for i, n in passage.found("Date", 0, position)
                if getattr(n.value, "boundary", None) == "from" and not _OF_ANOTHER.match(passage.symbols, i + 1)
            ]  # fmt: skip
            return here[-1] if here else self._start
        for cls in classes.split("|"):
            wanted = chars(cls)
            here = [
                n for i, n in _subjects(passage, position) if passage.symbols[i] in wanted and not but & set(n.keys)
            ]
            if here:
                return here[0] if opening else here[-1]
        names = _any_of(tuple(classes.split("|")))
        here_first = "|" in classes and not opening
        if opening and self._opening is not None and self._opening.cls in names:
            return self._opening
        if not here_first and self._subject is not None and self._subject.cls in names:
            return self._subject
        if "Organization" in names and (listed := _lists(passage, position)):
            first = listed[0]
            return replace(first, keys=tuple(dict.fromkeys(k for n in listed for k in n.keys)), name="")
        known: list[Node] = []
        for cls in classes.split("|"):
            if known and cls in ontology.subclasses("Event"):
                break
            about = [self._about[c] for c in ontology.subclasses(cls) if c in self._about]
            if not about and cls not in _ACTORS and "Organization" not in ontology.superclasses(cls) and not opening:
                before = (*self._recent, *passage.nodes[:position])
                about = [n for n in before if n is not None and n.cls in ontology.subclasses(cls) and n.keys]
            # a kind (物业服务企业) is spoken of only where kinds are asked for
            known += [n for n in about if n.cls != "OrganizationKind" or cls == n.cls]
        return max(known, key=lambda n: n.span.begin, default=None)

    def nearest(self, classes: Sequence[str], passage: Passage, position: int) -> Node | None:
        """Return the last thing of `classes` named before `position` in the passage, else the only one so far."""
        names = _any_of(tuple(classes))
        here = [n for _, n in _subjects(passage, position) if n.cls in names and len(n.keys) == 1]
        here = here or [n for n in passage.nodes[:position] if n is not None and n.cls in names and len(n.keys) == 1]
        if here:
            return here[-1]
        known = [n for n in self._recent if n.cls in names and len(n.keys) == 1]
        return known[-1] if len({n.name for n in known}) == 1 else None

    def attend(self, node: Node) -> None:
        """Make `node` what the text is about: an aside follows it."""
        self._about[node.cls] = node
        self._subject = node

    def remember(self, passage: Passage) -> None:
        """Take in a passage after it was matched."""
        subjects = _subjects(passage, len(passage.symbols))
        if subjects and subjects[0][1].keys:
            self._opening = subjects[0][1]
        for found in passage.found("Date"):
            if isinstance(found[1].value, DateMention) and found[1].value.boundary == "from":
                self._start = found[1]
        for _, node in subjects:
            if node.keys and (not node.pronoun or node.cls == "Policy"):  # 条例提出: it is spoken of again
                self._about[node.cls] = node
                self._subject = node
        self._recent.extend(n for n in passage.nodes if n is not None and n.keys and not n.pronoun)
        del self._recent[:-_KEEP]
        together = _lists(passage, len(passage.symbols))
        if together:
            self._together = together


@cache
def _any_of(classes: tuple[str, ...]) -> frozenset[str]:
    """Return `classes` with all below them."""
    return frozenset(name for cls in classes for name in ontology.subclasses(cls))


@cache
def _list_of(*classes: str) -> re.Pattern[str]:
    """Return the pattern of several of `classes` named together."""
    one = f"[{''.join(map(chars, classes))}]"
    return re.compile(f"{one}(?:{LIST_JOIN}{one})+")


def _subjects(passage: Passage, end: int) -> list[tuple[int, Node]]:
    """Return the nodes that open a clause, before `end`: what the clause is about."""
    result = []
    done = 0
    for i, node in enumerate(passage.nodes[:end]):
        if node is None or not node.keys or i < done:
            continue
        begin, done = passage.clause(i)
        words = passage.symbols[begin:i]
        told = _attribute().fullmatch(words) is not None  # 曾任某公司总监的某某上月加入…
        if told or (_lead().fullmatch(_SYMBOLS.sub("", words)) and not _preposition().search(words)):
            if (described := _described(passage, i, end)) is not None:
                result.append(described)
            elif len(node.keys) == 1:
                result.append((i, _with_companions(passage, i, node)))
    return result


@cache
def _attribute() -> re.Pattern[str]:
    return re.compile(f"{one_of('modifiers', 'lives')}.{{1,20}}的")


@cache
def modifier() -> re.Pattern[str]:
    """Return the pattern of what makes of the name before it a description: 甲旗下, 甲控股的, 甲5日讯."""
    verbs, nouns = one_of("modifiers", "verbs"), one_of("modifiers", "nouns")
    dateline = f"[{chars('Place')}]?{chars('Date')}?{HAN}{{0,2}}{one_of('modifiers', 'datelines')}"
    return re.compile(f"{verbs}的|{nouns}|{dateline}")


def _described(passage: Passage, position: int, end: int) -> tuple[int, Node] | None:
    """Return the name that the one at `position` only describes, if it does: 甲控股的乙 is about 乙."""
    found = modifier().match(passage.symbols, position + 1)
    if found is None:
        return None
    last = min(end, passage.clause(position)[1], found.end() + 4)
    return next(((i, n) for i in range(found.end(), last) if (n := passage.nodes[i]) is not None and n.keys), None)


def _with_companions(passage: Passage, position: int, node: Node) -> Node:
    """A list that opens a clause (甲、乙与丙) is one subject of several."""
    if node.cls not in ontology.subclasses("Organization"):
        return node
    found = _list_of("Organization").match(passage.symbols, position)
    if not found:
        return node
    members = [n for n in passage.nodes[position : found.end()] if n is not None]
    return replace(node, keys=tuple(dict.fromkeys(k for n in members for k in n.keys)), name="")


def _lists(passage: Passage, end: int) -> list[Node]:
    """Return the last organizations (or places) named together before `end`: A与B, A、B和C."""
    last = None
    for found in _list_of("Organization", "Place").finditer(passage.symbols, 0, end):
        last = found
    return [n for n in passage.nodes[last.start() : last.end()] if n is not None] if last else []


def _last_distinct(nodes: list[Node], count: int) -> list[Node]:
    chosen: list[Node] = []
    for node in reversed(nodes):
        if all(node.keys != other.keys for other in chosen):
            chosen.append(node)
        if len(chosen) == count:
            break
    return list(reversed(chosen))
