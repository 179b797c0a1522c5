"""The page of a node of the store's own records: a run of the extractor, a decision, a curator; and of retired ids."""

from __future__ import annotations

import pyoxigraph as ox

from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.names import Names, Thing
from wenmai.serve.linked.place import Place
from wenmai.serve.linked.rdf import described
from wenmai.store.protocol import Store
from wenmai.triples import terms

_MOST = 200


def page(store: Store, place: Place, links: Links, lang: Lang) -> bytes:
    """Return the page of a record: what it says, what says something of it."""
    names = Names(store, links, lang)
    out: dict[tuple[str, str], list[Thing]] = {}
    into: dict[tuple[str, str], list[Thing]] = {}
    for quad in described(store, place):
        key = names.term(quad.predicate), links.of(quad.predicate.value)
        if quad.subject == place.node:
            out.setdefault(key, []).append(names.thing(quad.object))
        elif quad.object == place.node:
            into.setdefault(key, []).append(names.thing(quad.subject))
    kinds = [q.object for q in store.match(place.node, terms.TYPE, None, None) if isinstance(q.object, ox.NamedNode)]
    return render(
        "record.html",
        links,
        lang,
        {
            "iri": place.node.value,
            "local": place.local,
            "kind": names.term(kinds[0]) if kinds else "",
            "retired": [names.thing(each, chip=True) for each in place.replaced_by],
            "out": _cut(out),
            "into": _cut(into),
        },
    )


def _cut(found: dict[tuple[str, str], list[Thing]]) -> list[tuple[str, str, list[Thing], int]]:
    lists = ((*key, sorted(set(things), key=lambda thing: thing.text)) for key, things in sorted(found.items()))
    return [(label, href, things[:_MOST], max(0, len(things) - _MOST)) for label, href, things in lists]
