"""The door of the store: an extracted article, resolved and held against the shapes before anything is written.

Takes a `Document`, gives what may be put in. What breaks `ontology/shapes.ttl` is reported with the article, and the
claims that break it are left out; the rest goes in. It knows nothing of the store: a worker process does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wenmai.extract.sure import at_least
from wenmai.namespaces import DEFAULT_BASE
from wenmai.reason.shapes import Breach, breaches
from wenmai.records import Claim, Document, Linked, Resolution
from wenmai.resolve import resolve
from wenmai.triples import iris
from wenmai.triples.article import article_lines, claim_node


@dataclass(frozen=True, slots=True)
class Admitted:
    """What one article brings: its entities and claims, how much was extracted, and what was found wrong.

    `dropped` counts claims that were not taken, by the extractor or at the door; `refused` tells that the article
    itself breaks the shapes and nothing of it may go in.
    """

    resolution: Resolution
    mentions: int
    dropped: int
    findings: tuple[str, ...] = ()
    refused: bool = False


def admit(document: Document, least: float = 0.0) -> Admitted:
    """Return what of `document` may go in; claims less sure than `least` may not.

    Raises KeyError for a class that the ontology lacks, ValueError for an id that makes no IRI.
    """
    document = at_least(document, least)
    resolution = resolve(document)
    lines = article_lines(Linked(resolution), DEFAULT_BASE)
    # What the archive as a whole says of an entity is looked at by `check`: no article knows it.
    entities = {node for node in {line[0] for line in lines} if iris.is_entity(node)}
    found = breaches(line for line in lines if line[0] not in entities)
    nodes = {each.focus for each in found}
    wrong = {claim for claim in resolution.claims if _is_wrong(resolution, claim, nodes)}
    article = iris.article_iri(DEFAULT_BASE, resolution.article.id).value
    return Admitted(
        resolution=replace(resolution, claims=tuple(c for c in resolution.claims if c not in wrong)),
        mentions=len(document.mentions),
        dropped=document.dropped + len(wrong),
        findings=tuple(sorted({_told(each, resolution) for each in found})),
        refused=article in nodes,
    )


def _is_wrong(resolution: Resolution, claim: Claim, nodes: set[str]) -> bool:
    name = resolution.article.id
    if claim_node(DEFAULT_BASE, name, claim).value in nodes:
        return True
    return iris.evidence_iri(DEFAULT_BASE, name, claim.span).value in nodes


def _told(breach: Breach, resolution: Resolution) -> str:
    about = next(iter(_names(breach.focus, resolution)), "") or breach.focus.rpartition("/id/")[2]
    value = f"; it has {breach.value}" if breach.value else ""
    return f"{about}: {breach.message}{value}"


def _names(focus: str, resolution: Resolution) -> Iterator[str]:
    for entity in resolution.entities:
        if iris.entity_iri(DEFAULT_BASE, entity.id).value == focus:
            yield entity.names[0] if entity.names else entity.label or ""
