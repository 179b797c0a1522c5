"""What people decided, as the rooms that build need it: which id becomes which, which claims are rejected.

Takes the decisions of the log in order. One that was undone has no effect; an undoing that was undone itself has none
either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wenmai.records import Decision


class Decisions:
    """The decisions of a log: `holding` are those that hold, `undoing` the numbers of the undoings that do."""

    def __init__(self, log: Iterable[Decision] = ()) -> None:
        self.log: tuple[Decision, ...] = tuple(log)
        self.holding, self.undoing = _effective(self.log)
        self._moves = [each for each in self.holding if each.do in ("merge", "split")]
        self._sources = {each.subject for each in self._moves}
        self._apart = {frozenset((each.subject, each.object)) for each in self.holding if each.do == "apart"}
        self._judged = {each.subject: each for each in self.holding if each.do in ("reject", "confirm")}

    def moved(self, entity: str, article: str | None = None) -> str:
        """Return the id that stands for the id `entity`, where the article of the id `article` speaks of it."""
        if entity not in self._sources:
            return entity
        for each in self._moves:
            if each.subject == entity and (each.do == "merge" or article in each.articles):
                entity = each.object
        return entity

    def apart(self, one: str, other: str) -> bool:
        """Tell whether people said that two ids are two things."""
        return frozenset((one, other)) in self._apart

    def judged(self, claim: str) -> Decision | None:
        """Return the last decision on a claim, by its local id; None if there is none."""
        return self._judged.get(claim)

    def chosen(self, do: str) -> list[tuple[str, Decision]]:
        """Return (entity, decision) of what people chose for entities (`rename`, `retype`: the last; `match`: all)."""
        found: dict[tuple[str, str], tuple[str, Decision]] = {}
        for each in self.holding:
            if each.do == do:
                entity = self.moved(each.subject)
                found[entity, each.object if do == "match" else ""] = (entity, each)
        return list(found.values())


def _effective(log: Sequence[Decision]) -> tuple[tuple[Decision, ...], frozenset[int]]:
    """Return the decisions of `log` that were not undone, in order, and the numbers of the undoings that hold."""
    undone: set[int] = set()
    found, undoing = [], set()
    for each in reversed(log):
        if each.number in undone:
            continue
        if each.do == "undo":
            undone.add(int(each.object))
            undoing.add(each.number)
        else:
            found.append(each)
    return tuple(found[::-1]), frozenset(undoing)
