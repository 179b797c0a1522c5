"""The named analyses: one module each, found by its being here.

A module has `ANALYSIS`, an `Analysis`: titles in zh and en, what it answers, parameters, an example, and the function
that carries it out. Its name is the module's, with `-` for `_`. What it returns is the same for the same store: it
breaks ties by name and IRI, draws with a fixed seed, and says in a note what it left out.
"""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.analyse.outcome import Analysis


def names() -> tuple[str, ...]:
    """Return the names of the analyses, in order; nothing is loaded."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)))


@cache
def find(name: str) -> Analysis:
    """Return the analysis called `name`. Raises UsageError if there is none."""
    known = names()
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "`wenmai analyse` lists them"
        raise UsageError(f"there is no analysis {name!r}; {hint}")
    found: Analysis = import_module(f"{__name__}.{name.replace('-', '_')}").ANALYSIS
    return replace(found, name=name)


def analyses() -> tuple[Analysis, ...]:
    """Return all analyses, in order of name."""
    return tuple(find(name) for name in names())
