"""A small page on an entity, made to stand in a frame of the program that reconciles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wenmai.serve.answer import Answer
from wenmai.serve.api.reconcile import facts, schema
from wenmai.serve.html import HTML, Links, render
from wenmai.serve.linked.place import look_up
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store
from wenmai.triples import iris
from wenmai.view.style import group

WIDTH, HEIGHT = 420, 220
_SHOWN, _EACH = 6, 3
"""Properties of the page, and values of each."""


def page(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the preview of the entity `id` in `lang`. Raises Problem: 404, 410."""
    node = facts.node(store, call["id"])
    if node is None:
        place = look_up(store, call["id"].removeprefix(store.base + "id/"))
        node = next((each for each in place.replaced_by if iris.is_entity(each)), None)
        if node is None:
            raise Problem(404, "there is no entity of this id")
    lang = call["lang"]
    links = Links(store.base, call["prefix"], call["asked_lang"])
    classes = facts.classes(store, node)
    properties = schema.properties_of(classes[0] if classes else "")[len(schema.NAMES) :]
    rows = ((schema.label(each, lang), facts.values(store, node, each)) for each in properties)
    shown = [
        (label, [facts.written(store, each) for each in values[:_EACH]], max(0, len(values) - _EACH))
        for label, values in rows
        if values
    ]
    names = facts.names(store, node)
    values = {
        "name": facts.name(store, node),
        "kind": schema.label(classes[0], lang) if classes else "",
        "chip": group(classes[0] if classes else "").key,
        "also": names[1:6],
        "rows": shown[:_SHOWN],
        "href": links.of(node.value),
    }
    return Answer(render("preview.html", links, lang, values), HTML)
