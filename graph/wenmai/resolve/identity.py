"""The id of every thing of an article: minted from what it is called and where, or that of an entity known already."""

from __future__ import annotations

import re
from functools import cache

from wenmai import ontology
from wenmai.lexicon import one_of, words
from wenmai.records import Document
from wenmai.resolve import keys
from wenmai.resolve.article import Thing
from wenmai.resolve.facts import Facts
from wenmai.resolve.home import Home, city_of
from wenmai.resolve.mint import mint
from wenmai.resolve.registry import Registry

_CODED = "GB/T 2260"
_DEEP = 6  # steps up a chain of places
_EVERYWHERE = ("NaturalFeature", "Place")  # rivers and regions: one of a name, wherever the article comes from
_PUBLIC = frozenset(
    {"Organization", "GovernmentBody", "PartyBody", "CommunityBody", "EducationalBody", "HealthBody", "CulturalBody"}
)
_NAMED_ONCE = re.compile(r"(?:1[89]|20)[0-9]{2}|第[0-9一二三四五六七八九十百]+[届次]")
_MIN_EVENT = 8


@cache
def _plain() -> re.Pattern[str]:
    """Return the pattern of what agreements are called; a name of nothing else is that of any."""
    return re.compile(one_of("agreements", "plain"))


class Identities:
    """Gives the things of one article their ids; `of` remembers what it gave."""

    def __init__(self, document: Document, home: Home, facts: Facts, registry: Registry) -> None:
        self._article = document.article
        self._home = home
        self._facts = facts
        self._registry = registry
        self._ids: dict[Thing, str] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._authors = set(facts.authors)
        signed = {keys.key(author.name) for author in document.article.authors}
        self._signed = signed - {""}
        publisher = document.article.publisher
        self.publisher = (
            self.of_name("Organization", "MediaBody", publisher) if publisher and keys.key(publisher) else None
        )

    def of(self, thing: Thing) -> str:
        """Return the id of `thing`."""
        if thing not in self._ids:
            self._ids[thing] = self._identify(thing)
        return self._ids[thing]

    def of_name(self, kind: str, cls: str, name: str) -> str:
        """Return the id of what the metadata calls `name`."""
        return self._linked(kind, cls, [keys.body_key(name) if kind == "Organization" else keys.key(name)])

    def of_author(self, name: str) -> str:
        """Return the id of a person whom only the metadata names as an author."""
        return mint("Person", keys.key(name), self.publisher or self._local())

    def _local(self) -> str:
        return f"article {self._article.id}"

    def _identify(self, thing: Thing) -> str:
        match thing.family:
            case "Place":
                return self._place(thing, _DEEP)
            case "Person":
                return self._person(thing)
            case "Post":
                return self._post(thing)
            case "Event":
                return self._event(thing)
            case "OrganizationKind":
                return self._kind(thing)
        return self._named(thing)

    def _kind(self, thing: Thing) -> str:
        """A kind of organization is the same in every city, unless its name says of which level (区城管部门)."""
        made = _longest(thing)
        if keys.level_prefix(made):
            return mint(thing.family, made, self._home.city_code or self._local())
        return mint(thing.family, made)

    def _named(self, thing: Thing) -> str:
        """Return the id of an organization, a policy or an agreement."""
        made = _longest(thing)
        kind = thing.family
        level = keys.level_prefix(made) if thing.cls in _PUBLIC or kind == "Policy" else ""
        if level:
            area = self._home.at(level)
            return mint(kind, made, self._local()) if area is None else mint(kind, area.key + made[len(level) :])
        if not made or keys.is_bare(made) or (kind == "Agreement" and len(_plain().sub("", made)) < 2):
            return mint(kind, made, self._local())
        if area_context := self._small_area(thing, made):
            return mint(kind, made, area_context)
        forms = sorted(thing.keys, key=lambda form: (-len(form), form))
        if thing.cls in _PUBLIC:
            forms = list(dict.fromkeys(map(keys.last_area, forms)))
        return self._linked(kind, thing.cls, forms)

    def _small_area(self, thing: Thing, made: str) -> str | None:
        """Return the id of the subdistrict or town whose name a body's begins with: there are others of that name."""
        if thing.family != "Organization" or keys.area_prefix(made)[0]:
            return None
        places = self._facts.objects(thing, "locatedIn", "administers")
        inside = [place for place in places if any(made.startswith(keys.area_stem(form)) for form in place.keys)]
        return self.of(inside[0]) if inside and inside[0].cls == "AdministrativeArea" else None

    def _linked(self, kind: str, cls: str, forms: list[str]) -> str:
        """Return the id of a known entity that these forms, the fullest first, can only mean, else mint one."""
        minted = mint(kind, forms[0])
        if minted in self._registry:
            return minted
        known = [found for found in self._registry.having(kind, forms[0]) if self._agree(found, cls, forms[0])]
        if len(known) == 1:
            return known[0]
        if keys.legal_form(forms[0]):
            for form in forms[1:]:
                known = self._registry.having(kind, form)
                if len(known) == 1 and self._registry.fullest(known[0]) == form and self._agree(known[0], cls, form):
                    return known[0]
        return minted

    def _agree(self, known: str, cls: str, form: str) -> bool:
        """Tell whether a known entity's class and full name allow it to be of `cls` and called `form`."""
        other = self._registry.cls(known)
        if other is None or not (cls in ontology.superclasses(other) or other in ontology.superclasses(cls)):
            return False
        fullest = self._registry.fullest(known)
        if not (keys.legal_form(form) and keys.legal_form(fullest)):
            return True
        return keys.without_areas(fullest) == keys.without_areas(form)

    def _place(self, thing: Thing, deep: int) -> str:
        if code := thing.code:
            return mint("Place", code, _CODED)
        made = _longest(thing)
        if thing.cls == "AdministrativeArea":
            if not made.endswith(words("areas", "below_districts")):
                return mint("Place", made)
            parents = [p for p in self._facts.objects(thing, "locatedIn") if p is not thing and p.cls == thing.cls]
            if parents and deep:
                return mint("Place", made, self._place(parents[0], deep - 1))
            if district := keys.district_of(made, self._home.city_code):
                return mint("Place", made, mint("Place", district, _CODED))
            known = self._registry.having("Place", made)
            if len(known) == 1:
                return known[0]
        elif thing.cls in _EVERYWHERE:
            return mint("Place", made)
        city = self._city(thing)
        if city is None and thing.cls != "AdministrativeArea" and keys.area_prefix(made)[0]:
            return mint("Place", made)
        return mint("Place", made, city or self._local())

    def _city(self, thing: Thing) -> str | None:
        """Return the code of the city the place lies in: by the text's chain of places, else the article's."""
        for _ in range(_DEEP):
            inside = self._facts.objects(thing, "locatedIn")
            if not inside:
                break
            thing = inside[0]
            if thing.code and (city := city_of(thing.code)):
                return city
        return self._home.city_code

    def _person(self, thing: Thing) -> str:
        """Return the id of a person: one of a name in one body, or with one paper, or else in one article."""
        made = _longest(thing)
        posts = [(post, self._facts.objects(post, "postIn")) for post in self._facts.objects(thing, "holdsPost")]
        held = [(post, body) for post, bodies in posts for body in bodies[:1]]
        minted = [mint("Person", made, self.of(body)) for _, body in held]
        if known := [found for found in minted if found in self._registry]:
            return known[0]
        for candidate in self._registry.having("Person", made):
            if any(_post_id(candidate, self._title(post), self.of(body)) in self._registry for post, body in held):
                return candidate
        if minted:
            return minted[0]
        if self.publisher and (thing in self._authors or made in self._signed):
            return mint("Person", made, self.publisher)
        return mint("Person", made, self._local())

    def _title(self, post: Thing) -> str:
        printed = [value.text for value in self._facts.values(post, "postTitle")]
        return keys.key(printed[0] if printed else post.mentions[0].name)

    def _post(self, thing: Thing) -> str:
        holders = self._facts.subjects(thing, "holdsPost")
        bodies = self._facts.objects(thing, "postIn")
        if not holders:
            return mint("Post", self._title(thing), self.of(bodies[0]) if bodies else "", self._local())
        return _post_id(self.of(holders[0]), self._title(thing), self.of(bodies[0]) if bodies else "")

    def _event(self, thing: Thing) -> str:
        """Return the id of an event: by its name if no other can have it (第3届, 2018), else one of this article."""
        made = _longest(thing)
        if len(made) >= _MIN_EVENT and _NAMED_ONCE.search(made):
            return mint("Event", made)
        called = made or keys.key(thing.mentions[0].span.of(self._article.text))
        count = self._counts[thing.cls, called] = self._counts.get((thing.cls, called), 0) + 1
        return mint("Event", called, thing.cls, str(count), self._local())


def _post_id(person: str, title: str, body: str) -> str:
    return mint("Post", title, person, body)


def _longest(thing: Thing) -> str:
    return min(thing.keys, key=lambda made: (-len(made), made), default="")
