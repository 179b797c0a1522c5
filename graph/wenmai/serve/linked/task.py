"""What a worker does for linked data: it looks up what is at an IRI and writes it in the form that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wenmai.serve.answer import Answer
from wenmai.serve.html import HTML, Lang, Links, as_lang
from wenmai.serve.linked import graph as graphs
from wenmai.serve.linked import home as homes
from wenmai.serve.linked import pages, rdf, vocabulary
from wenmai.serve.linked.place import look_up
from wenmai.store.protocol import Store

PAGE = "text/html"
_NAMES = {kind: ending for ending, kind in rdf.ENDINGS.items()} | {PAGE: "html"}


def identify(store: Store, call: Mapping[str, Any]) -> Answer:
    """Lead from `/id/LOCAL` to the document about it, or to what replaced it. Raises Problem 404, 410."""
    links, _ = _of(store, call)
    place = look_up(store, call["local"])
    if place.kind == "retired" and len(place.replaced_by) == 1:
        return _moved(links, "id", place.replaced_by[0].value)
    return Answer(b"", "", 303, {"Location": links.to(f"/doc/{place.local}")})


def doc(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return what is at an IRI as `kind`, a media type. Raises Problem 404, 410, 413."""
    links, lang = _of(store, call)
    place = look_up(store, call["local"])
    kind: str = call["kind"]
    if place.kind == "retired" and len(place.replaced_by) == 1:
        return _moved(links, "doc", place.replaced_by[0].value, call["ending"])
    if kind == PAGE:
        answer = Answer(pages.page(store, place, links, lang, call["part"], call["start"]), HTML)
    else:
        answer = rdf.document(store, place, kind)
    return _headed(answer, links.prefix + f"/doc/{place.local}", kind, lang)


def graph(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the named graph `<base>graph/LOCAL` as `kind`. Raises Problem 404, 410, 413."""
    links, lang = _of(store, call)
    name = rdf.graph_named(store, call["local"])
    kind: str = call["kind"]
    if kind == PAGE:
        answer = Answer(graphs.page(store, name, links, lang), HTML)
    else:
        answer = rdf.graph_document(store, name, kind)
    return _headed(answer, links.prefix + f"/graph/{call['local']}", kind, lang)


def home(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the home page."""
    links, lang = _of(store, call)
    body = homes.page(store, links, lang, call["title"])
    return Answer(body, HTML, headers={"Content-Language": _tag(lang)})


def ns(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the ontology as `kind`."""
    links, lang = _of(store, call)
    kind: str = call["kind"]
    if kind == PAGE:
        answer = Answer(vocabulary.page(links, lang), HTML)
    else:
        answer = Answer(vocabulary.document(kind), _typed(kind))
    return _headed(answer, links.prefix + "/ns", kind, lang, tuple(vocabulary.FORMATS))


def file(_: Store, call: Mapping[str, Any]) -> Answer:
    """Return a file of the ontology's folder, `name`."""
    return Answer(vocabulary.file(call["name"]), _typed(vocabulary.FILES[call["name"]]))


def _of(store: Store, call: Mapping[str, Any]) -> tuple[Links, Lang]:
    return Links(store.base, call["prefix"], call["asked"]), as_lang(call["lang"])


def _moved(links: Links, where: str, iri: str, ending: str = "") -> Answer:
    local = iri.rpartition("/")[2]
    return Answer(b"", "", 301, {"Location": links.to(f"/{where}/{local}{ending}")})


def _headed(answer: Answer, path: str, kind: str, lang: Lang, kinds: tuple[str, ...] = tuple(rdf.FORMATS)) -> Answer:
    """Return an answer whose header leads to the other forms of the same document."""
    others = [f'<{path}.{_NAMES[other]}>; rel="alternate"; type="{other}"' for other in (PAGE, *kinds) if other != kind]
    links = [f'<{path}>; rel="canonical"', f'<{path}.ttl>; rel="describedby"; type="text/turtle"', *others]
    headers = {"Link": ", ".join(links), "Content-Location": f"{path}.{_NAMES[kind]}"}
    if kind == PAGE:
        headers["Content-Language"] = _tag(lang)
    return Answer(answer.body, answer.media, answer.status, {**answer.headers, **headers})


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _tag(lang: Lang) -> str:
    return "zh-Hans" if lang == "zh" else "en"
