"""The ontology as pages: each class and property with its words in both languages, its ends, and what it is tied to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.resources import folder
from wenmai_reference.markdown import anchor, code, names, prose

_TIES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_NATURE = {
    OWL.SymmetricProperty: "symmetric",
    OWL.TransitiveProperty: "transitive",
    OWL.FunctionalProperty: "functional",
    OWL.InverseFunctionalProperty: "inverse functional",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.IrreflexiveProperty: "irreflexive",
}
_KINDS = ("Modality", "EventStatus")


@cache
def graph(name: str) -> Graph:
    """Return a Turtle file of `ontology/` as a graph."""
    return Graph(bind_namespaces="none").parse(folder("ontology") / name, format="turtle")


def link(term: str) -> str:
    """Return a link to a term of the vocabulary; what is a datatype of XML Schema as code."""
    kind = kind_of(term)
    return f"[{code(term)}](#{kind}-{term})" if kind else code(f"xsd:{term}")


def kind_of(term: str) -> str:
    """Return `class` or `property`, which anchors begin with, or nothing; `modality` and `Modality` are two."""
    return "class" if term in ontology.classes() else "property" if term in ontology.properties() else ""


def links(terms: Iterable[str]) -> str:
    """Return links with commas between."""
    return ", ".join(link(term) for term in terms)


def classes() -> str:
    """Return a section for each class, in the order of the file."""
    return "\n".join(_class(name) for name in ontology.classes())


def properties() -> str:
    """Return a section for each property, in the order of the file."""
    return "\n".join(_property(name) for name in ontology.properties())


def values() -> str:
    """Return the individuals that are values of properties."""
    lines = []
    for kind in _KINDS:
        lines += ["", f"{link(kind)}:", ""]
        for name in ontology.individuals(kind):
            said = prose(f"{ontology.comment(name, 'zh')} {ontology.comment(name, 'en')}")
            lines.append(f"- {code('wenmai:' + name)} {_label(name)}: {said}")
    return "\n".join(lines) + "\n"


def _label(name: str) -> str:
    return f"{prose(ontology.label(name, 'zh'))} · {prose(ontology.label(name, 'en'))}"


def _head(name: str) -> Iterator[str]:
    yield anchor(f"{kind_of(name)}-{name}") + f"### {code(name)} {_label(name)}\n"
    yield prose(ontology.comment(name, "zh")) + "\n"
    yield prose(ontology.comment(name, "en")) + "\n"


def _class(name: str) -> str:
    above, below = ontology.superclasses(name)[1:], [each for each in ontology.subclasses(name) if each != name]
    inherited = f"those of {links(above)}" if above else ""
    said = links(each for each in ontology.properties() if name in ontology.domain(each))
    led = links(each for each in ontology.properties() if name in ontology.range_(each))
    rows = {
        "below": links(above),
        "above": links(below),
        "narrower than": _others(name, RDFS.subClassOf),
        "also": _ties(name),
        "properties": ", ".join(filter(None, [said, inherited])),
        "led to by": ", ".join(filter(None, [led, inherited])),
    }
    return "\n".join([*_head(name), *_rows(rows)])


def _property(name: str) -> str:
    ours = graph("wenmai.ttl")
    kinds = set(ours.objects(URIRef(WENMAI + name), RDF.type))
    rows = {
        "from": links(ontology.domain(name)) or "anything",
        "to": links(ontology.range_(name)) or "anything",
        "nature": ", ".join(said for kind, said in _NATURE.items() if kind in kinds),
        "narrower than": _others(name, RDFS.subPropertyOf),
        "inverse of": _others(name, OWL.inverseOf),
        "follows from": _chain(name),
        "also": _ties(name),
        "read by": f"[{code(name + '.toml')}](#rules-{name})" if name in read_by_rules() else "",
    }
    return "\n".join([*_head(name), *_rows(rows)])


@cache
def read_by_rules() -> frozenset[str]:
    """Return the names of the rule files."""
    return frozenset(path.stem for path in (folder("ontology") / "rules").glob("*.toml"))


def _rows(rows: dict[str, str]) -> list[str]:
    return [*(f"- *{name}*: {said}" for name, said in rows.items() if said), ""]


def _others(name: str, predicate: Node) -> str:
    """Return the terms of other vocabularies, or of ours, that `predicate` ties a term to."""
    return names(
        _short(each)
        for each in graph("wenmai.ttl").objects(URIRef(WENMAI + name), predicate)
        if isinstance(each, URIRef) and not (predicate == RDFS.subClassOf and each.startswith(WENMAI))
    )


def _ties(name: str) -> str:
    ties = graph("alignments.ttl")
    found = ((tie, each) for tie in _TIES for each in ties.objects(URIRef(WENMAI + name), tie))
    return ", ".join(f"{code(_short(each))} ({_short(tie)})" for tie, each in found)


def _chain(name: str) -> str:
    ours = graph("wenmai.ttl")
    chains = ours.objects(URIRef(WENMAI + name), OWL.propertyChainAxiom)
    return "; ".join(
        " then ".join(link(str(step)[len(WENMAI) :]) for step in Collection(ours, chain)) for chain in chains
    )


def _short(node: Node) -> str:
    """Return a term with the prefix that one of the two files has for it."""
    if not isinstance(node, URIRef):
        return str(node)
    found = [node.n3(graph(name).namespace_manager) for name in ("wenmai.ttl", "alignments.ttl")]
    return next((each for each in found if not each.startswith("<")), found[0])
