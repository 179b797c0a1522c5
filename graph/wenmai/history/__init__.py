"""The graph and time: what it said on a day, and what came and went between two of its states.

`as_of` gives a store as the articles until a day say it; `compare` takes two datasets and gives their `Difference`,
which `changes` tells in terms of entities and facts, and `requests` as a SPARQL update. Stores are only read.
"""

from __future__ import annotations

from wenmai.history.asof import Past, as_of
from wenmai.history.changes import Changes, changes
from wenmai.history.difference import Difference, compare
from wenmai.history.sides import Side, open_side
from wenmai.history.told import as_json, as_text
from wenmai.history.update import requests

__all__ = [
    "Changes",
    "Difference",
    "Past",
    "Side",
    "as_json",
    "as_of",
    "as_text",
    "changes",
    "compare",
    "open_side",
    "requests",
]
