"""The library of named queries: titles, parameters, an example, the text."""

from __future__ import annotations

import shlex

from wenmai.query import NamedQuery, Parameter, library
from wenmai_reference.markdown import anchor, block, code, prose, table


def text() -> str:
    """Return a section for each query, in order of name."""
    return "\n".join(_query(query) for query in library().values())


def _query(query: NamedQuery) -> str:
    lines = [
        anchor(f"query-{query.name}") + f"## {code(query.name)} {prose(query.title_zh)}\n",
        f"*{prose(query.title_en)}.* {prose(query.about)}\n",
        table(("parameter", "takes", "default", "what it is"), [_parameter(each) for each in query.inputs]),
        block(_example(query), "text"),
    ]
    budget = getattr(query, "budget", None)
    if budget:
        lines.append(f"Budget: {prose(str(budget))}.\n")
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("# ")).strip()
    lines.append(block(body, "sparql", force=True))
    return "\n".join(lines)


def _parameter(parameter: Parameter) -> tuple[str, str, str, str]:
    default = "" if parameter.optional else "*required*" if parameter.default is None else code(parameter.default)
    return code(parameter.name), parameter.type, default, prose(parameter.about)


def _example(query: NamedQuery) -> str:
    words = [word for name, value in query.example.items() for word in ("--param", f"{name}={value}")]
    return " ".join(["wenmai", "query", query.name, *map(_quoted, words)])


def _quoted(word: str) -> str:
    return word if word.replace("=", "").replace("-", "").isalnum() else shlex.quote(word)
