"""How many others a thing is tied to, or how often."""

from __future__ import annotations

from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Outcome
from wenmai.analyse.ranking import ranked
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

_COUNTS = ("things", "articles")


def _run(_: Store, given: Given) -> Outcome:
    counts = given.text("count", _COUNTS)
    network = given.network()
    weight = "weight" if counts == "articles" else None
    values = dict(network.graph.degree(weight=weight))
    return ranked(network, [float(values[node]) for node in network.graph], given.notes)


ANALYSIS = Analysis(
    "谁的联系最多",
    "Who is tied to most others",
    "To how many things each thing is tied, or how many articles its ties stand on. Every thing is looked at.",
    _run,
    (Parameter("count", "text", f"what is counted: {' or '.join(_COUNTS)}", "things"), *SCOPE),
    {"projection": "who-with-whom"},
    writes=True,
)
