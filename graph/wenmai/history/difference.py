"""What quads one dataset has and another has not, as sorted lines of canonical N-Quads.

Both datasets have been through the engine, which writes literals in their canonical form: `01` and `1` do not differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.history.sides import Side
from wenmai.namespaces import NIF, RDF, WENMAI
from wenmai.triples.columns import of_dataset
from wenmai.triples.iris import reading_iri
from wenmai.triples.lines import cut, split

_TYPE = f"<{RDF}type>"
_OF_CLAIMS = {f"<{WENMAI}Claim>", f"<{WENMAI}ExtractionRun>", f"<{NIF}Phrase>"}
_OF_TEXTS = {f"<{NIF}isString>", f"<{WENMAI}sha256>"}


@dataclass(frozen=True)
class Difference:
    """The lines that only A has (`removed`) and that only B has (`added`). `flat`: both were taken as one graph."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    flat: bool = False

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    @cached_property
    def quads(self) -> tuple[tuple[ox.Quad, ...], tuple[ox.Quad, ...]]:
        """The two as quads, in the same order."""
        return _parsed(self.removed), _parsed(self.added)


def compare(a: Side, b: Side, *, facts_only: bool = False) -> Difference:
    """Return the difference from `a` to `b`; with `facts_only` that of what holds, without claims and evidence.

    What a build keeps for itself (see `triples.reading`) is not compared. A dataset with graphs and one that is flat
    are compared as one graph each, as `wenmai export` flattens.
    """
    flat = a.flat != b.flat and bool(len(a.store.inner) and len(b.store.inner)) and not facts_only
    mine, others = (_lines(side, flat=flat, facts_only=facts_only) for side in (a, b))
    return Difference(tuple(sorted(mine - others)), tuple(sorted(others - mine)), flat)


def reproducible(difference: Difference) -> Difference:
    """Return `difference` if an update can be made of it. Raises UsageError if one side alone has graphs."""
    if difference.flat:
        raise UsageError(
            "one side has graphs and the other is one graph, so that no update leads from one to the other; compare "
            "with a TriG or N-Quads export, or with --facts-only"
        )
    return difference


def _lines(side: Side, *, flat: bool, facts_only: bool) -> set[str]:
    if facts_only:
        found = cut(side.store.inner.dump(format=ox.RdfFormat.N_QUADS, from_graph=ox.DefaultGraph()) or b"")
        return _facts(found) if side.flat else set(found)
    end = f" {reading_iri(side.store.base)} ."
    found = [line for line in cut(side.store.dump()) if not line.endswith(end)]
    if not flat or side.flat:
        return set(found)
    return {f"{s} {predicate} {value} ." for predicate, rows in of_dataset(split(found)) for s, value in rows}


def _facts(lines: list[str]) -> set[str]:
    """Return the lines of one graph that the default graph of a dataset would have: no claims, spans and texts."""
    parts = [line.split(" ", 2) for line in lines]
    others = {s for s, p, rest in parts if p == _TYPE and rest[:-2] in _OF_CLAIMS}
    return {line for line, (s, p, _) in zip(lines, parts, strict=True) if s not in others and p not in _OF_TEXTS}


def _parsed(lines: Iterable[str]) -> tuple[ox.Quad, ...]:
    text = "".join(line + "\n" for line in lines)
    quads = tuple(cast("ox.Quad", quad) for quad in ox.parse(text, ox.RdfFormat.N_QUADS))
    for quad in quads:
        blank = next((t for t in (quad.subject, quad.object, quad.graph_name) if _is_blank(t)), None)
        if blank is not None:
            raise UsageError(f"there are blank nodes ({blank}), which have no name to compare by; give them IRIs")
    return quads


def _is_blank(node: object) -> bool:
    """Tell whether a term is a blank node, or a triple term with one in it."""
    if isinstance(node, ox.Triple):
        return _is_blank(node.subject) or _is_blank(node.object)
    return isinstance(node, ox.BlankNode)
