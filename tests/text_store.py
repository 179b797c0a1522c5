"""Small stores of texts for the tests of the index: made-up articles, and all that an index can be asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st

from conftest import Command
from wenmai.namespaces import DCTERMS, DEFAULT_BASE, NIF, RDF, SKOS, WENMAI, XSD
from wenmai.query.search import names, search
from wenmai.store import DEFAULT, MemoryStore, Store

LETTERS = [*"申能集腾騰云雲（(，。！!?*\"'^+-:{}ＡaAßﬁ㈱0０ \u3000\n\t", "𠮷", "e\u0301", "\u0301", "é", "ｶ", "ﾞ", "ガ"]
LETTERS += ["\u1112", "\u1161", "\u11ab", "한", "\ue021", "\ue0fe", "\ue0ff", "\u200b", "i\u0307", "İ"]
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=30).map("".join)

ARTICLES = {
    "a1": ("2021-03-05", "港区新闻", "海棠能源（集团）有限公司昨天与远山航运签署协议。双方说，海棠将在云岭港建码头。"),
    "a2": ("2021-03-06", "續報", "雲嶺港務局表示，海棠能源的ＡＢＣ碼頭下月開工！遠山航運沒有回應。"),
    "a3": ("", "无日期", "云岭的𠮷田先生说：“海棠能源　ABC 码头很好。”\n远山 Shipping  Line 也这样看"),
}
"""Each with its day, its title and its text; the names are invented."""


def node(local: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + local)


def term(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def quads(identifier: str, body: str, day: str = "", title: str = "") -> list[ox.Quad]:
    """Return the lines of an article's node in its graph."""
    subject, graph = node(f"id/article-{identifier}"), node(f"graph/article-{identifier}")
    lines: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (term(RDF + "type"), term(WENMAI + "Article")),
        (term(NIF + "isString"), ox.Literal(body)),
        (term(DCTERMS + "identifier"), ox.Literal(identifier)),
        (term(DCTERMS + "title"), ox.Literal(title, language="zh")),
    ]
    if day:
        lines.append((term(WENMAI + "publishedOn"), ox.Literal(day, datatype=term(XSD + "date"))))
    return [ox.Quad(subject, predicate, value, graph) for predicate, value in lines]


def named(local: str, name: str, *, preferred: bool = True, cls: str = "Company") -> list[ox.Quad]:
    predicate = SKOS + ("prefLabel" if preferred else "altLabel")
    subject = node(f"id/{local}")
    return [
        ox.Quad(subject, term(RDF + "type"), term(WENMAI + cls), DEFAULT),
        ox.Quad(subject, term(predicate), ox.Literal(name, language="zh"), DEFAULT),
    ]


def everything(store: Store, queries: Sequence[str]) -> dict[str, object]:
    """Return all that a store's index can be asked."""
    index = store.index()
    assert index is not None
    found_now: dict[str, object] = {query: search(store, query, 10_000) for query in queries}
    found_now |= {f"name {query}": names(store, query, 10_000) for query in queries}
    found_now["hits"] = {q: sorted(str(p) for p in index.sentences([q])) for q in queries}
    found_now["names"] = {q: sorted(str(n) for n in index.names(q)) for q in queries}
    found_now["initials"] = {q: sorted(str(n) for n in index.initials(q)) for q in (*queries, "sn", "nj", "sy")}
    found_now["tally"] = None if (tally := store.tally()) is None else tally.as_json()
    return found_now


def assert_as_made_anew(store: Store, queries: Sequence[str]) -> None:
    fresh = MemoryStore(store.base, store.match())
    assert everything(store, queries) == everything(fresh, queries)


def sources(folder: Path, articles: dict[str, tuple[str, str, str]] = ARTICLES) -> Path:
    folder.mkdir(exist_ok=True)
    for name, (day, title, body) in articles.items():
        head = f"title: {title}\n" + (f"date: {day}\n" if day else "")
        (folder / f"{name}.txt").write_text(f"---\n{head}---\n\n{body}\n", "utf-8")
    return folder


def asked(wenmai: Command, store: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    done = wenmai("search", *words, "--format", "json", "--store", store)
    assert done.returncode == 0, done.stderr
    result: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return result
