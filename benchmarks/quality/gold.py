"""What a careful reader takes from an article: `NAME.gold.json` beside `NAME.txt` (see tests/gold/README.md)."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLOTS = ("onDate", "startDate", "endDate", "heldAt", "organizer", "participant", "subject")
DATES = ("onDate", "startDate", "endDate", "adoptedOn", "effectiveFrom", "effectiveUntil")
_MARKS = re.compile("[\\s《》〈〉“”‘’「」『』\"']")
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")


def plain(name: str) -> str:
    """Return a name as names are compared: NFKC, folded case, without quotation marks, title marks and spaces."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def literal(predicate: str, value: str) -> str:
    """Return a literal as it is compared: a date without zone and mark of approximation, else a plain name."""
    return _ZONE.sub("", value.lstrip("~")) if predicate in DATES else plain(value)


@dataclass(frozen=True)
class Entity:
    """Something that the text speaks of; events have no names."""

    id: str
    cls: str
    names: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The names as they are compared."""
        return frozenset(map(plain, self.names))


@dataclass(frozen=True)
class Fact:
    """Subject, predicate and value: an entity's id, a literal, or for a post (title, body's id or an empty string)."""

    subject: str
    predicate: str
    value: str | tuple[str, str]


@dataclass(frozen=True)
class Article:
    """An article's entities, facts, and the traps: what a hasty reader would take."""

    name: str
    path: Path
    date: dt.date
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    traps: tuple[Fact, ...]


def read(folder: Path, prefix: str = "") -> list[Article]:
    """Return the articles of `folder` whose names begin with `prefix`. Raises FileNotFoundError if there is none."""
    found = [_article(path) for path in sorted(folder.glob(f"{prefix}*.gold.json"))]
    if not found:
        raise FileNotFoundError(f"there is no {prefix}*.gold.json in {folder}")
    return found


def _article(path: Path) -> Article:
    raw = json.loads(path.read_text("utf-8"))
    entities = tuple(Entity(e["id"], e["type"], tuple(e["names"])) for e in raw["entities"])
    facts, traps = (tuple(_facts(raw.get(part, ()))) for part in ("facts", "not_facts"))
    text = path.with_name(path.name.replace(".gold.json", ".txt"))
    return Article(raw["article"], text, dt.date.fromisoformat(raw["date"]), entities, facts, traps)


def _facts(rows: list[list[Any]]) -> Iterator[Fact]:
    for subject, predicate, value in rows:
        if isinstance(value, dict):
            yield Fact(subject, predicate, (plain(value["title"]), value.get("in") or ""))
        else:
            yield Fact(subject, predicate, value)
