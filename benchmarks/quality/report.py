"""Tables of outcomes: precision, recall and F1 per relation, event slot and class, traps, calibration, differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from quality.gold import SLOTS, Article
from quality.graph import Graph
from quality.scorer import Outcome, Scorer

BUCKETS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True)
class Figure:
    """How many facts there are, how many are said, and how well that is done."""

    gold: int
    found: int
    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, right: int, wrong: int, missed: int) -> Figure:
        """Return the figure of these counts."""
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        both = precision + recall
        return cls(right + missed, right + wrong, precision, recall, 2 * precision * recall / both if both else 0.0)


@dataclass(frozen=True)
class Quality:
    """All that is printed of one graph against a set of articles."""

    articles: int
    total: Figure
    relations: Mapping[str, Figure]
    slots: Mapping[str, Figure]
    entities: Mapping[str, tuple[int, int, int]]  # by class: named, seen, seen as of that class
    traps: tuple[int, int]  # fallen into, set
    calibration: Mapping[str, tuple[int, int]]  # by confidence: facts said, right ones
    speed: float  # characters a second of extraction alone, on one core

    def plain(self) -> dict[str, Any]:
        """Return this as JSON holds it."""
        return asdict(self)


def measure(graph: Graph, articles: Iterable[Article], speed: float = 0.0) -> tuple[Quality, list[Outcome]]:
    """Score `graph` against `articles`."""
    outcomes: list[Outcome] = []
    entities: dict[str, tuple[int, int, int]] = {}
    count = 0
    for article in articles:
        scorer = Scorer(graph, article)
        outcomes += scorer.outcomes()
        count += 1
        for cls, counts in scorer.entities().items():
            earlier = entities.get(cls, (0, 0, 0))
            entities[cls] = (earlier[0] + counts[0], earlier[1] + counts[1], earlier[2] + counts[2])
    facts = [o for o in outcomes if o.verdict in ("right", "wrong", "missed")]
    slots = [o for o in facts if o.relation in SLOTS or o.relation == "event"]
    fallen = sum(o.verdict == "trap" for o in outcomes)
    quality = Quality(
        count,
        _figure(facts),
        _by(facts, lambda o: f"event.{o.relation}" if o.relation in SLOTS else o.relation),
        _by(slots, lambda o: o.event if o.relation == "event" else f"{o.event}.{o.relation}"),
        dict(sorted(entities.items())),
        (fallen, fallen + sum(o.verdict == "avoided" for o in outcomes)),
        _calibration(facts),
        speed,
    )
    return quality, outcomes


def _figure(outcomes: Iterable[Outcome]) -> Figure:
    counts: dict[str, int] = defaultdict(int)
    for outcome in outcomes:
        counts[outcome.verdict] += 1
    return Figure.of(counts["right"], counts["wrong"], counts["missed"])


def _by(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> dict[str, Figure]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[name(outcome)].append(outcome)
    return {key: _figure(groups[key]) for key in sorted(groups)}


def _calibration(facts: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    """Of the facts said at some confidence, how many are right; an event as such carries none of its own."""
    table: dict[str, tuple[int, int]] = {}
    for low, high in zip(BUCKETS, (*BUCKETS[1:], 1.01), strict=True):
        said = [o for o in facts if o.verdict != "missed" and o.relation != "event" and low <= o.confidence < high]
        if said:
            table[f"{low:.2f}–{min(high, 1):.2f}"] = (len(said), sum(o.verdict == "right" for o in said))
    return table


def told(quality: Quality) -> list[str]:
    """Return the lines that are printed."""
    lines = [f"{'relation':26}{'gold':>6}{'found':>7}{'P':>7}{'R':>7}{'F1':>7}"]
    lines += [_line(name, figure) for name, figure in quality.relations.items()]
    lines += ["", "event and slot"]
    lines += [_line(name, figure) for name, figure in quality.slots.items()]
    lines += ["", f"{'class':26}{'named':>6}{'seen':>7}{'as such':>9}"]
    lines += [f"{cls:26}{named:6}{seen:7}{typed:9}" for cls, (named, seen, typed) in quality.entities.items()]
    lines += ["", f"{'confidence':26}{'said':>6}{'right':>7}{'share':>7}"]
    lines += [f"{name:26}{said:6}{right:7}{right / said:7.2f}" for name, (said, right) in quality.calibration.items()]
    fallen, traps = quality.traps
    share = f" ({fallen / traps:.1%})" if traps else ""
    lines += ["", f"{quality.articles} articles; traps fallen into: {fallen} of {traps}{share}"]
    lines += [f"extraction: {quality.speed:,.0f} characters a second on one core"] if quality.speed else []
    return [*lines, _line("all facts", quality.total, 3)]


def _line(name: str, f: Figure, digits: int = 2) -> str:
    return f"{name:26}{f.gold:6}{f.found:7}{f.precision:7.{digits}f}{f.recall:7.{digits}f}{f.f1:7.{digits}f}"


def compared(now: Quality, then: Quality) -> list[str]:
    """Return the lines that say what has changed from `then` to `now`."""
    lines = [f"{'relation':26}{'F1 then':>9}{'now':>7}{'change':>9}"]
    for name in sorted(now.relations.keys() | then.relations.keys()):
        old, new = (q.relations.get(name, Figure.of(0, 0, 0)).f1 for q in (then, now))
        if round(old, 3) != round(new, 3):
            lines.append(f"{name:26}{old:9.3f}{new:7.3f}{new - old:+9.3f}")
    lines.append(f"{'traps fallen into':26}{then.traps[0]:9}{now.traps[0]:7}{now.traps[0] - then.traps[0]:+9}")
    old, new = then.total.f1, now.total.f1
    return [*lines, f"{'all facts':26}{old:9.3f}{new:7.3f}{new - old:+9.3f}"]
