"""The relation rules: each with its patterns, what a match gives, and the sentences that it is tried with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from wenmai import ontology
from wenmai.resources import folder
from wenmai_reference.markdown import anchor, block, code, names, prose
from wenmai_reference.vocabulary import link

_TOLD = {"pattern", "comment", "examples", "counter", "facts", "from", "subject", "object"}


def text() -> str:
    """Return a section for each rule file, in order of name."""
    files = sorted((folder("ontology") / "rules").glob("*.toml"))
    return "\n".join(_file(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in files)


def _file(name: str, data: Mapping[str, Any]) -> str:
    term = data.get("property") or data["class"]
    lines = [anchor(f"rules-{name}") + f"## {code(name)} {prose(ontology.label(term, 'zh'))}\n"]
    lines.append(f"{prose(data.get('comment', ''))} Gives {link(term)}.\n")
    if data.get("nouns"):
        lines.append(f"Words that refer back to it: {names(data['nouns'])}.\n")
    if data.get("dated"):
        lines.append("Only what has a date is told as an event.\n")
    for number, rule in enumerate(data.get("rule", ()), 1):
        lines += [f"**{name}/{number}** {prose(rule.get('comment', ''))}\n", *_rule(rule)]
    for number, rule in enumerate(data.get("derive", ()), 1):
        lines += [f"**{name}/d{number}** {prose(rule.get('comment', ''))}\n", *_derived(rule)]
    return "\n".join(lines)


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    patterns = rule["pattern"]
    yield block("\n".join([patterns] if isinstance(patterns, str) else patterns), "text")
    if rule.get("facts"):
        yield f"- gives {'; '.join(code(' '.join(fact)) for fact in rule['facts'])}"
    yield from _options(rule)
    yield from _examples(rule)


def _derived(rule: Mapping[str, Any]) -> Iterator[str]:
    ends = f"from {code(rule['subject'])} to {code(rule.get('object', rule['subject']))}"
    yield f"- follows from the slots of {link(rule['from'])}: {ends}"
    yield from _options(rule)
    yield from _examples(rule)


def _options(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield what else a rule says, as its file has it."""
    said = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else value}"
        for key, value in rule.items()
        if key not in _TOLD
    ]
    if said:
        yield f"- {', '.join(code(each) for each in said)}"


def _examples(rule: Mapping[str, Any]) -> Iterator[str]:
    for example in rule.get("examples", ()):
        day = f" ({example['date']})" if "date" in example else ""
        facts = "; ".join(code(" ".join(fact)) for fact in example.get("facts", ()))
        yield f"- {code(example['text'])}{day} → {facts or 'nothing'}"
    for sentence in rule.get("counter", ()):
        yield f"- {code(sentence)} → not this"
    yield ""
