"""Markdown as the parts write it: tables, code, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def plain(text: str) -> str:
    """Return `text` so that Markdown reads it as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", " ".join(text.split()))


def prose(text: str) -> str:
    """Return a text of ours, whose backticks mean code and nothing else means anything."""
    parts = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") and len(part) > 1 else plain(part) for part in parts)


def code(text: str) -> str:
    """Return `text` as code within a line."""
    text = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def block(text: str, language: str, force: bool = False) -> str:
    """Return `text` as a block of code; `force`: colours may be left out where the highlighter does not follow."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    head = f"{{code-block}} {language}\n:force:\n" if force else language
    return f"{fence}{head}\n{text.rstrip()}\n{fence}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already; nothing where there are no rows."""
    lines = [" | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell.replace("\n", " ")) for cell in row) for row in rows]
    if not lines:
        return ""
    rule = " | ".join("---" for _ in head)
    return "\n".join(f"| {line} |" for line in (" | ".join(head), rule, *lines)) + "\n"


def anchor(name: str) -> str:
    """Return a line that lets others link to what follows by `name`."""
    return f"({name})=\n"


def names(items: Iterable[str]) -> str:
    """Return names as code, with commas between."""
    return ", ".join(code(item) for item in items)
