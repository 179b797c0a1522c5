"""Which known entity an entity of one article is: the candidates, what speaks for each, and whether that is enough.

The weights and the least scores stand in `ontology/grammar/identity.toml`. Nothing here depends on how other articles'
entities were linked, only on what the articles show by themselves: the order of articles plays no part.
"""

from __future__ import annotations

from functools import cache

from wenmai import lexicon, ontology
from wenmai.records import Entity, Link, Resolution
from wenmai.resolve import keys
from wenmai.resolve.home import city_of
from wenmai.resolve.identity import CODED
from wenmai.resolve.known import Known
from wenmai.resolve.mint import family, mint
from wenmai.resolve.profile import posts, waits

_MOST = 12  # a form that more of them bear tells nothing
_NEAR = 2
_DEEP = 6


@cache
def weight(reason: str) -> float:
    """Return what a reason adds to the score. Raises KeyError for one that identity.toml lacks."""
    return float(lexicon.grammar("identity")["weights"][reason])


@cache
def least(name: str) -> float:
    """Return a bound of identity.toml: `take`, `ahead`, `doubt`, `years`."""
    return float(lexicon.grammar("identity")["least"][name])


class Candidates:
    """Weighs candidates for the entities of one article."""

    def __init__(self, resolution: Resolution, registry: Known) -> None:
        self._registry = registry
        self._own = {entity.id for entity in resolution.entities}
        self._year = resolution.article.date.year if resolution.article.date else None
        self._areas = {
            form
            for entity in resolution.entities
            if family(entity.cls) == "Place"
            for name in entity.names
            for form in (keys.key(name), keys.area_stem(keys.key(name)))
        }
        self._posts: dict[str, set[tuple[str, str]]] = {}
        for body, person, title in posts(resolution):
            self._posts.setdefault(body, set()).add((person, title))
        self.open: set[str] = set()

    def of(self, entity: Entity) -> list[Link]:
        """Return the candidates for `entity`, the best first; at most one is taken.

        An id whose link hangs on more than names is noted in `open`.
        """
        form = waits(entity)
        if form is None:
            return []
        if form[0] == "Place":
            printed, derived = self._districts(entity, form[1]), set[str]()
        else:
            printed = self._roots(entity, form, "form")
            derived = self._roots(entity, form, "short") - printed
        if not printed | derived or len(printed | derived) > _MOST:
            return []
        by_name = len(printed) == 1
        if not by_name:
            self.open.add(entity.id)
        found = [self._weighed(entity, each, "printed", len(printed) == 1, not by_name) for each in printed]
        alone = not printed and len(derived) == 1
        found += [self._weighed(entity, each, "derived", alone, not by_name) for each in derived]
        found.sort(key=lambda link: (-link.score, link.target))
        return self._decided(found)

    def _decided(self, found: list[Link]) -> list[Link]:
        best, behind = found[0], found[1].score if len(found) > 1 else 0.0
        sure = best.score >= least("take") and best.score - behind >= least("ahead")
        # What the article itself tells apart is not one.
        taken = sure and best.target not in self._own
        return [Link(link.own, link.target, link.score, link.reasons, taken and link is best) for link in found]

    def _weighed(self, entity: Entity, target: str, how: str, one: bool, more: bool) -> Link:
        reasons = [how]
        reasons += ["one"] if one else []
        cls = cls_of(self._registry, target)
        reasons.append("class" if cls == entity.cls else "kin")
        if more:
            reasons += self._context(entity, target)
        score = min(1.0, max(0.0, sum(map(weight, reasons))))
        return Link(entity.id, target, round(score, 3), tuple(reasons), False)

    def _context(self, entity: Entity, target: str) -> list[str]:
        """Return what the rest of the article says for or against a candidate."""
        reasons = []
        _, made, *context = (*self._registry.origin(target), "", "")
        area = keys.area_prefix(made)[0]
        if (area and {area, keys.area_stem(area)} & self._areas) or context[0] in self._own:
            reasons.append("place")
        held = {tuple(value.split("\t")) for value in self._registry.values("post", target)}
        if held & self._posts.get(entity.id, set()):
            reasons.append("post")
        near = sum(1 for other in sorted(self._own) if other != entity.id and self._registry.has("near", target, other))
        reasons += ["near"] * min(near, _NEAR)
        years = [int(year) for year in self._registry.values("year", target)]
        if self._year and years and min(abs(self._year - year) for year in years) > least("years"):
            reasons.append("past")
        return reasons

    def _roots(self, entity: Entity, form: tuple[str, str], kind: str) -> set[str]:
        """Return what bears the form and is told by a fuller name, each by the fullest there is of it."""
        above = _fuller(self._registry, kind, form, entity.id, entity.cls)
        return {_root(self._registry, other, _DEEP) for other in above} - {entity.id}

    def _districts(self, entity: Entity, made: str) -> set[str]:
        """Return the subdistricts or towns of the name that lie in a district, in the article's city if it is known."""
        city = entity.origins[0][2] if len(entity.origins[0]) > 2 else ""
        inside = _districts_of(city) if city in keys.area_names() else None
        found = set()
        for other in self._registry.bearers("form", "Place", made):
            context = (*self._registry.origin(other), "", "", "")[2]
            if other == entity.id or cls_of(self._registry, other) != "AdministrativeArea":
                continue
            if context.startswith("place-") and (inside is None or context in inside):
                found.add(other)
        return found


