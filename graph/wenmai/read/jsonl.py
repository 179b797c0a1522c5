"""JSON Lines: one article a line; a JSON file with one record or a list of them is read too."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from wenmai.read import html
from wenmai.read.assemble import Origin, ReadOptions, assemble
from wenmai.read.decode import UnreadableError, clean, decode, is_mojibake
from wenmai.read.page import article
from wenmai.read.text import Metadata, split_names
from wenmai.records import Article, Refusal

_TEXT = ("text", "content", "body", "正文", "内容")
_TITLE = ("title", "headline", "标题")
_DATE = (
    "date", "published", "publish_date", "publishdate", "published_at", "publish_time", "publishtime", "pubdate",
    "pub_date", "pubtime", "pub_time", "datetime", "time", "日期", "发布时间", "发布日期",
)  # fmt: skip
_PAPER = ("source", "publisher", "media", "来源")
_AUTHORS = ("authors", "author", "byline", "reporter", "作者", "记者")
_LABEL = re.compile(r"^\s*(?:来源|來源|作者|记者|記者|日期|发布时间|时间)\s*[:：]\s*")
_TAG = re.compile(r"<(?:p|br|div|span|section|article|h[1-6])\b[^<>]*>", re.IGNORECASE)


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
    record = {key.lower(): value for key, value in reversed(record.items())}
    words = _field(record, _TEXT, numbers=False)
    text, replaced = clean(html.extract(words)[1] if _TAG.search(words) else words)
    if not any(character.isalnum() for character in text):
        raise UnreadableError("it has no text (a field `text` or `content`)")
    if is_mojibake(text):
        raise UnreadableError(
            "suspect encoding: UTF-8 text that was read as another encoding and saved; convert it back"
        )
    authors = next((record[key] for key in _AUTHORS if record.get(key)), ())
    named = [_name(author) for author in (authors if isinstance(authors, list) else [authors])]
    names = [name for value in named for name in split_names(_LABEL.sub("", clean(value)[0]))]
    metadata = Metadata(
        title=clean(_field(record, _TITLE))[0],
        date=_field(record, _DATE),
        source=_LABEL.sub("", clean(_field(record, _PAPER))[0]).strip(),
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


def _name(author: object) -> str:
    """Return the name of an author as records hold them: plain, or `{"name": …}`."""
    value = author.get("name") if isinstance(author, dict) else author
    return value if isinstance(value, str) else ""


def _field(record: dict[str, Any], names: tuple[str, ...], *, numbers: bool = True) -> str:
    """Return the first field of `names` that is there, as text; lists of paragraphs are put on lines."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if numbers and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return "\n".join(value)
    return ""
