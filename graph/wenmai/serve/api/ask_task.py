"""What a worker does for `/ask.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wenmai.query.ask import as_json, ask, templates
from wenmai.serve.answer import Answer
from wenmai.store.protocol import Store

JSON = "application/json"
_TEXT = {"type": "string"}
_TEMPLATE = {"type": "object", "properties": {"name": _TEXT, "title": _TEXT, "title_en": _TEXT, "example": _TEXT}}
_EVIDENCE = {"quote": _TEXT, "title": _TEXT, "date": {"type": ["string", "null"]}, "modality": _TEXT}
_ANSWER = {
    "text": _TEXT,
    "id": {"type": ["string", "null"]},
    "iri": {"type": ["string", "null"]},
    "modality": _TEXT,
    "evidence": {"type": "array", "items": {"type": "object", "properties": _EVIDENCE, "required": list(_EVIDENCE)}},
}
_QUERY = {"name": _TEXT, "parameters": {"type": "object"}, "path": _TEXT, "sparql": _TEXT}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "question": _TEXT,
        "understood": {"type": "boolean"},
        "templates": {"type": "array", "items": _TEMPLATE},
        "near": {"type": "array", "items": _TEMPLATE},
        "template": _TEMPLATE,
        "slots": {"type": "array"},
        "unknown": {"type": "array"},
        "query": {"type": "object", "properties": _QUERY, "required": list(_QUERY)},
        "answers": {"type": "array", "items": {"type": "object", "properties": _ANSWER, "required": list(_ANSWER)}},
        "notes": {"type": "array", "items": _TEXT},
        "more": {"type": "boolean"},
    },
}
"""The members of an answer; which are there depends on whether there was a question and whether it is understood."""


def answered(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer the question `q`. Raises UsageError for one that is too long or has no word, StoreError."""
    return _json(as_json(ask(store, call["q"]), store))


def known(_: Store, __: Mapping[str, Any]) -> Answer:
    """Answer with the questions that are understood."""
    listed = [
        {"name": each.name, "title": each.title_zh, "title_en": each.title_en, "example": each.examples[0][0]}
        for each in templates().values()
    ]
    return _json({"templates": listed})


def _json(value: Mapping[str, Any]) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), JSON)
