"""The rule files of `ontology/rules/*.toml`, read and checked: one a relation or event class.

A file says `property = "partnerOf"` or `class = "Signing"` and holds

    [[rule]]   pattern = "…" or ["…", …]   facts = [["subject", "partnerOf", "object"]]   keep = "slot"
               stage = "chunk" | "clause"   confidence = 0.9   modality = "Planned"   pairs = true
               phase = "start" | "end"   (what it tells of works: one event with the rule of the other end)
               dated = false   unless = "…" (a regular expression on the clause)
               unless_name = "…" (the same, on the names that the slots hold)
               examples = [{text, date, facts, planned, denied}]   counter = ["…"]
    [[derive]] from = "Signing"  subject = "subject"  object = "participant/signer"   (a relation from an event's slots)
    nouns = ["签约仪式", …]        (words that refer back to an event of the class)
    dated = true                   (of this class only what has a date is told as an event)

Whoever adds a relation adds a file; no Python knows a relation by name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.extract.pattern import Compiled, PatternError, compile_pattern
from wenmai.extract.symbols import chars
from wenmai.resources import folder

Stage = Literal["chunk", "clause"]
_RULE_KEYS = {
    "pattern", "facts", "keep", "stage", "confidence", "modality", "pairs", "dated", "unless", "examples", "counter",
    "comment", "refers", "unless_name", "approximate", "phase",
}  # fmt: skip
_FILE_KEYS = {"property", "class", "comment", "nouns", "dated", "rule", "derive"}


class RuleError(UsageError):
    """A rule file that is not right: the message names file, rule and what is wrong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: patterns that mean the same, and the facts or the event frame that a match gives."""

    name: str
    patterns: tuple[Compiled, ...]
    stage: Stage
    facts: tuple[tuple[str, str, str], ...] = ()
    event: str | None = None
    refers: bool = False
    phase: str = ""
    keep: str | None = None
    pairs: bool = False
    dated: bool = True
    approximate: bool = False
    modality: str | None = None
    unless: re.Pattern[str] | None = None
    unless_name: re.Pattern[str] | None = None
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Derivation:
    """A relation that follows from an event's slots: `property` from every `subject` to every `object`.

    `pairs` relates the members of one slot with each other. `unless` is searched in the names of the `subject` slot
    (or, for pairs, of the event's subjects).
    """

    name: str
    property: str
    event: str
    subject: str
    object: str
    pairs: bool = False
    unless: re.Pattern[str] | None = None
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of our own with what it states: `[name:Class]` marks the mentions; used by the tests only."""

    rule: str
    text: str
    date: str | None
    facts: tuple[tuple[str, ...], ...]
    none_of: str | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, derivations, words that refer to events, classes told only with a date, and examples."""

    rules: tuple[Rule, ...]
    derivations: tuple[Derivation, ...]
    nouns: Mapping[str, str]
    dated: frozenset[str]
    examples: tuple[Example, ...]


@cache
def rule_book() -> RuleBook:
    """Read every rule file of the installation. Raises RuleError."""
    return read_rules(sorted((folder("ontology") / "rules").glob("*.toml")))


def read_rules(paths: Sequence[Path]) -> RuleBook:
    """Read the rule files `paths`. Raises RuleError."""
    rules: list[Rule] = []
    derivations: list[Derivation] = []
    nouns: dict[str, str] = {}
    dated: set[str] = set()
    examples: list[Example] = []
    for path in paths:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RuleError(f"{path.name}: not a TOML file in UTF-8: {error}") from error
        term = _term(path, data)
        for number, raw in enumerate(data.get("rule", ()), 1):
            name = f"{path.stem}/{number}"
            rules.append(_rule(name, term, "class" in data, raw))
            examples.extend(_examples(name, term, raw))
        for number, raw in enumerate(data.get("derive", ()), 1):
            name = f"{path.stem}/d{number}"
            derivations.append(_derivation(name, term, raw))
            examples.extend(_examples(name, term, raw))
        nouns.update(dict.fromkeys(data.get("nouns", ()), term))
        if data.get("dated"):
            dated.add(term)
    return RuleBook(tuple(rules), tuple(derivations), nouns, frozenset(dated), tuple(examples))


def _term(path: Path, data: dict[str, Any]) -> str:
    if unknown := set(data) - _FILE_KEYS:
        raise RuleError(f"{path.name}: unknown key {sorted(unknown)[0]!r}")
    if "property" in data and data["property"] in ontology.properties():
        return str(data["property"])
    if "class" in data and data["class"] in ontology.classes() and ontology.is_event(data["class"]):
        return str(data["class"])
    raise RuleError(f"{path.name}: needs property = or class = with a term of the ontology")


def _rule(name: str, term: str, is_event: bool, raw: dict[str, Any]) -> Rule:
    if unknown := set(raw) - _RULE_KEYS:
        raise RuleError(f"{name}: unknown key {sorted(unknown)[0]!r}")
    sources = raw.get("pattern")
    sources = [sources] if isinstance(sources, str) else sources
    if not sources:
        raise RuleError(f"{name}: has no pattern")
    try:
        patterns = tuple(compile_pattern(s, chars) for s in sources)
        unless, unless_name = (re.compile(raw[k]) if k in raw else None for k in ("unless", "unless_name"))
    except (PatternError, re.error) as error:
        raise RuleError(f"{name}: {error}") from error
    except KeyError as error:
        raise RuleError(f"{name}: the ontology has no class {error}") from error
    default = [] if is_event else [["subject", term, "object"]]
    facts = tuple((str(s), str(p), str(o)) for s, p, o in raw.get("facts", default))
    for _, predicate, _ in facts:
        if predicate not in ontology.properties():
            raise RuleError(f"{name}: the ontology has no property {predicate}")
    return Rule(
        name=name,
        patterns=patterns,
        stage=raw.get("stage", "clause"),
        facts=facts,
        event=term if is_event else None,
        refers=bool(raw.get("refers", False)),
        phase=str(raw.get("phase", "")),
        keep=raw.get("keep"),
        pairs=bool(raw.get("pairs", False)),
        dated=bool(raw.get("dated", True)),
        approximate=bool(raw.get("approximate", False)),
        modality=raw.get("modality"),
        unless=unless,
        unless_name=unless_name,
        confidence=float(raw.get("confidence", 0.9)),
    )


def _derivation(name: str, term: str, raw: dict[str, Any]) -> Derivation:
    return Derivation(
        name=name,
        property=term,
        event=raw["from"],
        subject=raw["subject"],
        object=raw.get("object", raw["subject"]),
        pairs=bool(raw.get("pairs", False)),
        unless=re.compile(raw["unless"]) if "unless" in raw else None,
        confidence=float(raw.get("confidence", 0.9)),
    )


def _examples(name: str, term: str, raw: dict[str, Any]) -> list[Example]:
    found = [
        Example(name, e["text"], e.get("date"), tuple(tuple(f) for f in e.get("facts", ())))
        for e in raw.get("examples", ())
    ]
    return found + [Example(name, text, None, (), none_of=term) for text in raw.get("counter", ())]
