"""Names of happenings: festivals, fairs, exhibitions, races, numbered meetings, ceremonies.

A name ends in a suffix of `ontology/lexicon/event_suffixes.tsv`; its left end is the nearest mark, quotation mark or
word of `event_name_stops.tsv`. Words without a name of their own (签约仪式) are nouns that point back to an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from wenmai.extract.overlap import Row
from wenmai.extract.rules import rule_book
from wenmai.lexicon import rows
from wenmai.records import Article, Mention, Span

_STOP = "，。；：！？\n、（）《》“”‘’"
_PLACE = re.compile(r"(?<=[\u4e00-\u9fff])（[\u4e00-\u9fff]{2,5}）$")
"""中国（成都）国际茶业博览会: a place in brackets is part of the name."""
_BEHIND = re.compile(r"[\u4e00-\u9fff]{2,10}")
"""What may stand between a quoted title and the suffix: “春声”师生音乐会."""
_THIS = ("首次", "上一次", "下一次", "历次", "上次", "下次", "前次", "本届", "本次", "此次", "这次", "该", "这", "一")
_ORDINAL = r"(?:第?[0-9一二三四五六七八九十百]+[届次]|首届|[0-9]{4}年?度?)"


@cache
def _suffixes() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {r["suffix"]: r["class"] for r in rows("event_suffixes")}
    forms = sorted(table, key=lambda s: (-len(s), s))
    return re.compile(f"(?:{'|'.join(map(re.escape, forms))})(?!览)"), table  # 首[个展]览


@cache
def _stops() -> re.Pattern[str]:
    return re.compile(
        "|".join(sorted((re.escape(r["word"]) for r in rows("event_name_stops")), key=lambda w: (-len(w), w)))
    )


def find_event_names(article: Article, canonical: str) -> list[Mention]:
    """Return the named happenings of an article, in order; they may cover mentions of places inside their names."""
    found: Row[Mention] = Row()
    for span, cls, name in (*_quoted(canonical), *_plain(canonical)):
        if not found.overlapping(span):
            found.put(Mention("", span, cls, name or _clean(span.of(article.text)), "grammar", 0.8))
    return [m for m in found.all() if m.name]


def _clean(words: str) -> str:
    return re.sub(r"[\s\u200b]", "", words)


_SHOW = re.compile("展(?=[将于在由，。、昨今明开]|[0-9])")
"""“契丹印象”展: only behind a quoted title is 展 alone an ending."""


def _quoted(canonical: str) -> Iterator[tuple[Span, str, str]]:
    """“双城记”特展: a quoted title and a suffix behind it are one name."""
    pattern, table = _suffixes()
    for match in re.finditer(r"“([^“”\n]{2,30})”", canonical):
        behind = _BEHIND.match(canonical, match.end())
        between = [] if behind is None else range(behind.start(), behind.end() - 1)
        if suffix := next((found for at in between if (found := pattern.match(canonical, at))), None):
            yield Span(match.start(), suffix.end()), table[suffix.group()], ""
        elif _SHOW.match(canonical, match.end()):
            yield Span(match.start(), match.end() + 1), "Activity", ""
        elif (inner := pattern.search(match.group(1))) and inner.end() == len(match.group(1)) > len(inner.group()) + 2:
            yield Span(match.start() + 1, match.end() - 1), table[inner.group()], ""


def _plain(canonical: str) -> Iterator[tuple[Span, str, str]]:
    pattern, table = _suffixes()
    position = 0
    while suffix := pattern.search(canonical, position):
        position = suffix.end()
        begin = _left(canonical, suffix.start())
        body = canonical[begin : suffix.start()]
        if len(body) >= 2 and not body.startswith(_THIS) and not re.fullmatch(_ORDINAL, body) and not body.isascii():
            yield Span(begin, suffix.end()), table[suffix.group()], ""


def _left(canonical: str, end: int) -> int:
    begin = end
    while begin > 0 and end - begin < 24:
        if canonical[begin - 1] not in _STOP:
            begin -= 1
        elif place := _PLACE.search(canonical, max(0, begin - 8), begin):
            begin = place.start()
        else:
            break
    for stop in _stops().finditer(canonical, begin, end):
        begin = stop.end()
    return begin


def find_nouns(canonical: str) -> list[tuple[Span, str]]:
    """Return the words that point back to an event (签约仪式), with the event's class."""
    nouns = rule_book().nouns
    if not nouns:
        return []
    forms = "|".join(sorted(map(re.escape, nouns), key=lambda n: (-len(n), n)))
    return [(Span(*m.span()), nouns[m.group()]) for m in re.finditer(forms, canonical)]
