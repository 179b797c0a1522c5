"""The facts of a sample of a store put before HermiT, and what contradicts the ontology traced to its claims.

HermiT says no more than that a set of facts is inconsistent. Where classes exclude each other by what the closure
knows, the facts behind them are found by proofs, and HermiT confirms that they suffice. What only HermiT sees is
narrowed down to a smallest set: one run takes several sets, each holding the one before, and ends at the first that is
inconsistent (the idea of Junker, "QuickXplain", AAAI 2004, with more than two parts).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from wenmai import ontology
from wenmai.errors import LimitError, UsageError
from wenmai.namespaces import XSD
from wenmai.reason.clashes import clashes
from wenmai.reason.view import Line, line_of
from wenmai.triples import terms
from wenmai.triples.iris import inferred_iri
from wenmai.triples.merge import DEFAULT, Dataset

MOST = 20
"""Contradictions after which the search ends."""
SAMPLE = 1000
"""Individuals looked at unless said: some four seconds."""

_PARTS = 8
"""Sets put before HermiT in one run: one more costs a tenth of Java's start."""
_NEIGHBOURS = 20
"""Subjects that lead to a node which are followed from it: what a hub is known by stays small."""
_DATATYPES = {XSD + name for name in ("string", "boolean", "integer", "decimal")}
"""Those of ours that HermiT knows; it refuses a graph with an xsd:date (the datatype map of OWL 2 has none)."""
_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that cannot all be so: the individual they are about, the classes that exclude each other, and the facts.

    `classes` is empty where only HermiT sees that they contradict the ontology. No fact can be left out.
    """

    node: str
    classes: tuple[str, ...]
    facts: tuple[Line, ...]


def contradictions(store: Dataset, size: int = SAMPLE) -> Iterator[Contradiction]:
    """Yield what contradicts the ontology in the facts of `size` individuals, the same ones every time; at most `MOST`.

    The facts of each contradiction that was found are left out when the next is sought. Raises UsageError where there
    is no Java, StoreError, LimitError if HermiT takes too long.
    """
    reasoner = _Hermit()
    facts = sample(store, size)
    found = 0
    for suspect in clashes(facts):
        if found == MOST:
            return
        if reasoner.first_inconsistent([suspect.facts]) == 0:
            found += 1
            yield Contradiction(suspect.node, suspect.classes, suspect.facts)
            facts = [fact for fact in facts if fact not in suspect.facts]
    while found < MOST and reasoner.first_inconsistent([facts]) == 0:
        culprits = _smallest(facts, reasoner)
        known = clashes(culprits)
        classes = known[0].classes if known else ()
        found += 1
        yield Contradiction(_common(culprits), classes, tuple(culprits))
        facts = [fact for fact in facts if fact not in culprits]


def sample(store: Dataset, size: int) -> list[Line]:
    """Return the asserted facts among `size` individuals of a store: neighbourhoods, begun at the least digests."""
    every = {quad.subject for quad in store.match(None, terms.TYPE, None, DEFAULT)}
    named = (node for node in every if isinstance(node, ox.NamedNode))
    order = sorted(named, key=lambda node: sha256(node.value.encode()).digest())
    chosen: dict[ox.NamedNode, None] = {}
    for seed in order:
        waiting = {seed: None}
        while waiting and len(chosen) < size:
            node = next(iter(waiting))
            del waiting[node]
            if node not in chosen and node in every:
                chosen[node] = None
                waiting |= dict.fromkeys(_neighbours(store, node))
        if len(chosen) >= size:
            break
    names = {node.value for node in chosen}
    return [line for node in chosen for line in _facts(store, node, names)]


def _neighbours(store: Dataset, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
    for quad in store.match(node, None, None, DEFAULT):
        if quad.predicate != terms.TYPE and isinstance(quad.object, ox.NamedNode):
            yield quad.object
    for quad in islice(store.match(None, None, node, DEFAULT), _NEIGHBOURS):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject


def _facts(store: Dataset, node: ox.NamedNode, names: set[str]) -> Iterator[Line]:
    """Yield the asserted facts of a node whose objects are classes, individuals of the sample or plain values."""
    inferred = set(map(line_of, store.match(node, None, None, inferred_iri(store.base))))
    properties = {terms.term(name) for name in ontology.properties()}
    for quad in store.match(node, None, None, DEFAULT):
        line = line_of(quad)
        if line is None or line in inferred:
            continue
        if quad.predicate == terms.TYPE or (quad.predicate in properties and _fits(line[2], names)):
            yield line


def _fits(value: str | ox.Literal, names: set[str]) -> bool:
    return value in names if isinstance(value, str) else value.datatype.value in _DATATYPES


def _smallest(facts: Sequence[Line], reasoner: _Hermit) -> list[Line]:
    """Return a smallest set of `facts`, which are inconsistent, that is inconsistent by itself."""
    core: list[Line] = []
    rest = list(facts)
    while True:
        low, high = 0, len(rest)  # core and rest[:high] is inconsistent, core and rest[:low - 1] is not
        while low < high:
            step = max(1, (high - low) // _PARTS)
            ends = [*range(low, high, step)]
            first = reasoner.first_inconsistent([[*core, *rest[:end]] for end in ends])
            if first is None:
                low = ends[-1] + 1
            else:
                high, low = ends[first], ends[first - 1] + 1 if first else ends[first]
        if not high:
            return core
        culprit = rest[high - 1]
        core.append(culprit)
        near = _near(culprit, rest[: high - 1])
        rest = near if reasoner.first_inconsistent([[*core, *near]]) == 0 else rest[: high - 1]


def _near(fact: Line, facts: list[Line]) -> list[Line]:
    """Return those of `facts` about the ends of a fact, or about what those are related to."""
    nodes = _ends(fact)
    for _ in range(2):
        nodes = nodes.union(*(ends for each in facts if (ends := _ends(each)) & nodes))
    return [each for each in facts if _ends(each) & nodes]


def _ends(fact: Line) -> set[str]:
    subject, predicate, value = fact
    return {subject, value} if isinstance(value, str) and predicate != terms.TYPE.value else {subject}


def _common(facts: Sequence[Line]) -> str:
    """Return the node that most of the facts are about."""
    nodes = [node for fact in facts for node in sorted(_ends(fact))]
    return max(dict.fromkeys(nodes), key=nodes.count)


class _Hermit:
    """HermiT in a Java process of its own, one for each run."""

    def __init__(self) -> None:
        if shutil.which("java") is None:
            raise UsageError("HermiT needs a Java runtime; install one (apt install default-jre-headless)")
        import owlready2
        import owlready2.reasoning

        memory, path = owlready2.reasoning.JAVA_MEMORY, owlready2.reasoning._HERMIT_CLASSPATH
        self.command = [
            owlready2.JAVA_EXE,
            f"-Xmx{memory}M",
            "-cp",
            path,
            "org.semanticweb.HermiT.cli.CommandLine",
            "-k",
        ]
        self.schema = [triple for triple in ontology.triples() if not isinstance(triple.object, ox.Literal)]

    def first_inconsistent(self, sets: Sequence[Sequence[Line]]) -> int | None:
        """Return the place of the first of `sets` that contradicts the ontology, None if none does."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / f"{number}.nt" for number in range(len(sets))]
            for path, facts in zip(paths, sets, strict=True):
                path.write_bytes(
                    ox.serialize([*self.schema, *map(_triple, facts)], format=ox.RdfFormat.N_TRIPLES) or b""
                )
            command = [*self.command, *(path.as_uri() for path in paths)]
            done = _run(command)
        if done.returncode == 0:
            return None
        if "InconsistentOntologyException" not in done.stderr:
            reason = done.stderr.strip().splitlines()[:1] or ["no message"]
            raise LimitError(f"HermiT failed ({reason[0][:200]}); give a smaller --sample")
        return done.stdout.count("is satisfiable.")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - Java, and files of our own
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise LimitError(f"HermiT needed more than {_SECONDS} s and was stopped; give a smaller --sample") from error


def _triple(line: Line) -> ox.Triple:
    subject, predicate, value = line
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)
