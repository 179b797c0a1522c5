"""One article's graph held against its own text: every quote is the text at its offsets, every claim has one, and an
event's date is near the article's unless the words give the year.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from wenmai.lexicon import rows
from wenmai.reason.finding import Finding
from wenmai.triples import terms
from wenmai.triples.merge import DATE_TERMS, Fact
from wenmai.triples.summary import days

_FAR = 370
"""Days between an article and an event from which on the text should give the year itself."""
_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")


def check_article(article: str, lines: list[Fact]) -> Iterator[Finding]:
    """Yield what is wrong in the graph `lines` of the article with the id `article`."""
    by_node: defaultdict[ox.NamedNode, list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]] = defaultdict(list)
    for subject, predicate, value in lines:
        by_node[subject].append((predicate, value))
    reader = _Reader(article, by_node)
    for node, pairs in sorted(by_node.items(), key=lambda item: item[0].value):
        kinds = {value for predicate, value in pairs if predicate == terms.TYPE}
        if terms.PHRASE in kinds:
            yield from reader.span(node)
        elif terms.term("Claim") in kinds:
            yield from reader.claim(node)


class _Reader:
    """An article's graph by subject, and its text."""

    def __init__(
        self, article: str, nodes: dict[ox.NamedNode, list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]]
    ) -> None:
        self.article = article
        self.nodes = nodes
        texts = [o.value for pairs in nodes.values() for p, o in pairs if p == terms.IS_STRING]
        self.text = texts[0] if texts else ""
        published = [o.value for pairs in nodes.values() for p, o in pairs if p == terms.term("publishedOn")]
        self.date = published[0] if published else None

    def values(self, node: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
        return [value for name, value in self.nodes.get(node, ()) if name == predicate]

    def error(self, what: str, message: str) -> Finding:
        return Finding("error", what, self.article, message)

    def span(self, node: ox.NamedNode) -> Iterator[Finding]:
        offsets = [self.values(node, predicate) for predicate in (terms.BEGIN, terms.END)]
        quotes = self.values(node, terms.ANCHOR)
        try:
            begin, end = (int(values[0].value) for values in offsets)
            quote = quotes[0].value
        except (IndexError, ValueError):
            return  # the shapes tell that a span lacks its offsets or words
        if not 0 <= begin < end <= len(self.text):
            size = len(self.text)
            yield self.error("quote", f"evidence {begin},{end} lies outside the text of {size} characters; build again")
        elif self.text[begin:end] != quote:
            found = self.text[begin:end]
            yield self.error("quote", f"evidence {begin},{end} quotes “{quote}” but the text reads “{found}”")
        if not node.value.endswith(f"#char={begin},{end}"):
            yield self.error("quote", f"the IRI {node.value} does not name its offsets {begin},{end}")

    def claim(self, node: ox.NamedNode) -> Iterator[Finding]:
        evidence = self.values(node, terms.term("evidence"))
        quotes = [value.value for span in evidence if isinstance(span, ox.NamedNode) for value in self.quote(span)]
        if not quotes:
            yield self.error("unfounded", f"claim {node.value} stands on no words of the article; build it again")
        for predicate in self.values(node, terms.PREDICATE):
            if isinstance(predicate, ox.NamedNode) and predicate in DATE_TERMS:
                for value in self.values(node, terms.OBJECT):
                    yield from self.near(DATE_TERMS[predicate], value.value, " ".join(quotes))

    def quote(self, span: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
        return self.values(span, terms.ANCHOR)

    def near(self, prop: str, date: str, quotes: str) -> Iterator[Finding]:
        found = days(date)
        if found is None:
            yield self.error("date", f"{prop} {date} is no date; see the rule that made it")
            return
        if self.date is None:
            return
        issue, first, last = (dt.date.fromisoformat(day) for day in (self.date, *found))
        away = max((first - issue).days, (issue - last).days)
        words = unicodedata.normalize("NFKC", quotes)
        if away > _FAR and not _gives_year(words, date[:4]):
            yield Finding(
                "warning",
                "date",
                self.article,
                f"{prop} {date} is {away} days from the article's date {self.date}, and no quote gives the year",
            )


def _gives_year(words: str, year: str) -> bool:
    """Tell whether `words` name the year: in digits of either script, or by pointing (去年, 上年末, 次年)."""
    if year in words or year.translate(_CHINESE) in words.replace("零", "〇"):
        return True
    return any(word in words for word in _pointing())


@cache
def _pointing() -> tuple[str, ...]:
    return tuple(row["word"] for row in rows("relative_dates") if row["unit"] in ("year", "season"))
