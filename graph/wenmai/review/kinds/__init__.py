"""The kinds of doubt: one module each, found by its being here.

A module has `ABOUT`, a line of help, and `find(known, options)`, which yields doubts whose `kind` is the module's name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from wenmai.review.doubt import Doubt
    from wenmai.review.known import Known


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may set: claims below the confidence `below` are doubtful."""

    below: float = 0.75


class Kind(Protocol):
    """One kind of doubt."""

    ABOUT: str

    def find(self, known: Known, options: Options) -> Iterator[Doubt]:
        """Yield the doubts of this kind, in any order."""
        ...


def kind_names() -> tuple[str, ...]:
    """Return the names of the kinds, in order; nothing is loaded."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(name: str) -> Kind:
    """Return the kind called `name`. Raises ModuleNotFoundError if there is none."""
    return cast("Kind", import_module(f"{__name__}.{name}"))
