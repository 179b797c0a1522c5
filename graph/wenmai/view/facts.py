"""What a picture reads from a store: claims, inferred triples, names, evidence, articles.

Terms come out as IRIs (str), local names of the vocabulary and plain texts; nothing here draws. Every reader takes a
set of IRIs and asks in batches, so that a neighbourhood costs as much as the neighbourhood, not as the store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

import pyoxigraph as ox

from wenmai import ontology
from wenmai.errors import StoreError, UsageError
from wenmai.namespaces import DCTERMS, NIF, PROV, RDF, RDFS, SEM, SKOS, WENMAI
from wenmai.store.protocol import Store

_BATCH = 500
_COMPARED = 300
"""Things that the engine compares the ends of claims with; more are compared here, at a look-up each."""
_HEAD = "\n".join(
    f"PREFIX {prefix}: <{iri}>"
    for prefix, iri in {
        "wenmai": WENMAI,
        "rdf": RDF,
        "rdfs": RDFS,
        "skos": SKOS,
        "dcterms": DCTERMS,
        "nif": NIF,
        "sem": SEM,
        "prov": PROV,
    }.items()
)
INFERRED = "Inferred"


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, or an inferred triple (`modality` is `Inferred`, `claim` and `article` are empty)."""

    subject: str
    predicate: str
    object: str | ox.Literal
    modality: str
    claim: str = ""
    article: str = ""
    approximate: bool = False
    confidence: float = 1.0

    def ends(self) -> tuple[str, ...]:
        """Return the IRIs at its two ends, or at its one end if the object is a literal."""
        return (self.subject, self.object) if isinstance(self.object, str) else (self.subject,)


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph calls an entity: class (local name), names by language, every other form seen."""

    cls: str
    zh: str
    en: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """When an event was or will be, and its status (`Happened`, `Scheduled`, `Cancelled`, `Denied`)."""

    status: str
    earliest: str
    latest: str


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """The words a claim stands on. `date` and `article` sort first, so that a list of them is in reading order."""

    date: str
    article: str
    begin: int
    quote: str
    title: str
    modality: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """An article as a reader knows it: identifier, title, date (ISO, or empty)."""

    identifier: str
    title: str
    date: str


def find(store: Store, name: str) -> tuple[str, ...]:
    """Return the IRIs of the entities that bear exactly this name, with or without its quotation marks.

    `name` may also be an entity's IRI, or the end of it (`org-0123456789ab`). Raises UsageError if there is none; it
    names entities whose names hold the words.
    """
    name = name.strip()
    if re.fullmatch(r"[a-z]+-[0-9a-f]{12}", name):
        name = f"{store.base}id/{name}"
    if name.startswith(("http://", "https://")):
        try:
            node = ox.NamedNode(name)
        except ValueError as error:
            raise UsageError(f"--focus: {name!r} is not an IRI") from error
        if next(store.match(node, None, None, ox.DefaultGraph()), None) is None:
            raise UsageError(f"--focus: the store knows no {name}")
        return (name,)
    spelled = dict.fromkeys((name, name.strip("《》〈〉“”\"'")))
    literals = (ox.Literal(each, language=lang) for each in spelled for lang in (None, "zh", "en"))
    forms = " ".join(str(literal) for literal in literals)
    where = f"VALUES ?l {{ {forms} }} VALUES ?p {{ skos:prefLabel skos:altLabel rdfs:label }} ?e ?p ?l"
    found = sorted({_iri(row, "e") for row in _rows(store, f"SELECT ?e WHERE {{ {where} }}")})
    if found:
        return tuple(found)
    inside = f"VALUES ?p {{ skos:prefLabel skos:altLabel }} ?e ?p ?l FILTER(CONTAINS(STR(?l), {ox.Literal(name)}))"
    near = sorted(
        {_text(row, "l") for row in _rows(store, f"SELECT ?l WHERE {{ {inside} }} LIMIT 200")} if name else ()
    )
    hint = f"; names that hold these words: {', '.join(sorted(near, key=len)[:5])}" if near else ""
    raise UsageError(f"--focus: no entity is called {name!r}{hint}")


def claims(store: Store, around: Collection[str] | None = None, *, subjects_only: bool = False) -> Iterator[Statement]:
    """Yield the claims whose subject or object is in `around`; all claims if None. One may come twice."""
    if around is None:
        yield from _every_claim(store)
        return
    for values in _sides(around, subjects_only):
        yield from _claims(store, values)


def between(store: Store, iris: Collection[str]) -> list[Statement]:
    """Return the claims both of whose ends are in `iris`, and those of the posts that tie two of them.

    What a hub is to others is passed over before it is read.
    """
    among = frozenset(iris)
    ends = f"?o IN ({', '.join(str(ox.NamedNode(iri)) for iri in among)})" if len(among) <= _COMPARED else "true"
    held = list(_about(store, iris, f"FILTER({ends} || ?p = wenmai:holdsPost)"))
    posts = {str(each.object) for each in held if each.predicate == "holdsPost"}
    seats = list(_about(store, posts, f"FILTER({ends} || ?p = wenmai:postTitle)"))
    seated = {each.subject for each in seats if each.predicate == "postIn" and each.object in among}
    kept = [each for each in held if each.object in among or each.object in seated]
    return kept + [
        each for each in seats if each.subject in seated and (each.predicate == "postTitle" or each.object in among)
    ]


def _about(store: Store, iris: Iterable[str], test: str) -> Iterator[Statement]:
    rest = iter(dict.fromkeys(iris))
    while batch := list(islice(rest, _BATCH)):
        yield from _claims(store, _values("s", batch), test)


def _claims(store: Store, values: str, test: str = "") -> Iterator[Statement]:
    """Yield the claims that `values` names by one of their parts and that pass `test`, none that a person rejected."""
    where = (
        f"GRAPH ?g {{ {values} ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; "
        "wenmai:modality ?m ; wenmai:statedIn ?a . "
        "OPTIONAL { ?c wenmai:approximate ?x } OPTIONAL { ?c wenmai:confidence ?y } "
        f"OPTIONAL {{ ?c prov:wasInvalidatedBy ?r }} {test} }}"
    )
    for row in _rows(store, f"SELECT ?c ?s ?p ?o ?m ?a ?x ?y ?r WHERE {{ {where} }}"):
        predicate = _local(row, "p")
        if predicate and row["r"] is None:
            yield Statement(
                _iri(row, "s"),
                predicate,
                _end(row, "o"),
                _local(row, "m"),
                _iri(row, "c"),
                _iri(row, "a"),
                _text(row, "x") == "true",
                float(_text(row, "y") or 1),
            )


def _every_claim(store: Store) -> Iterator[Statement]:
    """Yield all claims: by one scan a property, which takes the engine a tenth of the time of a join.

    Rows of two terms come in half the time of quads.
    """
    found: dict[str, dict[str, object]] = {}
    parts = ["rdf:subject", "rdf:predicate", "rdf:object"]
    parts += [f"wenmai:{name}" for name in ("modality", "statedIn", "approximate", "confidence")]
    for part in parts:
        name = part.partition(":")[2]
        for claim, value in _rows(store, f"SELECT ?c ?o WHERE {{ GRAPH ?g {{ ?c {part} ?o }} }}"):
            found.setdefault(cast("ox.NamedNode", claim).value, {})[name] = value
    for (claim,) in _rows(store, "SELECT ?c WHERE { GRAPH ?g { ?c prov:wasInvalidatedBy ?d } }"):
        found.pop(cast("ox.NamedNode", claim).value, None)
    for iri, terms in found.items():
        predicate = _name(terms.get("predicate"))
        subject, target, article = (terms.get(name) for name in ("subject", "object", "statedIn"))
        if predicate and isinstance(subject, ox.NamedNode) and isinstance(article, ox.NamedNode):
            end = target if isinstance(target, ox.Literal) else cast("ox.NamedNode", target).value
            modality, approximate = _name(terms.get("modality")), "approximate" in terms
            sure = terms.get("confidence")
            confidence = float(sure.value) if isinstance(sure, ox.Literal) else 1.0
            yield Statement(subject.value, predicate, end, modality, iri, article.value, approximate, confidence)


def inferred(
    store: Store, around: Collection[str] | None = None, *, subjects_only: bool = False
) -> Iterator[Statement]:
    """Yield the triples that only the closure gives, between entities and with properties of the vocabulary."""
    graph = ox.NamedNode(store.base + "graph/inferred")
    known = ", ".join(f"wenmai:{name}" for name in ontology.properties())
    for values in _sides(around, subjects_only):
        # Names of properties in VALUES would be looked up one by one for each thing.
        where = f"{values} GRAPH {graph} {{ ?s ?p ?o }} FILTER(?p IN ({known}) && isIRI(?o))"
        for row in _rows(store, f"SELECT ?s ?p ?o WHERE {{ {where} }}"):
            yield Statement(_iri(row, "s"), _local(row, "p"), _iri(row, "o"), INFERRED)


def classes(store: Store, iris: Iterable[str]) -> dict[str, str]:
    """Return the most specific class of each entity, as a local name; those of no class of ours are left out."""
    found: dict[str, set[str]] = {}
    ours = ", ".join(f"wenmai:{name}" for name in ontology.classes())
    for row in _each(store, iris, f"?e a ?t FILTER(?t IN ({ours}))", "?t"):
        found.setdefault(_iri(row, "e"), set()).add(_local(row, "t"))
    specific = {iri: ontology.most_specific(frozenset(names)) for iri, names in found.items()}
    return {iri: names[0] for iri, names in specific.items() if names}


def describe(store: Store, iris: Iterable[str]) -> dict[str, Description]:
    """Return what the graph calls each of the entities; one that has no name is called by the end of its IRI."""
    wanted = list(dict.fromkeys(iris))
    kinds = classes(store, wanted)
    best: dict[tuple[str, str], str] = {}
    others: dict[str, set[str]] = {}
    # A second VALUES here would make the engine scan every label; it looks the entities up and filters instead.
    where = "?e ?p ?l FILTER(?p IN (skos:prefLabel, rdfs:label, skos:altLabel))"
    for row in _each(store, wanted, where, "?p ?l"):
        iri, text, label = _iri(row, "e"), _text(row, "l"), cast("ox.Literal", row["l"])
        others.setdefault(iri, set()).add(text)
        if _iri(row, "p") != SKOS + "altLabel":
            key = (iri, label.language or "zh")
            best[key] = min(best.get(key, text), text)

    def described(iri: str) -> Description:
        zh, en = best.get((iri, "zh"), ""), best.get((iri, "en"), "")
        name = zh or en or iri.rstrip("/").rpartition("/")[2]
        cls = kinds.get(iri, "")
        # An event's label in English is a description like the Chinese one, not a name of its own.
        said = {name, en} if cls and ontology.coarse(cls) in ("Event", "Post") else {name}
        return Description(cls, name, en or name, tuple(sorted(others.get(iri, set()) - said)))

    return {iri: described(iri) for iri in wanted}


def labels(store: Store, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the preferred names of entities by language; of several in one language the first."""
    found: dict[str, dict[str, str]] = {}
    for row in _each(store, iris, "?e skos:prefLabel ?l", "?l"):
        text, of = _text(row, "l"), found.setdefault(_iri(row, "e"), {})
        lang = cast("ox.Literal", row["l"]).language or "zh"
        of[lang] = min(of.get(lang, text), text)
    return found


