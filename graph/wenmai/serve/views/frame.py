"""What the pages of views share: who reads, the explorer's data, and its nodes as things of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from wenmai.errors import UsageError
from wenmai.query.bind import entity_called, meant
from wenmai.query.library import Parameter
from wenmai.serve.answer import Answer, Task
from wenmai.serve.html import HTML, Lang, Links, data_block, forms, render
from wenmai.serve.linked.names import Source, Thing
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store
from wenmai.view.style import group

_CHINESE = re.compile("[\u3400-\u9fff]")
_ID = re.compile(r"[a-z]+-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in the making: the store, the links and the language of who reads."""

    store: Store
    links: Links
    lang: Lang

    @classmethod
    def of(cls, store: Store, call: Mapping[str, Any]) -> Frame:
        """Return the frame of a call that has what `paging.reader` gives."""
        return cls(store, Links(store.base, call["prefix"], call["asked_lang"]), call["lang"])

    def data(self, task: Task, **call: object) -> Any:
        """Return what a task of the explorer answers. Raises what the task raises."""
        return json.loads(task(self.store, {**call, "lang": self.lang}).body)

    def thing(self, node: Mapping[str, Any]) -> Thing:
        """Return a node of the explorer's data as a page shows it."""
        label = node["label"]
        return Thing(label, self.links.of(node["iri"]), tongue(label), group(node["class"]).key)

    def source(self, article: Mapping[str, Any]) -> Source:
        """Return an article of the explorer's data as a page shows it."""
        paper = article["paper"]
        name = paper["label"] if isinstance(paper, dict) else paper or ""
        return Source(article["title"], article["date"] or "", name, self.links.of(article["iri"]))

    def page(self, template: str, values: Mapping[str, Any], *, said: str = "") -> Answer:
        """Return a page; with `said`, what was wrong with what was asked, its status is 400."""
        told = {"said": said, "forms": data_block(forms(self.links, self.lang)), **values}
        return Answer(render(template, self.links, self.lang, told), HTML, 400 if said else 200)

    def entity(self, text: str) -> str:
        """Return the id of the thing that a name or an id means. Raises UsageError."""
        text = text.strip()
        if _ID.fullmatch(text):
            return text
        return _local(entity_called(text, self.store, "name").value)

    def article(self, text: str) -> str:
        """Return the id of the article that an id, a title or an identifier means. Raises UsageError."""
        found = meant(Parameter("article", "article"), text.strip(), self.store, [])
        return _local(getattr(found[0], "value", ""))

    def only_article(self, title: str) -> str:
        """Return the IRI of the one article of this title or identifier; empty where there is none or are several."""
        with suppress(UsageError):
            found = meant(Parameter("article", "article"), title, self.store, [])
            return str(getattr(found[0], "value", "")) if len(found) == 1 else ""
        return ""

    def day(self, text: str, *, last: bool = False) -> str:
        """Return the first day of a day, a month or a year, or the last. Raises UsageError."""
        kind = Parameter("until", "enddate") if last else Parameter("since", "date")
        return str(getattr(meant(kind, text, self.store, [])[0], "value", ""))


def tongue(text: str) -> str:
    """Return the language of a name, for readers aloud."""
    return "zh-Hans" if _CHINESE.search(text) else ""


def why(error: UsageError | Problem) -> str:
    """Return what to say of an error on the page whose form was filled in so."""
    return error.detail if isinstance(error, Problem) else str(error)


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]
