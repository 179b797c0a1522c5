"""Doubts as a list for people, as JSON, as CSV."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from wenmai.errors import UsageError
from wenmai.review.doubt import Doubt, Named, Words

FORMATS = ("table", "json", "csv")

_LONGEST = 120
_MOST_COMMANDS = 8
_COLUMNS = ("id", "kind", "weight", "what", "about", "ids", "why", "against", "claims", "articles", "words", "commands")


def write(doubts: Sequence[Doubt], format: str, stream: TextIO) -> None:
    """Write doubts to `stream`: `table`, a few lines for each; `json`, one array; `csv`, a row each.

    Raises UsageError for another format.
    """
    if format == "table":
        for doubt in doubts:
            stream.write("\n".join(map(plain, _block(doubt))) + "\n\n")
    elif format == "json":
        stream.write(json.dumps([as_json(doubt) for doubt in doubts], ensure_ascii=False, indent=1) + "\n")
    elif format == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(map(_row, doubts))
    else:
        raise UsageError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")


def as_json(doubt: Doubt) -> dict[str, object]:
    """Return a doubt as JSON has it: its id first, then its fields."""
    fields = asdict(doubt)
    del fields["key"]
    return {"id": doubt.id, **fields}


def plain(text: str) -> str:
    """Return `text` on one line, without what moves a cursor or turns the direction of writing."""
    kept = (c if c == "\u3000" or c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return " ".join("".join(kept).split(" "))


def called(named: Named) -> str:
    """Say who is meant: name, class and id."""
    return f"{named.name} ({named.cls} {named.id})" if named.cls else named.id


def quote(words: Words) -> str:
    """Say where words stand and what they are, long ones cut."""
    text = " ".join(unicodedata.normalize("NFC", words.quote).split())
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    day = f" {words.published}" if words.published and not words.article.startswith(words.published) else ""
    return f"{words.article}{day} [{words.begin},{words.end}] “{shown}”"


def _block(doubt: Doubt) -> list[str]:
    lines = [f"{doubt.weight:.2f}  {doubt.id}  {doubt.what}"]
    lines += [f"      {called(named)}" for named in doubt.about]
    lines += [f"  why {reason}" for reason in doubt.why]
    lines += [f"  but {reason}" for reason in doubt.against]
    lines += [f"  in  {words}" for words in dict.fromkeys(map(quote, doubt.words))]
    lines += [f"  do  {command}" for command in doubt.commands[:_MOST_COMMANDS]]
    if len(doubt.commands) > _MOST_COMMANDS:
        lines.append(f"      … {len(doubt.commands) - _MOST_COMMANDS} more; --format json has them all")
    return lines


def _row(doubt: Doubt) -> list[object]:
    articles = dict.fromkeys(words.article for words in doubt.words)
    return [
        doubt.id,
        doubt.kind,
        doubt.weight,
        doubt.what,
        " | ".join(named.name for named in doubt.about),
        " ".join(named.id for named in doubt.about),
        " | ".join(doubt.why),
        " | ".join(doubt.against),
        " ".join(doubt.claims),
        " ".join(articles),
        " | ".join(words.quote for words in doubt.words),
        " | ".join(doubt.commands),
    ]
