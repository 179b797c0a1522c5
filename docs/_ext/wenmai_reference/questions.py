"""The questions in Chinese that are understood, and the query that answers each."""

from __future__ import annotations

from wenmai.query.ask import templates
from wenmai.query.ask.template import Slot, Template
from wenmai_reference.markdown import block, code, names, prose
from wenmai_reference.vocabulary import link


def text() -> str:
    """Return a section for each template, in order of name."""
    return "\n".join(_template(template) for template in templates().values())


def _template(template: Template) -> str:
    lines = [
        f"## {code(template.name)} {prose(template.title_zh)}\n",
        f"*{prose(template.title_en)}.* Answered by [{code(template.query)}](#query-{template.query}).\n",
        block("\n".join(_pattern(pattern) for pattern in template.patterns), "text"),
        *(f"- {code('{' + name + '}')}: {_slot(slot)}" for name, slot in template.slots.items()),
        *(f"- {prose(question)}" for question, _ in template.examples),
    ]
    if template.counter:
        lines.append(f"- not this: {'; '.join(map(prose, template.counter))}")
    return "\n".join([*lines, ""])


def _pattern(pattern: tuple[tuple[str, ...] | str, ...]) -> str:
    """Return a pattern as its file has it, but that of alternatives the longest comes first."""
    return "".join(
        f"{{{piece}}}" if isinstance(piece, str) else piece[0] if len(piece) == 1 else f"({'|'.join(piece)})"
        for piece in pattern
    )


def _slot(slot: Slot) -> str:
    if slot.classes:
        return f"{slot.type} of {', '.join(link(each) for each in slot.classes)}"
    return f"{slot.type}: {names(slot.words)}" if slot.words else slot.type