def happenings(store: Store, iris: Iterable[str] | None = None) -> dict[str, Happening]:
    """Return status and dates (ISO, or empty) of those of the entities that are events; of all events if None."""
    where = (
        "?e wenmai:eventStatus ?s OPTIONAL { ?e sem:hasEarliestBeginTimeStamp ?b } "
        "OPTIONAL { ?e sem:hasLatestEndTimeStamp ?l }"
    )
    rows = (
        _rows(store, f"SELECT ?e ?s ?b ?l WHERE {{ {where} }}")
        if iris is None
        else _each(store, iris, where, "?s ?b ?l")
    )
    return {_iri(row, "e"): Happening(_local(row, "s"), _text(row, "b"), _text(row, "l")) for row in rows}


def evidence(store: Store, statements: Iterable[Statement], articles: dict[str, Headline]) -> dict[str, list[Evidence]]:
    """Return by claim the words it stands on. `articles` is what `headlines` gave for the articles of these claims."""
    by_claim = {each.claim: each for each in statements if each.claim}
    found: dict[str, list[Evidence]] = {}
    where = "GRAPH ?g { ?e wenmai:evidence ?v . ?v nif:anchorOf ?q ; nif:beginIndex ?b }"
    for row in _each(store, by_claim, where, "?q ?b"):
        each = by_claim[_iri(row, "e")]
        article = articles.get(each.article) or Headline(each.article, "", "")
        found.setdefault(each.claim, []).append(
            Evidence(
                article.date,
                article.identifier,
                int(_text(row, "b") or 0),
                _text(row, "q"),
                article.title,
                each.modality,
                each.approximate,
            )
        )
    return {claim: sorted(set(items)) for claim, items in found.items()}


