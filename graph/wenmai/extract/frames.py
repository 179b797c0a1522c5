"""Events as frames: a trigger with slots, gathered over clauses and sentences of one happening.

A match of an event rule opens a frame or adds to one with the same trigger. A frame without a date takes the one its
clause or sentence stands under. Frames of one class that agree are one event, however often it is told; words such as
签约仪式 point back to it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import cache

from wenmai.extract.dates import DateMention
from wenmai.extract.matching import Hit
from wenmai.extract.modality import stronger
from wenmai.extract.symbols import Node, Passage, chars
from wenmai.records import Modality, Span

_DATES = ("onDate", "startDate", "endDate")


@dataclass(frozen=True, slots=True)
class Filler:
    """What fills a slot: a node, the words that say so, and in which modality."""

    node: Node
    role: str
    span: Span
    passage: int


@dataclass(slots=True)
class Frame:
    """One happening being put together; `trigger` is where it is first told."""

    cls: str
    trigger: Span
    passage: int
    rule: str
    confidence: float
    modality: Modality
    slots: dict[str, list[Filler]] = field(default_factory=dict)
    named: str | None = None
    refers: bool = False
    phase: str = ""
    told: Span | None = None
    refers_at: int = -1
    during: bool = False

    def keys(self, slot: str, role: str | None = None) -> frozenset[str]:
        """Return the keys of the mentions that fill `slot` (in `role`)."""
        return frozenset(k for f in self.slots.get(slot, ()) if role in (None, f.role) for k in f.node.keys)

    def dates(self, *slots: str) -> list[DateMention]:
        """Return the dates of the frame, of all its slots or only of `slots`."""
        values = (f.node.value for s in slots or _DATES for f in self.slots.get(s, ()))
        return [v for v in values if isinstance(v, DateMention)]

    def add(self, slot: str, filler: Filler) -> None:
        """Put `filler` into `slot` unless it is there already."""
        row = self.slots.setdefault(slot, [])
        for i, known in enumerate(row):
            if known.node.keys == filler.node.keys and known.node.value == filler.node.value:
                if filler.role and not known.role:
                    row[i] = filler
                return
        row.append(filler)


def open_frame(hit: Hit, passage: Passage, modality: Modality) -> Frame:
    """Make a frame of a match of an event rule."""
    words = passage.span(hit.begin, hit.end)
    frame = Frame(
        hit.rule.event or "Event", passage.span(hit.trigger, hit.trigger_end), passage.number, hit.rule.name,
        hit.rule.confidence, modality, phase=hit.rule.phase,
    )  # fmt: skip
    for slot, node in hit.slots:
        if slot.name:
            inside = words.covers(node.span)
            span = words if inside else Span(min(words.begin, node.span.begin), max(words.end, node.span.end))
            frame.add(slot.name, Filler(node, slot.role, words if slot.topic else span, passage.number))
    return frame


def date_for(passage: Passage, begin: int, trigger: int, others: list[int]) -> Node | None:
    """Return the date under which the trigger at `trigger` stands in `passage`, if any.

    Nearest first: ahead of it in its clause, behind it in its clause, then ahead of it in the sentence unless another
    trigger (`others`) stands between and the date does not open the sentence; what 并 adds is of the same time.
    """
    low, high = passage.clause(trigger)
    told = [(i, n, n.value) for i, n in passage.found("Date") if isinstance(n.value, DateMention)]
    dated = [(i, n) for i, n, value in told if value.value is not None]
    ahead = [(n, value) for i, n, value in told if low <= i < trigger and (value.value or value.kind == "vague")]
    if ahead:
        return ahead[-1][0] if ahead[-1][1].value is not None else None
    behind = [n for i, n, value in told if trigger < i < high and value.value is not None and value.boundary is None]
    if behind:
        return behind[0]
    earlier = [(i, n) for i, n in dated if i < low]
    for i, node in reversed(earlier):
        if not any(i < other < low for other in others) or i <= 2 or passage.symbols[low : low + 1] == "并":
            return node
    return None


@cache
def _within() -> re.Pattern[str]:
    happenings = "".join(chars("Event"))
    return re.compile(
        f"(?:[{happenings}]|[会式]|活动|会[议见谈])(?:上|期间|现场|当天|(?:结束|之)?后)|(?:^|[。；\\n])会议"
    )


def during(passage: Passage, trigger: int) -> bool:
    """Tell whether what is told at `trigger` is said to be part of another happening: 会上, 仪式上, 会议通过."""
    return _within().search(passage.symbols, 0, trigger) is not None


class Heading:
    """The day of a sentence that ends in a colon, for the items listed under it."""

    def __init__(self) -> None:
        self.day: Node | None = None
        self._above: Node | None = None

    def follow(self, passage: Passage) -> None:
        """Take in a passage that was read: a colon opens a list, semicolons go on with it, all else ends it.

        A heading without a day directly behind a list (任命：…。免去：) is of the day of that list.
        """
        last = passage.symbols.rstrip("\n")[-1:]
        if last == "：":
            told = [
                n for _, n in passage.found("Date") if isinstance(n.value, DateMention) and n.value.value is not None
            ]
            self._above = self.day = told[-1] if told else self._above
        elif last and last != "；":
            self._above, self.day = self.day, None


def share_days(frames: list[Frame], today: dt.date | None) -> list[Frame]:
    """Give what happened in the course of another happening (会上) that one's day if it is of now; return `frames`."""
    host: Frame | None = None
    for frame in sorted(frames, key=lambda f: f.trigger.begin):
        told = frame.dates()
        if not told and frame.during and host is not None and frame.modality == "Asserted":
            if frame.cls != host.cls and frame.passage - host.passage <= _NEAR:
                frame.slots["onDate"] = list(host.slots["onDate"])
        elif frame.cls in _HOSTS and frame.modality == "Asserted" and told and _now(frame, today):
            single = set(frame.slots) & set(_DATES) == {"onDate"} and len(told) == 1 and told[0].end is None
            host = frame if single else None
    return frames


