"""What a worker does for the reading list: articles that meet conditions, the newest first, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.serve.answer import Answer
from wenmai.serve.explore.drawing import local, nodes
from wenmai.serve.explore.picture_task import answer, things
from wenmai.serve.html import Lang
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store
from wenmai.triples import terms

_ARTICLE, _MENTIONS = terms.term("Article"), terms.term("mentions")
_PUBLISHED_ON, _PUBLISHED_IN, _STATED_IN = (terms.term(name) for name in ("publishedOn", "publishedIn", "statedIn"))
COUNTED = 300
"""The newest articles of a result, whose mentions and events are counted."""
_SHOWN = 30
"""Values of a facet."""
_DATED = f"OPTIONAL {{ ?a {_PUBLISHED_ON} ?day }}"
_MONTHS = f"""SELECT ?month (COUNT(DISTINCT ?a) AS ?n) {{
  %s {_DATED} BIND(SUBSTR(STR(?day), 1, 7) AS ?month) }} GROUP BY ?month"""
_PAPERS = f"SELECT ?paper (COUNT(DISTINCT ?a) AS ?n) {{ %s ?a {_PUBLISHED_IN} ?paper }} GROUP BY ?paper"
_NEWEST = f"SELECT DISTINCT ?a ?day {{ %s {_DATED} }} ORDER BY DESC(?day) ?a LIMIT %s OFFSET %s"
_MENTIONED = f"SELECT ?e (COUNT(?a) AS ?n) {{ VALUES ?a {{ %s }} ?a {_MENTIONS} ?e }} GROUP BY ?e"
_EVENTS = f"""SELECT ?class (COUNT(DISTINCT ?a) AS ?n) {{
  VALUES ?a {{ %s }} ?a {_MENTIONS} ?e . ?e a ?class FILTER(?class IN (%s)) }} GROUP BY ?class"""
_HEADS = f"""SELECT ?a ?id ?title ?day ?paper {{ VALUES ?a {{ %s }} ?a {terms.IDENTIFIER} ?id
  OPTIONAL {{ ?a {terms.TITLE} ?title }} {_DATED} OPTIONAL {{ ?a {_PUBLISHED_IN} ?paper }} }}"""
_CLAIMS = f"SELECT ?a (COUNT(?c) AS ?n) {{ VALUES ?a {{ %s }} GRAPH ?g {{ ?c {_STATED_IN} ?a }} }} GROUP BY ?a"


def articles(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the articles that meet all conditions, a page of them, and counts by facet. Raises Problem 404, 410.

    Papers and months are counted in all of the result, things and classes of events in its `COUNTED` newest.
    """
    lang: Lang = call["lang"]
    where = _where(store, call)
    months = {(month.value if month else ""): int(n.value) for month, n in rows(store, _MONTHS, where)}
    total = sum(months.values())
    newest = [article.value for article, _ in rows(store, _NEWEST, where, COUNTED, 0)]
    end = call["offset"] + call["limit"]
    page = newest[call["offset"] : end]
    if end > COUNTED and total > COUNTED:
        page = [article.value for article, _ in rows(store, _NEWEST, where, call["limit"], call["offset"])]
    papers = {paper.value: int(number.value) for paper, number in rows(store, _PAPERS, where)}
    facets = {
        "papers": _counted(store, papers, lang),
        "months": [{"month": month or None, "count": months[month]} for month in sorted(months, reverse=True)],
        "entities": _counted(store, _mentioned(store, newest), lang),
        "classes": _classes(store, newest, lang),
    }
    told = {"articles": heads(store, page, lang), "total": total, "more": call["offset"] + len(page) < total}
    return answer(told | {"facets": facets, "counted": min(total, COUNTED)})


def _where(store: Store, call: Mapping[str, Any]) -> str:
    """Return the conditions as a pattern of ?a, each in a variable of its own."""
    found = [f"?a a {_ARTICLE} ."]
    if call["paper"]:
        found.append(f"?a {_PUBLISHED_IN} {ox.NamedNode(things(store, [call['paper']])[0])} .")
    for iri in things(store, call["entities"]) if call["entities"] else ():
        found.append(f"?a {_MENTIONS} {ox.NamedNode(iri)} .")
    if call["class"]:
        kind = terms.term(call["class"])
        found.append(f"FILTER EXISTS {{ ?a {_MENTIONS} ?of_class . ?of_class a {kind} }}")
    if call["month"]:
        month = ox.Literal(call["month"])
        found.append(f"?a {_PUBLISHED_ON} ?published FILTER(STRSTARTS(STR(?published), {month}))")
    return " ".join([*found[1:], found[0]])


def _counted(store: Store, found: Mapping[str, int], lang: Lang) -> list[dict[str, Any]]:
    order = sorted(found, key=lambda iri: (-found[iri], iri))[:_SHOWN]
    made = nodes(store, order, lang, {}) if order else []
    return [{"node": node, "count": found[node["iri"]]} for node in made]


def _mentioned(store: Store, newest: list[str]) -> dict[str, int]:
    if not newest:
        return {}
    found = {node.value: int(number.value) for node, number in rows(store, _MENTIONED, _list(newest))}
    return {iri: n for iri, n in found.items() if not local(iri).startswith(("event-", "post-"))}


def _classes(store: Store, newest: list[str], lang: Lang) -> list[dict[str, Any]]:
    known = [name for name in ontology.subclasses("Event") if name != "Event"]
    kinds = ", ".join(str(terms.term(name)) for name in known)
    counted = rows(store, _EVENTS, _list(newest), kinds) if newest else ()
    found = {kind.value.removeprefix(WENMAI): int(number.value) for kind, number in counted}
    order = sorted(found, key=lambda name: (-found[name], name))
    return [{"class": name, "label": ontology.label(name, lang), "count": found[name]} for name in order]


def heads(store: Store, wanted: list[str], lang: Lang) -> list[dict[str, Any]]:
    """Return articles as a list shows them, in the order of `wanted`."""
    if not wanted:
        return []
    some = _list(wanted)
    claims = {article.value: int(number.value) for article, number in rows(store, _CLAIMS, some)}
    found: dict[str, dict[str, Any]] = {}
    papers: dict[str, str] = {}
    for article, identifier, title, day, paper in rows(store, _HEADS, some):
        if paper is not None:
            papers.setdefault(article.value, paper.value)
        found[article.value] = {
            "id": local(article.value),
            "iri": article.value,
            "identifier": identifier.value,
            "title": title.value if title is not None else identifier.value,
            "date": day.value if day is not None else None,
            "claims": claims.get(article.value, 0),
        }
    named = list(dict.fromkeys(papers.values()))
    made = {node["iri"]: node for node in nodes(store, named, lang, {})} if named else {}
    for iri, head in found.items():
        head["paper"] = made[papers[iri]] if iri in papers else None
    return [found[iri] for iri in wanted if iri in found]


def _list(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)