def headlines(store: Store, iris: Iterable[str]) -> dict[str, Headline]:
    """Return identifier, title and date of the articles."""
    wanted = list(dict.fromkeys(iris))
    said: dict[tuple[str, str], str] = {}
    where = "?e ?p ?l FILTER(?p IN (dcterms:identifier, dcterms:title, wenmai:publishedOn))"
    for row in _each(store, wanted, where, "?p ?l"):
        said[_iri(row, "e"), _iri(row, "p")] = _text(row, "l")
    names = (DCTERMS + "identifier", DCTERMS + "title", WENMAI + "publishedOn")
    found = {iri: [said.get((iri, name), "") for name in names] for iri in wanted}
    return {iri: Headline(identifier or iri, title, date) for iri, (identifier, title, date) in found.items()}


def _each(store: Store, iris: Iterable[str], where: str, variables: str) -> Iterator[ox.QuerySolution]:
    """Yield the rows of `where` for ?e in `iris`, in batches."""
    rest = iter(dict.fromkeys(iris))
    while batch := list(islice(rest, _BATCH)):
        yield from _rows(store, f"SELECT ?e {variables} WHERE {{ {_values('e', batch)} {where} }}")


def _sides(around: Collection[str] | None, subjects_only: bool) -> Iterator[str]:
    """Yield the VALUES blocks that bind the subject, then the object, to `around`; one that binds none if None."""
    if around is None:
        yield ""
        return
    rest = iter(dict.fromkeys(around))
    while batch := list(islice(rest, _BATCH)):
        yield _values("s", batch)
        if not subjects_only:
            yield _values("o", batch)


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"


def _rows(store: Store, text: str) -> Iterator[ox.QuerySolution]:
    answer = store.query(f"{_HEAD}\n{text}")
    if not isinstance(answer, ox.QuerySolutions):
        raise StoreError(f"{store.location}: the store answered a SELECT with something else")
    return iter(answer)


def _iri(row: ox.QuerySolution, name: str) -> str:
    return cast("ox.NamedNode", row[name]).value


def _text(row: ox.QuerySolution, name: str) -> str:
    term = row[name]
    return "" if term is None else cast("ox.Literal", term).value


def _end(row: ox.QuerySolution, name: str) -> str | ox.Literal:
    term = row[name]
    return term if isinstance(term, ox.Literal) else cast("ox.NamedNode", term).value


def _local(row: ox.QuerySolution, name: str) -> str:
    """Return the local name of a term of the vocabulary, empty for others."""
    return _name(row[name])


def _name(term: object) -> str:
    if isinstance(term, ox.NamedNode) and term.value.startswith(WENMAI):
        return term.value[len(WENMAI) :]
    return ""
