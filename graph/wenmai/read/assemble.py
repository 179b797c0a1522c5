"""Parts and metadata → the `Article` record, with every offset checked against its text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wenmai.read.page import Part
from wenmai.read.text import Metadata, parse_date
from wenmai.records import Article, Author, Block, Span


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows of the inputs: the issue's date and the paper, used where an input does not say."""

    date: dt.date | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article's bytes came from: its identifier, the name that messages use, the hash, what reading noted."""

    id: str
    source: str
    sha256: str
    warnings: tuple[str, ...] = ()


def assemble(origin: Origin, parts: Sequence[Part], metadata: Metadata, options: ReadOptions) -> Article:
    """Return the article of `parts`; what `metadata` says goes before the options, and printed names before both."""
    text, blocks, authors = _laid_out(parts)
    printed = {author.name for author in authors}
    authors += [Author(name, "作者", None) for name in metadata.authors if name not in printed]
    date, warning = parse_date(metadata.date)
    title = metadata.title or next((part.text for part in parts if part.kind == "title"), "") or _first_clause(text)
    return Article(
        id=origin.id,
        title=re.sub(r"\s+", " ", title).strip(),
        text=text,
        source=metadata.url or origin.source,
        sha256=origin.sha256,
        date=date or options.date,
        publisher=metadata.source or options.publisher or None,
        lang=metadata.lang or "zh",
        authors=tuple(authors),
        blocks=tuple(blocks),
        warnings=origin.warnings + ((warning,) if warning else ()),
    )


def _laid_out(parts: Sequence[Part]) -> tuple[str, list[Block], list[Author]]:
    """Return the text of `parts`, each on its own line but a kicker that ends in a space, their blocks and authors."""
    text = ""
    blocks: list[Block] = []
    authors: dict[str, Author] = {}
    for number, part in enumerate(parts):
        if number and not (parts[number - 1].kind == "kicker" and text[-1:] in " 　"):
            text += "\n"
        begin = len(text)
        text += part.text
        if part.text:
            blocks.append(Block(part.kind, Span(begin, begin + len(part.text.rstrip()))))
        for signature in part.signatures:
            span = Span(begin + signature.begin, begin + signature.end)
            authors.setdefault(signature.name, Author(signature.name, signature.role or "作者", span))
    return text, blocks, list(authors.values())


def _first_clause(text: str) -> str:
    """Return the first words of a story without a headline, up to a sentence's end or 30 characters."""
    match = re.match(r"\s*([^。！？\n]{1,30})", text)
    return match[1] if match else ""
