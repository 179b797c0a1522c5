"""Which template a question is, and what stands in its slots.

A pattern fits where its texts and slots are the whole question. A slot takes the longest stretch that means something:
for an entity a name that the store knows, for a period a date, for a class one of its names. Of several templates the
one whose own words cover the most of the question is meant. No piece of a question ever becomes part of a query's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.folding import fold, key
from wenmai.namespaces import RDF, WENMAI
from wenmai.query.ask.template import Piece, Slot, Template, templates
from wenmai.query.bind import bearers, begun
from wenmai.store.protocol import DEFAULT, Store

MOST_CHARACTERS = 200
"""Of a question."""
_LEAD = re.compile(r"^(请问一下|请问|请告诉我|告诉我|我想知道|想知道|查一下|查询|请查)")
_TAIL = re.compile(r"[\s？?！!。.，,；;]+$")
_WHEN = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:份|(\d{1,2})[日号])?)?")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_TYPE = ox.NamedNode(RDF + "type")
_NEAR, _GUESSES = 3, 5
_ANY = Slot("entity")


@dataclass(frozen=True, slots=True)
class Value:
    """What a slot holds: its text in the question, and what is given to the query for it."""

    text: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as a template with its slots filled; `covered` are the characters that the pattern's own words have.

    `unknown` are the slots whose names nothing in the store bears, with names that are like them.
    """

    template: Template
    values: Mapping[str, Value]
    covered: int
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int]:
        """How well it fits: its own words, slots that mean more than their text, and the latter's names known."""
        sure = sum(slot.type != "text" for slot in self.template.slots.values())
        return self.covered, sure, sum(bool(value.given) for value in self.values.values())


def understand(store: Store, question: str) -> Understood | None:
    """Return what a question asks; None if no template fits. Raises UsageError for one that is too long or empty."""
    if len(question) > MOST_CHARACTERS:
        raise UsageError(f"the question has {len(question):,} characters; give at most {MOST_CHARACTERS}")
    text = _TAIL.sub("", "".join(question.split()))
    lead = _LEAD.match(_folded(text))
    text = text[lead.end() :] if lead is not None else text
    if not text:
        raise UsageError("there is no question")
    reader = _Reader(store, text)
    known = [each for template in templates().values() for each in reader.fits(template)]
    if known:
        return max(known, key=lambda each: each.rank)
    guesses = [each for template in templates().values() for each in reader.fits(template, lenient=True)]
    guesses.sort(key=lambda each: each.rank, reverse=True)
    told = [reader.guessed(each) for each in guesses[:_GUESSES]]
    return next((each for each in told if not each.unknown), told[0] if told else None)


def near(question: str) -> list[Template]:
    """Return the templates that are most like a question that none fits; the first ones where none is like it."""
    pairs = _pairs(question)

    def likeness(template: Template) -> float:
        known = set().union(*(_pairs(example) for example, _ in template.examples))
        return len(pairs & known) / (len(known) + 1)

    order = sorted(templates().values(), key=lambda each: (-likeness(each), each.name))
    return order[:_NEAR]


def _pairs(text: str) -> set[str]:
    folded = key(text)
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


