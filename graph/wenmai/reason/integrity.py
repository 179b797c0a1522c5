"""Whether what points somewhere leads where it should: claims and spans to their article, mentions to what the article
shows, replaced entities to one that lives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from wenmai.reason.finding import Finding
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact, plain

_AGAIN = "build the article again"


def check_references(article: str, graph: ox.NamedNode, lines: list[Fact]) -> Iterator[Finding]:
    """Yield what in the graph `graph` of the article `article` leads to another place than it should.

    Its article, the article of its claims and the context of its spans are one, and what it mentions it shows.
    """
    kinds: defaultdict[ox.NamedNode, set[object]] = defaultdict(set)
    for subject, predicate, value in lines:
        if predicate == terms.TYPE:
            kinds[subject].add(value)
    articles = sorted((node for node, found in kinds.items() if terms.term("Article") in found), key=str)
    own = iris.local_id(ox.NamedNode(graph.value.replace("/graph/article-", "/id/article-")))
    if not articles:
        yield _error(article, f"this graph ({graph.value}) holds no article; remove it and {_AGAIN}")
    for node in articles:
        if iris.local_id(node) != own:
            yield _error(article, f"{node.value} stands in the graph of another article, {graph.value}; {_AGAIN}")
    leads = {terms.term("statedIn"): "the claim", terms.CONTEXT: "the span"}
    led = set()
    for subject, predicate, value in lines:
        if predicate in leads:
            led.add(subject)
            if value not in articles:
                yield _error(
                    article, f"{leads[predicate]} {subject.value} belongs to {value.value}, not to it; {_AGAIN}"
                )
        elif predicate == terms.term("mentions") and (not isinstance(value, ox.NamedNode) or value not in kinds):
            yield _error(article, f"{subject.value} mentions {value.value}, which its graph does not show; {_AGAIN}")
    for node, found in sorted(kinds.items(), key=lambda item: item[0].value):
        if node not in led and found & {terms.term("Claim"), terms.PHRASE}:
            yield _error(article, f"{node.value} does not say which article it belongs to; {_AGAIN}")


def check_replaced(store: Store, described: set[str]) -> Iterator[Finding]:
    """Yield the replaced entities that lead nowhere, lead in a circle, or are described still.

    `described` are the IRIs that the default graph describes. Raises StoreError.
    """
    into: defaultdict[str, set[str]] = defaultdict(set)
    for subject, _, value in plain(store.match(None, terms.REPLACED_BY, None, DEFAULT)):
        into[subject.value].add(value.value)
    for node in sorted(into):
        if node in described:
            yield _error(node, f"{node} is replaced and described at once; build again, or undo the merge")
        end = _end(node, into)
        if end is None:
            yield _error(node, f"{node} is replaced by itself by way of others; undo one of these merges")
        elif end not in described:
            yield _error(node, f"{node} is replaced by {end}, which is nowhere described; undo the merge")


def _end(node: str, into: dict[str, set[str]]) -> str | None:
    """Return what is at the end of a chain of replacements; None if it is a circle."""
    seen = {node}
    while node in into:
        node = min(into[node])
        if node in seen:
            return None
        seen.add(node)
    return node


def _error(where: str, message: str) -> Finding:
    return Finding("error", "reference", where, message)
