"""The page of articles: a reading list that papers, months, things and classes of events narrow."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import Any

from wenmai.errors import UsageError
from wenmai.serve.answer import Answer
from wenmai.serve.explore.articles_task import articles as data
from wenmai.serve.problem import Problem
from wenmai.serve.views.frame import Frame, tongue, why
from wenmai.store.protocol import Store

ON_A_PAGE = 30
_SHOWN = 12
"""Values of a facet that stand open; the others are behind a summary."""


def articles(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of the articles that meet all of `paper`, `month`, `entities`, `class`."""
    frame = Frame.of(store, call)
    chosen: dict[str, Any] = {name: call[name] for name in ("paper", "month", "class")}
    chosen["entities"] = list(call["entities"])
    found: dict[str, Any] = {"articles": [], "total": 0, "more": False, "counted": 0, "facets": {}}
    said = ""
    try:
        chosen["entities"] = list(dict.fromkeys(map(frame.entity, call["entities"])))
        found = frame.data(data, **chosen, limit=ON_A_PAGE, offset=call["offset"])
    except (UsageError, Problem) as error:
        said = why(error)
    facets = _facets(frame, chosen, found["facets"])
    values = {
        "articles": [{"source": frame.source(each), "claims": each["claims"]} for each in found["articles"]],
        "total": found["total"],
        "start": call["offset"],
        "facets": facets,
        "chosen": [(name, value) for name, values in _pairs(chosen).items() for value in values],
        "whole": frame.links.to("/articles"),
        "narrowed": any(chosen.values()),
        "partly": found["counted"] if found["counted"] < found["total"] else 0,
        "before": call["offset"] and _at(frame, chosen, offset=max(0, call["offset"] - ON_A_PAGE)),
        "after": found["more"] and _at(frame, chosen, offset=call["offset"] + ON_A_PAGE),
        "other_lang": _at(Frame(store, frame.links.in_other(frame.lang), frame.lang), chosen),
    }
    return frame.page("articles.html", values, said=said)


def _facets(frame: Frame, chosen: dict[str, Any], facets: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the facets, each a name and values that are put on or taken off."""

    def value(name: str, key: str, label: str, count: int) -> dict[str, Any]:
        on = key in chosen[name] if name == "entities" else chosen[name] == key
        if name == "entities":
            others = [each for each in chosen[name] if each != key]
            after: Any = others if on else [*others, key]
        else:
            after = "" if on else key
        href = _at(frame, {**chosen, name: after})
        return {"label": label, "lang": tongue(label), "count": count, "href": href, "on": on}

    listed: list[tuple[str, list[dict[str, Any]]]] = [
        ("paper", [value("paper", e["node"]["id"], e["node"]["label"], e["count"]) for e in facets.get("papers", ())]),
        ("month", [value("month", e["month"], e["month"], e["count"]) for e in facets.get("months", ()) if e["month"]]),
        ("entities", [_entity(value, each) for each in facets.get("entities", ())]),
        ("class", [value("class", e["class"], e["label"], e["count"]) for e in facets.get("classes", ())]),
    ]
    return [
        {"name": name, "shown": values[:_SHOWN], "more": values[_SHOWN:]}
        for name, unsorted in listed
        if (values := sorted(unsorted, key=lambda each: not each["on"]))
    ]


def _entity(value: Any, each: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = value("entities", each["node"]["id"], each["node"]["label"], each["count"])
    return found


def _pairs(chosen: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is chosen as fields of a form."""
    return {
        "paper": [chosen["paper"]] if chosen["paper"] else [],
        "month": [chosen["month"]] if chosen["month"] else [],
        "class": [chosen["class"]] if chosen["class"] else [],
        "entity": list(chosen["entities"]),
    }


def _at(frame: Frame, chosen: Mapping[str, Any], offset: int = 0) -> str:
    pairs = [(name, value) for name, values in _pairs(chosen).items() for value in values]
    if offset:
        pairs.append(("offset", str(offset)))
    path = frame.links.to("/articles")
    asked = urllib.parse.urlencode(pairs)
    return path + ("&" if "?" in path else "?") + asked if asked else path
