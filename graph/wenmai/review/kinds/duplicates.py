"""Entities of one class that may be one thing.

Candidates come by blocking (`blocking`), what tells two names apart takes most of them out again (`likeness`), and what
is left is weighed: by how the names lie to each other, by rapidfuzz's ratio of the two (for ranking only, nothing is
decided by it), and by what the articles say of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wenmai import ontology
from wenmai.resolve import keys
from wenmai.resolve.mint import family
from wenmai.review.blocking import pairs
from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.known import Entity, Known
from wenmai.review.likeness import Form, Relation, exclude, relation, taken_apart
from wenmai.triples.summary import DATES, days

ABOUT = "entities of one class that may be one thing, with reasons for and against"

_BASE: dict[Relation, float] = {
    "same name": 0.62,
    "same core": 0.55,
    "short form": 0.32,
    "part of the name": 0.2,
    "one character differs": 0.25,
}
_WEAK: tuple[Relation, ...] = ("short form", "part of the name", "one character differs")
_LEAST = 0.35
"""What weighs less is not listed."""
_FOR, _AGAINST = 0.12, 0.18
_APART = ("subOrganizationOf", "locatedIn", "partnerOf", "supervises", "acquires", "investsIn", "founded", "operates")
_NEVER = frozenset({"Post", "OrganizationKind"})
"""Posts share titles by nature; the kinds of bodies that two cities' rules speak of are two by design."""
_NAMESAKES = 0.17
"""What a name alone tells less of people than of bodies: many share one."""
_PUBLIC = frozenset({"GovernmentBody", "PartyBody", "CommunityBody"})


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield the pairs of entities that may be one."""
    groups: dict[str, list[Entity]] = {}
    for entity in known.entities.values():
        kind = family(entity.cls)
        if kind not in _NEVER and entity.id not in known.confirmed:
            groups.setdefault(kind, []).append(entity)
    areas = frozenset(
        keys.key(name) for place in groups.get("Place", ()) if place.cls == "AdministrativeArea" for name in place.names
    )
    for kind, entities in sorted(groups.items()):
        comparer = _Comparer(known, kind, areas)
        for one, other in comparer.candidates(entities):
            doubt = comparer.doubt(known.entities[one], known.entities[other])
            if doubt is not None:
                yield doubt


@dataclass
class _Comparer:
    """Compares the entities of one family; what a name is made of is worked out once."""

    known: Known
    family: str
    areas: frozenset[str]

    def __post_init__(self) -> None:
        self._forms: dict[str, Form] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self._above: dict[str, frozenset[str]] = {}

    def form(self, name: str) -> Form:
        found = self._forms.get(name)
        if found is None:
            found = self._forms[name] = taken_apart(name, self.family, self.areas)
        return found

    def candidates(self, entities: list[Entity]) -> Iterator[tuple[str, str]]:
        """Yield the pairs to compare."""
        near = self.known.neighbours
        if self.family == "Event":
            exact = {entity.id: frozenset(self._day_and_ends(entity)) for entity in entities}
            return pairs({}, exact, {})
        forms = {entity.id: [self.form(name) for name in entity.names] for entity in entities}
        exact = {
            local: frozenset(text for form in found for text in (form.key, form.core)) for local, found in forms.items()
        }
        texts = {local: frozenset(form.core for form in found) for local, found in forms.items()}
        return pairs(texts, exact, near)

    def _day_and_ends(self, event: Entity) -> Iterator[str]:
        """Yield what two events that are one share: class, day or month, and one of those who take part."""
        first = min((span[0] for span in self._dates(event)), default="")
        for end in self.known.neighbours.get(event.id, ()):
            yield f"{first[:7]} {event.cls} {end}"

    def _dates(self, event: Entity) -> list[tuple[str, str]]:
        claims = self.known.about.get(event.id, ())
        found = [days(claim.object) for claim in claims if claim.predicate in DATES and claim.asserted]
        return [span for span in found if span]

    def doubt(self, one: Entity, other: Entity) -> Doubt | None:
        """Return the doubt whether two entities are one; None if they cannot be, or hardly."""
        known = self.known
        if not _of_one_class(one.cls, other.cls) or frozenset((one.id, other.id)) in known.told_apart:
            return None
        alike = self._events(one, other) if self.family == "Event" else self._names(one, other)
        if alike is None or self._tied(one, other) or self._elsewhere(one, other):
            return None
        how, base, left, right = alike
        for_, against = self._reasons(one, other)
        if not for_ and (how in _WEAK or (self.family == "Organization" and self._generic(one, other))):
            return None
        weight = base + 0.2 * _ratio(left, right) + _FOR * min(len(for_), 3) - _AGAINST * len(against)
        if weight < _LEAST:
            return None
        keep, goes = sorted((one, other), key=lambda e: (-len(known.about.get(e.id, ())), -len(e.name), e.id))
        said = f"{left} and {right}" if left != right else left
        return Doubt(
            "duplicates",
            share(weight),
            "may be one thing",
            tuple(sorted((one.named, other.named))),
            (f"{how}: {said}", *for_),
            tuple(against),
            self._claims(one, other),
            (f"wenmai curate merge {goes.id} {keep.id}", f"wenmai curate apart {goes.id} {keep.id}"),
        )

    def _names(self, one: Entity, other: Entity) -> tuple[str, float, str, str] | None:
        """Return how the names of two entities are alike, the best of all pairs of them."""
        first, second = self.form(one.name), self.form(other.name)
        found = relation(first, second, self.family)
        shared = self._all_keys(one).keys() & self._all_keys(other).keys()
        if (found is None and not shared) or exclude(first, second, self.family):
            return None
        best: tuple[str, float, str, str] | None = None
        less = _NAMESAKES if self.family == "Person" else 0
        if found:
            best = (found, _BASE[found] - (less if found == "same name" else 0), one.name, other.name)
        for key in sorted(shared):
            base = _BASE["same name"] - less - (0 if first.key == second.key else 0.12)
            if key and not keys.is_bare(key) and (best is None or best[1] < base):
                best = ("one name in common", base, self._all_keys(one)[key], self._all_keys(other)[key])
        return best

    def _all_keys(self, entity: Entity) -> dict[str, str]:
        """Return the keys of all names of an entity, with the first name of each."""
        found = self._keys.get(entity.id)
        if found is None:
            found = self._keys[entity.id] = {self.form(name).key: name for name in reversed(entity.names)}
        return found

    def _events(self, one: Entity, other: Entity) -> tuple[str, float, str, str] | None:
        """Return how two events are alike that share a participant: by their dates, and by names if they have any."""
        spans = self._dates(one), self._dates(other)
        if all(spans) and not any(a[0] <= b[1] and b[0] <= a[1] for a in spans[0] for b in spans[1]):
            return None
        forms = self.form(one.name), self.form(other.name)
        named = [": " not in each.name for each in (one, other)]
        if all(named) and exclude(forms[0], forms[1], self.family):
            return None
        dated = "the same day" if all(spans) and spans[0] == spans[1] else "dates that agree"
        return (
            f"one kind of event with {dated if all(spans) else 'a date missing'}",
            0.3 if all(spans) else 0.15,
            one.name,
            other.name,
        )

    def _tied(self, one: Entity, other: Entity) -> bool:
        """Tell whether a claim ties the two to each other: nothing is part or partner of itself."""
        claims = self.known.about.get(one.id, ())
        ends = {(claim.subject, claim.object) for claim in claims if claim.predicate in _APART}
        return (one.id, other.id) in ends or (other.id, one.id) in ends

    def _elsewhere(self, one: Entity, other: Entity) -> bool:
        """Tell whether two places lie in different areas, or have different codes."""
        if self.family != "Place":
            return False
        places = self._areas_of(one), self._areas_of(other)
        return bool(all(places) and not (places[0] & places[1]))

    def _upwards(self, local: str) -> frozenset[str]:
        """Return the areas that an area lies in, itself included."""
        if local not in self._above:
            found = {local}
            waiting = [local]
            while waiting:
                more = self._in(waiting.pop()) - found
                found |= more
                waiting += sorted(more)
            self._above[local] = frozenset(found)
        return self._above[local]

    def _in(self, local: str) -> set[str]:
        """Return what claims say something is located in, directly."""
        claims = self.known.about.get(local, ())
        return {c.object for c in claims if c.predicate == "locatedIn" and c.subject == local and c.asserted}

    def _areas_of(self, entity: Entity) -> frozenset[str]:
        """Return all areas that an entity is said to lie in, directly or by way of others."""
        return frozenset(area for each in self._in(entity.id) for area in self._upwards(each))

    def _generic(self, one: Entity, other: Entity) -> bool:
        """Tell whether nothing but a function is common to two public bodies of which one does not say where it is."""
        forms = self.form(one.name), self.form(other.name)
        return bool(_PUBLIC & {one.cls, other.cls}) and not (forms[0].areas and forms[1].areas)

    def _reasons(self, one: Entity, other: Entity) -> tuple[list[str], list[str]]:
        known = self.known
        near = [known.neighbours.get(each.id, frozenset()) for each in (one, other)]
        for_, against = [], []
        areas = {each for each in near[0] & near[1] if known.named(each).cls == "AdministrativeArea"}
        if areas:
            for_.append(f"both are tied to {', '.join(sorted(map(known.name, areas))[:2])}")
        common = sorted((near[0] & near[1]) - areas)
        if common:
            for_.append(f"common neighbours: {', '.join(map(known.name, common[:3]))}")
        titles = self._titles(one) & self._titles(other) if self.family == "Person" else set()
        if titles:
            for_.append(f"the same posts: {', '.join(sorted(titles)[:3])}")
        both = known.mentioned.get(one.id, frozenset()) & known.mentioned.get(other.id, frozenset())
        if both:
            articles = sorted(known.articles.get(each, each) for each in both)
            against.append(f"{articles[0]} names both" if len(both) == 1 else f"{len(both)} articles name both")
        if one.cls != other.cls:
            against.append(f"one is a {one.cls}, the other a {other.cls}")
        if self.family == "Person" and all(near) and not common and not titles:
            against.append("nothing that is known of them is the same")
        return for_, against

    def _titles(self, entity: Entity) -> set[str]:
        """Return the titles of a person's posts."""
        about = self.known.about.get(entity.id, ())
        posts = {claim.object for claim in about if claim.predicate == "holdsPost" and claim.asserted}
        return {c.object for post in posts for c in self.known.about.get(post, ()) if c.predicate == "postTitle"}

    def _claims(self, one: Entity, other: Entity) -> tuple[str, ...]:
        """Return claims about each of the two whose words show what it is: the surest two of each."""
        found = []
        for entity in (one, other):
            claims = sorted(self.known.about.get(entity.id, ()), key=lambda claim: (-claim.confidence, claim.id))
            found += [claim.id for claim in claims[:2]]
        return tuple(dict.fromkeys(found))


def _of_one_class(one: str, other: str) -> bool:
    """Tell whether two classes are one, or one of them is above the other."""
    return one in ontology.superclasses(other) or other in ontology.superclasses(one)


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(keys.key(one), keys.key(other))) / 100
