"""What a worker does for `/search`."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.folding import found, key
from wenmai.query.search import NameHit, SentenceHit, as_json, names, words
from wenmai.query.search import search as sentences
from wenmai.serve.answer import Answer
from wenmai.serve.html import HTML, Lang, Links, render
from wenmai.store.protocol import Store
from wenmai.view.style import group

JSON, SUGGESTIONS = "application/json", "application/x-suggestions+json"
KINDS = ("all", "names", "sentences")
MORE = "X-Wenmai-More"
"""The header by which a task tells its route that there is more; it does not leave the server."""
_SUGGESTED = 10
_LONG, _PAUSE = 100, re.compile("[，、：；,:;]")
_LABELLED = {"event", "other"}

_TEXT, _WHERE = {"type": "string"}, {"type": "integer", "minimum": 0}
_NAME = {"name": _TEXT, "label": _TEXT, "class": _TEXT, "iri": _TEXT, "by": {"enum": ["name", "initials"]}}
_SENTENCE = {
    "article": _TEXT,
    "title": _TEXT,
    "date": {"type": ["string", "null"], "format": "date"},
    "iri": _TEXT,
    "begin": _WHERE,
    "end": _WHERE,
    "text": _TEXT,
    "marks": {"type": "array", "items": {"type": "array", "items": _WHERE, "minItems": 2, "maxItems": 2}},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "q": _TEXT,
        "limit": _WHERE,
        "offset": _WHERE,
        "more": {"type": "boolean", "description": "Whether there is something of either kind behind these"},
        "names": {"type": "array", "items": {"type": "object", "properties": _NAME, "required": list(_NAME)}},
        "sentences": {
            "type": "array",
            "items": {"type": "object", "properties": _SENTENCE, "required": list(_SENTENCE)},
        },
    },
    "required": ["q", "limit", "offset", "more"],
}
"""The members of an answer in JSON; `names` or `sentences` is left out where `kind` asks for the other."""


def search(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer `q` as JSON: names, sentences or both (`kind`), up to `limit` of each after `offset`.

    Raises UsageError.
    """
    named, hits, more = _found(store, call)
    answer = {"q": call["q"], "limit": call["limit"], "offset": call["offset"], "more": more, **as_json(named, hits)}
    return Answer(_dumped(answer), JSON, headers={MORE: "1"} if more else {})


def page(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer as `search` does, as a page in `lang`; without words it is the form alone."""
    links = Links(store.base, call["prefix"], call["asked_lang"])
    lang: Lang = call["lang"]
    named: Sequence[NameHit] | None = None
    hits: Sequence[SentenceHit] | None = None
    more = False
    said = ""
    if call["q"].strip():
        try:
            named, hits, more = _found(store, call)
        except UsageError as error:
            said = str(error)
    values = {
        "q": call["q"],
        "kind": call["kind"],
        "said": said,
        "named": [_name(hit, call["q"], links, lang) for hit in named or ()],
        "hits": [_sentence(hit, links) for hit in hits or ()],
        "searched": named is not None or hits is not None,
        "other_lang": _at(links.in_other(lang), call, call["offset"]),
        "before": call["offset"] > 0 and _at(links, call, max(0, call["offset"] - call["limit"])),
        "after": more and _at(links, call, call["offset"] + call["limit"]),
    }
    return Answer(render("search.html", links, lang, values), HTML, headers={MORE: "1"} if more else {})


def suggest(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the names that what is typed may become, as OpenSearch Suggestions."""
    hits = names(store, call["q"], _SUGGESTED + 5) if key(call["q"]) else []
    # Posts and events are labelled by the names of others: what bears a name itself comes first.
    hits = sorted(hits, key=lambda hit: group(hit.cls).key in _LABELLED)[:_SUGGESTED]
    what = [
        " · ".join(filter(None, [_class(hit.cls, "zh"), hit.label if hit.label != hit.name else ""])) for hit in hits
    ]
    return Answer(_dumped([call["q"], [hit.name for hit in hits], what, [hit.iri for hit in hits]]), SUGGESTIONS)


def _found(
    store: Store, call: Mapping[str, Any]
) -> tuple[Sequence[NameHit] | None, Sequence[SentenceHit] | None, bool]:
    """Return names and sentences, None for what was not asked for, and whether there is more of either."""
    words(call["q"])
    limit, offset, kind = call["limit"], call["offset"], call["kind"]
    named: list[NameHit] | None = None
    if kind != "sentences":
        named = names(store, call["q"], limit + 1, offset) if key(call["q"]) else []
    hits = sentences(store, call["q"], limit + 1, offset) if kind != "names" else None
    more = any(len(each) > limit for each in (named, hits) if each is not None)
    return named and named[:limit], hits and hits[:limit], more


def _at(links: Links, call: Mapping[str, Any], offset: int) -> str:
    kind = "" if call["kind"] == KINDS[0] else call["kind"]
    limit = "" if call["limit"] == 20 else call["limit"]
    return links.to("/search", q=call["q"], kind=kind, limit=limit, offset=offset)


def _name(hit: NameHit, text: str, links: Links, lang: Lang) -> dict[str, Any]:
    marks = found(hit.name, [key(text)]) if hit.by == "name" else ()
    return {
        "parts": _parts(hit.name, 0, marks),
        "label": hit.label if hit.label != hit.name else "",
        "kind": _class(hit.cls, lang),
        "chip": group(hit.cls).key,
        "href": links.of(hit.iri),
    }


def _sentence(hit: SentenceHit, links: Links) -> dict[str, Any]:
    # Only stretches that are evidence have an anchor; by its text a browser finds any (WICG, Text Fragments).
    start = _PAUSE.split(hit.text, maxsplit=1)[0] if len(hit.text) > _LONG else hit.text
    words = ":~:text=" + urllib.parse.quote(start, safe="").replace("-", "%2D")
    href = links.of(f"{hit.iri}#char={hit.span.begin},{hit.span.end}")
    return {
        "parts": _parts(hit.text, hit.span.begin, [(mark.begin, mark.end) for mark in hit.marks]),
        "title": hit.title or hit.article,
        "date": hit.date.isoformat() if hit.date else "",
        "href": href and href + words,
    }


def _parts(text: str, begin: int, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is marked; `marks` count from `begin`."""
    parts, at = [], 0
    for one, other in marks:
        parts += [(text[at : one - begin], False), (text[one - begin : other - begin], True)]
        at = other - begin
    return [part for part in (*parts, (text[at:], False)) if part[0]]


def _class(cls: str, lang: Lang) -> str:
    return ontology.label(cls, lang) if cls else ""


def _dumped(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