def merge(frames: list[Frame], today: dt.date | None) -> list[Frame]:
    """Join frames that tell of one happening; the order of first telling is kept. `today` is the article's date."""
    result: list[Frame] = []
    by_class: dict[str, list[Frame]] = {}
    for frame in frames:
        alike = by_class.setdefault(frame.cls, [])[-_LOOK_BACK:]
        same = _host(result[-_LOOK_BACK:], frame, today) if frame.cls == "Event" else _same(alike, frame, today)
        if same is None and (other := _other_end(alike, frame)) is not None:
            _join_ends(other, frame)
            continue
        if same is None:
            if frame.named and any(f.named == frame.named for f in alike):
                frame.named = None  # another edition of what goes by that name
            result.append(frame)
            by_class[frame.cls].append(frame)
            continue
        for slot, fillers in frame.slots.items():
            if slot in _DATES and same.slots.get(slot):
                if _precision(frame, slot) <= _precision(same, slot):
                    continue
                same.slots.pop(slot)
            for filler in fillers:
                same.add(slot, filler)
        same.confidence = max(same.confidence, frame.confidence)
        if frame.modality == "Denied":
            same.modality = stronger(same.modality, frame.modality)
        same.named = same.named or frame.named
        same.phase = same.phase or frame.phase
        same.during = same.during or frame.during
        if frame.refers and frame.cls != "Event":
            same.told, same.refers_at = frame.trigger, frame.passage
    return result


def _other_end(known: list[Frame], new: Frame) -> Frame | None:
    """Return the frame that tells the other end of the works whose start or end `new` tells."""
    if not new.phase:
        return None
    fits = (f for f in reversed(known) if {f.phase, new.phase} == {"start", "end"})
    return next((f for f in fits if f.keys("subject") & new.keys("subject") and _in_order(f, new)), None)


def _in_order(one: Frame, other: Frame) -> bool:
    """Tell whether each of two ends has one date of its own, and the start is not after the end."""
    start, end = (one, other) if one.phase == "start" else (other, one)
    days = [[d.value.text for d in f.dates() if d.value is not None] for f in (start, end)]
    return all(len(d) == 1 for d in days) and days[0][0][: len(days[1][0])] <= days[1][0]


def _join_ends(known: Frame, new: Frame) -> None:
    """Make one frame with a start and an end of two that tell of the two; `known` holds it then."""
    for frame in (known, new):
        slot = "startDate" if frame.phase == "start" else "endDate"
        frame.slots[slot] = [f for s in _DATES for f in frame.slots.pop(s, ())]
    for slot, fillers in new.slots.items():
        for filler in fillers:
            known.add(slot, filler)
    if new.phase == "start":
        known.modality = new.modality
    known.phase = ""


