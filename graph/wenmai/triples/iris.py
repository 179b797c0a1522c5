"""The IRIs of the graph: what is named how, and back again.

Everything hangs below the store's base IRI, is ASCII and opaque, and follows from its content alone, so that the same
input gives the same IRI on every machine. `base` ends with a slash.
"""

from __future__ import annotations

import hashlib

import pyoxigraph as ox

from wenmai.namespaces import WORKING
from wenmai.records import Run, Span

_DIGITS = 12
_ANALYSIS = "analysis-"
NODES = ("article-", "claim-", "run-", "decision-", "curator-", "analysis-")
"""What the local part of an IRI below `id/` begins with that is no entity's."""


def _digest(*parts: str) -> str:
    """Return 12 hex digits of a SHA-256 over `parts`; NUL between them keeps ("a", "bc") apart from ("ab", "c")."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def entity_iri(base: str, entity_id: str) -> ox.NamedNode:
    """Return the IRI of an entity. Raises ValueError if `entity_id` does not make an IRI."""
    return ox.NamedNode(f"{base}id/{entity_id}")


def article_iri(base: str, article_id: str) -> ox.NamedNode:
    """Return the IRI of the article with this input id."""
    return ox.NamedNode(f"{base}id/article-{_digest(article_id)}")


def graph_iri(base: str, article_id: str) -> ox.NamedNode:
    """Return the IRI of the named graph of the article with this input id."""
    return ox.NamedNode(f"{base}graph/article-{_digest(article_id)}")


def inferred_iri(base: str) -> ox.NamedNode:
    """Return the IRI of the graph that holds what only the closure gives."""
    return ox.NamedNode(f"{base}graph/inferred")


def reading_iri(base: str) -> ox.NamedNode:
    """Return the IRI of the store's own graph of what each article alone shows; see `reading`."""
    return ox.NamedNode(base + WORKING)


def curation_iri(base: str) -> ox.NamedNode:
    """Return the IRI of the graph that holds what people decided."""
    return ox.NamedNode(f"{base}graph/curation")


def decision_iri(base: str, number: int) -> ox.NamedNode:
    """Return the IRI of a decision of the curation log."""
    return ox.NamedNode(f"{base}id/decision-{number}")


def curator_iri(base: str, name: str) -> ox.NamedNode:
    """Return the IRI of a person who decides."""
    return ox.NamedNode(f"{base}id/curator-{_digest(name)}")


def analysis_graph_iri(base: str, name: str) -> ox.NamedNode:
    """Return the IRI of the graph that holds what the analysis of this name found."""
    return ox.NamedNode(f"{base}graph/{_ANALYSIS}{name}")


def analysis_iri(base: str, *parts: str) -> ox.NamedNode:
    """Return the IRI of what an analysis found, of a run or of what that used; `parts` are what makes it this one."""
    return ox.NamedNode(f"{base}id/{_ANALYSIS}{_digest(*parts)}")


def evidence_iri(base: str, article_id: str, span: Span) -> ox.NamedNode:
    """Return the IRI of a span of an article's text."""
    return span_iri(article_iri(base, article_id), span)


def span_iri(article: ox.NamedNode, span: Span) -> ox.NamedNode:
    """Return the IRI of a span of the text of the article of this IRI (RFC 5147: positions between characters)."""
    return ox.NamedNode(f"{article.value}#char={span.begin},{span.end}")


def claim_iri(base: str, article_id: str, *parts: str) -> ox.NamedNode:
    """Return the IRI of an article's claim; `parts` are what makes it this claim: subject, predicate, object…"""
    return ox.NamedNode(f"{base}id/claim-{_digest(article_id, *parts)}")


def run_iri(base: str, run: Run) -> ox.NamedNode:
    """Return the IRI of an extraction run: the same for the same extractor, version and settings."""
    return ox.NamedNode(f"{base}id/run-{_digest(run.extractor, run.version, run.settings)}")


def local_id(node: ox.NamedNode) -> str:
    """Return the local part of an IRI below `id/`: `org-0123456789ab`."""
    return node.value.rpartition("/id/")[2]


def is_article_graph(name: object) -> bool:
    """Tell whether a graph name is that of an article's graph."""
    return isinstance(name, ox.NamedNode) and "/graph/article-" in name.value


def is_analysis_graph(name: object, base: str) -> bool:
    """Tell whether a graph name is that of what an analysis found."""
    return isinstance(name, ox.NamedNode) and name.value.startswith(f"{base}graph/{_ANALYSIS}")


def is_private(name: object) -> bool:
    """Tell whether a graph is the store's own working record, which no export has."""
    return isinstance(name, ox.NamedNode) and name.value.endswith(WORKING)


def is_source(name: object) -> bool:
    """Tell whether the default graph follows from a graph: an article's, or that of what people decided."""
    return is_article_graph(name) or (isinstance(name, ox.NamedNode) and name.value.endswith("/graph/curation"))


def is_entity(node: object) -> bool:
    """Tell whether a node is an entity: neither an article, a claim, a run nor a span of text."""
    if not isinstance(node, ox.NamedNode):
        return False
    _, found, local = node.value.rpartition("/id/")
    return bool(found) and not local.startswith(NODES)
