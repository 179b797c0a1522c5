"""JSON Lines: one article a line; a JSON file with one record or a list of them is read too."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from wenmai.read.assemble import Origin, ReadOptions, assemble
from wenmai.read.decode import UnreadableError, clean, decode, is_mojibake
from wenmai.read.page import article
from wenmai.read.text import Metadata, split_names
from wenmai.records import Article, Refusal

_TEXT = ("text", "content", "body", "正文", "内容")
_TITLE = ("title", "headline", "标题")
_DATE = ("date", "published", "publish_date", "publishdate", "time", "日期", "发布时间")
_PAPER = ("source", "publisher", "media", "来源")
_AUTHORS = ("authors", "author", "作者", "记者")


def read(name: str, stem: str, data: bytes, options: ReadOptions) -> Iterator[Article | Refusal]:
    """Yield the article of each record, and a `Refusal` that names the line for each that is broken.

    A record without an id is `STEM#n`, n being its line. Raises UnreadableError if the bytes are no text.
    """
    decoded = decode(data)
    warnings = decoded.warnings
    whole = _whole(decoded.text)
    lines = decoded.text.split("\n") if whole is None else [json.dumps(record, ensure_ascii=False) for record in whole]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}" if whole is None else f"{name}, record {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Refusal(place, f"it is broken JSON: {error if isinstance(error, ValueError) else 'nested too deep'}")
            continue
        digest = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
        try:
            yield _article(record, Origin(f"{stem}#{number}", place, digest, warnings), options)
        except UnreadableError as error:
            yield Refusal(place, str(error))
        warnings = ()


def _whole(text: str) -> list[Any] | None:
    """Return the records if all of `text` is one JSON value over several lines or a list, else None."""
    start = text.lstrip()
    if not start.startswith(("[", "{\n")) and not re.match(r"\{\s*\n", start):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else [value]


def _article(record: object, origin: Origin, options: ReadOptions) -> Article:
    if not isinstance(record, dict):
        raise UnreadableError("it is no JSON object with a text")
    text, replaced = clean(_field(record, _TEXT))
    if not any(character.isalnum() for character in text):
        raise UnreadableError("it has no text (a field `text` or `content`)")
    if is_mojibake(text):
        raise UnreadableError(
            "suspect encoding: UTF-8 text that was read as another encoding and saved; convert it back"
        )
    authors = next((record[key] for key in _AUTHORS if record.get(key)), ())
    named = [authors] if isinstance(authors, str) else authors if isinstance(authors, list) else []
    names = [name for value in named if isinstance(value, str) for name in split_names(clean(value)[0])]
    metadata = Metadata(
        title=clean(_field(record, _TITLE))[0],
        date=_field(record, _DATE),
        source=clean(_field(record, _PAPER))[0].strip(),
        authors=tuple(dict.fromkeys(names)),
        url=clean(_field(record, ("url", "link")))[0].strip(),
        lang=clean(_field(record, ("lang", "language")))[0].strip(),
    )
    own = clean(_field(record, ("id", "_id", "identifier")))[0].strip()
    warnings = origin.warnings
    if replaced:
        warnings += (f"{replaced} control or otherwise forbidden characters were replaced by U+FFFD",)
    return assemble(
        Origin(own or origin.id, origin.source, origin.sha256, warnings),
        article(text, metadata.title),
        metadata,
        options,
    )


def _field(record: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return the first field of `names` that is there, as text; lists of paragraphs are put on lines."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return "\n".join(value)
    return ""
