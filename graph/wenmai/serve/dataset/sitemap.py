"""The sitemap (sitemaps.org, version 0.9): an index, and parts that list the pages of resources with their dates.

A resource goes into a part by a sum of its name, so that a part is made by one reading of the store, holds no more in
memory than it lists, and has the same entries as long as the number of parts stays the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

import pyoxigraph as ox

from wenmai.namespaces import RDF, WENMAI
from wenmai.serve.dataset.describe import ROOTS
from wenmai.store.protocol import DEFAULT, Store

MOST = 50_000
"""URLs that the protocol allows in a part."""
_MEAN = 45_000
"""URLs a part has on average: names fall into parts by chance, and 5,000 are more than chance will add."""
PAGES = ("", "dataset", "ns")
"""Pages beside those of resources, below the base."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_DATES_UP_TO = 1_000_000
"""Mentions beyond which no date is looked up for what articles mention: it would take longer than a request may."""
_NEWEST = f"""SELECT ?s (MAX(STR(?day)) AS ?newest)
WHERE {{ ?article <{WENMAI}publishedOn> ?day ; <{WENMAI}mentions> ?s }} GROUP BY ?s"""
_OWN = f"SELECT ?s (MAX(STR(?day)) AS ?newest) WHERE {{ ?s <{WENMAI}publishedOn> ?day }} GROUP BY ?s"


def parts(resources: int) -> int:
    """Return into how many parts so many resources go."""
    return max(1, -(-(resources + len(PAGES)) // _MEAN))


def index(base: str, parts: int, changed: str) -> bytes:
    """Return the index of a sitemap below `base`, of which all parts were published on the day `changed`."""
    entries = "".join(_entry("sitemap", f"{base}sitemap-{number}.xml", changed) for number in range(1, parts + 1))
    return _document("sitemapindex", entries)


def part(store: Store, number: int, parts: int, changed: str, ending: str = "") -> bytes:
    """Return one part, counted from 1. Pages of resources have the date of the newest article that they tell of.

    `ending` is what the paths of pages end with. Raises StoreError.
    """
    base = store.base
    names = sorted(_in_part(resources(store), number, parts))[:MOST]
    dates = _dates(store, set(names))
    entries = [_entry("url", f"{base}doc/{name}{ending}", dates.get(name, "")) for name in names]
    if number == 1:
        pages = (f"{base}{page}{ending if page else ''}" for page in PAGES)
        entries = [*(_entry("url", page, changed) for page in pages), *entries]
    return _document("urlset", "".join(entries))


def resources(store: Store) -> Iterator[str]:
    """Yield the local names of the articles and entities of a store, in no order. Raises StoreError."""
    space = f"{store.base}id/"
    for cls in ROOTS:
        for quad in store.match(None, ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + cls), DEFAULT):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(space):
                yield quad.subject.value[len(space) :]


def _in_part(names: Iterable[str], number: int, parts: int) -> Iterator[str]:
    return (name for name in names if zlib.crc32(name.encode()) % parts == number - 1)


def _dates(store: Store, names: set[str]) -> dict[str, str]:
    """Return the day of the newest article that tells of each of `names`, where there is one."""
    found: dict[str, str] = {}
    space = f"{store.base}id/"
    tally = store.tally()
    few = tally is None or tally.of("property").get("mentions", 0) <= _DATES_UP_TO
    for query in (_OWN, _NEWEST) if few else (_OWN,):
        answer = store.query(query)
        for subject, day in answer if isinstance(answer, ox.QuerySolutions) else ():
            if isinstance(subject, ox.NamedNode) and isinstance(day, ox.Literal):
                name = subject.value.removeprefix(space)
                if name in names:
                    found[name] = day.value
    return found


def _entry(kind: str, url: str, changed: str) -> str:
    date = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
    return f"<{kind}><loc>{escape(url)}</loc>{date}</{kind}>\n"


def _document(kind: str, entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}">\n{entries}</{kind}>\n'.encode()
