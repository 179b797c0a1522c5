"""The page of places: a tree of what lies in what, with counts, that opens step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wenmai.errors import UsageError
from wenmai.serve.answer import Answer
from wenmai.serve.explore.places_task import places as data
from wenmai.serve.html import data_block, texts
from wenmai.serve.problem import Problem
from wenmai.serve.views.frame import Frame, why
from wenmai.store.protocol import Store

ON_A_PAGE = 100


def places(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of the places directly in `under`, a name or an id, or of those that are in none."""
    frame = Frame.of(store, call)
    found: dict[str, Any] = {"path": [], "items": [], "total": 0, "more": False}
    said = ""
    try:
        under = frame.entity(call["under"]) if call["under"] else ""
        found = frame.data(data, under=under, limit=ON_A_PAGE, offset=call["offset"])
    except (UsageError, Problem) as error:
        said = why(error)
    path = [(frame.thing(each), frame.links.to("/places", under=each["id"])) for each in found["path"]]
    words = texts(frame.lang)
    values = {
        "counts_": data_block({name: words[f"v_n_{name}"] for name in ("places", "things", "events")}),
        "under": call["under"],
        "path": path,
        "entries": [
            {
                **each,
                "thing": frame.thing(each["node"]),
                "id": each["node"]["id"],
                "href": frame.links.to("/places", under=each["node"]["id"]) if each["places"] else "",
            }
            for each in found["items"]
        ],
        "total": found["total"],
        "start": call["offset"],
        "after": found["more"] and frame.links.to("/places", under=call["under"], offset=call["offset"] + ON_A_PAGE),
        "before": call["offset"]
        and frame.links.to("/places", under=call["under"], offset=max(0, call["offset"] - ON_A_PAGE)),
        "other_lang": frame.links.in_other(frame.lang).to("/places", under=call["under"]),
    }
    return frame.page("places.html", values, said=said)
