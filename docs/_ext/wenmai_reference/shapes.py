"""The shapes as tables: which rule each holds what to, in the words of the message that `wenmai check` prints."""

from __future__ import annotations

from rdflib import SH, BNode, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from wenmai_reference.markdown import code, names, prose, table
from wenmai_reference.vocabulary import graph

_FILE = "shapes.ttl"
_SAID = {SH.path, SH.message, SH.name, SH.description}
_LISTS = {SH["in"], SH.languageIn}


def text() -> str:
    """Return a section for each shape of nodes, in order of name."""
    shapes = graph(_FILE)
    nodes = sorted(set(shapes.subjects(None, SH.NodeShape)), key=str)
    return "\n".join(_shape(node) for node in nodes)


def _shape(node: Node) -> str:
    shapes = graph(_FILE)
    about = sorted(names([_short(each)]) for each in shapes.objects(node, SH.targetClass))
    said = f"Of {', '.join(about)}." if about else ""
    more = [
        f"Of whatever is the {words} of {names(_short(each) for each in found)}."
        for words, target in (("subject", SH.targetSubjectsOf), ("object", SH.targetObjectsOf))
        if (found := sorted(shapes.objects(node, target), key=str))
    ]
    rows = [
        (_path(shapes.value(each, SH.path)), prose(str(shapes.value(each, SH.message) or "")), _bounds(each))
        for each in shapes.objects(node, SH.property)
    ]
    title = _short(node).partition(":")[2]
    body = table(("of", "rule", "as SHACL"), sorted(rows))
    return "\n".join([f"## {code(title)}\n", *filter(None, [said, *more]), "", body])


def _bounds(node: Node) -> str:
    found = []
    for predicate, value in sorted(graph(_FILE).predicate_objects(node), key=str):
        if predicate not in _SAID:
            found.append(f"{_short(predicate).partition(':')[2]} {_value(predicate, value)}")
    return ", ".join(code(each) for each in found)


def _value(predicate: Node, value: Node) -> str:
    shapes = graph(_FILE)
    if predicate in _LISTS:
        return " ".join(_short(each) for each in Collection(shapes, value))
    if isinstance(value, BNode):
        return (
            "["
            + "; ".join(
                f"{_short(p).partition(':')[2]} {_value(p, v)}"
                for p, v in sorted(shapes.predicate_objects(value), key=str)
            )
            + "]"
        )
    return _short(value)


def _path(node: Node | None) -> str:
    inverse = graph(_FILE).value(node, SH.inversePath) if isinstance(node, BNode) else None
    return code("^" + _short(inverse)) if inverse is not None else code(_short(node)) if node is not None else ""


def _short(node: Node) -> str:
    return node.n3(graph(_FILE).namespace_manager) if isinstance(node, URIRef) else str(node)
