"""What an extraction did and did not do, sentence by sentence: what whoever adds a rule looks at.

The engine tells a `Trace` what it does; without one it tells nothing and runs at full speed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wenmai.extract.matching import Hit, Miss
from wenmai.extract.names.voices import Voice
from wenmai.extract.pattern import Slot
from wenmai.extract.rules import Rule
from wenmai.extract.symbols import Passage, class_of
from wenmai.records import Claim, Span

_MARKED = re.compile(r"<\(?([^<>]*?)\)?>")


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that matched: what its slots hold, and how the sentence says it."""

    rule: str
    span: Span
    slots: tuple[tuple[str, str], ...]
    modality: str


@dataclass(frozen=True, slots=True)
class Near:
    """A rule whose words stand in the sentence and that did not match, and why."""

    rule: str
    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage as rules first saw it: its place in the text, and its symbols with classes in braces."""

    span: Span
    symbols: str


@dataclass(slots=True)
class Trace:
    """One article's trace, filled while it is extracted."""

    sentences: list[Sentence] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    refused: list[tuple[Claim, str]] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)

    def sentence(self, passage: Passage) -> None:
        """Note a passage before it is read."""
        self.sentences.append(Sentence(passage.span(0, len(passage.symbols)), shown(passage.symbols)))

    def hit(self, hit: Hit, passage: Passage, modality: str) -> None:
        """Note a rule that matched."""
        slots = tuple((_label(slot), node.name or str(node.value or node.cls)) for slot, node in hit.slots)
        self.fired.append(Fired(hit.rule.name, passage.span(hit.begin, max(hit.end, hit.begin + 1)), slots, modality))

    def miss(self, miss: Miss, passage: Passage) -> None:
        """Note a match that came to nothing."""
        self.near.append(Near(miss.rule.name, passage.span(miss.begin, miss.end), miss.why))

    def unmatched(self, rules: list[Rule], passage: Passage) -> None:
        """Note which of `rules`, of which none matched, have their trigger in `passage`, and what is lacking."""
        for rule in rules:
            lacking = [why for pattern in rule.patterns if (why := _lacking(pattern.source, passage))]
            if lacking:
                place = passage.span(0, len(passage.symbols))
                self.near.append(Near(rule.name, place, min(lacking, key=len)))


def shown(symbols: str) -> str:
    """Return symbols for people: `{Company}与{Company}签署{Agreement}`."""
    return "".join(f"{{{cls}}}" if (cls := class_of(s)) else s for s in symbols)


def _label(slot: Slot) -> str:
    return f"{slot.name}/{slot.role}" if slot.role else slot.name


def _lacking(source: str, passage: Passage) -> str:
    """Say why the pattern `source` does not match a passage that has its trigger; empty if it has not."""
    words = [w for found in _MARKED.finditer(source) for w in found.group(1).split("|") if w and "{" not in w]
    word = next((w for w in sorted(words, key=len, reverse=True) if w in passage.symbols), None)
    if word is None:
        return ""
    wanted = re.findall(r"\{(?!@)(?:\w+(?:/\w+)?:)?([\w|]+)\+*\}", source)
    for classes in wanted:
        if classes != "Number" and not any(next(passage.found(c), None) for c in classes.split("|")):
            return f"“{word}” stands here, but no {classes}"
    return f"“{word}” stands here, but order or distance does not fit {source}"
