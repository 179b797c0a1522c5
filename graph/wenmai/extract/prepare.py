"""All that is named in an article, before rules are tried: names, happenings, authors, areas inside names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from wenmai.extract.canon import canonical
from wenmai.extract.eventnames import find_event_names
from wenmai.extract.names import find_names, find_ties, inner_areas
from wenmai.extract.names.voices import Voice
from wenmai.extract.overlap import Row
from wenmai.extract.symbols import Node
from wenmai.lexicon import rows
from wenmai.records import Article, Claim, Mention, Span, Tie

_OFFICIAL = ("GovernmentBody", "PartyBody")


@dataclass(frozen=True)
class Found:
    """What is named in an article.

    `mentions` are in order and do not overlap; `inner` are the areas inside longer names, by the key of the name in
    `inside`; `bylines` are the claims of authorship that the text prints.
    """

    canonical: str
    mentions: tuple[Mention, ...]
    inner: tuple[Mention, ...]
    inside: dict[str, tuple[Mention, ...]]
    ties: tuple[Tie, ...]
    bylines: tuple[Claim, ...]

    def area_of(self, body: Node) -> Node | None:
        """Return the area that a body's name speaks of: 某区 for 某区委; for a bare 市委 the article's city."""
        if not body.keys:
            return None
        mention = self._by_key.get(body.keys[0])
        areas = self.inside.get(body.keys[0], ())
        if areas:
            return Node("AdministrativeArea", areas[-1].span, (areas[-1].key,))
        return self._area(mention.name[0] if mention is not None and mention.name else "")

    def area_of_level(self, level: str) -> Node | None:
        """Return the only area of a level (省, 市 …) that the article names; the area of a bare 省长."""
        official, named = self._areas
        names = {canonical(a.name) for a in (*official, *named) if level and a.name.endswith(level)}
        return self._area(level) if len(names) == 1 else None

    def _area(self, level: str) -> Node | None:
        """Return the area ending in `level` that the article speaks of most."""
        if level not in self._by_level:
            self._by_level[level] = self._most_named(level)
        return self._by_level[level]

    def _most_named(self, level: str) -> Node | None:
        official, named = self._areas
        names = [m for m in (*official, *official, *named) if m.name.endswith(level or " ")]
        if not names:
            return None
        common = Counter(m.name for m in names).most_common(1)[0][0]
        area = next(m for m in names if m.name == common)
        return Node("AdministrativeArea", area.span, (area.key,))

    @cached_property
    def _by_level(self) -> dict[str, Node | None]:
        return {}

    @cached_property
    def _by_key(self) -> dict[str, Mention]:
        return {m.key: m for m in reversed(self.mentions)}

    @cached_property
    def _areas(self) -> tuple[list[Mention], list[Mention]]:
        """The areas that names of organs begin with, and those that stand alone."""
        official = [a for m in self.mentions if m.cls in _OFFICIAL for a in self.inside.get(m.key, ())]
        return official, [m for m in self.mentions if m.cls == "AdministrativeArea"]

    @cached_property
    def _departments(self) -> list[Mention]:
        """The bodies of the Party, each name once, by its first mention."""
        return list({m.name: m for m in reversed(self.mentions) if m.cls == "PartyBody"}.values())[::-1]

    def department(self, name: str) -> Node | None:
        """Return the department of the Party that ends in `name`, if the article names just one such."""
        fits = [m for m in self._departments if m.name.endswith(name) and len(m.name) > len(name)]
        if len(fits) != 1:
            return None
        return Node(fits[0].cls, fits[0].span, (fits[0].key,), name=fits[0].name)


def find_all(article: Article, voices: list[Voice] | None = None) -> Found:
    """Find everything named in `article`; `voices`, where it is given, takes in what every finder of names said."""
    text = canonical(article.text)
    names = [_without_party_organ(m, text) for m in find_names(article, voices)]
    mentions = _with_authors(article, names)
    return _found(article, text, _with_events(article, text, mentions), None)


@cache
def _party_organ() -> re.Pattern[str]:
    organs = "|".join(r["organ"] for r in rows("party_organs"))
    return re.compile(f"(?<![区市县镇乡村道省旗州])(?:{organs})$")


@cache
def _classes_by_suffix() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((r["suffix"], r["class"]) for r in rows("org_suffixes")), key=lambda r: (-len(r[0]), r[0])))


def _without_party_organ(mention: Mention, text: str) -> Mention:
    """某公司党委书记 is 党委书记 in the company: the organ before a title is no body of its own there."""
    if mention.cls != "PartyBody":
        return mention
    words = mention.span.of(text)
    organ = _party_organ().search(words)
    if not organ or not organ.start() or not text.startswith(("书记", "副书记", "成员", "委员"), mention.span.end):
        return mention
    if next((s for s, _ in _classes_by_suffix() if words.endswith(s)), "") != organ.group():
        return mention  # 国资党委, 机关党委: bodies of that name of their own
    rest = words[: organ.start()]
    cls = next((c for suffix, c in _classes_by_suffix() if rest.endswith(suffix)), "Organization")
    span = Span(mention.span.begin, mention.span.begin + len(rest))
    return replace(mention, span=span, cls=cls, name=mention.name[: -len(organ.group())])


def marked(article: Article, mentions: Sequence[Mention], ties: Sequence[Tie]) -> Found:
    """Take `mentions` as all that is named in `article`."""
    return _found(article, canonical(article.text), list(mentions), tuple(ties))


def _found(article: Article, text: str, mentions: list[Mention], ties: tuple[Tie, ...] | None) -> Found:
    mentions.sort(key=lambda m: m.span)
    inside: dict[str, tuple[Mention, ...]] = {}
    for mention in mentions:
        if areas := tuple(inner_areas(mention)):
            inside[mention.key] = tuple(
                replace(a, key=f"{mention.key}i{i}", voice="inner") for i, a in enumerate(areas, 1)
            )
    inner = tuple(a for areas in inside.values() for a in areas)
    known = ties if ties is not None else (*find_ties(article, mentions), *_event_ties(mentions))
    spans = {a.span: a for a in article.authors if a.span is not None}
    bylines = tuple(Claim("article", "author", m.key, m.span, rule="byline") for m in mentions if m.span in spans)
    return Found(text, tuple(mentions), inner, inside, known, bylines)


def _event_ties(mentions: list[Mention]) -> Iterator[Tie]:
    """临溪读书节 is 2019云岭临溪读书节: the bare name of a happening of which the article names an edition."""
    named = {canonical(m.name): m for m in mentions if m.key.startswith("n")}
    wholes: dict[str, Mention] = {}
    for name, mention in named.items():
        for begin in range(1, 0 if name.startswith("首届") else len(name)):
            wholes.setdefault(name[begin:], mention)
    for name, mention in named.items():
        if name in wholes and not name.startswith(("第", "首届")):
            yield Tie(wholes[name].key, mention.key, "简称")


def _with_authors(article: Article, mentions: list[Mention]) -> list[Mention]:
    row = Row(mentions)
    for number, author in enumerate(article.authors, 1):
        if author.span is None or any(
            m.span == author.span and m.cls == "Person" for m in row.overlapping(author.span)
        ):
            continue
        row.put(Mention(f"a{number}", author.span, "Person", author.name, "byline"))
    return row.all()


def _with_events(article: Article, text: str, mentions: list[Mention]) -> list[Mention]:
    row = Row(mentions)
    events = [
        e for e in find_event_names(article, text)
        if not any(
            m.cls == "Person" or m.span.covers(e.span) or not e.span.covers(m.span) for m in row.overlapping(e.span)
        )
    ]  # fmt: skip
    for number, event in enumerate(events, 1):
        row.put(replace(event, key=f"n{number}"))
    return row.all()
