"""The page of time: events, posts and the dates of policies, of one thing or of all, by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wenmai.errors import UsageError
from wenmai.serve.answer import Answer
from wenmai.serve.explore.timeline_task import FIRST, LAST
from wenmai.serve.explore.timeline_task import timeline as data
from wenmai.serve.problem import Problem
from wenmai.serve.views.frame import Frame, why
from wenmai.store.protocol import Store

ON_A_PAGE = 50
_BARS = 60
"""Bars of the histogram: months, or years where there are more months."""


def timeline(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of what happened to `of`, a name or an id, or of all events, from `since` to `until`."""
    frame = Frame.of(store, call)
    asked = {name: call[name] for name in ("of", "since", "until", "order")}
    found: dict[str, Any] = {"node": None, "items": [], "total": 0, "more": False, "months": []}
    said = ""
    try:
        found = frame.data(
            data,
            id=frame.entity(call["of"]) if call["of"] else "",
            since=frame.day(call["since"]) if call["since"] else FIRST,
            until=frame.day(call["until"], last=True) if call["until"] else LAST,
            order=call["order"],
            limit=ON_A_PAGE,
            offset=call["offset"],
        )
    except (UsageError, Problem) as error:
        said = why(error)

    def at(**more: str | int) -> str:
        return frame.links.to("/timeline", **{**asked, **more})

    values = {
        "asked": asked,
        "about": frame.thing(found["node"]) if found["node"] else None,
        "entries": [_entry(frame, each) for each in found["items"]],
        "total": found["total"],
        "start": call["offset"],
        "bars": _bars(found["months"], at),
        "before": call["offset"] and at(offset=max(0, call["offset"] - ON_A_PAGE)),
        "after": found["more"] and at(offset=call["offset"] + ON_A_PAGE),
        "other_lang": frame.links.in_other(frame.lang).to("/timeline", **asked),
    }
    return frame.page("timeline.html", values, said=said)


def _entry(frame: Frame, item: Mapping[str, Any]) -> dict[str, Any]:
    others: dict[str, list[Any]] = {}
    for each in item["with"]:
        others.setdefault(each["label"], []).append(frame.thing(each["node"]))
    begin, end = item["begin"], item["end"]
    edge = item["edge"]
    return {
        "kind": item["kind"],
        "when": _when(begin, end),
        "begin": begin,
        "thing": frame.thing(item["node"]),
        "how": [each["label"] for each in item["predicates"]] if item["kind"] != "post" else [edge["label"]],
        "others": list(others.items()),
        "modality": edge["modality"] if edge else "",
        "status": item["node"].get("status", ""),
    }


def _when(begin: str, end: str) -> str:
    """Return a stretch of days as people write it: a day, a month, a year, or from day to day."""
    if begin == end:
        return begin
    if (begin[5:], end[5:]) == ("01-01", "12-31") and begin[:4] == end[:4]:
        return begin[:4]
    if begin[:7] == end[:7] and begin.endswith("-01") and int(end[8:]) >= 28:
        return begin[:7]
    return f"{begin} – {end}"


def _bars(months: list[Mapping[str, Any]], at: Any) -> list[dict[str, Any]]:
    """Return the bars of the histogram, each a stretch of time that leads to what is in it; months, or else years."""
    counts: dict[str, int] = {each["month"]: each["count"] for each in months}
    stretch = _months(min(counts), max(counts)) if counts else []
    if len(stretch) > _BARS:
        years: dict[str, int] = {}
        for month, number in counts.items():
            years[month[:4]] = years.get(month[:4], 0) + number
        counts = years
        # Years far apart, as of old laws, would leave a row of nothing between them.
        whole = [f"{year:04}" for year in range(int(min(years)), int(max(years)) + 1)]
        stretch = whole if len(whole) <= _BARS else sorted(years)[-_BARS:]
    most = max(counts.values(), default=1)
    return [
        {
            "label": label,
            "count": n,
            "share": max(2, round(100 * n / most)) if n else 0,
            "href": at(since=label, until=label),
        }
        for label in stretch
        for n in [counts.get(label, 0)]
    ]


def _months(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included, up to one more than are drawn."""
    at, end = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(at, min(end, at + _BARS) + 1)]
