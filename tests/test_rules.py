"""Every rule file's own examples and counter-examples, run through the extractor.

An example marks its names (`[甲公司:Company]`); the facts it lists must all be claimed, with evidence in the text.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest

from wenmai import ontology
from wenmai.extract.builtin import BuiltinExtractor
from wenmai.extract.rules import Example, rule_book
from wenmai.records import Article, Document, Mention, Span, Value

_MARK = re.compile(r"\[([^\[\]:]+):(\w+)\]")
_EXAMPLES = rule_book().examples


def read(marked: str, date: str | None) -> Document:
    """Read a sentence whose names are marked; the marks are not part of the text."""
    text, mentions, position = "", [], 0
    for number, found in enumerate(_MARK.finditer(marked), 1):
        text += marked[position : found.start()]
        span = Span(len(text), len(text) + len(found[1]))
        mentions.append(Mention(f"m{number}", span, found[2], found[1], "marked"))
        text, position = text + found[1], found.end()
    text += marked[position:]
    day = dt.date.fromisoformat(date) if date else None
    return BuiltinExtractor().read_marked(Article("example", "", text, "example", "0" * 64, day), mentions)


def stated(document: Document) -> set[tuple[str, ...]]:
    """Return the document's claims with names for keys; a post is (person, holdsPost, title, body)."""
    names = {m.key: m.cls if ontology.is_event(m.cls) and not m.name else m.name for m in document.mentions}
    classes = {m.key: m.cls for m in document.mentions}
    titles = {
        c.subject: c.object.text for c in document.claims if isinstance(c.object, Value) and c.predicate == "postTitle"
    }
    owners = {
        c.subject: names[c.object] for c in document.claims if c.predicate == "postIn" and isinstance(c.object, str)
    }
    result: set[tuple[str, ...]] = set()
    for c in document.claims:
        mark = {"Asserted": (), "Planned": ("planned",), "Denied": ("denied",), "Reported": ("reported",)}[c.modality]
        value = c.object.text if isinstance(c.object, Value) else names.get(c.object, c.object)
        if c.predicate == "holdsPost" and isinstance(c.object, str):
            result.add((names[c.subject], "holdsPost", titles[c.object], owners.get(c.object, ""), *mark))
            continue
        for subject in {names.get(c.subject, c.subject), classes.get(c.subject, "")}:
            result.add((subject, c.predicate, value, *mark))
        if c.predicate == "partnerOf":
            result.add((value, c.predicate, names[c.subject], *mark))
    return result


@pytest.mark.parametrize(
    "example", [e for e in _EXAMPLES if e.none_of is None], ids=lambda e: f"{e.rule}:{e.text[:24]}"
)
def test_example_states_its_facts(example: Example) -> None:
    document = read(example.text, example.date)
    found = stated(document)
    assert set(example.facts) <= found, f"not stated: {sorted(set(example.facts) - found)}; stated: {sorted(found)}"
    for claim in document.claims:
        assert claim.span.end <= len(document.article.text)
        assert claim.span.of(document.article.text).strip()


@pytest.mark.parametrize("example", [e for e in _EXAMPLES if e.none_of], ids=lambda e: f"{e.rule}:{e.text[:24]}")
def test_counter_example_states_nothing(example: Example) -> None:
    document = read(example.text, "2020-06-11")
    term = example.none_of or ""
    classes = {m.key: (m.cls, m.status) for m in document.mentions}
    wrong = [
        c
        for c in document.claims
        if c.modality == "Asserted"
        and (c.predicate == term or (classes.get(c.subject, ("", None))[0] == term and term in ontology.classes()))
    ]
    assert not wrong


def test_every_rule_has_an_example_and_every_file_a_counter_example() -> None:
    book = rule_book()
    names = {r.name for r in book.rules} | {d.name for d in book.derivations}
    assert names == {e.rule for e in _EXAMPLES if e.none_of is None}
    assert {n.split("/")[0] for n in names} == {e.rule.split("/")[0] for e in _EXAMPLES if e.none_of}
