"""What a worker does for the reading list: articles that meet conditions, the newest first, and what is in them."""

from __future__ import annotations

from collections import Counter
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
COUNTED = 100
"""The newest articles of a result, whose mentions and events are counted."""
_SHOWN = 30
"""Values of a facet."""
_FOUND = f"SELECT DISTINCT ?a ?day {{ %s OPTIONAL {{ ?a {_PUBLISHED_ON} ?day }} }}"
_DATED = f"SELECT ?a ?day {{ ?a {_PUBLISHED_ON} ?day }}"
_HOW_MANY = f"SELECT (COUNT(?a) AS ?n) {{ ?a a {_ARTICLE} }}"
_PAPERS = f"SELECT ?a ?paper {{ %s ?a {_PUBLISHED_IN} ?paper }}"
_MENTIONED = f"SELECT ?e (COUNT(?a) AS ?n) {{ VALUES ?a {{ %s }} ?a {_MENTIONS} ?e }} GROUP BY ?e"
_EVENTS = f"""SELECT ?class (COUNT(DISTINCT ?a) AS ?n) {{
  {{ SELECT ?a ?e {{ VALUES ?a {{ %s }} ?a {_MENTIONS} ?e . ?e {terms.EVENT_STATUS} ?status }} }}
  ?e a ?class FILTER(?class IN (%s))
}} GROUP BY ?class"""
_HEADS = f"""SELECT ?a ?id ?title ?day ?paper {{ VALUES ?a {{ %s }} ?a {terms.IDENTIFIER} ?id
  OPTIONAL {{ ?a {terms.TITLE} ?title }} OPTIONAL {{ ?a {_PUBLISHED_ON} ?day }}
  OPTIONAL {{ ?a {_PUBLISHED_IN} ?paper }} }}"""
_CLAIMS = f"SELECT ?a (COUNT(?c) AS ?n) {{ VALUES ?a {{ %s }} GRAPH ?g {{ ?c {_STATED_IN} ?a }} }} GROUP BY ?a"


def articles(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the articles that meet all conditions, a page of them, and counts by facet. Raises Problem 404, 410.

    Papers and months are counted in all of the result, things and classes of events in its `COUNTED` newest.
    """
    lang: Lang = call["lang"]
    where = _where(store, call)
    found = [each for each in _found(store, where) if each[0].startswith(call["month"])]
    newest = [iri for _, iri in found[:COUNTED]]
    page = [iri for _, iri in found[call["offset"] : call["offset"] + call["limit"]]]
    months = Counter(day[:7] for day, _ in found)
    papers = _papers(store, [iri for _, iri in found])
    facets = {
        "papers": _counted(store, papers, lang),
        "months": [{"month": month or None, "count": months[month]} for month in sorted(months, reverse=True)],
        "entities": _counted(store, _mentioned(store, newest), lang),
        "classes": _classes(store, newest, lang),
    }
    told = {"articles": heads(store, page, lang), "total": len(found), "facets": facets, "counted": len(newest)}
    return answer(told | {"more": call["offset"] + len(page) < len(found)})


def _where(store: Store, call: Mapping[str, Any]) -> str:
    """Return the conditions but for the month as a pattern of ?a; it is empty where there are none."""
    found = []
    if call["paper"]:
        found.append(f"?a {_PUBLISHED_IN} {ox.NamedNode(things(store, [call['paper']])[0])} .")
    for iri in things(store, call["entities"]) if call["entities"] else ():
        found.append(f"?a {_MENTIONS} {ox.NamedNode(iri)} .")
    if call["class"]:
        kind = terms.term(call["class"])
        found.append(f"{{ SELECT DISTINCT ?a {{ ?of a {kind} . ?a {_MENTIONS} ?of }} }}")
    return " ".join(found)


def _found(store: Store, where: str) -> list[tuple[str, str]]:
    """Return the articles that meet the conditions with their days (empty without), the newest first."""
    if where:
        answer = rows(store, _FOUND, where)
    else:  # articles that all have a day are read from the index of days, in a third of the time
        answer = rows(store, _DATED)
        (many,) = next(rows(store, _HOW_MANY))
        dated = list(answer)
        answer = iter(dated) if len(dated) == int(many.value) else rows(store, _FOUND, f"?a a {_ARTICLE} .")
    found = [(day.value if day is not None else "", article.value) for article, day in answer]
    found.sort(key=lambda each: each[1])
    found.sort(key=lambda each: each[0], reverse=True)
    return found


def _papers(store: Store, found: list[str]) -> dict[str, int]:
    """Return the papers of a result with their articles; of a large one those of all articles are looked through."""
    values = f"VALUES ?a {{ {_list(found)} }}" if len(found) <= COUNTED else ""
    among = frozenset(found)
    return Counter(paper.value for article, paper in rows(store, _PAPERS, values) if article.value in among)


def _counted(store: Store, found: Mapping[str, int], lang: Lang) -> list[dict[str, Any]]:
    order = sorted(found, key=lambda iri: (-found[iri], iri))[:_SHOWN]
    made = nodes(store, order, lang) if order else []
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
    made = {node["iri"]: node for node in nodes(store, named, lang)} if named else {}
    for iri, head in found.items():
        head["paper"] = made[papers[iri]] if iri in papers else None
    return [found[iri] for iri in wanted if iri in found]


def _list(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)
