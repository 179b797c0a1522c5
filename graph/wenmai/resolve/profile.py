"""What one article shows of the ids it gives: the rows that the registry counts.

A pure function of the `Resolution`. Rows are (kind, a, b), each at most once an article:

    form    FAMILY⇥KEY  id      the article calls it so
    short   FAMILY⇥KEY  id      a full name of it makes this short form
    class   id  class           what the article takes it for
    origin  id  FAMILY⇥KEY⇥…    what the id is minted from
    year    id  year            when the article speaks of it
    near    id  id              a claim relates the two, or an event has both
    post    id  PERSON⇥TITLE    somebody holds a post in it
    bar     id  id              one came of the other by renaming or merging: they are two
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations

from wenmai.lexicon import words
from wenmai.records import Entity, Resolution, Value
from wenmai.resolve import keys
from wenmai.resolve.identity import LOCAL, PUBLIC
from wenmai.resolve.mint import family
from wenmai.resolve.shorts import shorts

Row = tuple[str, str, str]

LINKED = frozenset({"Organization", "Policy", "Agreement", "Place"})
"""The families whose entities may be known elsewhere by another form of their name."""
_MOST_FILLERS = 6  # an event of more participants relates each of them to few
_SLOTS = frozenset({"participant", "organizer", "heldAt", "subject"})


def form_keys(cls: str, name: str) -> list[str]:
    """Return the keys under which what is called `name` is looked up; none for words that mean another thing elsewhere.

    A public body is called by its own area's name or by all that lie around it.
    """
    kind = family(cls)
    made = keys.body_key(name) if kind == "Organization" else keys.key(name)
    if keys.is_pointer(name) or keys.is_bare(made) or (kind == "Organization" and keys.level_prefix(made)):
        return []
    last = keys.last_area(made) if cls in PUBLIC else made
    return [made] if last == made or keys.is_bare(last) else [made, last]


def is_local(entity: Entity) -> bool:
    """Tell whether nothing but its article tells an entity from others: no other article can speak of it."""
    return not entity.origins or any(part.startswith(LOCAL) for part in entity.origins[0][2:])


def waits(entity: Entity) -> tuple[str, str] | None:
    """Return (family, key) of an entity that may be known elsewhere by a fuller name, else None.

    That is whatever is told by its name alone, and a subdistrict or town whose district the article does not tell.
    """
    kind, made, *context = entity.origins[0] if entity.origins else ("", "")
    if kind not in LINKED or not made:
        return None
    if kind != "Place":
        return (kind, made) if not context else None
    small = entity.cls == "AdministrativeArea" and made.endswith(words("areas", "below_districts"))
    return (kind, made) if small and not (context and context[0].startswith("place-")) else None


def rows(resolution: Resolution) -> set[Row]:
    """Return what the article of `resolution` shows."""
    found: set[Row] = set()
    known = {e.id: e for e in resolution.entities if family(e.cls) in LINKED and not is_local(e)}
    year = str(resolution.article.date.year) if resolution.article.date else None
    for entity in known.values():
        kind = family(entity.cls)
        found.add(("origin", entity.id, "\t".join(entity.origins[0])))
        found.add(("class", entity.id, entity.cls))
        if year:
            found.add(("year", entity.id, year))
        if kind == "Place" and waits(entity):
            continue
        for name in entity.names:
            for form in form_keys(entity.cls, name):
                found.add(("form", f"{kind}\t{form}", entity.id))
                found.update(("short", f"{kind}\t{short}", entity.id) for short in _derived(entity.cls, form))
    found.update(_near(resolution, known))
    found.update(("post", body, f"{person}\t{title}") for body, person, title in posts(resolution) if body in known)
    return found


def _derived(cls: str, form: str) -> Iterator[str]:
    """Yield the short forms that the full name of a company makes for sure."""
    if cls not in ("Company", "MediaBody", "Organization") or not keys.legal_form(form):
        return
    for short in shorts(form, cls):
        if not short.late and not short.only and not keys.is_bare(short.form) and short.form not in keys.area_keys():
            yield short.form


def _near(resolution: Resolution, known: dict[str, Entity]) -> Iterator[Row]:
    fillers: defaultdict[str, set[str]] = defaultdict(set)
    for claim in resolution.claims:
        if isinstance(claim.object, Value) or claim.modality == "Denied" or claim.object not in known:
            continue
        if claim.predicate == "succeeds" and claim.subject in known:
            yield ("bar", claim.subject, claim.object)
            yield ("bar", claim.object, claim.subject)
        elif claim.subject in known:
            yield ("near", claim.subject, claim.object)
            yield ("near", claim.object, claim.subject)
        elif claim.predicate in _SLOTS:
            fillers[claim.subject].add(claim.object)
    for together in fillers.values():
        if len(together) <= _MOST_FILLERS:
            yield from (("near", one, other) for one, other in permutations(sorted(together), 2))


def posts(resolution: Resolution) -> list[tuple[str, str, str]]:
    """Return (body's id, person's key, title's key) of each post that the article tells."""
    names = {e.id: keys.key(e.names[0]) for e in resolution.entities if e.names and family(e.cls) == "Person"}
    holders: defaultdict[str, set[str]] = defaultdict(set)
    titles: dict[str, str] = {}
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for claim in resolution.claims:
        if claim.modality == "Denied":
            continue
        if claim.predicate == "holdsPost" and isinstance(claim.object, str) and claim.subject in names:
            holders[claim.object].add(names[claim.subject])
        elif claim.predicate == "postTitle" and isinstance(claim.object, Value):
            titles.setdefault(claim.subject, keys.key(claim.object.text))
        elif claim.predicate == "postIn" and isinstance(claim.object, str):
            bodies[claim.subject].add(claim.object)
    return [
        (body, person, titles.get(post, ""))
        for post, people in sorted(holders.items())
        for body in sorted(bodies[post])
        for person in sorted(people)
    ]
