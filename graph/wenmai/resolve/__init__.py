"""From what one article mentions to the entities it speaks of: who is who, here and across articles.

`resolve` takes a `Document` and gives a `Resolution`, from the article alone: an entity's id follows from its canonical
name and what tells it from namesakes (a GB/T code, the city, the body a person works in, the article). `Registry` holds
what all articles together show of these ids, and `link` gives for a `Resolution` the entities of the archive: an
article that knows an entity by a short form only speaks of the one that others name in full. What `link` finds follows
from the set of articles and the decisions of people, in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wenmai.records import Claim, Document, Entity, Mention, Resolution, Span
from wenmai.resolve import keys, labels
from wenmai.resolve.article import Article, Thing
from wenmai.resolve.facts import Facts, join_retold
from wenmai.resolve.home import Home, complete_codes
from wenmai.resolve.identity import Identities
from wenmai.resolve.mint import mint
from wenmai.resolve.shorts import level_forms

__all__ = ["resolve"]

_ARTICLE = "article"
_OF_CODES = ("省", "市", "区", "县")  # levels whose areas are told by code and have the whole name from the lexicon
_SYMMETRIC = frozenset({"partnerOf"})
_DATES = ("onDate", "startDate", "endDate")


def resolve(document: Document) -> Resolution:
    """Return the entities and claims of `document`, as it alone tells them apart.

    Claims keep their spans; those whose two ends became one entity, or whose end is only pointed at (该公司, of
    nobody), are dropped. Raises KeyError for a class that the ontology lacks.
    """
    article = Article(document)
    home = Home(article.things())
    if complete_codes(article.things(), home):
        home = Home(article.things())
    _place_deictics(article, home)
    _join_levels(article, home)
    facts = Facts(document, article)
    if join_retold(article, facts, article.things()):
        facts = Facts(document, article)
    identities = Identities(document, home, facts)
    kept = [thing for thing in article.things() if _speaks(thing, facts)]
    by_id: dict[str, list[Thing]] = {}
    for thing in kept:
        by_id.setdefault(identities.of(thing), []).append(thing)
    ids = {thing: identities.of(thing) for thing in kept}
    entities = [
        replace(_entity(entity_id, things, facts, document), origins=_origins(things, identities))
        for entity_id, things in by_id.items()
    ]
    paper = _paper(identities, entities, by_id)
    people = _authors(document, identities, entities, by_id)
    return Resolution(
        article=document.article,
        run=document.run,
        entities=tuple(entities),
        claims=_claims(document, article, ids),
        publisher=paper,
        authors=people,
    )


def _origins(things: Sequence[Thing], identities: Identities) -> tuple[tuple[str, ...], ...]:
    """Return what the id of the entity that `things` are may be minted from, that of the first thing first."""
    return tuple(dict.fromkeys(origin for thing in things for origin in identities.origins(thing)))


def _place_deictics(article: Article, home: Home) -> None:
    """Give 本市 and 全区 to the area the article speaks from; one that is not mentioned itself takes its code."""
    unnamed: dict[str, Thing] = {}
    for thing in article.things():
        level = next((found for m in thing.mentions if (found := keys.deictic_level(m.name))), None)
        if level is None or thing.keys:
            continue
        area = home.at(level)
        if area is None:
            continue
        if area.thing is not None:
            article.join(area.thing, thing, tied=True)
        elif area.code is not None and area.code in unnamed:
            article.join(unnamed[area.code], thing, tied=True)
        elif area.code is not None:
            thing.codes.add(area.code)
            unnamed[area.code] = thing


def _join_levels(article: Article, home: Home) -> None:
    """Join 区政府 to the only body it can mean, where the text does not tell which district it speaks from.

    Of several subdistricts, 街道党校 is that of the one named last.
    """
    index: dict[str, dict[Thing, None]] = {}
    exact: dict[str, Thing] = {}
    waiting = []
    for thing in article.things():
        if thing.family != "Organization":
            continue
        for made in thing.keys:
            exact.setdefault(made, thing)
            for form in level_forms(made, article.local):
                index.setdefault(form, {})[thing] = None
            level = keys.level_prefix(made)
            if level and (home.at(level) is None or level not in _OF_CODES):
                waiting.append((made, level, thing))
    for made, level, thing in waiting:
        found = [other for other in index.get(made, ()) if other is not thing]
        if len(found) == 1:
            article.join(found[0], thing)
        elif level not in _OF_CODES and (area := home.before(level, thing.begin)):
            rest = made.removeprefix(level)
            for form in (area.key + rest, keys.area_stem(area.key) + rest):
                if form in exact:
                    article.join(exact[form], thing)


def _speaks(thing: Thing, facts: Facts) -> bool:
    """Tell whether a thing is one the graph can speak of: named, an event, a post that is said of someone."""
    if thing.family == "Event":
        return True
    if thing.family == "Post":
        return thing in facts.used
    return bool(thing.keys or thing.codes)


def _first(things: Sequence[Thing]) -> list[Mention]:
    return sorted((m for thing in things for m in thing.mentions), key=lambda m: (m.span.begin, m.span.end, m.key))


def _entity(entity_id: str, things: Sequence[Thing], facts: Facts, document: Document) -> Entity:
    """Return the entity that `things` are."""
    mentions = _first(things)
    whole = Thing(mentions, things[0].family, things[0].begin, things[-1].last, 1.0)
    for thing in things:
        whole.codes |= thing.codes
    code = whole.code
    names = whole.names
    if not names and whole.family == "Place" and code is not None:
        names = (keys.area_names()[code],)  # the text says 本市 only; the lexicon has the name
    label = label_en = None
    if whole.family == "Event" and not names:
        label, label_en = _event_label(things, whole.cls, facts, mentions[0].span.of(document.article.text))
    elif whole.family == "Post":
        label = _post_label(things, facts, mentions[0].name)
    return Entity(
        id=entity_id,
        cls=whole.cls,
        names=names,
        code=code if whole.family == "Place" else None,
        label=label,
        label_en=label_en,
        status=next((m.status for m in mentions if m.status is not None), None),
        spans=tuple(dict.fromkeys(mention.span for mention in mentions)),
    )


def _event_label(things: Sequence[Thing], cls: str, facts: Facts, words: str) -> tuple[str, str]:
    dates = [value.text for thing in things for value in facts.values(thing, *_DATES)]
    for slot in labels.SLOTS.get(cls, labels.BY_WHAT):
        fillers = dict.fromkeys(found for thing in things for found in facts.objects(thing, slot) if found.names)
        if fillers:
            bodies = [found for found in fillers if found.family != "Person"] or list(fillers)
            names = list(dict.fromkeys(map(_called, bodies)))
            return labels.event_label(cls, names, min(dates, default=None), words)
    return labels.event_label(cls, (), min(dates, default=None), words)


def _called(thing: Thing) -> str:
    """Return the name by which labels call a thing: an organization by a short one, a place by its full one."""
    return labels.short_name(thing.names) if thing.family == "Organization" else thing.names[0]


def _post_label(things: Sequence[Thing], facts: Facts, title: str) -> str:
    bodies = [body for thing in things for body in facts.objects(thing, "postIn") if body.names]
    people = [person for thing in things for person in facts.subjects(thing, "holdsPost") if person.names]
    printed = [value.text for thing in things for value in facts.values(thing, "postTitle")]
    return labels.post_label(
        printed[0] if printed else title,
        _called(bodies[0]) if bodies else None,
        people[0].names[0] if people else None,
    )


def _paper(identities: Identities, entities: list[Entity], by_id: dict[str, list[Thing]]) -> str | None:
    """Return the id of the paper, which is added to `entities` if only the metadata names it."""
    origin, name = identities.publisher_origin, identities.publisher
    if origin is None or name is None:
        return None
    paper = mint(*origin)
    if paper not in by_id:
        entities.append(Entity(paper, "MediaBody", (name,), origins=(origin,)))
    return paper


def _authors(
    document: Document, identities: Identities, entities: list[Entity], by_id: dict[str, list[Thing]]
) -> tuple[str, ...]:
    """Return the ids of all authors in order; those whom only the metadata names are added to `entities`."""
    people = {
        made: entity_id
        for entity_id, things in by_id.items()
        for thing in things
        if thing.family == "Person"
        for made in thing.keys
    }
    authors: dict[str, None] = {}
    for author in document.article.authors:
        made = keys.key(author.name)
        if not made:
            continue
        if made not in people:
            origin = identities.author_origin(author.name)
            people[made] = mint(*origin)
            entities.append(Entity(people[made], "Person", (author.name,), origins=(origin,)))
        authors[people[made]] = None
    return tuple(authors)


def _claims(document: Document, article: Article, ids: dict[Thing, str]) -> tuple[Claim, ...]:
    """Return the claims with ids for keys, each once, in order of the text."""
    kept: dict[tuple[object, ...], Claim] = {}

    def entity(key: str) -> str | None:
        thing = article.of(key)
        return ids.get(thing) if thing is not None else None

    for claim in document.claims:
        subject = _ARTICLE if claim.subject == _ARTICLE else entity(claim.subject)
        target = entity(claim.object) if isinstance(claim.object, str) else claim.object
        if subject is None or target is None or subject == target:
            continue
        if claim.predicate in _SYMMETRIC and isinstance(target, str) and target < subject:
            subject, target = target, subject
        identity = (subject, claim.predicate, target, claim.modality, claim.span)
        before = kept.get(identity)
        if before is None or before.confidence < claim.confidence:
            approximate = claim.approximate or (before is not None and before.approximate)
            kept[identity] = _rewritten(claim, subject, target, approximate)
    return tuple(sorted(kept.values(), key=_claim_order))


def _rewritten(claim: Claim, subject: str, target: object, approximate: bool) -> Claim:
    return replace(claim, subject=subject, object=target, approximate=approximate)  # type: ignore[arg-type]  # an id or a value


def _claim_order(claim: Claim) -> tuple[Span, str, str, str, str]:
    return claim.span, claim.subject, claim.predicate, str(claim.object), claim.modality
