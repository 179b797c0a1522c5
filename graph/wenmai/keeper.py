"""What happens to the store when an article comes, changes or goes: everything that follows from it, in one commit.

    Resolution → counted → linked → quads → what changes in the default graph → what follows → one commit

The registry is a file beside the store and does not commit with it. What it holds follows from the readings that the
store keeps; `Keeper` compares the two when it begins, and counts again what differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from wenmai.curate import log
from wenmai.reason import refresh_inferred, with_inferred
from wenmai.records import Decision, Linked, Resolution
from wenmai.resolve.decisions import Decisions
from wenmai.resolve.link import link
from wenmai.resolve.registry import FILE, Registry
from wenmai.store import Store
from wenmai.triples import article_iri, article_quads, curation_iri, delta, delta_of, iris, terms
from wenmai.triples.decision import curation_quads, stored_decisions, touched
from wenmai.triples.reading import digests, read_back, reading_quads, stored_reading
from wenmai.triples.recovered import recovered


class Keeper:
    """Keeps a store that is open to write in step with its articles and decisions. Raises StoreError throughout."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.decisions = Decisions(stored_decisions(store, store.base))
        self.registry = Registry(store.beside(FILE))
        cut_off = self.registry.begin(_boot())
        self._catch_up()
        if cut_off:
            self.registry.mark(self.registry.digests())
        self._replay()

    def put(self, resolution: Resolution) -> Linked:
        """Put an article in, or in the place of what the store has of it; return it as the archive links it."""
        article, base = resolution.article.id, self.store.base
        reading, digest = reading_quads(resolution, base)
        self.registry.put(resolution, digest)
        linked, add, remove = self._linked(resolution)
        self._commit([*add, *reading], [*remove, *stored_reading(self.store, base, article)])
        self.registry.settled(article)
        self.registry.save()
        return linked

    def remove(self, article: str) -> None:
        """Take an article out, and what only it says."""
        base = self.store.base
        self.registry.drop(article)
        add, remove = delta(self.store, base, article, [])
        self._commit(add, [*remove, *stored_reading(self.store, base, article)])
        self.registry.save()

    def decide(self, log: Iterable[Decision], affected: Iterable[str]) -> None:
        """Let the decisions of `log` hold from now on; `affected` are the articles whose graphs they may change."""
        self.decisions = Decisions(log)
        # Noted before the decisions are: a process that is killed in between leaves nothing undone.
        self.registry.mark(affected)
        self.registry.save()
        graph = curation_iri(self.store.base)
        quads = curation_quads(self.decisions, self.store.base)
        self._commit(*delta_of(self.store, self.store.base, graph, quads))

    def settle(self) -> list[str]:
        """Link again the articles for which something changed by what others show; return those that changed."""
        changed = []
        while waiting := self.registry.dirty():
            changed += [article for article in waiting if self._link_again(article)]
        return changed

    def undo(self) -> None:
        """Forget what the registry learned of an article that could not be put in."""
        self.registry.undo()

    def close(self) -> None:
        """Close the registry when what it was told is on the disk; the store stays open."""
        try:
            self.registry.undo()
            self.store.flush()
            self.registry.end()
        finally:
            self.registry.close()

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _linked(self, resolution: Resolution) -> tuple[Linked, list[ox.Quad], list[ox.Quad]]:
        """Return an article that the registry has counted as the archive links it, and what changes by that."""
        base = self.store.base
        linked = link(resolution, self.registry, self.decisions)
        quads = article_quads(linked, base, self.decisions.judged)
        return linked, *delta(self.store, base, resolution.article.id, quads)

    def _link_again(self, article: str) -> bool:
        base = self.store.base
        resolution = read_back(self.store, base, article_iri(base, article))
        add: list[ox.Quad] = []
        remove: list[ox.Quad] = []
        if resolution is not None:
            _, add, remove = self._linked(resolution)
            self._commit(add, remove)
        self.registry.settled(article)
        self.registry.save()
        return bool(add or remove)

    def _commit(self, add: list[ox.Quad], remove: list[ox.Quad]) -> None:
        if add or remove:
            self.store.commit(*with_inferred(self.store, self.store.base, add, remove))

    def _recovered(self, held: dict[str, str]) -> dict[str, str]:
        """Make the readings of articles that were built before readings were kept; return their digests."""
        base = self.store.base
        found = {}
        for quad in list(self.store.match(None, terms.IDENTIFIER, None, None)):
            graph, node = quad.graph_name, quad.subject
            if not isinstance(graph, ox.NamedNode) or not isinstance(node, ox.NamedNode):
                continue
            if iris.is_article_graph(graph) and node.value not in held and (made := recovered(self.store, graph)):
                reading, found[node.value] = reading_quads(made, base)
                self._commit(reading, [])
        if found:
            refresh_inferred(self.store)  # a build of that time may have been cut off before it inferred
        return found

    def _replay(self) -> None:
        """Carry out what the curation log has and the store does not, and the other way round."""
        path = self.store.beside(log.FILE)
        if path is None:
            return
        late, unlogged = log.missing(self.decisions.log, log.read(path), str(path))
        if unlogged:
            log.append(path, unlogged)
        if late:
            whole = [*self.decisions.log, *late]
            self.decide(whole, touched(self.store, self.store.base, late, whole))

    def _catch_up(self) -> None:
        """Count what the store holds and the registry does not, and take back what the store does not hold."""
        base = self.store.base
        held, counted = digests(self.store, base), self.registry.digests()
        known = {article_iri(base, name).value: value for name, value in counted.items()}
        for name in counted:
            if article_iri(base, name).value not in held:
                self.registry.drop(name)
        late = []
        for node, value in sorted((held | self._recovered(held)).items()):
            if known.get(node) != value and (found := read_back(self.store, base, ox.NamedNode(node))):
                self.registry.put(found, value)
                late.append(found.article.id)
        self.registry.mark(late)
        self.registry.save()


def _boot() -> str:
    """Return what tells this run of the machine from others, where the system says it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return "?"
