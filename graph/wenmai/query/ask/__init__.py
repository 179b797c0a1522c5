"""Questions in Chinese, by templates that are data: understood, turned into a query of the library, and answered."""

from __future__ import annotations

from wenmai.query.ask.answer import Item, Reply, Words, as_json, ask
from wenmai.query.ask.match import MOST_CHARACTERS, Understood, Value, near, period, understand
from wenmai.query.ask.template import Template, templates

__all__ = [
    "MOST_CHARACTERS",
    "Item",
    "Reply",
    "Template",
    "Understood",
    "Value",
    "Words",
    "as_json",
    "ask",
    "near",
    "period",
    "templates",
    "understand",
]
