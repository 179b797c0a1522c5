"""The HTML page of whatever is at an IRI: one function, without HTTP, for the server and for `wenmai publish`."""

from __future__ import annotations

from wenmai.serve.html import Lang, Links
from wenmai.serve.linked import record
from wenmai.serve.linked.place import Place
from wenmai.store.protocol import Store


def page(store: Store, place: Place, links: Links, lang: Lang, part: str = "", start: int = 0) -> bytes:
    """Return the page of a place as HTML in a language of the interface.

    `part` asks for one list of the page alone, from its entry `start` on; see `Links.part`. Raises StoreError, and
    Problem 404 for a part that the page does not have.
    """
    return record.page(store, place, links, lang)