class _Reader:
    """Reads one question; what a stretch of it means is looked up once."""

    def __init__(self, store: Store, text: str) -> None:
        self.store, self.text = store, text
        self.folded = _folded(text)
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._begun: dict[str, tuple[tuple[str, ox.NamedNode] | None, list[str]]] = {}

    def fits(self, template: Template, *, lenient: bool = False) -> Iterator[Understood]:
        """Yield the best way in which each pattern fits; `lenient` lets names stand that nothing bears."""
        for pattern in template.patterns:
            for covered, spans in self._spans(template, pattern, 0, 0, lenient):
                values = {
                    slot: Value(self.text[begin:end], self.means(template.slots[slot], begin, end))
                    for slot, (begin, end) in spans.items()
                }
                yield Understood(template, values, covered)
                break

    def guessed(self, found: Understood) -> Understood:
        """Return a question in which an unknown name is what alone has a name that begins so, or is told as unknown."""
        values, unknown, notes = dict(found.values), {}, []
        for slot, value in found.values.items():
            if value.given:
                continue
            if value.text not in self._begun:
                self._begun[value.text] = begun(value.text, self.store)
            alone, near_it = self._begun[value.text]
            if alone is not None and self._is(alone[1], found.template.slots[slot].classes):
                values[slot] = Value(value.text, (alone[1].value,))
                notes.append(f"nothing is named just {value.text}; {alone[0]} is meant, whose name alone begins so")
            else:
                unknown[slot] = tuple(near_it)
        return Understood(found.template, values, found.covered, unknown, tuple(notes))

    def _spans(
        self, template: Template, pattern: tuple[Piece, ...], piece: int, at: int, lenient: bool
    ) -> Iterator[tuple[int, dict[str, tuple[int, int]]]]:
        """Yield the ways in which the rest of a pattern is the rest of the text, longest slots first."""
        if piece == len(pattern):
            if at == len(self.text):
                yield 0, {}
            return
        here = pattern[piece]
        if isinstance(here, tuple):
            for choice in here:
                if self.folded.startswith(choice, at):
                    for covered, rest in self._spans(template, pattern, piece + 1, at + len(choice), lenient):
                        yield covered + len(choice), rest
            return
        slot = template.slots[here]
        for end in range(len(self.text), at, -1):
            for covered, rest in self._spans(template, pattern, piece + 1, end, lenient):
                if self.means(slot, at, end) or (lenient and self._may_be_a_name(slot, at, end)):
                    yield covered, {here: (at, end), **rest}

    def _may_be_a_name(self, slot: Slot, begin: int, end: int) -> bool:
        """Tell whether a stretch could be a name that nothing in the store bears: that of another class is none."""
        return slot.type == "entity" and end - begin > 1 and not self.means(_ANY, begin, end)

    def means(self, slot: Slot, begin: int, end: int) -> tuple[str, ...]:
        """Return what is given to a query for a stretch; nothing if it means nothing for this slot."""
        text = self.text[begin:end]
        if slot.type == "text":
            return (text,) if self.folded[begin:end] not in slot.no and len(text) <= 20 else ()
        if slot.type == "period":
            found = period(text)
            return (found,) if found else ()
        if slot.type == "class":
            cls = slot.words.get(self.folded[begin:end]) or _class(text)
            return (f"wenmai:{cls}",) if cls else ()
        known = text, slot.classes
        if known not in self._known:
            self._known[known] = tuple(self._entities(text, slot.classes))
        return self._known[known]

    def _entities(self, text: str, classes: tuple[str, ...]) -> Iterator[str]:
        return (node.value for node in bearers(text, self.store) if self._is(node, classes))

    def _is(self, node: ox.NamedNode, classes: tuple[str, ...]) -> bool:
        kinds = {quad.object for quad in self.store.match(node, _TYPE, None, DEFAULT)}
        return not classes or bool(kinds & {ox.NamedNode(WENMAI + cls) for cls in classes})


def _folded(text: str) -> str:
    """Return a text as patterns have it, character for character."""
    return "".join(made if len(made := fold(char)) == 1 else char for char in text)


def period(text: str) -> str:
    """Return the day, month or year that a text is, as 2017-04-21, 2017-04 or 2017; empty if it is none."""
    if _ISO.fullmatch(text):
        return text
    match = _WHEN.fullmatch("".join(map(_digit, text)))
    if match is None:
        return ""
    parts = [match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)]
    return "-".join(parts)


def _digit(char: str) -> str:
    made = fold(char)
    return made if made.isdigit() else char


def _class(text: str) -> str:
    return next((name for name in ontology.subclasses("Organization") if text in (name, ontology.label(name))), "")
