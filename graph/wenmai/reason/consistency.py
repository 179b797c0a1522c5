"""Whether the ontology allows what the graph says, and whether the ontology itself can be met."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import pyoxigraph as ox

from wenmai.namespaces import RDF, WENMAI
from wenmai.reason.finding import Finding
from wenmai.reason.rules import Rules, rules
from wenmai.reason.schema import short
from wenmai.triples.iris import is_entity

_TYPE = ox.NamedNode(RDF + "type")
_LOCATED_IN = ox.NamedNode(WENMAI + "locatedIn")


def check_ontology(given: Rules | None = None) -> Iterator[Finding]:
    """Yield the classes that nothing can belong to, because two classes above them exclude each other."""
    table = given or rules()
    for cls, above in table.above.items():
        for left, right in _clashes({cls, *above}, table):
            yield Finding("error", "ontology", cls, f"nothing can be a {short(cls)}: it is {left} and {right} at once")


def check_types(triples: Iterable[ox.Triple], labels: dict[str, str]) -> Iterator[Finding]:
    """Yield the individuals that are in two classes that exclude each other, and those located in themselves.

    `triples` is the default graph with all that follows; `labels` names individuals by IRI.
    """
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode):
            if triple.predicate == _TYPE:
                classes[triple.subject.value].add(triple.object.value)
            elif triple.predicate == _LOCATED_IN and triple.subject == triple.object and is_entity(triple.subject):
                who = f"{labels.get(triple.subject.value, '')} {triple.subject.value}".strip()
                yield Finding("error", "cycle", triple.subject.value, f"{who} is located in itself by way of others")
    for node, found in sorted(classes.items()):
        for left, right in _clashes(found, rules()):
            who = f"{labels.get(node, '')} {node}".strip()
            yield Finding(
                "error",
                "clash",
                node,
                f"{who} is {left} and {right} at once; one of the claims that name it takes it for another thing",
            )


def _clashes(classes: set[str], table: Rules) -> Iterator[tuple[str, str]]:
    for left, right in combinations(sorted(classes), 2):
        if frozenset((left, right)) in table.disjoint:
            yield short(left), short(right)


def hermit() -> list[str]:
    """Return the IRIs of the classes that HermiT finds unsatisfiable in `ontology/wenmai.rdf`; empty if all is well.

    Raises FileNotFoundError where there is no Java, and owlready2's OwlReadyInconsistentOntologyError if nothing at
    all can meet the ontology.
    """
    if shutil.which("java") is None:
        raise FileNotFoundError("HermiT needs a Java runtime; install one (apt install default-jre-headless)")
    import owlready2

    from wenmai import ontology

    library: Any = owlready2  # it carries no types
    world = library.World()
    loaded = world.get_ontology(ontology.source().with_suffix(".rdf").as_uri()).load(only_local=True)
    with loaded:
        library.sync_reasoner_hermit(world, debug=0)
    return sorted(cls.iri for cls in world.inconsistent_classes() if cls is not library.Nothing)
