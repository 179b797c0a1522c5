"""A store described as a dataset, in VoID and DCAT: what it holds, under which terms, and where to get it.

The dataset described is the default graph, which is what SPARQL sees without GRAPH, so that its counts can be checked
by asking; the articles' graphs are its part `#evidence`. Every count is exact: one that is not known is left out. No
node is blank, as in all that is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyoxigraph as ox

from wenmai.namespaces import DCAT, DCTERMS, FOAF, NIF, ORG, PROV, RDF, RDFS, SCHEMA, SEM, SKOS, VOID, WENMAI, XSD
from wenmai.store.protocol import DEFAULT, Store
from wenmai.store.tally import Tally, counted

PREFIXES = {"void": VOID, "dcat": DCAT}
"""The prefixes of a description beside those of every export."""
_Term: TypeAlias = ox.NamedNode | ox.Literal
_VOCABULARIES = (WENMAI, SKOS, DCTERMS, PROV, NIF, SEM, SCHEMA, ORG, RDFS)
_FORMATS = "http://www.w3.org/ns/formats/"
_FEATURES = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD", "RDF_XML")
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_SPARQL = "http://www.w3.org/TR/sparql11-protocol/"
ROOTS = ("Organization", "Place", "Person", "Post", "Policy", "Agreement", "Event", "Article")
"""The classes at the top that the default graph has resources of; the ontology says that they are disjoint."""
_EXAMPLES = ("Organization", "Person", "Event", "Article")
_MOST_LOOKED_THROUGH = 1_000_000
"""Resources of a class among which an example is looked for."""
ABOUT = {
    "zh": "从中文新闻读出的机构、人物、地点、政策与事件。默认图中每个事实只出现一次；每篇文章另有一个命名图，"
    "载明原文怎么说、出自哪几个字。",
    "en": "Organizations, people, places, policies and events as Chinese news articles tell of them. The default graph "
    "has every fact once; a named graph for each article has its claims and the words they stand on.",
}
_EVIDENCE = {
    "zh": "各篇文章的命名图：文章、主张及其原文片段；人工决定",
    "en": "The articles' named graphs: the articles, their claims and the words these stand on; decisions of people",
}
_INFERRED = {"zh": "默认图中由推理得出的部分", "en": "What of the default graph is only inferred"}


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that is there: a file below `/dumps/`, what is in it, its size in bytes, when it was made (ISO 8601)."""

    name: str
    media: str
    size: int
    made: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a publisher says of a dataset, and what there is beside its files.

    `published` is when, as ISO 8601; `live` is False for a site of files alone, which answers no queries.
    """

    title: str
    publisher: str = ""
    licence: str = ""
    published: str = ""
    dumps: tuple[Dump, ...] = ()
    live: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What a store says of itself: its counts, an example of each main class, first and last day of its articles."""

    base: str
    tally: Tally
    examples: tuple[str, ...]
    days: tuple[str, str] | None

    @property
    def entities(self) -> int:
        """The number of resources, each of which is in one class at the top."""
        return sum(n for cls, n in self.tally.of("class").items() if cls in ROOTS)


def facts(store: Store) -> Facts:
    """Return what a description says of the store itself. Raises StoreError."""
    tally = store.tally() or counted(store)
    days = sorted(tally.of("day"))
    examples = (_example(store, cls) for cls in _EXAMPLES if 0 < tally.of("class").get(cls, 0) < _MOST_LOOKED_THROUGH)
    return Facts(store.base, tally, tuple(filter(None, examples)), (days[0], days[-1]) if days else None)


def _example(store: Store, cls: str) -> str:
    """Return the first resource of a class that is the store's own."""
    found = store.match(None, ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + cls), DEFAULT)
    names = (quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode))
    return min((name for name in names if name.startswith(f"{store.base}id/")), default="")


def description(found: Facts, terms: Terms) -> list[ox.Quad]:
    """Return the description of a dataset as quads of the default graph."""
    return list(_Writer(found, terms).all())


