"""What a site has once: its first page, lists, the vocabulary, the description, the sitemap, files for web servers."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import PREFIXES, RDF, WENMAI
from wenmai.publish import search
from wenmai.publish.links import SiteLinks
from wenmai.publish.pages import Writer
from wenmai.serve.assets import assets
from wenmai.serve.dataset import page as dataset
from wenmai.serve.dataset import sitemap
from wenmai.serve.dataset.describe import ABOUT, ROOTS, Facts, Terms, facts
from wenmai.serve.dataset.task import FORMATS, written
from wenmai.serve.html import Lang, render
from wenmai.serve.linked import home, vocabulary
from wenmai.serve.linked.names import Names, Thing
from wenmai.store.protocol import DEFAULT, Store

_LISTED = 500
"""Names on a page of a list."""
_FILES = Path(__file__).parent / "files"
_TYPE, _DATE = ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + "publishedOn")
_VOCABULARY = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


def write(writer: Writer, terms: Terms, url: str) -> int:
    """Write all that there is once; return the number of pages. `url` is where people reach the site."""
    store, found = writer.store, facts(writer.store)
    search.write(store, Path(writer.plan.folder))
    _for_servers(writer, url)
    _sitemap(writer, found, terms.published[:10], url)
    _vocabulary(writer)
    for format, (ending, _, _) in zip(FORMATS.values(), _endings(), strict=True):
        writer.put(f"dataset.{ending}", written(found, terms, format))
    writer.put("void.ttl", written(found, terms, "turtle"))
    for name, each in assets().items():
        if "/" not in name:  # what is in folders asks a server
            writer.put(f"static/{each.served}", each.content)
    return sum(_in(writer, found, terms, lang) for lang in writer.plan.langs)


def _endings() -> tuple[tuple[str, str, str], ...]:
    """Return the endings of the description's files in the order of `FORMATS`."""
    by_media = {media: each for each in dataset.FORMATS for media in each[2:]}
    return tuple(by_media[media] for media in FORMATS)


def _in(writer: Writer, found: Facts, terms: Terms, lang: Lang) -> int:
    """Write the pages in one language."""
    store, links = writer.store, writer.links(".", lang, "index")
    lists = [_list(writer, cls, lang) for cls in ("Article", *(each for each in ROOTS if each != "Article"))]
    shown = [(heading, f"./list/{cls}{links.ending}", number) for cls, heading, number, _ in lists if number]
    newest = home.newest(store, Names(store, links, lang), list(found.tally.of("day")))
    values = {"title": terms.title, "about": ABOUT[lang], "lists": shown, "articles": newest, "home": True}
    writer.put(f"index{links.ending}", render("site_home.html", links, lang, values))
    links = writer.links(".", lang, "dataset")
    writer.put(f"dataset{links.ending}", dataset.page(store, found, terms, links, lang))
    links = writer.links(".", lang, "ns")
    writer.put(f"ns{links.ending}", vocabulary.page(links, lang))
    links = writer.links(".", lang, "search")
    writer.put(f"search{links.ending}", render("site_search.html", links, lang, {}))
    return 4 + sum(pages for *_, pages in lists)


def _list(writer: Writer, cls: str, lang: Lang) -> tuple[str, str, int, int]:
    """Write the list of what is of a class; return the class, what it is called, how many there are, and the pages."""
    heading, ending = ontology.label(cls, lang), writer.plan.ending(lang)
    entries = _entries(writer.store, cls, writer.links("..", lang, ""), lang)
    pages = -(-len(entries) // _LISTED)

    def name(number: int) -> str:
        return cls if number == 1 else f"{cls}-{number}"

    for number in range(1, pages + 1):
        values = {
            "heading": heading,
            "total": len(entries),
            "entries": entries[(number - 1) * _LISTED : number * _LISTED],
            "number": number,
            "pages": pages,
            "before": f"{name(number - 1)}{ending}" if number > 1 else "",
            "after": f"{name(number + 1)}{ending}" if number < pages else "",
        }
        links = writer.links("..", lang, f"list/{name(number)}")
        writer.put(f"list/{name(number)}{ending}", render("site_list.html", links, lang, values))
    return cls, heading, len(entries), pages


def _entries(store: Store, cls: str, links: SiteLinks, lang: Lang) -> list[tuple[Thing, str]]:
    """Return what is of a class in order of name, articles the newest first with their days."""
    names = Names(store, links, lang)
    found = []
    for quad in store.match(None, _TYPE, ox.NamedNode(WENMAI + cls), DEFAULT):
        if isinstance(quad.subject, ox.NamedNode):
            day = names.source(quad.subject).date if cls == "Article" else ""
            thing = names.thing(quad.subject, chip=cls != "Article")
            found.append((day, thing.text, quad.subject.value, thing))
    found.sort(key=lambda each: each[1:3])
    found.sort(key=lambda each: each[0], reverse=True)
    return [(thing, day) for day, _, _, thing in found]


def _vocabulary(writer: Writer) -> None:
    # Blank nodes get names of their own at each reading: canonical ones give the same bytes.
    dataset = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in ontology.triples())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = [quad.triple for quad in sorted(dataset, key=str)]
    for ending, media in _VOCABULARY.items():
        if ending in {"ttl", "rdf"}:
            content = vocabulary.document(media)
        else:
            content = ox.serialize(triples, format=vocabulary.FORMATS[media], prefixes=PREFIXES) or b""
        writer.put(f"ns.{ending}", content)
    for name in vocabulary.FILES:
        writer.put(name, vocabulary.file(name))


def _sitemap(writer: Writer, found: Facts, changed: str, url: str) -> None:
    store, parts = writer.store, sitemap.parts(found.entities)
    base, there = store.base.encode(), url.encode()
    folder = Path(writer.plan.folder)
    (folder / "sitemap.xml").write_bytes(sitemap.index(url, parts, changed))
    for number in range(1, parts + 1):
        text = sitemap.part(store, number, parts, changed, ".html").replace(base, there)
        (folder / f"sitemap-{number}.xml").write_bytes(text)
    (folder / "robots.txt").write_text(f"User-agent: *\nDisallow:\n\nSitemap: {url}sitemap.xml\n", "utf-8")


def _for_servers(writer: Writer, url: str) -> None:
    """Write what a web server is told: the page for what is not there, and how data is given by Accept."""
    folder = Path(writer.plan.folder)
    path = urllib.parse.urlsplit(url).path or "/"
    for source, target in _servers():
        text = (_FILES / source).read_text("utf-8").replace("@PATH@", path).replace("@URL@", url)
        (folder / target).write_text(text, "utf-8")
    links = SiteLinks(writer.store.base, path.rstrip("/"), ending=".html")
    (folder / "404.html").write_bytes(render("site_missing.html", links, "zh", {}))


def _servers() -> Iterator[tuple[str, str]]:
    yield "htaccess", ".htaccess"
    yield "nginx.conf", "nginx.conf.example"
    yield "README.txt", "README.txt"
