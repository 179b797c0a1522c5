"""Parts and metadata → the `Article` record, with every offset checked against its text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wenmai.read.page import Part
from wenmai.read.text import Metadata, parse_date
from wenmai.records import Article, Author, Block, Span

_LONGEST_TITLE = 30
_SHORTEST_TITLE = 8
_DATELINE = re.compile(
    r"(?<=.{6})\s*(?:本报[讯記记]|本報[訊記]|新华社|新華社|中新社|中新网|人民网|[\u4e00-\u9fff]{2}网[\u4e00-\u9fff]{0,3}\d"
    r"|新浪[\u4e00-\u9fff]{2}讯|作者[:：]|导语[:：]|编辑点评[:：])"
)


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
    """Return the first words of a story without a headline: up to a dateline, a sentence's end or 30 characters.

    What is longer is cut at its last comma or space, so that no word is broken if that can be helped.
    """
    match = re.match(r"\s*([^。！？\n]{1,31})", text)
    if not match:
        return ""
    words = match[1]
    dateline = _DATELINE.search(words)
    if dateline:
        return words[: dateline.start()].rstrip()
    if len(words) <= _LONGEST_TITLE:
        return words
    cut = max(words.rfind(sign, _SHORTEST_TITLE, _LONGEST_TITLE) for sign in "，,；;：: 　")
    return words[: cut if cut > 0 else _LONGEST_TITLE].rstrip()
