"""What the store says of an entity, as the reconciliation API needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.folding import key
from wenmai.namespaces import WENMAI, XSD
from wenmai.serve.api.reconcile import schema
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms

PREFERRED, OTHER = (ox.NamedNode(schema.iri(name)) for name in schema.NAMES)


def node(store: Store, text: str) -> ox.NamedNode | None:
    """Return the entity of an id (`org-0123456789ab`) or IRI; None if the store has none of this id."""
    local = text.strip().removeprefix(store.base + "id/")
    if not local.isascii() or not local.replace("-", "").isalnum() or len(local) > 100:
        return None
    made = ox.NamedNode(f"{store.base}id/{local}")
    return made if iris.is_entity(made) and next(_objects(store, made, PREFERRED), None) is not None else None


def identifier(store: Store, entity: ox.NamedNode) -> str:
    """Return the id of an entity: its IRI without the identifier space."""
    return entity.value.removeprefix(store.base + "id/")


def classes(store: Store, entity: ox.NamedNode) -> tuple[str, ...]:
    """Return the most specific classes of an entity."""
    found = (each.value for each in _objects(store, entity, terms.TYPE) if isinstance(each, ox.NamedNode))
    held = frozenset(iri[len(WENMAI) :] for iri in found if iri.startswith(WENMAI))
    return ontology.most_specific(held & frozenset(ontology.classes()))


def name(store: Store, entity: ox.NamedNode) -> str:
    """Return the preferred name of an entity, the Chinese one before others; its id if it has none."""
    labels = [each for each in _objects(store, entity, PREFERRED) if isinstance(each, ox.Literal)]
    found = sorted((label.language != "zh", label.value) for label in labels)
    return found[0][1] if found else identifier(store, entity)


def names(store: Store, entity: ox.NamedNode) -> list[str]:
    """Return all names of an entity, the preferred ones first."""
    found = (each for predicate in (PREFERRED, OTHER) for each in sorted(_objects(store, entity, predicate), key=str))
    return list(dict.fromkeys(each.value for each in found if isinstance(each, ox.Literal)))


def described(store: Store, entity: ox.NamedNode) -> str:
    """Return what tells an entity from its namesakes: its class, where it is or whose it is, other names."""
    parts = [schema.label(cls) for cls in classes(store, entity)[:1]]
    for prop in ("locatedIn", "postIn", "subOrganizationOf", "issuedBy"):
        parts += [written(store, each) for each in values(store, entity, prop)[:1]]
    also = [each for each in names(store, entity) if each != name(store, entity)]
    if also:
        parts.append("又名 " + "、".join(also[:3]))
    return " · ".join(parts)


def values(store: Store, entity: ox.NamedNode, prop: str) -> list[ox.NamedNode | ox.Literal]:
    """Return the values of a property of the schema, each once, in order; those of its posts for what posts have."""
    found = list(_objects(store, entity, ox.NamedNode(schema.iri(prop))))
    over = schema.through(prop)
    if not found and over:
        posts = _objects(store, entity, ox.NamedNode(schema.iri(over)))
        found = [each for post in posts for each in _objects(store, post, ox.NamedNode(schema.iri(prop)))]
    kept = (each for each in found if isinstance(each, (ox.NamedNode, ox.Literal)))
    return sorted(dict.fromkeys(kept), key=str)


def subjects(store: Store, prop: str, value: ox.NamedNode | ox.Literal) -> Iterator[ox.NamedNode]:
    """Yield the entities that have a value, by themselves or through a post."""
    over = schema.through(prop)
    for quad in store.match(None, ox.NamedNode(schema.iri(prop)), value, DEFAULT):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject
            if over:
                holders = store.match(None, ox.NamedNode(schema.iri(over)), quad.subject, DEFAULT)
                yield from (each.subject for each in holders if isinstance(each.subject, ox.NamedNode))


def written(store: Store, term: ox.NamedNode | ox.Literal) -> str:
    """Return a value as a person reads it."""
    if isinstance(term, ox.Literal):
        return term.value
    if term.value.startswith(WENMAI) and term.value[len(WENMAI) :] in individuals():
        return ontology.label(term.value[len(WENMAI) :])
    return name(store, term)


def individuals() -> Iterable[str]:
    """Return the individuals of the ontology that are values of properties."""
    return ontology.individuals("EventStatus")


def cell(store: Store, term: ox.NamedNode | ox.Literal) -> dict[str, Any]:
    """Return a value as data extension writes it; a day is a string, since the API's dates have a time of day."""
    if isinstance(term, ox.NamedNode):
        if iris.is_entity(term) and term.value.startswith(store.base):
            return {"id": identifier(store, term), "name": name(store, term)}
        return {"str": written(store, term)}
    try:
        if term.datatype.value == XSD + "integer":
            return {"int": int(term.value)}
        if term.datatype.value == XSD + "decimal":
            return {"float": float(term.value)}
    except ValueError:
        pass
    return {"str": term.value}


def is_meant(store: Store, term: ox.NamedNode | ox.Literal, wanted: object) -> bool:
    """Tell whether a value of the store is what a client gave for it: an id, a name, a day or the year of one."""
    if isinstance(wanted, dict):
        wanted = wanted["id"]
    text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
    if isinstance(term, ox.NamedNode):
        if text.strip() in {term.value, identifier(store, term)}:
            return True
        if term.value.startswith(WENMAI):
            return text.strip() in {term.value[len(WENMAI) :], written(store, term)}
        return bool(key(text)) and key(text) in map(key, names(store, term))
    begins = term.datatype.value.startswith(XSD + "g") or term.datatype.value == XSD + "date"
    return key(text) == key(term.value) or (begins and len(text) >= 4 and term.value.startswith(text + "-"))


def _objects(
    store: Store, subject: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, predicate: ox.NamedNode
) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    if isinstance(subject, ox.NamedNode):
        yield from (quad.object for quad in store.match(subject, predicate, None, DEFAULT))
