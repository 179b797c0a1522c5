"""One source → its articles, by its format: text, a page, HTML, JSON Lines, or an archive of these."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wenmai.read import archive, html, jsonl
from wenmai.read.assemble import Origin, ReadOptions, assemble
from wenmai.read.decode import UnreadableError, decode
from wenmai.read.page import Part, article, items, stories
from wenmai.read.sources import LARGEST, Source, content, stem_of
from wenmai.read.text import Metadata, front_matter, masthead, parse_date
from wenmai.records import Article, Refusal

LARGEST_ARTICLE = 64 * 2**20
"""Bytes; larger text or HTML is no article. JSON Lines and archives may be larger."""

LARGEST_PAGE = 16 * 2**20
"""Bytes; larger HTML is no article's page, and costs more than a few seconds to take apart."""

_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_PAGE_START = re.compile(rb"(?:\s+|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype html|html)", re.DOTALL)
_LINE_SUFFIXES = (".jsonl", ".ndjson", ".json")


def read(source: Source, options: ReadOptions) -> Iterator[Article | Refusal]:
    """Yield the articles of `source`, in order, and a `Refusal` for each part of it that cannot be read."""
    try:
        data = content(source)
    except OSError as error:
        yield Refusal(source.name, f"it cannot be read: {error.strerror or error}")
        return
    if len(data) > LARGEST:
        yield Refusal(source.name, f"it is larger than {LARGEST // 2**20} MB; split it")
        return
    yield from _read_bytes(source.name, source.stem, data, options, inside=False)


def _read_bytes(
    name: str, stem: str, data: bytes, options: ReadOptions, *, inside: bool
) -> Iterator[Article | Refusal]:
    """Read `data` called `name`; `inside` an archive no further archive is opened."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if inside:
            yield Refusal(name, "it is an archive within an archive; unpack it first")
            return
        for entry in archive.entries(name, data):
            if isinstance(entry, Refusal):
                yield entry
            else:
                yield from _read_bytes(f"{name}/{entry.name}", stem_of(entry.name), entry.data, options, inside=True)
        return
    if data.startswith(b"\x1f\x8b"):
        try:
            data = archive.unpacked(data)
        except (UnreadableError, OSError, EOFError, zlib.error) as error:
            yield Refusal(name, f"it cannot be unpacked: {error}")
            return
        name_inside = name[:-3] if name.lower().endswith(".gz") else name
    else:
        name_inside = name
    try:
        yield from _read_plain(name, name_inside.lower(), stem, data, options)
    except UnreadableError as error:
        yield Refusal(name, str(error))


def _read_plain(name: str, kind: str, stem: str, data: bytes, options: ReadOptions) -> Iterator[Article | Refusal]:
    start = data[:2048].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if kind.endswith(_LINE_SUFFIXES) or start.startswith((b'{"', b"[{")):
        yield from jsonl.read(name, stem, data, options)
        return
    if len(data) > LARGEST_ARTICLE:
        raise UnreadableError(f"it is larger than {LARGEST_ARTICLE // 2**20} MB, which is no article")
    is_page = kind.endswith(_HTML_SUFFIXES) or _PAGE_START.match(start) is not None
    if is_page and len(data) > LARGEST_PAGE:
        raise UnreadableError(f"it is larger than {LARGEST_PAGE // 2**20} MB, which is no article's page")
    digest = hashlib.sha256(data).hexdigest()
    decoded = decode(data)
    origin = Origin(stem, name, digest, decoded.warnings)
    if is_page:
        metadata, body = html.extract(decoded.text)
        yield from _numbered(origin, stories(article(body, metadata.title)), metadata, options)
        return
    yield from read_text(origin, decoded.text, options)


def read_text(origin: Origin, text: str, options: ReadOptions) -> Iterator[Article]:
    """Yield the article of a text with front matter, or the items of a page."""
    matter = front_matter(text)
    if matter:
        metadata, body = matter
        if not any(character.isalnum() for character in body):
            raise UnreadableError("there is no text below its front matter")
        yield assemble(origin, article(body, metadata.title), metadata, options)
        return
    metadata = _masthead(text)
    warning = parse_date(metadata.date)[1]
    if warning:
        origin = replace(origin, warnings=(*origin.warnings, warning))
        metadata = replace(metadata, date="")
    found = items(text)
    yield from _numbered(origin, found, metadata, options)


def _numbered(
    origin: Origin, found: Sequence[Sequence[Part]], metadata: Metadata, options: ReadOptions
) -> Iterator[Article]:
    """Yield an article for each item found; of several each has its number, and its own title and authors."""
    for number, parts in enumerate(found, 1):
        own = replace(origin, id=f"{origin.id}#{number}") if len(found) > 1 else origin
        if number > 1:
            own = replace(own, warnings=())
            metadata = replace(metadata, title="", authors=())
        yield assemble(own, parts, metadata, options)


def _masthead(text: str) -> Metadata:
    """Return paper and date of a masthead line among the first or last lines of a page."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in lines[:6] + lines[-3:]:
        found = masthead(line)
        if found:
            return Metadata(date=found[1], source=found[0])
    return Metadata()
