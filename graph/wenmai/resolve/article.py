"""Who is who in one article: mentions that are one thing become a `Thing`.

Mentions are one when the extractor ties them, when they are printed alike, and when one is a short form of the other
by the way names are made (云图集团 of 云图(集团)有限公司, 区政府 of 鼓楼区人民政府). Two full names that differ are
never one. A short form that fits two things goes to the one it was introduced for, else to the nearest before it, else
it stays apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wenmai import ontology
from wenmai.records import Document, Mention
from wenmai.resolve import keys
from wenmai.resolve.mint import family
from wenmai.resolve.shorts import Short, is_full, shorts

_HEADLINES = ("kicker", "title", "subtitle")  # here a short form stands before the full one
_GAP = 12
_OPENS = re.compile(r"[”\"」]? ?[（(](?:[中英外日]文名(?:称)?|又名|又称|即|下称|(?:以下)?简称)?[：:为]?[“\"「]?")
_CLOSES = tuple("）)，,；;、")
_GUESS = 0.5  # below this confidence a mention's class is a guess, which another mention of the name may overrule


@dataclass(slots=True, eq=False)
class Thing:
    """What an article speaks of: its mentions, and what follows from them.

    `into` is the thing it has become part of; `fulls` are its full names' keys, `begin` and `last` where the text first
    and last speaks of it. `apart` are the keys of mentions that it is not: what it succeeded, or what succeeded it.
    """

    mentions: list[Mention]
    family: str
    begin: int
    last: int
    confidence: float
    into: Thing | None = None
    fulls: list[str] = field(default_factory=list)
    keys: dict[str, None] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)

    @property
    def cls(self) -> str:
        """The class most confidently given, of the most specific ones."""
        votes: Counter[str] = Counter()
        for mention in self.mentions:
            if family(mention.cls) == self.family and not keys.is_pointer(mention.name or "x"):
                votes[mention.cls] += round(mention.confidence * 1000)
        votes = votes or Counter(mention.cls for mention in self.mentions)
        specific = ontology.most_specific(frozenset(votes))
        return min(specific, key=lambda cls: (-votes[cls], cls))

    @property
    def names(self) -> tuple[str, ...]:
        """The names printed, the fullest first; words that only point (该公司, 本市) are none."""
        first: dict[str, int] = {}
        for mention in self.mentions:
            if self.family == "Post" or not mention.name or keys.is_pointer(mention.name):
                continue
            if self.family != "Event" or not keys.points_at_event(mention.name):
                first.setdefault(mention.name, mention.span.begin)
        return tuple(sorted(first, key=lambda name: (self._aside(name), *_rank(name), first[name], name)))

    def _aside(self, name: str) -> tuple[bool, bool]:
        """Rank the names that a person is not known by: 王市长 last, Latin behind Chinese."""
        return (keys.is_address(name), keys.is_latin(name)) if self.family == "Person" else (False, False)

    @property
    def code(self) -> str | None:
        """The GB/T 2260 code most mentions give, else the one found for it."""
        votes = Counter(mention.code for mention in self.mentions if mention.code) or Counter(self.codes)
        return min(votes, key=lambda code: (-votes[code], code)) if votes else None


def _rank(name: str) -> tuple[bool, int]:
    made = keys.key(name)
    return not keys.legal_form(made), -len(made)


def _matching_key(mention: Mention) -> str:
    kind = family(mention.cls)
    if kind == "Event":
        return keys.event_key(mention.name)
    return keys.body_key(mention.name) if kind in ("Organization", "OrganizationKind") else keys.key(mention.name)


class Article:
    """The things of one document; `of` gives the thing of a mention."""

    def __init__(self, document: Document) -> None:
        self.local: frozenset[str] = frozenset()
        headlines = [block.span.end for block in document.article.blocks if block.kind in _HEADLINES]
        self._body = max(headlines, default=0)
        ordered = sorted(document.mentions, key=lambda m: (m.span.begin, m.span.end, m.key))
        self._of = {mention.key: _thing(mention) for mention in ordered}
        self._set_apart(document)
        for tie in sorted(document.ties, key=lambda tie: self._position(tie.left, tie.right)):
            one, other = self.of(tie.left), self.of(tie.right)
            if one is not None and other is not None:
                self.join(one, other, tied=True)
        named = [m for m in ordered if m.name and not keys.is_pointer(m.name) and self._of[m.key].keys]
        self._join_brackets(document.article.text, named)
        self._join_equal(named)
        self._join_guesses(named)
        self._join_shorts(named)

    def things(self) -> list[Thing]:
        """Return the things in order of the text."""
        found = sorted(dict.fromkeys(map(_root, self._of.values())), key=lambda thing: thing.begin)
        for thing in found:
            thing.mentions.sort(key=lambda m: (m.span.begin, m.span.end, m.key))
        return found

    def of(self, key: str) -> Thing | None:
        """Return the thing of the mention with this key, if there is such a mention."""
        thing = self._of.get(key)
        return None if thing is None else _root(thing)

    def join(self, one: Thing, other: Thing, tied: bool = False) -> bool:
        """Make two things one, unless their names or codes say that they are not; tell whether they now are one.

        What is only pointed at (该公司) takes on the family of what it is `tied` to.
        """
        one, other = _root(one), _root(other)
        if one is other:
            return True
        if one.family != other.family and not (tied and not (one.keys and other.keys)):
            return False
        if conflict(one, other):
            return False
        surer = max((one, other), key=lambda thing: (bool(thing.keys), thing.confidence, -thing.begin))
        keep, drop = (one, other) if len(one.mentions) >= len(other.mentions) else (other, one)
        keep.family, drop.into = surer.family, keep
        keep.mentions += drop.mentions
        keep.begin, keep.last = min(keep.begin, drop.begin), max(keep.last, drop.last)
        keep.confidence = max(keep.confidence, drop.confidence)
        keep.fulls += [full for full in drop.fulls if full not in keep.fulls]
        keep.keys |= drop.keys
        keep.codes |= drop.codes
        keep.apart |= drop.apart
        return True

    def _set_apart(self, document: Document) -> None:
        """Note what became of what: a body and the one it was renamed or merged into are two, however alike."""
        for claim in document.claims:
            if claim.predicate == "succeeds" and claim.subject in self._of and claim.object in self._of:
                self._of[claim.subject].apart.add(str(claim.object))
                self._of[str(claim.object)].apart.add(claim.subject)

    def _position(self, *mention_keys: str) -> tuple[int, tuple[str, ...]]:
        known = [self._of[key].begin for key in mention_keys if key in self._of]
        return max(known, default=0), mention_keys

    def _join_equal(self, named: Iterable[Mention]) -> None:
        """Join what is printed alike; of several things the form was introduced for, the last before it."""
        seen: dict[tuple[str, str], list[Thing]] = {}
        early: dict[tuple[str, str], Thing] = {}
        for mention in named:
            kind = family(mention.cls)
            if kind == "Post":
                continue
            bucket = (kind if kind != "Event" else mention.cls, _matching_key(mention))
            mine = _root(self._of[mention.key])
            before = seen.setdefault(bucket, [])
            if mine.fulls:
                for thing in before:
                    if thing.fulls and set(thing.fulls) & set(mine.fulls):
                        self.join(thing, mine)
            elif before:
                self.join(before[-1], mine)
            else:
                early[bucket] = mine
            mine = _root(mine)
            seen[bucket] = [thing for thing in dict.fromkeys(map(_root, before)) if thing is not mine] + [mine]
        for bucket, thing in early.items():
            others = [other for other in dict.fromkeys(map(_root, seen[bucket])) if other is not _root(thing)]
            if len(others) == 1:
                self.join(thing, others[0])

    def _join_guesses(self, named: Iterable[Mention]) -> None:
        """Give a mention whose class is a guess to the thing of another family that is printed alike."""
        sure: dict[str, dict[int, Thing]] = {}
        guesses = []
        for mention in named:
            thing = _root(self._of[mention.key])
            if thing.family in ("Event", "Post"):
                continue
            if thing.confidence < _GUESS:
                guesses.append(thing)
            else:
                sure.setdefault(keys.key(mention.name), {})[id(thing)] = thing
        for thing in dict.fromkeys(guesses):
            found = sure.get(keys.key(thing.mentions[0].name), {})
            if len(found) == 1:
                (other,) = found.values()
                thing.family, thing.fulls = _root(other).family, []
                self.join(other, thing)

    def _join_shorts(self, named: Iterable[Mention]) -> None:
        """Join short forms to the things whose names are made longer, the longest first."""
        areas = [keys.key(m.name) for m in named if m.cls == "AdministrativeArea"]
        self.local = frozenset(form for area in areas for form in (area, keys.area_stem(area)))
        things = self.things()
        index: dict[tuple[str, str], list[tuple[Thing, Short]]] = {}
        for thing in things:
            for made in thing.keys:
                for short in shorts(made, thing.cls, self.local):
                    index.setdefault((thing.family, short.form), []).append((thing, short))
            if thing.family == "Event" and thing.names:
                for made in thing.keys:
                    pointed = (Short(made[i:], late=True, alike=True, only=True) for i in range(1, len(made) - 1))
                    for short in pointed:
                        index.setdefault(("this", short.form), []).append((thing, short))
        waiting = [(_longest(thing), thing) for thing in things if thing.keys]
        for made, thing in sorted(waiting, key=lambda pair: (-len(pair[0]), pair[1].begin, pair[0])):
            mine = _root(thing)
            kind = "this" if mine.family == "Event" and not mine.names else mine.family
            self._join_short(made, mine, index.get((kind, made), ()))

    def _join_short(self, made: str, mine: Thing, found: Sequence[tuple[Thing, Short]]) -> None:
        """Join the thing of the key `made` to the one thing it is short for, of several to the nearest before it."""
        fits: dict[Thing, bool] = {}
        for thing, short in found:
            other = _root(thing)
            if other is mine or conflict(mine, other) or (keys.is_bare(made) and not short.only):
                continue
            if short.alike and not _alike(mine.cls, other.cls):
                continue
            if not short.late or other.begin <= mine.last or mine.last < self._body:
                fits[other] = fits.get(other, True) and short.only
        if len(fits) > 1 and mine.last < self._body:
            fits = {min(fits, key=lambda thing: thing.begin): False}  # a headline speaks of what the text names first
        elif len(fits) > 1:
            sure = not any(fits.values())
            fits = {thing: only for thing, only in fits.items() if sure and thing.begin < mine.begin}
            if fits:
                fits = {max(fits, key=lambda thing: _last_before(thing, mine.begin)): False}
        for other in fits:
            self.join(other, mine)

    def _join_brackets(self, text: str, ordered: Sequence[Mention]) -> None:
        """Join a name and the one in another script that stands in brackets behind it: 云图公司（Yuntu）."""
        for one, other in pairwise(ordered):
            between = text[one.span.end : other.span.begin] if other.span.begin - one.span.end < _GAP else ""
            if _OPENS.fullmatch(between) and text[other.span.end : other.span.end + 2].lstrip('”"」')[:1] in _CLOSES:
                mine, others = _root(self._of[one.key]), _root(self._of[other.key])
                if any(keys.is_bare(keys.key(m.name)) or keys.key(m.name) in keys.area_keys() for m in (one, other)):
                    continue  # a link's text left by a web page (微博), the country of a team
                latin = keys.is_latin(one.name) != keys.is_latin(other.name)
                if latin and mine.family == others.family and _alike(mine.cls, others.cls):
                    self.join(mine, others)


def _alike(one: str, other: str) -> bool:
    return one in ontology.superclasses(other) or other in ontology.superclasses(one)


def _longest(thing: Thing) -> str:
    return min(thing.keys, key=lambda made: (-len(made), made))


def _root(thing: Thing) -> Thing:
    while thing.into is not None:
        if thing.into.into is not None:
            thing.into = thing.into.into
        thing = thing.into
    return thing


def _thing(mention: Mention) -> Thing:
    begin = mention.span.begin
    thing = Thing([mention], family(mention.cls), begin, begin, mention.confidence)
    if mention.code:
        thing.codes.add(mention.code)
    named = mention.name and not (thing.family == "Person" and keys.is_address(mention.name))
    if named and not keys.is_pointer(mention.name) and thing.family != "Post":
        made = _matching_key(mention)
        thing.keys[made] = None
        if is_full(made, mention.cls):
            thing.fulls.append(made)
    return thing


def _last_before(thing: Thing, position: int) -> int:
    return max(mention.span.begin for mention in thing.mentions if mention.span.begin < position)


def conflict(one: Thing, other: Thing) -> bool:
    """Tell whether the names or codes of two things say that they are not one."""
    if len(one.codes | other.codes) > 1 and one.codes != other.codes:
        return True
    if one.apart and any(mention.key in one.apart for mention in other.mentions):
        return True
    return any(not _may_be_one(a, b) for a in one.fulls for b in other.fulls)


def _may_be_one(one: str, other: str) -> bool:
    """Tell whether two full names may be one thing's: one says no more than where the other is, or is in Latin."""
    if one.endswith(other) or other.endswith(one) or keys.is_latin(one) != keys.is_latin(other):
        return True
    return keys.without_areas(one) == other or keys.without_areas(other) == one
