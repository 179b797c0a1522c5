"""Put the values of parameters into a query: as RDF terms in its empty VALUES blocks, never as text.

A value may be an IRI, or a name that is looked up in the store; a name that several entities bear stands for all,
and the beginning of a name for the one entity whose name begins so. Either is told in a note.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from itertools import islice

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.folding import key
from wenmai.namespaces import DCTERMS, OWL, PREFIXES, RDF, RDFS, SKOS, WENMAI, XSD
from wenmai.query.guard import Token
from wenmai.query.library import NamedQuery, Parameter
from wenmai.query.search import bears
from wenmai.store.protocol import DEFAULT, Store
from wenmai.store.sidecar import DAMAGE
from wenmai.store.text import Name

Term = ox.NamedNode | ox.Literal

_NAME_PROPERTIES = tuple(ox.NamedNode(iri) for iri in (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label"))
_NEAR_SCANNED = 200_000
"""Labels looked at for a name that is unknown where there is no index: about a second."""
_NEAR_HELD, _NEAR_LIKE = 5000, 100
"""Names looked at that hold a name that is unknown, and names like it."""
_WIDE = str.maketrans("()", "\uff08\uff09")
_NARROW = str.maketrans("\uff08\uff09", "()")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def bind(
    query: NamedQuery, found: Sequence[Token], values: Mapping[str, Sequence[str]], store: Store
) -> tuple[str, list[str]]:
    """Return the query text with its parameters bound, and notes for the reader (a name that means several things).

    `found` are the tokens of the query's text. Raises UsageError for a parameter that is missing, unknown
    or not of its type.
    """
    declared = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in declared:
            takes = f"it takes {', '.join(declared)}" if declared else "it takes none"
            raise UsageError(f"{query.name} has no parameter {name!r}; {takes}")
    notes: list[str] = []
    terms: dict[str, str] = {}
    for name, parameter in declared.items():
        given = values.get(name, () if parameter.default is None else (parameter.default,))
        if not given and not parameter.optional:
            raise UsageError(f"{query.name} needs {name}: {parameter.about}; give it with --param {name}=VALUE")
        each = [term for value in given for term in meant(parameter, value, store, notes)]
        terms[name] = " ".join(dict.fromkeys(str(term) for term in each)) or "UNDEF"
    return _filled(query, found, terms), notes


def _filled(query: NamedQuery, found: Sequence[Token], terms: Mapping[str, str]) -> str:
    text, pieces, at, placed = query.text, [], 0, set()
    for values, variable, left, right in zip(found, found[1:], found[2:], found[3:], strict=False):
        name = variable.text[1:]
        if values.is_word("VALUES") and variable.kind == "variable" and left.text == "{" and right.text == "}":
            if name not in terms:
                raise UsageError(f"{query.name} has VALUES ?{name} {{}} and declares no parameter {name}")
            pieces += [text[at : left.end], " ", terms[name], " "]
            at = right.begin
            placed.add(name)
    for name in terms.keys() - placed:
        raise UsageError(f"{query.name} declares the parameter {name} and has no VALUES ?{name} {{}} to bind it")
    return "".join([*pieces, text[at:]])


def meant(parameter: Parameter, value: str, store: Store, notes: list[str]) -> list[Term]:
    """Return the RDF terms that a value of a parameter means; what the reader should know of it is added to `notes`.

    Raises UsageError for a name that nothing bears.
    """
    value = value.strip()
    if parameter.type in {"text", "integer", "date", "enddate"}:
        return [_literal(parameter, value)]
    iri = _iri(value, store.base)
    if iri is not None:
        return [iri]
    if parameter.type == "graph":
        return [ox.NamedNode(f"{store.base}graph/{value}")]
    if parameter.type in {"class", "property"}:
        return [_ontology_term(parameter, value)]
    if parameter.type == "article":
        return _articles(value, store)
    return _entities(parameter, value, store, notes)


def _literal(parameter: Parameter, value: str) -> ox.Literal:
    if parameter.type == "text":
        return ox.Literal(value)
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?\d{1,18}", value):
            raise UsageError(f"{parameter.name}: {value!r} is not a whole number")
        return ox.Literal(str(int(value)), datatype=ox.NamedNode(XSD + "integer"))
    return _day(parameter, value)


def _day(parameter: Parameter, value: str) -> ox.Literal:
    match = _DATE.fullmatch(value)
    try:
        if match is None:
            raise ValueError(value)
        year, month, day = int(match[1]), match[2], match[3]
        if parameter.type == "date":
            date = dt.date(year, int(month or 1), int(day or 1))
        else:
            last_month = int(month or 12)
            date = dt.date(year, last_month, int(day or calendar.monthrange(year, last_month)[1]))
    except ValueError as error:
        raise UsageError(f"{parameter.name}: {value!r} is not a date; write 2017-04-21, 2017-04 or 2017") from error
    return ox.Literal(date.isoformat(), datatype=ox.NamedNode(XSD + "date"))


def _iri(value: str, base: str) -> ox.NamedNode | None:
    """Return the IRI that `value` is: `<…>`, `http…`, `wenmai:Company`, or the id of an entity, `org-0123456789ab`."""
    prefix, colon, local = value.partition(":")
    text = None
    if value.startswith("<") and value.endswith(">"):
        text = value[1:-1]
    elif value.startswith(("http://", "https://", "urn:")):
        text = value
    elif colon and prefix in PREFIXES and re.fullmatch(r"[\w.\-]+", local):
        text = PREFIXES[prefix] + local
    elif re.fullmatch(r"[a-z]+-[0-9a-f]{12}", value):
        text = f"{base}id/{value}"
    try:
        return ox.NamedNode(text) if text else None
    except ValueError as error:
        raise UsageError(f"{value!r} is not a valid IRI") from error


def _named(name: str, store: Store) -> list[ox.NamedNode]:
    """Return the entities that bear exactly this name, in order of their IRIs."""
    found: set[ox.NamedNode] = set()
    for literal in (ox.Literal(name, language="zh"), ox.Literal(name, language="en"), ox.Literal(name)):
        for predicate in _NAME_PROPERTIES:
            for quad in store.match(None, predicate, literal, DEFAULT):
                if isinstance(quad.subject, ox.NamedNode):
                    found.add(quad.subject)
    return sorted(found, key=str)


def _entities(parameter: Parameter, value: str, store: Store, notes: list[str]) -> list[Term]:
    for name in _spellings(value):
        found = _named(name, store) if name else []
        if len(found) > 1:
            ids = ", ".join(node.value.removeprefix(store.base + "id/") for node in found[:5])
            notes.append(f"{parameter.name}: {len(found)} entities are named {value} ({ids}); all are meant")
        if found:
            return list(found)
    alone, near = begun(value, store)
    if alone is not None:
        name, node = alone
        notes.append(f"{parameter.name}: nothing is named just {value}; {name} is meant, whose name alone begins so")
        return [node]
    hint = f"near it: {'、'.join(near)}" if near else "`wenmai query search --param name=…` finds names by a part"
    raise UsageError(f"{parameter.name}: nothing in the store is named {value!r}; {hint}")


def bearers(name: str, store: Store) -> list[ox.NamedNode]:
    """Return the entities that bear a name, in one of its spellings: with or without quotation marks, in either script.

    Where there is an index also those whose name differs in case, width, script or punctuation alone.
    """
    for spelling in _spellings(name):
        found = _named(spelling, store) if spelling else []
        if found:
            return found
    index, folded = store.index(), key(name)
    with suppress(*DAMAGE):
        alike = islice(index.names(name), _NEAR_LIKE) if index is not None and folded else ()
        nodes = {each.entity for each in alike if key(each.label) == folded and bears(store, each)}
        return [ox.NamedNode(iri) for iri in sorted(nodes)]
    return []


def begun(name: str, store: Store) -> tuple[tuple[str, ox.NamedNode] | None, list[str]]:
    """Return the thing whose name alone begins with `name`, if there is one, and up to five names that are like it."""
    names, whole = _candidates(name, store)
    found = {node: each for each, node in names if len(name) > 1 and each.startswith(name)}
    alone = next(((each, node) for node, each in found.items()), None) if len(found) == 1 and whole else None
    return alone, _near(name, list(dict.fromkeys(each for each, _ in names)))


def _spellings(value: str) -> list[str]:
    """Return the name as given, without the quotation marks around it, and each with brackets of the other width."""
    bare = value.strip("《》〈〉“”\"'")
    both = [value, bare]
    wide = [name.translate(_WIDE) for name in both]
    narrow = [name.translate(_NARROW) for name in both]
    return list(dict.fromkeys([*both, *wide, *narrow]))


def _candidates(value: str, store: Store) -> tuple[list[tuple[str, ox.NamedNode]], bool]:
    """Return names that may be meant by an unknown one, and whether all that begin with it are among them or two are.

    The index knows those that hold it and those like it; without one all names are read, up to `_NEAR_SCANNED`.
    """
    index = store.index()
    if index is not None:
        with suppress(*DAMAGE):  # damaged: the names themselves are read
            held = list(islice(index.names(value), _NEAR_HELD + 1))
            whole = len(held) <= _NEAR_HELD or not key(held[-1].label).startswith(key(value))
            first: dict[str, Name] = {}
            for name in held:
                if len(first) < 2 and name.label.startswith(value) and _is_thing(name.entity) and bears(store, name):
                    first.setdefault(name.entity, name)
            like = [*held[:_NEAR_LIKE], *index.similar(value, _NEAR_LIKE)]
            shown = [name for name in dict.fromkeys(like) if _is_thing(name.entity) and bears(store, name)]
            return [(name.label, ox.NamedNode(name.entity)) for name in (*first.values(), *shown)], whole
    names = list(islice(_names_of_things(store), _NEAR_SCANNED))
    return names, len(names) < _NEAR_SCANNED


def _is_thing(iri: str) -> bool:
    """Tell whether an IRI is not that of a post or an event: most of these are described by the names of others."""
    return not iri.rpartition("/")[2].startswith(("post-", "event-"))


def _names_of_things(store: Store) -> Iterator[tuple[str, ox.NamedNode]]:
    """Yield the names of things with what bears them."""
    for predicate in _NAME_PROPERTIES[:2]:
        for quad in store.match(None, predicate, None, DEFAULT):
            node, label = quad.subject, quad.object
            if not isinstance(node, ox.NamedNode) or not isinstance(label, ox.Literal):
                continue
            if _is_thing(node.value):
                yield label.value, node


def _near(value: str, names: Sequence[str]) -> list[str]:
    """Return up to five of `names` like `value`: those that hold it or are held by it, then those spelled like it."""
    held = [name for name in names if value and (value in name or (len(name) > 1 and name in value))]
    held.sort(key=lambda name: (len(name), name))
    return list(dict.fromkeys([*held[:4], *get_close_matches(value, names, n=4, cutoff=0.5)]))[:5]


def _articles(value: str, store: Store) -> list[Term]:
    found: set[ox.NamedNode] = set()
    for name in ("identifier", "title"):
        for literal in (ox.Literal(value), ox.Literal(value, language="zh"), ox.Literal(value, language="en")):
            for quad in store.match(None, ox.NamedNode(DCTERMS + name), literal):
                if isinstance(quad.subject, ox.NamedNode):
                    found.add(quad.subject)
    if not found:
        raise UsageError(f"no article has the id or title {value!r}; `wenmai query articles` lists them")
    return sorted(found, key=str)


@cache
def _ontology() -> Mapping[str, Mapping[str, ox.NamedNode]]:
    """Return the names of classes and of properties: local names and labels in both languages, in lower case."""
    from wenmai.resources import folder

    store = ox.Store()
    store.load(path=folder("ontology") / "wenmai.ttl")
    kinds = {
        "class": [RDFS + "Class", OWL + "Class"],
        "property": [RDF + "Property", OWL + "ObjectProperty", OWL + "DatatypeProperty"],
    }
    names: dict[str, dict[str, ox.NamedNode]] = {"class": {}, "property": {}}
    for kind, types in kinds.items():
        for type_iri in types:
            for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(type_iri)):
                term = quad.subject
                if not isinstance(term, ox.NamedNode) or not term.value.startswith(WENMAI):
                    continue
                names[kind][term.value.removeprefix(WENMAI).lower()] = term
                for label in store.quads_for_pattern(term, ox.NamedNode(RDFS + "label"), None):
                    names[kind].setdefault(str(getattr(label.object, "value", "")).lower(), term)
    return names


def _ontology_term(parameter: Parameter, value: str) -> ox.NamedNode:
    names = _ontology()[parameter.type]
    if value.lower() in names:
        return names[value.lower()]
    near = get_close_matches(value.lower(), names, n=4, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"{len(set(names.values()))} are known to the ontology"
    raise UsageError(f"{parameter.name}: the ontology has no {parameter.type} {value!r}; {hint}")


def entity_called(value: str, store: Store, what: str = "entity") -> ox.NamedNode:
    """Return the one entity, or other node of ours, that `value` means: an IRI, an id or a name.

    `what` is what messages call it. Raises UsageError if nothing in the store or more than one thing is called so.
    """
    notes: list[str] = []
    found = meant(Parameter(what, "entity"), value, store, notes)
    nodes = [term for term in found if isinstance(term, ox.NamedNode)]
    if len(nodes) != 1:
        ids = ", ".join(node.value.removeprefix(f"{store.base}id/") for node in nodes[:8])
        raise UsageError(f"{what}: {len(nodes)} things are named {value}; give the id of the one that is meant: {ids}")
    return nodes[0]
