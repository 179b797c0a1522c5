"""The home page: what the store holds, in figures, and its newest articles."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.serve.assets import assets
from wenmai.serve.html import Lang, Links, data_block, render, words
from wenmai.serve.linked.names import Names, Source
from wenmai.store.protocol import Store
from wenmai.store.tally import counted
from wenmai.triples import terms
from wenmai.view.style import GROUPS, LINES, group

_NEWEST = 12
_DAYS = 400
"""Days that are looked through, the latest first; each has an article at least."""


def page(store: Store, links: Links, lang: Lang, title: str) -> bytes:
    """Return the home page. `title` is what whoever runs the server calls it."""
    tally = store.tally() or counted(store)
    classes = tally.of("class")
    tops = {top: classes.get(top, 0) for top in ("Organization", "Place", "Person", "Event", "Policy", "Agreement")}
    shown = [("Article", classes.get("Article", 0)), *tops.items()]
    names = Names(store, links, lang)
    return render(
        "home.html",
        links,
        lang,
        {
            "home": True,
            "title": title,
            "figures": [(ontology.label(cls, lang), n) for cls, n in shown if n],
            "claims": sum(tally.of("modality").values()),
            "facts": tally.quads("default"),
            "data": data_block(explorer(links, lang)),
            "modules": [
                links.static(name) for name in assets() if name.startswith("explorer/") and name.endswith(".js")
            ],
            "articles": newest(store, names, list(tally.of("day"))),
        },
    )


def explorer(links: Links, lang: Lang) -> dict[str, Any]:
    """Return what the explorer's script is given: its words, and how classes and kinds of statement look."""
    classes: dict[str, list[str]] = {each.key: [] for each in GROUPS}
    for name in ontology.classes():
        classes[group(name).key].append(name)
    return {
        "lang": lang,
        "asked": bool(links.lang),
        "prefix": links.prefix,
        "groups": [
            {
                "key": each.key,
                "classes": classes[each.key],
                "shape": each.shape,
                "colour": each.colour,
                "border": each.border,
                "label": each.en if lang == "en" else each.zh,
            }
            for each in GROUPS
        ],
        "kinds": [
            {"key": each.key, "label": each.en if lang == "en" else each.zh, "mark": each.mark} for each in LINES
        ],
        "classes": {name: ontology.label(name, lang) for name in (*ontology.classes(), *ontology.properties())},
        "words": words(lang, "ex_"),
    }


def newest(store: Store, names: Names, days: list[str]) -> list[Source]:
    """Return the articles of the latest of some days (`2017-04-21`)."""
    found: list[Source] = []
    for day in sorted(days, reverse=True)[:_DAYS]:
        date = ox.Literal(day, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
        for quad in store.match(None, terms.term("publishedOn"), date, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                found.append(names.source(quad.subject))
            if len(found) >= _NEWEST:
                return found
    return found
