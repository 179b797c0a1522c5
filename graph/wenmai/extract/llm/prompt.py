"""What is asked of the model: one request for one article, which travels as data and never among the instructions."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache

from wenmai.extract.llm import schema
from wenmai.extract.llm.settings import Settings
from wenmai.records import Article, Span
from wenmai.resources import folder


@dataclass(frozen=True)
class Prompt:
    """The instructions, their version, and the words by which an article gives orders to a model."""

    version: str
    system: str
    orders: re.Pattern[str]


@cache
def prompt() -> Prompt:
    """Return what `ontology/llm/prompt.toml` says."""
    with (folder("ontology") / "llm" / "prompt.toml").open("rb") as stream:
        told = tomllib.load(stream)
    system = told["system"].strip() + "\n\n" + schema.described()
    return Prompt(str(told["version"]), system, re.compile("|".join(told["orders"]), re.IGNORECASE))


@cache
def fingerprint() -> str:
    """Return 12 hex digits of a SHA-256 over instructions and schema."""
    return hashlib.sha256((prompt().system + "\0" + schema.text()).encode()).hexdigest()[:12]


def question(article: Article, settings: Settings) -> bytes:
    """Return the body of the request for `article`: the same bytes for the same text, prompt, model and schema."""
    data = {
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "publisher": article.publisher,
        "text": article.text,
    }
    body: dict[str, object] = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": prompt().system},
            {"role": "user", "content": json.dumps({"article": data}, ensure_ascii=False)},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "wenmai", "strict": True, "schema": schema.schema()},
        },
    }
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def orders(text: str) -> list[Span]:
    """Return where `text` gives orders to whoever reads it by machine: from that sentence to its paragraph's end."""
    found: list[Span] = []
    for match in prompt().orders.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        begin = max(text.rfind(mark, 0, match.start()) for mark in "。！？\n") + 1
        end = text.find("\n", match.end())
        found.append(Span(begin, end if end >= 0 else len(text)))
    return found
