"""The page that compares: two things by who is near them, two articles by what they say, two days by what is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wenmai.errors import UsageError
from wenmai.serve.answer import Answer
from wenmai.serve.explore.compare_task import compare as data
from wenmai.serve.linked.names import Thing
from wenmai.serve.problem import Problem
from wenmai.serve.views.days import days
from wenmai.serve.views.frame import Frame, tongue, why
from wenmai.store.protocol import Store

_DAY = re.compile(r"\d{4}(-\d{2}){0,2}")
_SIDES = ("shared", "only_a", "only_b")


def compare(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page that compares `a` and `b`: names or ids of things, titles or ids of articles, or two days."""
    frame = Frame.of(store, call)
    found: dict[str, Any] = {}
    said = ""
    if call["a"] and call["b"]:
        try:
            if all(_DAY.fullmatch(call[side]) for side in ("a", "b")):
                found = {"kind": "days", **days(frame, frame.day(call["a"]), frame.day(call["b"], last=True))}
            else:
                found = frame.data(data, a=_either(frame, call["a"]), b=_either(frame, call["b"]))
        except (UsageError, Problem) as error:
            said = why(error)
    values: dict[str, Any] = {"a": call["a"], "b": call["b"], "kind": found.get("kind", "")}
    if values["kind"] == "things":
        values |= _things(frame, found)
    elif values["kind"] == "articles":
        values |= _articles(frame, found)
    elif values["kind"] == "days":
        values |= found
    values["other_lang"] = frame.links.in_other(frame.lang).to("/compare", a=call["a"], b=call["b"])
    return frame.page("compare.html", values, said=said)


def _either(frame: Frame, text: str) -> str:
    """Return the id of a thing, or else of an article. Raises UsageError."""
    try:
        return frame.entity(text)
    except UsageError as error:
        try:
            return frame.article(text)
        except UsageError:
            raise error from None


def _things(frame: Frame, found: Mapping[str, Any]) -> dict[str, Any]:
    def lines(edges: list[Mapping[str, Any]], at: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [_line(each, at) for each in edges]

    a, b = found["a"], found["b"]
    lists = []
    for name in _SIDES:
        entries = []
        for each in found[name]:
            ends = [end for end in (a, b) if any(end["id"] in (e["source"], e["target"]) for e in each["edges"])]
            how = [
                (frame.thing(end), lines([e for e in each["edges"] if end["id"] in (e["source"], e["target"])], end))
                for end in ends
            ]
            entries.append({"thing": frame.thing(each["node"]), "how": how})
        lists.append({"name": name, "entries": entries, "total": found["totals"][name]})
    return {
        "one": frame.thing(a),
        "other": frame.thing(b),
        "between": lines(found["between"], a),
        "lists": lists,
    }


def _line(edge: Mapping[str, Any], at: Mapping[str, Any]) -> dict[str, Any]:
    out = edge["symmetric"] or edge["source"] == at["id"]
    return {
        "label": edge["label"],
        "arrow": "" if edge["symmetric"] else "→" if out else "←",
        "modality": edge["modality"],
        "inferred": edge["inferred"],
    }


def _articles(frame: Frame, found: Mapping[str, Any]) -> dict[str, Any]:
    claims = []
    for name in _SIDES:
        entries = []
        for each in found["claims"][name]:
            said = [(side, _claim(frame, each[side])) for side in ("a", "b") if side in each]
            entries.append({"label": each["label"], "said": said})
        claims.append({"name": name, "entries": entries, "total": found["totals"][name]})
    named = {name: [frame.thing(each) for each in found["entities"][name]] for name in _SIDES}
    return {
        "one": frame.source(found["a"]),
        "other": frame.source(found["b"]),
        "lists": claims,
        "things": named,
    }


def _claim(frame: Frame, claim: Mapping[str, Any]) -> dict[str, Any]:
    ends = {side: _end(frame, claim[side]) for side in ("subject", "object")}
    return {**ends, "quote": claim["quote"], "href": frame.links.of(claim["span"]), "modality": claim["modality"]}


def _end(frame: Frame, end: Mapping[str, Any]) -> Thing:
    return Thing(end["label"], frame.links.of(end["iri"]) if end["iri"] else "", tongue(end["label"]))
