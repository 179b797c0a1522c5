"""The Python API: the modules that others may build on, described by their docstrings."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING, Any

import wenmai
from wenmai_reference.markdown import anchor

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FIRST = ("wenmai", "wenmai.archive", "wenmai.records", "wenmai.ontology", "wenmai.extract", "wenmai.errors")
"""These stand first; behind them every room that says by `__all__` what it offers."""


def public() -> list[str]:
    """Return the names of the modules that are described."""
    rooms = [f"wenmai.{each.name}" for each in pkgutil.iter_modules(wenmai.__path__)]
    open_to_all = [name for name in rooms if _packaged(name) and hasattr(importlib.import_module(name), "__all__")]
    return list(dict.fromkeys([*FIRST, *open_to_all]))


def _packaged(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.submodule_search_locations is not None


def text() -> str:
    """Return a section for each module, which autodoc fills."""
    return "\n".join(
        f"{anchor('module-' + name)}## {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```\n"
        for name in public()
    )


def tidied(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    """Make of a docstring's indented parts blocks of code: they are examples and drawings in all of ours."""
    made: list[str] = []
    inside = False
    for line in lines:
        indented = line.startswith("    ")
        if indented and not inside and not (made and re.match(r"\s*([-*]|\d+\.)\s", made[-1])):
            made += ["", "::", ""]
            inside = True
        elif line.strip() and not indented:
            if inside:
                made.append("")
            inside = False
        made.append(line)
    lines[:] = made


def resolved(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """Lead a name of an annotation to the one thing called so; leave the names of other libraries as they stand."""
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"])
    python = env.domains.python_domain
    found = {
        (each.docname, each.node_id)
        for name, each in python.objects.items()
        if name.rpartition(".")[2] == target.rpartition(".")[2] and not each.aliased
    }
    if len(found) == 1:
        from sphinx.util.nodes import make_refnode

        ((document, anchor_of),) = found
        return make_refnode(app.builder, node["refdoc"], document, anchor_of, content)
    written = "refwarn" in node  # by a role in a text, which has to lead somewhere
    return None if written and target.startswith("wenmai.") else content