def complete(frame: Frame) -> None:
    """Give a frame whose end is known a start; work out the other end from a length (为期两天)."""
    length = next((f.node.value for f in frame.slots.pop("length", ())), None)
    days = _days(length) if isinstance(length, DateMention) else None
    told = frame.slots.get("onDate", [])
    if days and len(told) == 1 and not frame.slots.get("endDate"):
        known, other = ("endDate", "startDate") if frame.phase == "end" else ("startDate", "endDate")
        date = told[0].node.value
        if isinstance(date, DateMention) and date.end is None and date.value and date.value.datatype == "date":
            away = (days - 1) * (-1 if frame.phase == "end" else 1)
            day = dt.date.fromisoformat(date.value.text) + dt.timedelta(days=away)
            worked_out = replace(date, value=replace(date.value, text=day.isoformat()))
            frame.slots[known] = frame.slots.pop("onDate")
            frame.slots[other] = [replace(told[0], node=replace(told[0].node, value=worked_out))]
    if frame.slots.get("endDate") and "onDate" in frame.slots and "startDate" not in frame.slots:
        frame.slots["startDate"] = frame.slots.pop("onDate")


def _days(length: DateMention) -> int | None:
    """Return the days of a length of time of at most two months; None for one in other units."""
    found = re.fullmatch(r"P([0-9]{1,2})([DW])", length.length or "")
    return int(found[1]) * (7 if found[2] == "W" else 1) if found and int(found[1]) <= 60 else None


def _precision(frame: Frame, slot: str) -> int:
    return max((len(d.value.text) for d in frame.dates(slot) if d.value is not None), default=0)


_LOOK_BACK = 200
"""With how many happenings of its class a new one is compared; time stays linear however long the article is."""
_NEAR = 12
"""How many sentences after a happening 会上 still means it."""
_RECENT = 45
"""Days within which an event is of now."""
_HOSTS = ("Signing", "Opening", "Meeting", "Activity", "Establishment", "Release")
"""Events that people come to; what a bare 出席 speaks of."""


def _same(known: list[Frame], new: Frame, today: dt.date | None) -> Frame | None:
    """Return the frame of the happening that `new` tells of; 签约仪式 is the one of now, if there are several."""
    fits = [f for f in reversed(known) if _one(f, new)]
    now = [f for f in fits if _now(f, today)] if new.refers else fits
    return next(iter(now or fits), None)


def _host(known: list[Frame], guests: Frame, today: dt.date | None) -> Frame | None:
    """Return the event that people came to: the last told one of now, a ceremony before a founding."""
    fit = [f for f in known if f.cls in _HOSTS and f.modality == "Asserted" and _now(f, today)]
    if not fit:
        return None
    here = [f for f in fit if f.told is not None and f.refers_at == guests.passage]
    if here:
        return max(here, key=lambda f: f.told or f.trigger)
    near = [f for f in fit if f.passage == fit[-1].passage]
    return min(near, key=lambda f: _HOSTS.index(f.cls))


def _now(frame: Frame, today: dt.date | None) -> bool:
    """Tell whether a frame is undated or of the weeks before `today`; an old event has no guests in today's paper."""
    dates = [d.value.text for d in frame.dates() if d.value is not None]
    return today is None or not dates or any(_age(text, today) <= _RECENT for text in dates)


def _age(text: str, today: dt.date) -> int:
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 1:
        return 0 if parts[0] == today.year else 366
    return (
        today - dt.date(parts[0], parts[1], parts[2] if len(parts) > 2 else today.day if today.day < 29 else 28)
    ).days


def _one(known: Frame, new: Frame) -> bool:
    if not _dates_agree(known, new):
        return False
    if any((known.modality == apart) != (new.modality == apart) for apart in ("Denied", "Reported")):
        return False
    if known.named and new.named:
        return known.named == new.named
    subjects, others = known.keys("subject"), new.keys("subject")
    if subjects and others:
        return bool(subjects & others) and not _other_buyers(known, new)
    if new.refers or known.refers:
        return True
    if known.passage == new.passage and known.trigger.overlaps(new.trigger):
        return True
    people, guests = known.keys("participant") | known.keys("organizer"), new.keys("participant")
    return bool(people & guests)


def _other_buyers(one: Frame, other: Frame) -> bool:
    """Tell whether of two takings of one thing one is meant and the other done, and by others."""
    if one.cls != "Acquisition" or (one.modality == "Planned") == (other.modality == "Planned"):
        return False
    return not one.keys("participant") & other.keys("participant")


def _dates_agree(one: Frame, other: Frame) -> bool:
    return all(_agree(one.dates(*slots), other.dates(*slots)) for slots in (("onDate", "startDate"), ("endDate",)))


def _agree(some: list[DateMention], others: list[DateMention]) -> bool:
    mine = {d.value.text for d in some if d.value is not None}
    theirs = {d.value.text for d in others if d.value is not None}
    return not mine or not theirs or any(a.startswith(b) or b.startswith(a) for a in mine for b in theirs)