@cache
def _districts_of(city: str) -> frozenset[str]:
    """Return the ids of the districts of a city, by its code."""
    return frozenset(mint("Place", code, CODED) for code in keys.area_names() if city_of(code) == city)


def cls_of(registry: Known, own: str) -> str | None:
    """Return the most specific class that articles take an id for, of several the one most do; None if none does."""
    votes = registry.values("class", own)
    return min(ontology.most_specific(frozenset(votes)), key=lambda cls: (-votes[cls], cls), default=None)


def _rank(origin: tuple[str, ...]) -> tuple[bool, bool, int, str]:
    """Rank what is told by more above what is told by less: an area, a legal form, a longer name."""
    made = origin[1]
    return len(origin) > 2, bool(keys.legal_form(made)), len(made), made


def _fuller(registry: Known, kind: str, form: tuple[str, str], own: str, cls: str) -> list[str]:
    """Return the ids that bear `form` beside a fuller name and may be of class `cls`, but `own`."""
    found = []
    for other in registry.bearers(kind, *form):
        origin = registry.origin(other)
        if other == own or len(origin) < 2 or _rank(origin) <= _rank(form) or registry.has("bar", own, other):
            continue
        if _agree(registry, other, cls) and _may_be_one(form[1], origin[1]):
            found.append(other)
    return found


def _agree(registry: Known, other: str, cls: str) -> bool:
    """Tell whether the class of `other` allows it to be of `cls`."""
    known = cls_of(registry, other)
    return known is not None and (cls in ontology.superclasses(known) or known in ontology.superclasses(cls))


def _may_be_one(one: str, other: str) -> bool:
    """Tell whether two keys may name one company: of two with a legal form all but the areas must be the same."""
    if not (keys.legal_form(one) and keys.legal_form(other)):
        return True
    return keys.without_areas(one) == keys.without_areas(other)


def _root(registry: Known, own: str, deep: int) -> str:
    """Return what an id stands for by names alone: the one that bears its name beside a fuller one, and so on."""
    origin = registry.origin(own)
    if len(origin) != 2 or not deep:
        return own
    form = (origin[0], origin[1])
    above = _fuller(registry, "form", form, own, cls_of(registry, own) or "")
    roots = {_root(registry, other, deep - 1) for other in above} - {own}
    return next(iter(roots)) if len(roots) == 1 else own
