"""Find the data that travels with wenmai: `ontology/`, `queries/`, `samples/`.

In a wheel they lie inside the package, in a checkout beside `graph/`. Every other module asks here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: Literal["ontology", "queries", "samples"]) -> Path:
    """Return the folder `name`.

    Raises FileNotFoundError if the installation lacks it.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of wenmai lacks its folder {name}; install it again")
