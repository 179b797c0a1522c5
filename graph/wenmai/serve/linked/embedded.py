"""What a page carries for programs that read pages: a node's own facts as JSON-LD, within reason."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from wenmai.serve.html import data_block
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples.export import serialize

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST = 100


def json_ld(store: Store, node: ox.NamedNode, facts: Iterable[tuple[ox.NamedNode, Any]]) -> Markup:
    """Return facts of a node, the first `_MOST`, as JSON-LD for a `script` element; it needs no other file."""
    out = io.BytesIO()
    quads = [ox.Quad(node, predicate, value, DEFAULT) for predicate, value in facts]
    serialize(sorted(quads, key=str)[:_MOST], "jsonld", out, store.base)
    document = json.loads(out.getvalue())
    said = json.dumps(document["@graph"], ensure_ascii=False)
    context = document["@context"]
    kept = {name: value for name, value in context.items() if f'"{name}"' in said or name == "@version"}
    for name, value in context.items():
        if isinstance(value, str) and (f'"{name}:' in said or f'"{name}:' in json.dumps(kept)):
            kept[name] = value
    graph = document["@graph"]
    return data_block({"@context": kept, **(graph[0] if len(graph) == 1 else {"@graph": graph})})
