"""The HTML page of whatever is at an IRI: one function, without HTTP, for the server and for `wenmai publish`."""

from __future__ import annotations

from wenmai.serve.html import Lang, Links
from wenmai.serve.linked import article, claim, entity, record
from wenmai.serve.linked.place import Place
from wenmai.store.protocol import Store


def page(store: Store, place: Place, links: Links, lang: Lang, part: str = "", start: int = 0) -> bytes:
    """Return the page of a place as HTML in a language of the interface.

    `part` asks for one list of an entity's page alone, from its entry `start` on; see `Links.part`. Raises StoreError,
    and Problem 404 for a part that the page does not have.
    """
    if place.kind == "entity":
        return entity.page(store, place, links, lang, part, start)
    if place.kind == "article":
        return article.page(store, place, links, lang)
    if place.kind == "claim":
        return claim.page(store, place, links, lang)
    return record.page(store, place, links, lang)
