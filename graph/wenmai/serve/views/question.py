"""The page of questions: what a question in Chinese was taken for, the query made of it, the answer with its words."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import Any

from wenmai.errors import UsageError
from wenmai.query.ask import MOST_CHARACTERS, Reply, Template, Words, as_json, ask, templates
from wenmai.serve.answer import Answer
from wenmai.serve.linked.names import Thing
from wenmai.serve.views.frame import Frame, tongue, why
from wenmai.store.protocol import Store


def question(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of the question `q`; without one, the examples. What is not understood is no error."""
    frame = Frame.of(store, call)
    said, reply = "", None
    if call["q"]:
        try:
            reply = ask(store, call["q"])
        except UsageError as error:
            said = why(error)
    values: dict[str, Any] = {
        "q": call["q"],
        "most": MOST_CHARACTERS,
        "state": "",
        "examples": [_example(frame, each) for each in ((reply.near if reply else ()) or templates().values())],
        "other_lang": frame.links.in_other(frame.lang).to("/ask", q=call["q"]),
    }
    if reply is not None:
        values |= _told(frame, reply)
    return frame.page("ask.html", values, said=said)


def _example(frame: Frame, template: Template) -> dict[str, str]:
    words = template.examples[0][0]
    return {"words": words, "href": frame.links.to("/ask", q=words), "title": _title(frame, template)}


def _title(frame: Frame, template: Template) -> str:
    return template.title_zh if frame.lang == "zh" else template.title_en


def _told(frame: Frame, reply: Reply) -> dict[str, Any]:
    """Return what the page says of a reply."""
    if reply.understood is None:
        return {"state": "none"}
    told = as_json(reply, frame.store)
    found: dict[str, Any] = {
        "state": "unknown" if told["unknown"] else "answered",
        "title": _title(frame, reply.understood.template),
        "slots": told["slots"],
        "unknown": told["unknown"],
        "notes": told["notes"],
        "more": told["more"],
        "library": _local(frame, told["query"]["path"]),
        "editor": frame.links.to("/sparql") + "#" + urllib.parse.urlencode({"query": reply.sparql}),
    }
    articles: dict[str, str] = {}
    found["items"] = [
        {
            "thing": Thing(item.text, frame.links.of(item.iri) if item.iri else "", tongue(item.text)),
            "modality": item.modality,
            "words": [(words, _at(frame, words, articles)) for words in item.words],
        }
        for item in reply.items
    ]
    return found


def _at(frame: Frame, words: Words, articles: dict[str, str]) -> str:
    """Return the link to the words in their article, which is known by its title; empty where two have that title."""
    if words.title not in articles:
        articles[words.title] = frame.only_article(words.title)
    href = frame.links.of(articles[words.title])
    # By its text a browser finds any words (WICG, Text Fragments).
    return href and f"{href}#:~:text={urllib.parse.quote(words.quote[:80], safe='').replace('-', '%2D')}"


def _local(frame: Frame, path: str) -> str:
    lang = f"&lang={frame.links.lang}" if frame.links.lang else ""
    return frame.links.prefix + path + lang
