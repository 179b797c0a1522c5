"""The picture's graph for other tools: GraphML and GEXF, as networkx writes them and Gephi reads them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from wenmai.view.facts import Evidence
from wenmai.view.style import Lang, group
from wenmai.view.svg import legal

if TYPE_CHECKING:
    import networkx as nx

    from wenmai.view.project import Graph


def graphml(graph: Graph, lang: Lang) -> bytes:
    """Return the graph as GraphML in UTF-8; quotes, titles and dates of a line are texts, one a line of text."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(_flat(graph, lang), out, encoding="utf-8", prettyprint=True)
    return out.getvalue()


def gexf(graph: Graph, lang: Lang) -> bytes:
    """Return the graph as GEXF 1.2 in UTF-8, with the colours of the page."""
    import networkx as nx

    flat = _flat(graph, lang)
    for iri, data in flat.nodes(data=True):
        red, green, blue = (int(group(graph.nodes[iri]["cls"]).colour[at : at + 2], 16) for at in (1, 3, 5))
        data["viz"] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}}
    out = io.BytesIO()
    nx.write_gexf(flat, out, encoding="utf-8", prettyprint=True)
    # networkx stamps the day; the same graph is to give the same bytes.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue(), count=1)


def _flat(graph: Graph, lang: Lang) -> nx.MultiDiGraph[str]:
    """Return the graph with attributes that are plain texts, numbers and truth values, fit for XML."""
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, data in graph.nodes(data=True):
        facts = "\n".join(f"{fact.prop}: {fact.value}" for fact in data["facts"])
        flat.add_node(
            iri,
            label=legal(data[lang]),
            label_zh=legal(data["zh"]),
            label_en=legal(data["en"]),
            type=data["cls"],
            names=legal("\n".join(data["names"])),
            status=data["status"],
            facts=legal(facts),
        )
    for source, target, key, data in graph.edges(keys=True, data=True):
        evidence: tuple[Evidence, ...] = data["evidence"]
        flat.add_edge(
            source,
            target,
            key=key,
            label=legal(data[lang]),
            property=data["property"],
            label_zh=legal(data["zh"]),
            label_en=legal(data["en"]),
            kind=data["kind"],
            stated=data["stated"],
            quotes=_lines(each.quote for each in evidence),
            articles=_lines(each.article for each in evidence),
            titles=_lines(each.title for each in evidence),
            dates=_lines(each.date for each in evidence),
        )
    return flat


def _lines(texts: Iterable[str]) -> str:
    """Return texts one a line; a line break within one is a space, so that lines of several attributes match."""
    return "\n".join(" ".join(legal(text).split()) for text in texts)
