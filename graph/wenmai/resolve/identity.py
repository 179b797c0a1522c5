"""The id that an article alone gives each of its things: minted from what it is called, and where.

What other articles know plays no part here, so that an article gives the same ids whenever it is read; see `link`.
"""

from __future__ import annotations

import re
from functools import cache

from wenmai.lexicon import one_of, words
from wenmai.records import Document
from wenmai.resolve import keys
from wenmai.resolve.article import Thing
from wenmai.resolve.facts import Facts
from wenmai.resolve.home import Home, city_of
from wenmai.resolve.mint import mint

Origin = tuple[str, ...]
"""What an id is minted from: family, key and context; see `mint`."""

CODED = "GB/T 2260"
"""The context of a place that is told by its code."""
LOCAL = "article "
"""What the context of an id that only its article can give begins with."""
_DEEP = 6  # steps up a chain of places
_EVERYWHERE = ("NaturalFeature", "Place")  # rivers and regions: one of a name, wherever the article comes from
PUBLIC = frozenset(
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

    def __init__(self, document: Document, home: Home, facts: Facts) -> None:
        self._article = document.article
        self._home = home
        self._facts = facts
        self._origins: dict[Thing, tuple[Origin, ...]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._authors = set(facts.authors)
        signed = {keys.key(author.name) for author in document.article.authors}
        self._signed = signed - {""}
        publisher = document.article.publisher
        self.publisher = publisher if publisher and keys.key(publisher) else None

    def of(self, thing: Thing) -> str:
        """Return the id of `thing`."""
        return mint(*self.origins(thing)[0])

    def origins(self, thing: Thing) -> tuple[Origin, ...]:
        """Return what the id of `thing` may be minted from; the first is what it is minted from here."""
        if thing not in self._origins:
            self._origins[thing] = self._found(thing)
        return self._origins[thing]

    @property
    def publisher_origin(self) -> Origin | None:
        """What the id of the paper that the metadata names is minted from."""
        return ("Organization", keys.body_key(self.publisher)) if self.publisher else None

    def author_origin(self, name: str) -> Origin:
        """Return what the id of a person whom only the metadata names as an author is minted from."""
        return ("Person", keys.key(name), self._paper() or self._local())

    def _paper(self) -> str | None:
        return mint(*self.publisher_origin) if self.publisher_origin else None

    def _local(self) -> str:
        return LOCAL + self._article.id

    def _found(self, thing: Thing) -> tuple[Origin, ...]:
        match thing.family:
            case "Place":
                return (self._place(thing, _DEEP),)
            case "Person":
                return self._person(thing)
            case "Post":
                return (self._post(thing),)
            case "Event":
                return (self._event(thing),)
            case "OrganizationKind":
                return (self._kind(thing),)
        return (self._named(thing),)

    def _kind(self, thing: Thing) -> Origin:
        """A kind of organization is the same in every city, unless its name says of which level (区城管部门)."""
        made = _longest(thing)
        if keys.level_prefix(made):
            return (thing.family, made, self._home.city_code or self._local())
        return (thing.family, made)

    def _named(self, thing: Thing) -> Origin:
        """Return the origin of an organization, a policy or an agreement."""
        made = _longest(thing)
        kind = thing.family
        level = keys.level_prefix(made) if thing.cls in PUBLIC or kind == "Policy" else ""
        if level:
            area = self._home.at(level)
            return (kind, made, self._local()) if area is None else (kind, area.key + made[len(level) :])
        if not made or keys.is_bare(made) or (kind == "Agreement" and len(_plain().sub("", made)) < 2):
            return (kind, made, self._local())
        if area_context := self._small_area(thing, made):
            return (kind, made, area_context)
        forms = sorted(thing.keys, key=lambda form: (-len(form), form))
        return (kind, keys.last_area(forms[0]) if thing.cls in PUBLIC else forms[0])

    def _small_area(self, thing: Thing, made: str) -> str | None:
        """Return the id of the subdistrict or town whose name a body's begins with: there are others of that name."""
        if thing.family != "Organization" or keys.area_prefix(made)[0]:
            return None
        places = self._facts.objects(thing, "locatedIn", "administers")
        inside = [place for place in places if any(made.startswith(keys.area_stem(form)) for form in place.keys)]
        return self.of(inside[0]) if inside and inside[0].cls == "AdministrativeArea" else None

    def _place(self, thing: Thing, deep: int) -> Origin:
        if code := thing.code:
            return ("Place", code, CODED)
        made = _longest(thing)
        if thing.cls == "AdministrativeArea":
            if not made.endswith(words("areas", "below_districts")):
                return ("Place", made)
            parents = [p for p in self._facts.objects(thing, "locatedIn") if p is not thing and p.cls == thing.cls]
            if parents and deep:
                return ("Place", made, mint(*self._place(parents[0], deep - 1)))
            if district := keys.district_of(made, self._home.city_code):
                return ("Place", made, mint("Place", district, CODED))
        elif thing.cls in _EVERYWHERE:
            return ("Place", made)
        city = self._city(thing)
        if city is None and thing.cls != "AdministrativeArea" and keys.area_prefix(made)[0]:
            return ("Place", made)
        return ("Place", made, city or self._local())

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

    def _person(self, thing: Thing) -> tuple[Origin, ...]:
        """Return the origins of a person: one of a name in one body, or with one paper, or else in one article."""
        made = _longest(thing)
        posts = [self._facts.objects(post, "postIn") for post in self._facts.objects(thing, "holdsPost")]
        bodies = dict.fromkeys(self.of(body) for found in posts for body in found[:1])
        if bodies:
            return tuple(("Person", made, body) for body in bodies)
        paper = self._paper()
        if paper and (thing in self._authors or made in self._signed):
            return (("Person", made, paper),)
        return (("Person", made, self._local()),)

    def _title(self, post: Thing) -> str:
        printed = [value.text for value in self._facts.values(post, "postTitle")]
        return keys.key(printed[0] if printed else post.mentions[0].name)

    def _post(self, thing: Thing) -> Origin:
        holders = self._facts.subjects(thing, "holdsPost")
        bodies = self._facts.objects(thing, "postIn")
        body = self.of(bodies[0]) if bodies else ""
        if not holders:
            return ("Post", self._title(thing), body, self._local())
        return ("Post", self._title(thing), self.of(holders[0]), body)

    def _event(self, thing: Thing) -> Origin:
        """Return the origin of an event: its name if no other can have it (第3届, 2018), else one of this article."""
        made = _longest(thing)
        if len(made) >= _MIN_EVENT and _NAMED_ONCE.search(made):
            return ("Event", made)
        called = made or keys.key(thing.mentions[0].span.of(self._article.text))
        count = self._counts[thing.cls, called] = self._counts.get((thing.cls, called), 0) + 1
        return ("Event", called, thing.cls, str(count), self._local())


def _longest(thing: Thing) -> str:
    return min(thing.keys, key=lambda made: (-len(made), made), default="")
