"""What the explorer's routes are, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from wenmai.serve.explore import cite_task, export_task
from wenmai.serve.explore.drawing import MODALITIES
from wenmai.serve.fields import FORM

JSON = "application/json"
_TEXT: dict[str, Any] = {"type": "string"}
_ID: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"}
_DAY: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
_OPTIONAL_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NODE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "iri": _TEXT,
        "label": _TEXT,
        "class": _TEXT,
        "kind": _TEXT,
        "degree": {"type": ["integer", "null"]},
        "status": _TEXT,
        "begin": _OPTIONAL_TEXT,
        "end": _OPTIONAL_TEXT,
    },
    "required": ["id", "iri", "label", "class", "kind", "degree"],
}
_EDGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "source": _TEXT,
        "target": _TEXT,
        "predicate": _TEXT,
        "label": _TEXT,
        "modality": {"enum": list(MODALITIES)},
        "inferred": {"type": "boolean"},
        "symmetric": {"type": "boolean"},
        "confidence": {"type": ["number", "null"]},
        "claims": _WHOLE,
        "modalities": {"type": "object", "additionalProperties": _WHOLE},
        "first": _OPTIONAL_TEXT,
        "last": _OPTIONAL_TEXT,
        "dates": {"type": "array", "items": _TEXT},
    },
}
_EDGE["required"] = list(_EDGE["properties"])
_LANG = {"lang": ({"type": "string", "enum": ["zh", "en"]}, "The language of labels", False)}
_LIMIT = {
    "limit": ({"type": "integer", "minimum": 0, "maximum": 200}, "Entries of an answer", False),
    "offset": ({"type": "integer", "minimum": 0, "maximum": 100_000}, "Entries that are passed over", False),
}
_RANGE = {
    "since": (_DAY, "A day, month or year: not over before it", False),
    "until": (_DAY, "A day, month or year: begun by it", False),
}
_FACT = {
    "s": (_ID, "The id of the subject", True),
    "p": (_TEXT, "The local name of the property", True),
    "o": (_ID, "The id of the object", False),
    "v": (_TEXT, "The text of the object where it is a value", False),
}
_IDS = {"id": ({"type": "array", "items": _ID, "minItems": 1, "maxItems": 50}, "The ids of things", True)}


def _drawing(**more: Any) -> dict[str, Any]:
    members = {"nodes": {"type": "array", "items": _NODE}, "edges": {"type": "array", "items": _EDGE}, **more}
    return {JSON: {"type": "object", "properties": members, "required": list(members)}}


def _lists(*names: str, **more: Any) -> dict[str, Any]:
    members = {**{name: {"type": "array"} for name in names}, **more}
    return {JSON: {"type": "object", "properties": members, "required": list(members)}}


_PAGED: dict[str, Any] = {"total": _WHOLE, "more": {"type": "boolean"}}


def _told(summary: str, parameters: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    return {"summary": summary, "parameters": {**parameters, **_LANG}, "answers": answers}


DESCRIBED: dict[str, Any] = {
    "/explore/start": _told(
        "A picture to begin with: what is most connected of what is in the news", {}, _drawing(**_PAGED)
    ),
    "/explore/around": _told("Things and those near them, the most connected first", _IDS | _LIMIT, _drawing(**_PAGED)),
    "/explore/among": _told(
        "Things, those of them that are there, and all lines between them",
        {"ids": (_TEXT, "The ids of things, 500 at most, with spaces between them", True)},
        _drawing(),
    ),
    "/explore/path": _told(
        "A shortest chain of facts between two things, of six at most; 404 where there is none",
        {"from": (_ID, "One end", True), "to": (_ID, "The other end", True)},
        _drawing(length=_WHOLE),
    ),
    "/explore/common": _told(
        "Things that are near all of several", _IDS | {"limit": _LIMIT["limit"]}, _drawing(**_PAGED)
    ),
    "/explore/card": _told(
        "A thing: names, facts, events, posts, values",
        {"id": (_ID, "The id of the thing", True)},
        _lists("names", "facts", "events", "posts", "values", node=_NODE, articles=_WHOLE, **_PAGED),
    ),
    "/explore/evidence": _told(
        "The claims a line stands on, those against it, and why it follows",
        _FACT,
        _lists("claims", "against", "why", fact={"type": "object"}, more=_WHOLE),
    ),
    "/explore/timeline": _told(
        "Events, posts and dates of policies of one thing, or all events",
        {"id": (_ID, "The id of the thing", False), "order": ({"enum": ["asc", "desc"]}, "The order of days", False)}
        | _RANGE
        | _LIMIT,
        _lists("items", "months", node={"type": ["object", "null"]}, **_PAGED),
    ),
    "/explore/places": _told(
        "The places directly in a place, or in none, with how much is in each",
        {"under": (_ID, "The id of the place", False)} | _LIMIT,
        _lists("path", "items", **_PAGED),
    ),
    "/explore/articles": _told(
        "Articles that meet all conditions, the newest first, with counts by facet",
        {
            "paper": (_ID, "The id of a paper", False),
            "month": ({"type": "string", "pattern": r"^\d{4}(-\d{2})?$"}, "A month or a year", False),
            "entity": (
                {"type": "array", "items": _ID, "maxItems": 5},
                "The ids of things they mention, all of them",
                False,
            ),
            "class": (_TEXT, "A class of events, one of which they mention", False),
        }
        | _LIMIT,
        _lists("articles", facets={"type": "object"}, counted=_WHOLE, **_PAGED),
    ),
    "/explore/compare": _told(
        "What two things, or two articles, share and what each has alone",
        {"a": (_ID, "The id of one", True), "b": (_ID, "The id of the other", True)},
        {JSON: {"type": "object", "properties": {"kind": {"enum": ["things", "articles"]}}, "required": ["kind"]}},
    ),
    "/explore/cite": _told(
        "A citation of a line: article, day, paper, words and IRI",
        _FACT | {"format": ({"type": "string", "enum": list(cite_task.MEDIA)}, "How it is written", False)},
        {media.partition(";")[0]: _TEXT for media in cite_task.MEDIA.values()},
    ),
    "/explore/export": {
        "summary": "What is seen as a file",
        "description": "`ids` are ids with spaces between them, 2,000 at most (1,500 for SVG); the lines between them "
        "may be chosen by `edges` (ids of edges), `modality`, `inferred` (1 or 0), `confidence`, `since`, `until`.",
        "parameters": {},
        "body": {
            FORM: {
                "type": "object",
                "properties": {
                    "format": {"enum": list(export_task.MEDIA)},
                    "ids": _TEXT,
                    "edges": _TEXT,
                    "modality": {"type": "array", "items": {"enum": list(MODALITIES)}},
                    "inferred": {"enum": ["1", "0"]},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                    "since": _DAY,
                    "until": _DAY,
                },
                "required": ["ids"],
            }
        },
        "answers": {media.partition(";")[0]: {} for media in export_task.MEDIA.values()},
    },
}
