"""Names: organizations, places, persons, policies, agreements and kinds of organization in an article.

Each finder looks for one sort of name on its own; `choose` settles which of the overlapping candidates stands.
Finders know Chinese news style and the word lists; they know no rule and no relation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from wenmai.extract.canon import canonical
from wenmai.extract.names import (
    aliases,
    brands,
    called,
    government,
    kinds,
    latin,
    organizations,
    persons,
    places,
    quoted,
    tagged,
    words,
)
from wenmai.extract.names.base import Candidate, Finder, Notes
from wenmai.extract.names.notes import take_notes
from wenmai.extract.names.surface import surface
from wenmai.extract.names.voices import Voice, hear
from wenmai.extract.tagger import engine
from wenmai.lexicon import one_of
from wenmai.records import Article, Mention, Span, Tie

__all__ = ["find_names", "find_ties", "inner_areas", "read_ahead"]

_FINDERS: tuple[Finder, ...] = (
    quoted.find_quoted,
    latin.find_latin,
    government.find_government,
    organizations.find_organizations,
    brands.find_brands,
    places.find_places,
    places.find_areas,
    kinds.find_kinds,
    persons.find_persons,
    tagged.find_tagged,
)
_CLEAN = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_MARKS = "《》“”‘’「」『』\"'"


@cache
def _here() -> re.Pattern[str]:
    return re.compile(f"(?<![\u4e00-\u9fff日根基样文资]){one_of('areas', 'here')}(?=[\u4e00-\u9fff，。0-9])")


def find_names(article: Article, voices: list[Voice] | None = None) -> list[Mention]:
    """Return the names of an article: mentions that do not overlap, in order, with keys m1, m2, …

    Spans are code points of `article.text`; `name` is the words without line breaks, zero-width characters and
    surrounding marks. A road with a house number is a mention of the helper class `Address`. Nothing is raised.
    `voices`, where it is given, takes in what every finder said.
    """
    notes = take_notes(surface(article))
    tagger = engine()
    notes.tagged = tagger.tag(notes.text) if tagger is not None else []
    chosen = _chosen(notes)
    if voices is not None:
        voices.extend(hear(notes, chosen))
    mentions = []
    for number, c in enumerate((c for c in chosen if c.cls), 1):
        span = notes.surface.span(c.begin, c.end)
        name = _name(span.of(article.text))
        mentions.append(Mention(f"m{number}", span, c.cls, name, c.voice, c.confidence, c.code))
    return mentions


def read_ahead(articles: Sequence[Article]) -> None:
    """Let the tagger read `articles` together before their names are looked for one by one."""
    tagger = engine()
    if tagger is not None and len(articles) > 1:
        tagger.read_ahead([surface(article).text for article in articles])


def _chosen(notes: Notes) -> list[Candidate]:
    for finder in _FINDERS:
        notes.found.extend(finder(notes))
    notes.found.extend(
        Candidate(*m.span(), "AdministrativeArea", "grammar", 0.8, tier=6) for m in _here().finditer(notes.text)
    )
    notes.found = [c for c in notes.found if notes.text[c.begin].isalnum() or notes.text[c.begin] in "《“"]
    first = choose(notes.found)
    notes.found.extend(aliases.find_introduced(notes, first))
    second = choose(notes.found)
    notes.found.extend(aliases.find_by_use(notes, second))
    notes.found.extend(called.find_called(notes, second))
    return choose(notes.found)


def choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that stand, in order: those of a low tier first, then the longest, then the surest."""
    taken: list[Candidate] = []
    owner: dict[int, Candidate] = {}
    for c in sorted(candidates, key=lambda c: c.rank):
        if any(i in owner for i in range(c.begin, c.end)):
            continue
        for i in range(c.begin, c.end):
            owner[i] = c
        taken.append(c)
    return sorted(taken, key=lambda c: c.begin)


def _name(words_: str) -> str:
    def blank(found: re.Match[str]) -> str:
        before, after = words_[: found.start()][-1:], words_[found.end() :][:1]
        return " " if before.isascii() and after.isascii() and " " in found.group() else ""

    name = _CLEAN.sub(blank, words_)
    if name[:1] in _MARKS and name[-1:] in _MARKS:
        name = name[1:-1] or name
    return name


def find_ties(article: Article, mentions: Sequence[Mention]) -> list[Tie]:
    """Return pairs of `mentions` (of `article`) that the text ties: a full name and the short form it introduces."""
    notes = Notes(surface(article), [], [])
    by_span = {m.span: m for m in mentions}
    full = [
        Candidate(notes.surface.position(m.span.begin), notes.surface.position(m.span.end - 1) + 1, m.cls, m.voice)
        for m in mentions
    ]
    ties = []
    people = [c for c in full if c.cls == "Person" and c.voice != "alias"]
    for candidate, (begin, end), reason in (*aliases.introduced(notes, full), *called.called(notes, people)):
        left = by_span.get(notes.surface.span(candidate.begin, candidate.end))
        right = by_span.get(notes.surface.span(begin, end))
        if right is None and begin > 0 and end < len(notes.text):
            right = by_span.get(notes.surface.span(begin - 1, end + 1))
        if left is not None and right is not None:
            ties.append(Tie(left.key, right.key, reason))
    return sorted(set(ties))


_WITHOUT_AREAS = ("AdministrativeArea", "Person", "Address", "Road", "NaturalFeature", "Policy", "Agreement")
_STEM = re.compile(r"([\u4e00-\u9fff]{2,6}?)(街道|镇|乡|村|社区)")


@cache
def _service() -> re.Pattern[str]:
    return re.compile(r"([\u4e00-\u9fff]{2,5})(?:党建|党群|社区)")


def inner_areas(mention: Mention) -> list[Mention]:
    """Return the areas that the name of an organization or place begins with, in order, with their own spans.

    Full and short forms of the lexicon count, then one subdistrict, town or village. Empty for a mention whose name
    is not word for word its span (a name broken by a line), and for areas themselves.
    """
    name = canonical(mention.name)
    if len(name) != mention.span.end - mention.span.begin or mention.cls in _WITHOUT_AREAS:
        return []
    found: list[tuple[int, int, str, str | None]] = []
    position = 0
    for begin, end, value in words.areas().find(name):
        if begin != position or len(value) == 1 or end == len(name):
            break
        if not (value[2] or value[3] or found):
            break
        if not value[2] and _subdistrict(name, position, mention.name):
            break
        found.append((begin, end, mention.name[begin:end], value[1] if isinstance(value[1], str) else None))
        position = end
    found += _subdistrict(name, position, mention.name)
    base = mention.span.begin
    return [
        Mention(f"{mention.key}i{n}", Span(base + b, base + e), "AdministrativeArea", words_, "inner", 0.9, code)
        for n, (b, e, words_, code) in enumerate(found, 1)
    ]


def _subdistrict(name: str, position: int, printed: str) -> list[tuple[int, int, str, str | None]]:
    town = _STEM.match(name, position)
    if town is not None and town.end() < len(name):
        stem, kind = town.groups()
        if kind != "社区":
            return [(position, town.end(), printed[position : town.end()], None)]
        whole = words.subdistricts().get(stem)
        if whole is not None:
            return [(position, town.end(1), whole, None)]
        return []
    service = _service().match(name, position)
    whole = words.subdistricts().get(service.group(1)) if service is not None else None
    return [(position, service.end(1), whole, None)] if service is not None and whole is not None else []
