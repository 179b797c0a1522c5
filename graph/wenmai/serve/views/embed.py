"""The page that other sites put into a frame: a thing, a small drawing of who is near it, and the same as a list.

It has no script. Which origins may frame it is the setting `embed`, which the policy of every page tells the browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from wenmai.errors import UsageError
from wenmai.serve.answer import Answer
from wenmai.serve.explore.picture_task import around
from wenmai.serve.html import HTML, render
from wenmai.serve.problem import Problem
from wenmai.serve.views.frame import Frame
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    import networkx as nx

NEAR = 16
"""Neighbours that are drawn and listed, the most connected ones."""
_KINDS = {"Asserted": "asserted", "Planned": "planned", "Reported": "reported", "Denied": "denied"}


def embed(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of a thing's neighbourhood. Raises Problem 404, 410."""
    frame = Frame.of(store, call)
    try:
        found = frame.data(around, ids=[frame.entity(call["id"])], limit=NEAR, offset=0)
    except UsageError as error:
        raise Problem(404, str(error)) from error
    nodes = {each["id"]: each for each in found["nodes"]}
    (middle, *_) = found["nodes"]
    values = {
        "thing_": frame.thing(middle),
        "drawing": _drawn(frame, found, middle["iri"]),
        "lines": [
            _line(frame, nodes, each) for each in found["edges"] if middle["id"] in (each["source"], each["target"])
        ],
        "more": max(0, found["total"] - NEAR),
        "whole": frame.links.of(middle["iri"]),
    }
    return Answer(render("embed.html", frame.links, frame.lang, values), HTML)


def _at(edge: Mapping[str, Any], id: str) -> bool:
    return id in (edge["source"], edge["target"])


def _line(frame: Frame, nodes: Mapping[str, Any], edge: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": frame.thing(nodes[edge["source"]]),
        "label": edge["label"],
        "object": frame.thing(nodes[edge["target"]]),
        "modality": edge["modality"],
        "inferred": edge["inferred"],
    }


def _drawn(frame: Frame, found: Mapping[str, Any], middle: str) -> Markup:
    from wenmai.view.picture import draw
    from wenmai.view.svg import svg

    graph = _graph(found, middle)
    title = next(each["label"] for each in found["nodes"] if each["iri"] == middle)
    drawing = svg(graph, draw(graph, frame.lang), frame.lang, title)
    return Markup(drawing.partition("?>")[2])  # noqa: S704 - the drawing escapes every name


def _graph(found: Mapping[str, Any], middle: str) -> nx.MultiDiGraph[str]:
    """Return the explorer's nodes and edges as the graph that drawings are made of."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(focus=(middle,), total_nodes=len(found["nodes"]))
    iris = {each["id"]: each["iri"] for each in found["nodes"]}
    for each in found["nodes"]:
        label, status = each["label"], each.get("status", "")
        shown = {"zh": label, "en": label, "names": (), "facts": (), "status": status, "cls": each["class"]}
        graph.add_node(each["iri"], focus=each["iri"] == middle, **shown)
    for each in found["edges"]:
        kind = "inferred" if each["inferred"] else _KINDS[each["modality"]]
        drawn = {"property": each["predicate"], "kind": kind, "zh": each["label"], "en": each["label"]}
        key = f"{each['predicate']}/{kind}"
        graph.add_edge(iris[each["source"]], iris[each["target"]], key=key, evidence=(), stated=each["claims"], **drawn)
    return graph
