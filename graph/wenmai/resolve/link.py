"""From what one article shows to the entities of the archive: an id for each of its entities that all articles share.

    places → organizations, policies, agreements → people, by the bodies they work in → posts and the rest

What comes out follows from the article, what all articles show by themselves (`Registry`) and the decisions of people
(`Decisions`): never from how others were linked, but for people, whose bodies are those of the archive. So it is the
same in whatever order the articles came.
"""

from __future__ import annotations

from dataclasses import replace

from wenmai.records import Entity, Link, Linked, Resolution
from wenmai.resolve.candidates import Candidates, least, weight
from wenmai.resolve.decisions import Decisions
from wenmai.resolve.identity import LOCAL
from wenmai.resolve.mint import family, mint
from wenmai.resolve.registry import Registry

_ORDER = ("Place", "Organization", "OrganizationKind", "Policy", "Agreement")
_AFTER = ("Post", "Event")


def link(resolution: Resolution, registry: Registry, decisions: Decisions) -> Linked:
    """Return `resolution`, which `registry` has counted, with the ids of the archive, and let it count the people.

    Takes time in proportion to the article, whatever the number of known entities. Raises KeyError for a class that the
    ontology lacks.
    """
    return _Linker(resolution, registry, decisions).linked()


class _Linker:
    """One article being linked: `ids` of its entities so far, and the ids that others replace."""

    def __init__(self, resolution: Resolution, registry: Registry, decisions: Decisions) -> None:
        self.resolution = resolution
        self.registry = registry
        self.decisions = decisions
        self.name = resolution.article.id
        self.day = resolution.article.date.isoformat() if resolution.article.date else ""
        self.ids: dict[str, str] = {}
        self.retired: dict[str, str] = {}
        self.links: list[Link] = []
        self.open: set[str] = set()
        self.by_family: dict[str, list[Entity]] = {}
        for entity in resolution.entities:
            self.by_family.setdefault(family(entity.cls), []).append(entity)

    def linked(self) -> Linked:
        self._things()
        self._people()
        for kind in _AFTER:
            for entity in self.by_family.get(kind, ()):
                self._settle(entity.id, self._minted(entity)[:1])
        self.registry.note_links(self.name, self.links, self.open)
        return Linked(
            resolution=self.resolution,
            ids={own: chosen for own, chosen in self.ids.items() if own != chosen},
            retired=tuple(sorted(self.retired.items())),
            links=tuple(self.links),
        )

    def _things(self) -> None:
        """Link all but people and what hangs on them; of two that would become one, only the surer does."""
        candidates = Candidates(self.resolution, self.registry)
        found = {e.id: candidates.of(e) for kind in _ORDER for e in self.by_family.get(kind, ())}
        best: dict[str, tuple[float, str]] = {}
        for own, links in found.items():
            for each in links:
                if each.taken:
                    best[each.target] = min(best.get(each.target, (0.0, "~")), (-each.score, own))
        for kind in _ORDER:
            for entity in self.by_family.get(kind, ()):
                chain = self._minted(entity)[:1]
                for each in found[entity.id]:
                    taken = each.taken and best[each.target][1] == entity.id
                    taken = taken and not any(self.decisions.apart(one, each.target) for one in (entity.id, *chain))
                    self.links.append(replace(each, taken=taken))
                    chain += [each.target] if taken else []
                self._settle(entity.id, chain)
        self.open |= candidates.open

    def _people(self) -> None:
        rows = []
        people = self.by_family.get("Person", ())
        nodes = {person.id: self._minted(person) for person in people}
        for person in people:
            for node, (_, made, context) in zip(nodes[person.id], person.origins, strict=True):
                if context.startswith(LOCAL):
                    rows.append((person.id, "", made, "", self.day))
                else:
                    # A paper is no place to look for its reporters' namesakes.
                    home = "" if context == self.resolution.publisher else self.ids.get(context, context)
                    rows.append((person.id, node, made, home, self.day))
        self.registry.people(self.name, rows)
        shown = {self.ids[entity.id] for entity in self.resolution.entities if entity.spans and entity.id in self.ids}
        for person in people:
            chain = nodes[person.id]
            if not chain:
                pass
            elif person.origins[0][2].startswith(LOCAL):
                chain = [*chain, *self._at_home(person, shown)]
            else:
                chain = [*chain, self.registry.person(chain[0])]
            self._settle(person.id, chain)

    def _at_home(self, person: Entity, shown: set[str]) -> list[str]:
        """Return the one known person of the name who works in a body that the article speaks of."""
        known = self.registry.homes(person.origins[0][1])
        homes = {self.registry.person(node) for node, body in known if body in shown}
        homes = {home for home in homes if not self.decisions.apart(person.id, home)}
        one = len(homes) == 1
        score = round(min(1.0, sum(map(weight, ("printed", "place", *(("one",) if one else ()))))), 3)
        reasons = ("printed", "place", "one") if one else ("printed", "place")
        taken = one and score >= least("take") and next(iter(homes)) not in self.ids.values()
        self.links += [Link(person.id, home, score, reasons, taken) for home in sorted(homes)]
        return sorted(homes) if taken else []

    def _minted(self, entity: Entity) -> list[str]:
        """Return the ids that the entity's origins make, with the archive's ids of what they name."""
        return [mint(kind, made, *(self.ids.get(part, part) for part in rest)) for kind, made, *rest in entity.origins]

    def _settle(self, own: str, chain: list[str]) -> None:
        """Take the last of `chain`, or what people decided of any of it; all that it replaces is retired."""
        chain = chain or [own]  # of a reading that was recovered, and does not tell what the id was minted from
        chosen = self.decisions.moved(own, self.name)
        if chosen == own:
            chosen = self.decisions.moved(chain[-1], self.name)
        self.ids[own] = chosen
        self.retired.update({each: chosen for each in (own, *chain) if each != chosen})
