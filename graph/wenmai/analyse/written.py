"""What an analysis found, put into the store: its graph is replaced as a whole, in one commit, and published."""

from __future__ import annotations

from wenmai import __version__
from wenmai.analyse.outcome import Analysis, Outcome
from wenmai.errors import UsageError
from wenmai.store.protocol import Store
from wenmai.triples import iris
from wenmai.triples.analysis import RunOf, analysis_quads, state


def writable(analysis: Analysis) -> None:
    """Raise UsageError if what an analysis finds is for reading only."""
    from wenmai.analyse.kinds import analyses

    if not analysis.writes:
        others = ", ".join(each.name for each in analyses() if each.writes)
        raise UsageError(f"--write: {analysis.name} is for reading only; {others} can be written")


def write(store: Store, analysis: Analysis, outcome: Outcome, settings: str) -> tuple[str, int]:
    """Put what was found into `<base>graph/analysis-NAME` of a store open to write, in place of what is there; publish.

    The default graph stays as it is. `settings` are those of the run. Return the graph's IRI and how many triples it
    has now. What is the same already changes nothing. Raises UsageError for an analysis that is for reading only,
    StoreError.
    """
    writable(analysis)
    run = RunOf(analysis.name, analysis.title_zh, analysis.title_en, __version__, settings)
    quads = analysis_quads(run, state(store, store.base), outcome.scores, outcome.groups, store.base)
    graph = iris.analysis_graph_iri(store.base, analysis.name)
    old, new = set(store.match(None, None, None, graph)), set(quads)
    if old != new:
        store.commit(new - old, old - new)
        store.log("analysis", {"analysis": analysis.name, "settings": settings, "triples": len(new)})
        store.publish()
    return graph.value, len(new)


def drop(store: Store, name: str) -> int:
    """Take the graph of an analysis out of a store open to write, and publish; return how many triples it had."""
    old = list(store.match(None, None, None, iris.analysis_graph_iri(store.base, name)))
    if old:
        store.commit([], old)
        store.log("analysis", {"analysis": name, "triples": 0})
        store.publish()
    return len(old)