class _Writer:
    def __init__(self, found: Facts, terms: Terms) -> None:
        self.found, self.terms, self.base = found, terms, found.base
        self.node = ox.NamedNode(f"{found.base}dataset")

    def all(self) -> Iterator[ox.Quad]:
        yield from self._general()
        yield from self._access()
        yield from self._counts()
        yield from self._parts()
        yield from self._document()
        for dump in self.terms.dumps:
            yield from self._dump(dump)
        if self.terms.live:
            yield from self._service()

    def _general(self) -> Iterator[ox.Quad]:
        node = self.node
        yield from self._are(node, VOID + "Dataset", DCAT + "Dataset")
        yield _quad(node, DCTERMS + "title", ox.Literal(self.terms.title))
        yield from _both(node, DCTERMS + "description", ABOUT)
        yield from (_quad(node, DCTERMS + "language", ox.NamedNode(_LANGUAGES + lang)) for lang in ("zh", "en"))
        for word, lang in (("新闻", "zh"), ("知识图谱", "zh"), ("news", "en"), ("knowledge graph", "en")):
            yield _quad(node, DCAT + "keyword", ox.Literal(word, language=lang))
        yield from self._said_by_the_publisher(node)
        if self.terms.published:
            yield _quad(node, DCTERMS + "issued", _time(self.terms.published))
            yield _quad(node, DCTERMS + "modified", _time(self.terms.published))
        if self.found.days:
            period = self._part("period")
            yield _quad(node, DCTERMS + "temporal", period)
            yield from self._are(period, DCTERMS + "PeriodOfTime")
            for name, day in zip(("startDate", "endDate"), self.found.days, strict=True):
                yield _quad(period, DCAT + name, ox.Literal(day, datatype=ox.NamedNode(XSD + "date")))

    def _said_by_the_publisher(self, node: ox.NamedNode) -> Iterator[ox.Quad]:
        licence, publisher = self.terms.licence, self.terms.publisher
        if licence:
            iri = web(licence)
            yield _quad(node, DCTERMS + ("license" if iri else "rights"), iri or ox.Literal(licence))
        if publisher:
            agent = web(publisher) or self._part("publisher")
            yield _quad(node, DCTERMS + "publisher", agent)
            yield from self._are(agent, FOAF + "Agent")
            if not web(publisher):
                yield _quad(agent, FOAF + "name", ox.Literal(publisher))

    def _access(self) -> Iterator[ox.Quad]:
        node = self.node
        yield _quad(node, DCAT + "landingPage", self._at("dataset.html"))
        yield _quad(node, FOAF + "homepage", ox.NamedNode(self.base))
        yield _quad(node, VOID + "uriSpace", ox.Literal(f"{self.base}id/"))
        yield _quad(node, VOID + "uriRegexPattern", ox.Literal(f"^{re.escape(self.base)}id/[a-z]+-[0-9a-z]+$"))
        yield from (_quad(node, VOID + "vocabulary", ox.NamedNode(iri)) for iri in _VOCABULARIES)
        yield from (_quad(node, VOID + "exampleResource", ox.NamedNode(iri)) for iri in self.found.examples)
        yield from (_quad(node, VOID + "feature", ox.NamedNode(_FORMATS + name)) for name in _FEATURES)

    def _counts(self) -> Iterator[ox.Quad]:
        tally, node = self.found.tally, self.node
        yield _quad(node, VOID + "triples", _count(tally.quads("default")))
        yield _quad(node, VOID + "entities", _count(self.found.entities))
        for kind, term, counted_by in (("class", "class", "entities"), ("property", "property", "triples")):
            for name, number in tally.of(kind).items():
                part = self._part(f"{kind}-{name}")
                yield _quad(node, f"{VOID}{kind}Partition", part)
                yield _quad(part, VOID + term, ox.NamedNode(WENMAI + name))
                yield _quad(part, VOID + counted_by, _count(number))

    def _parts(self) -> Iterator[ox.Quad]:
        """Say what is in named graphs: what is inferred is a subset of the facts, the articles' graphs say more."""
        tally = self.found.tally
        inferred, evidence = ox.NamedNode(f"{self.base}graph/inferred"), self._part("evidence")
        if number := tally.quads("inferred"):
            yield _quad(self.node, VOID + "subset", inferred)
            yield from self._are(inferred, VOID + "Dataset")
            yield from _both(inferred, DCTERMS + "title", _INFERRED)
            yield _quad(inferred, VOID + "triples", _count(number))
        if number := tally.quads("named") - tally.quads("inferred"):
            yield _quad(self.node, DCTERMS + "hasPart", evidence)
            yield from self._are(evidence, VOID + "Dataset")
            yield from _both(evidence, DCTERMS + "title", _EVIDENCE)
            yield _quad(evidence, VOID + "triples", _count(number))
            if claims := sum(tally.of("modality").values()):
                part = self._part("class-Claim")
                yield _quad(evidence, VOID + "classPartition", part)
                yield _quad(part, VOID + "class", ox.NamedNode(WENMAI + "Claim"))
                yield _quad(part, VOID + "entities", _count(claims))

    def _document(self) -> Iterator[ox.Quad]:
        """Describe the description."""
        node = self._at("dataset.ttl")
        yield from self._are(node, VOID + "DatasetDescription")
        yield _quad(node, DCTERMS + "title", ox.Literal(f"{self.terms.title}: VoID, DCAT"))
        yield _quad(node, FOAF + "primaryTopic", self.node)

    def _dump(self, dump: Dump) -> Iterator[ox.Quad]:
        file, node = self._at(f"dumps/{dump.name}"), self._part(f"dump-{dump.name.replace('.', '-')}")
        yield _quad(self.node, VOID + "dataDump", file)
        yield _quad(self.node, DCAT + "distribution", node)
        yield from self._are(node, DCAT + "Distribution")
        yield _quad(node, DCTERMS + "title", ox.Literal(dump.name))
        yield _quad(node, DCAT + "downloadURL", file)
        yield _quad(node, DCAT + "accessURL", file)
        yield _quad(node, DCAT + "mediaType", ox.NamedNode(_MEDIA + dump.media))
        yield _quad(node, DCAT + "compressFormat", ox.NamedNode(_MEDIA + "application/gzip"))
        yield _quad(
            node, DCAT + "byteSize", ox.Literal(str(dump.size), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
        )
        if dump.made:
            yield _quad(node, DCTERMS + "issued", _time(dump.made))
        if licence := web(self.terms.licence):
            yield _quad(node, DCTERMS + "license", licence)

    def _service(self) -> Iterator[ox.Quad]:
        endpoint, node, file = self._at("sparql"), self._part("sparql"), self._part("by-sparql")
        yield _quad(self.node, VOID + "sparqlEndpoint", endpoint)
        yield _quad(self.node, DCAT + "distribution", file)
        yield from self._are(file, DCAT + "Distribution")
        yield _quad(file, DCTERMS + "title", ox.Literal("SPARQL"))
        yield _quad(file, DCAT + "accessURL", endpoint)
        yield _quad(file, DCAT + "accessService", node)
        yield from self._are(node, DCAT + "DataService")
        yield _quad(node, DCTERMS + "title", ox.Literal(f"{self.terms.title}: SPARQL 1.1"))
        yield _quad(node, DCAT + "endpointURL", endpoint)
        yield _quad(node, DCAT + "endpointDescription", endpoint)
        yield _quad(node, DCAT + "servesDataset", self.node)
        yield _quad(node, DCTERMS + "conformsTo", ox.NamedNode(_SPARQL))

    def _are(self, node: ox.NamedNode, *classes: str) -> Iterator[ox.Quad]:
        yield from (_quad(node, RDF + "type", ox.NamedNode(cls)) for cls in classes)

    def _at(self, path: str) -> ox.NamedNode:
        return ox.NamedNode(self.base + path)

    def _part(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.node.value}#{name}")


def schema_org(found: Facts, terms: Terms) -> dict[str, Any]:
    """Return the description that search engines for data read: a schema.org Dataset, as JSON-LD."""
    base = found.base
    shown: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{base}dataset",
        "url": f"{base}dataset",
        "name": terms.title,
        "description": f"{ABOUT['zh']} {ABOUT['en']}",
        "inLanguage": ["zh", "en"],
        "keywords": ["新闻", "知识图谱", "news", "knowledge graph"],
        "isAccessibleForFree": True,
    }
    if licence := web(terms.licence):
        shown["license"] = licence.value
    if terms.publisher:
        iri = web(terms.publisher)
        shown["publisher"] = {"@type": "Organization", **({"@id": iri.value} if iri else {"name": terms.publisher})}
    if terms.published:
        shown["dateModified"] = terms.published
    if found.days:
        shown["temporalCoverage"] = "/".join(found.days)
    shown["distribution"] = [
        {
            "@type": "DataDownload",
            "name": dump.name,
            "contentUrl": f"{base}dumps/{dump.name}",
            "encodingFormat": [dump.media, "application/gzip"],
            "contentSize": f"{dump.size} B",
        }
        for dump in terms.dumps
    ]
    return shown


def terms_of(call: Mapping[str, Any]) -> Terms:
    """Return the terms that a call says in JSON's types."""
    dumps = tuple(Dump(*each) for each in call["dumps"])
    return Terms(call["title"], call["publisher"], call["licence"], call["published"], dumps, call["live"])


def web(text: str) -> ox.NamedNode | None:
    """Return an IRI of the web, or None for any other text."""
    if not text.startswith(("http://", "https://")):
        return None
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def _quad(subject: ox.NamedNode, predicate: str, value: _Term) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), value, DEFAULT)


def _both(subject: ox.NamedNode, predicate: str, texts: Mapping[str, str]) -> Iterator[ox.Quad]:
    yield from (_quad(subject, predicate, ox.Literal(text, language=lang)) for lang, text in texts.items())


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))


def _time(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))
