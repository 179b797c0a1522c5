"""The axioms by which a step of the closure's tables goes: the shortest way through the ontology."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from wenmai.reason.schema import Axiom, Schema, is_blank

_T = TypeVar("_T")


def property_path(schema: Schema, source: str, target: str, turned: bool) -> tuple[Axiom, ...]:
    """Return the axioms by which a triple of `source` gives one of `target`, with its ends exchanged if `turned`."""

    def steps(at: tuple[str, bool]) -> Iterable[tuple[tuple[str, bool], Axiom]]:
        return (((name, at[1] != turns), axiom) for name, turns, axiom in schema.property_steps(at[0]))

    return _shortest((source, False), (target, turned), steps) or ()


def class_path(schema: Schema, below: str, above: str) -> tuple[Axiom, ...]:
    """Return the axioms that put every member of `below` into `above`; a class without a name is left out."""
    found = _shortest(below, above, schema.class_steps) or ()
    path: list[Axiom] = []
    for axiom in found:
        if path and is_blank(path[-1].terms[1]):
            path[-1] = Axiom("subclass", (path[-1].terms[0], axiom.terms[1]))
        else:
            path.append(axiom)
    return tuple(path)


def end_path(schema: Schema, prop: str, at_object: bool, cls: str) -> tuple[Axiom, ...]:
    """Return the axioms by which the subject, or the object, of a triple of `prop` is in the class `cls`."""

    def steps(at: tuple[str, bool]) -> Iterable[tuple[tuple[str, bool], Axiom]]:
        return (((name, at[1] != turns), axiom) for name, turns, axiom in schema.property_steps(at[0]))

    best: tuple[Axiom, ...] | None = None
    reached: list[tuple[str, bool]] = [(prop, False)]
    for name, turned in reached:
        reached += [item for item, _ in steps((name, turned)) if item not in reached]
        for at_end, found, axiom in schema.ends(name):
            if at_end != (at_object != turned):
                continue
            rest = class_path(schema, found, cls)
            if found == cls or rest:
                first = Axiom(axiom.kind, (name, cls)) if is_blank(found) else axiom
                tail = () if is_blank(found) else rest
                path = (*property_path(schema, prop, name, turned), first, *tail)
                best = path if best is None or len(path) < len(best) else best
    return best or ()


def _shortest(start: _T, goal: _T, steps: Callable[[_T], Iterable[tuple[_T, Axiom]]]) -> tuple[Axiom, ...] | None:
    """Return the axioms of the shortest way from `start` to `goal`, breadth first; None if there is none."""
    ways: dict[_T, tuple[Axiom, ...]] = {start: ()}
    waiting = [start]
    for at in waiting:
        if at == goal:
            return ways[at]
        for following, axiom in steps(at):
            if following not in ways:
                ways[following] = (*ways[at], axiom)
                waiting.append(following)
    return None
