"""Rules on passages: which match where, and what their slots hold.

One pass of an automaton over the passage tells which rules can match at all; only their expressions are run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from wenmai.extract.context import Context, modifier
from wenmai.extract.pattern import LIST_JOIN, Compiled, Slot
from wenmai.extract.rules import Rule, Stage, rule_book
from wenmai.extract.symbols import Node, Passage, chars


@dataclass(frozen=True, slots=True)
class Hit:
    """One match: `slots` hold (slot, node) in order of text; `begin`, `end`, `trigger` are positions of symbols."""

    rule: Rule
    begin: int
    end: int
    trigger: int
    trigger_end: int
    slots: tuple[tuple[Slot, Node], ...]

    def fill(self, name: str) -> list[tuple[Slot, Node]]:
        """Return what the slots called `name` hold."""
        return [(s, n) for s, n in self.slots if s.name == name]


@dataclass(frozen=True, slots=True)
class Miss:
    """A match that came to nothing, and why: what a trace shows."""

    rule: Rule
    begin: int
    end: int
    why: str


_ENDLESS = re.compile(f"[\ue000-\uf8ff](?:{LIST_JOIN}[\ue000-\uf8ff]){{32}}")
"""A row of so many names is not split in two by any rule: trying every way to would take minutes."""


_LEAD = 5  # symbols of 此前， and the like, the comma included
_JOINS = frozenset("、，；和与及同跟暨或")


class _Index:
    """The rules of one stage behind an automaton over what they need."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        self._patterns: list[tuple[Rule, Compiled]] = [(r, p) for r in rules for p in r.patterns]
        words = sorted({word for _, p in self._patterns for need in p.needs for word in need})
        by_word = {word: i for i, word in enumerate(words)}
        self._users: list[list[int]] = [[] for _ in words]
        self._always: list[int] = []
        self._others: list[tuple[frozenset[int], ...]] = []
        for number, (_, pattern) in enumerate(self._patterns):
            needs = [frozenset(by_word[word] for word in need) for need in pattern.needs]
            if not needs:
                self._always.append(number)
            for word in needs[0] if needs else ():
                self._users[word].append(number)
            self._others.append(tuple(needs[1:]))
        self._automaton = AhoCorasick(words, matchkind=MatchKind.Standard) if words else None

    def candidates(self, symbols: str) -> list[tuple[Rule, Compiled]]:
        chosen = set(self._always)
        if self._automaton is not None:
            seen = {word for word, _, _ in self._automaton.find_matches_as_indexes(symbols, overlapping=True)}
            for word in seen:
                chosen.update(self._users[word])
            chosen = {i for i in chosen if not any(need.isdisjoint(seen) for need in self._others[i])}
        if _ENDLESS.search(symbols):
            chosen = {i for i in chosen if self._patterns[i][1].lists < 2}
        return [self._patterns[i] for i in sorted(chosen)]


@cache
def _index(stage: Stage) -> _Index:
    return _Index(r for r in rule_book().rules if r.stage == stage)


def candidates(passage: Passage, stage: Stage) -> list[Rule]:
    """Return the rules of `stage` that may match in `passage`, by the words they need."""
    return list({rule.name: rule for rule, _ in _index(stage).candidates(passage.symbols)}.values())


def hits(
    passage: Passage, stage: Stage, context: Context, missed: Callable[[Miss], None] | None = None
) -> Iterator[Hit]:
    """Give the matches of the rules of `stage` in `passage`, rule by rule in the order of the files.

    The patterns of a rule are in order of preference: at one trigger only the first that matches counts. `missed` is
    told of matches that came to nothing.
    """
    seen: set[tuple[str, int]] = set()
    for rule, pattern in _index(stage).candidates(passage.symbols):
        position = 0
        while found := pattern.regex.search(passage.symbols, position):
            position = max(found.end() - 1, found.start() + 1)
            begin, end = found.span()
            if rule.unless is not None and (
                barred := rule.unless.search(
                    passage.symbols[_lead(passage, begin) : max(end, passage.clause(end - 1)[1])]
                )
            ):
                if missed is not None:
                    missed(Miss(rule, begin, end, f"unless: “{barred.group()}”"))
                continue
            named = "trigger" in pattern.regex.groupindex
            trigger = found.span("trigger") if named and found.start("trigger") >= 0 else (begin, end)
            if (rule.name, trigger[0]) in seen:
                continue
            slots = _slots(pattern, passage, found, context)
            if slots is None:
                if missed is not None:
                    wanted = ", ".join(slot.cls for slot in pattern.topics)
                    missed(Miss(rule, begin, end, f"the text before speaks of no {wanted}"))
                continue
            if (behind := _modifies(passage, pattern, found, trigger[0])) is not None:
                position = behind
                continue
            if rule.unless_name is not None and any(rule.unless_name.search(n.name) for _, n in slots):
                continue
            if named:
                seen.add((rule.name, trigger[0]))
            yield Hit(rule, begin, end, *trigger, tuple(slots))


def _lead(passage: Passage, begin: int) -> int:
    """Return where the clause at `begin` starts, with what leads it in: 此前，他担任……"""
    start = passage.clause(begin)[0]
    before = passage.clause(start - 1)[0] if start and passage.symbols[start - 1] == "，" else start
    return before if start - before <= _LEAD else start


def _members(passage: Passage, slot: Slot, begin: int, end: int) -> list[Node]:
    """Return what fills a slot by its words from `begin` to `end`: not the bodies of the posts in a list of persons."""
    if not slot.many or "Person" not in slot.cls.split("|"):
        return [node for node in passage.nodes[begin:end] if node is not None]
    people, title = chars("Person"), chars("Title")
    kept: list[Node] = []
    member: list[Node] = []
    for sign, node in zip(passage.symbols[begin:end], passage.nodes[begin:end], strict=True):
        if sign in _JOINS:
            kept.extend(member)
            member = []
        elif sign == title:
            member = []
        elif node is not None:
            member = [node] if sign in people else [*member, node]
    return kept + member


def _modifies(passage: Passage, pattern: Compiled, found: re.Match[str], trigger: int) -> int | None:
    """Return the end of a filler that only describes what the trigger is about: 甲控股的乙开业 tells of 乙."""
    for group in pattern.groups:
        end = found.end(group)
        if 0 < end < trigger and (next_ := modifier().match(passage.symbols, end)) and next_.end() <= trigger:
            return end
    return None


def _slots(
    pattern: Compiled, passage: Passage, found: re.Match[str], context: Context
) -> list[tuple[Slot, Node]] | None:
    result: list[tuple[Slot, Node]] = []
    for group, slot in pattern.groups.items():
        if found.start(group) < 0:
            continue
        result.extend((slot, n) for n in _members(passage, slot, *found.span(group)))
    for slot in pattern.topics:
        own = frozenset(k for _, n in result for k in n.keys)
        node = context.topic(slot.cls, passage, found.start(), opening=slot.topic > 1, but=own)
        if node is None:
            return None
        result.append((slot, node))
    return result
