"""From matches and frames to claims: typed, with evidence, in the order in which the text makes them.

A `Builder` holds one article's mentions and claims while they are made. It refuses a claim whose ends are not of the
classes that the ontology gives for the property, and one whose ends are the same thing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import combinations

from wenmai import ontology
from wenmai.extract.areas import may_contain
from wenmai.extract.dates import DateMention
from wenmai.extract.frames import Filler, Frame, complete
from wenmai.extract.matching import Hit
from wenmai.extract.modality import approximate
from wenmai.extract.posts import Held
from wenmai.extract.rules import Derivation, Rule
from wenmai.extract.symbols import Node, Passage
from wenmai.records import Article, Claim, Mention, Modality, Span, Status, Value

_DATE_SLOTS = ("onDate", "startDate", "endDate")
_ADDRESS = "Address"
_IN_STATUS: dict[Status | None, Modality] = {
    "Happened": "Asserted",
    "Scheduled": "Planned",
    "Cancelled": "Denied",
    "Denied": "Denied",
    None: "Reported",
}
"""How the slots of an event are said, by its status."""


class Builder:
    """What is being made of one article; `first` gives for a mention's key that of the first mention of its thing."""

    def __init__(self, article: Article, mentions: list[Mention], first: Callable[[str], str]) -> None:
        self.article = article
        self._mentions = {m.key: m for m in mentions}
        self._claims: list[Claim] = []
        self.refused: list[tuple[Claim, str]] = []
        self._first = first
        self._posts: dict[tuple[str, str, str | None], str] = {}
        self._counts = {"e": 0, "p": 0}

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Return all mentions, events and posts included, in the order in which they were made."""
        return tuple(self._mentions.values())

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return the claims made so far, each once."""
        return tuple(dict.fromkeys(self._claims))

    def spoken_of(self, claims: tuple[Claim, ...]) -> tuple[Mention, ...]:
        """Return the mentions of a document with `claims`: names found on their own, and others only if spoken of."""
        used = {c.subject for c in claims} | {c.object for c in claims if isinstance(c.object, str)}
        helpers = ("inner", "rule")
        return tuple(m for m in self.mentions if m.cls != _ADDRESS and (m.voice not in helpers or m.key in used))

    def mint(self, letter: str, span: Span, cls: str, name: str, status: Status | None = None) -> str:
        """Make a mention for an event (`e`) or a post (`p`) and return its key."""
        self._counts[letter] += 1
        key = f"{letter}{self._counts[letter]}"
        self._mentions[key] = Mention(key, span, cls, name, "rule", status=status)
        return key

    def claim(self, subject: str, predicate: str, value: str | Value, span: Span, rule: str, **kind: object) -> None:
        """Add a claim unless its ends do not fit the property or are one thing; `refused` keeps it then."""
        claim = Claim(subject, predicate, value, span, rule=rule, **kind)  # type: ignore[arg-type]  # modality, approximate, confidence
        if why := self._why_not(subject, predicate, value):
            self.refused.append((claim, why))
        else:
            self._claims.append(claim)

    def _why_not(self, subject: str, predicate: str, value: str | Value) -> str:
        """Say why there is no such fact; empty if there may be."""
        if not self._fits(subject, domain := ontology.domain(predicate)):
            return f"the subject of {predicate} is {' or '.join(domain)}"
        if not isinstance(value, str):
            return ""
        if not self._fits(value, range_ := ontology.range_(predicate)):
            return f"the object of {predicate} is {' or '.join(range_)}"
        if self._first(subject) == self._first(value):
            return "both ends are one thing"
        if predicate == "locatedIn" and not self._may_contain(value, subject):
            return "an area of that level does not lie in the other"
        return ""

    def _may_contain(self, outer: str, inner: str) -> bool:
        """Tell whether one area may lie in another; of other things nothing is known."""
        one, other = self._mentions.get(outer), self._mentions.get(inner)
        if one is None or other is None or one.cls != other.cls or one.cls != "AdministrativeArea":
            return True
        return may_contain(one.name, other.name)

    def _fits(self, key: str, classes: tuple[str, ...]) -> bool:
        if key == "article" or not classes:
            return True
        mention = self._mentions.get(key)
        return mention is not None and any(c in classes for c in ontology.superclasses(mention.cls))

    def relation(self, hit: Hit, passage: Passage, modality: Modality) -> None:
        """Add the claims that the match of a relation's rule states."""
        span = evidence(passage, hit.begin, hit.end, [n.span for _, n in hit.slots])
        for left, predicate, right in hit.rule.facts:
            if predicate == "holdsPost":
                self._post_by_rule(hit, span, modality)
                continue
            subjects = [k for _, n in hit.fill(left) for k in n.keys]
            if hit.rule.pairs and left == right:
                for one, other in combinations(dict.fromkeys(subjects), 2):
                    self._relate(hit.rule, one, predicate, other, span, modality)
                continue
            for subject in dict.fromkeys(subjects):
                for _, node in hit.fill(right):
                    for value, approx in values(node, predicate):
                        self._relate(hit.rule, subject, predicate, value, span, modality, approx)

    def _relate(
        self, rule: Rule, subject: str, predicate: str, value: str | Value, span: Span, modality: Modality,
        approx: bool = False,
    ) -> None:  # fmt: skip
        self.claim(
            subject, predicate, value, span, rule.name,
            modality=modality, approximate=approx or rule.approximate, confidence=rule.confidence,
        )  # fmt: skip

    def _post_by_rule(self, hit: Hit, span: Span, modality: Modality) -> None:
        owners = [n for _, n in hit.fill("org")]
        for _, person in hit.fill("person"):
            for _, title in hit.fill("title"):
                self.post(
                    Held(person, str(title.value), owners[0] if owners else None, span, hit.rule.confidence),
                    hit.rule.name, modality,
                )  # fmt: skip

    def post(self, held: Held, rule: str, modality: Modality = "Asserted") -> None:
        """Add the claims of one post: who holds it, its title, where."""
        for person in held.person.keys:
            owner = held.owner.keys[0] if held.owner and held.owner.keys else None
            post = self._first(person), held.title, self._first(owner) if owner else None
            known = self._posts.get(post)
            key = known or self.mint("p", held.span, "Post", held.title)
            self._posts[post] = key
            kind = {"modality": modality, "confidence": held.confidence}
            self.claim(person, "holdsPost", key, held.span, rule, **kind)
            if known:
                continue
            self.claim(key, "postTitle", Value(held.title), held.span, rule, confidence=held.confidence)
            if owner:
                self.claim(key, "postIn", owner, held.span, rule, confidence=held.confidence)

    def event(self, frame: Frame) -> None:
        """Add the claims of an event's slots."""
        status = self._status(frame)
        key = frame.named
        if key is None:
            key = self.mint("e", frame.trigger, frame.cls, "", status)
        else:
            self._mentions[key] = dataclasses.replace(self._mentions[key], cls=frame.cls, status=status)
        frame.named = key
        complete(frame)
        modality = _IN_STATUS[status]
        for slot, fillers in frame.slots.items():
            if slot in ontology.properties():
                for filler in fillers:
                    self._slot(key, slot, filler, frame, modality)

    def _slot(self, key: str, slot: str, filler: Filler, frame: Frame, modality: Modality) -> None:
        if slot in _DATE_SLOTS and isinstance(filler.node.value, DateMention):
            for prop, value, approx in event_dates(slot, filler.node.value):
                self.claim(
                    key, prop, value, filler.span, frame.rule,
                    modality=modality, approximate=approx or self._future(value), confidence=frame.confidence,
                )  # fmt: skip
            return
        for other in filler.node.keys:
            self.claim(key, slot, other, filler.span, frame.rule, modality=modality, confidence=frame.confidence)

    def _future(self, value: Value) -> bool:
        return self.article.date is not None and value.text > self.article.date.isoformat()[: len(value.text)]

    def _status(self, frame: Frame) -> Status | None:
        """Return an event's status; hearsay tells of none: it neither happened nor is it announced."""
        if frame.modality == "Denied":
            return "Denied"
        if frame.modality == "Reported":
            return None
        dates = [v for d in frame.dates() for v in [d.value] if v is not None]
        if frame.modality == "Planned":
            return "Scheduled"
        return "Scheduled" if dates and all(self._future(v) for v in dates) else "Happened"

    def derived(self, derivation: Derivation, frame: Frame) -> None:
        """Add the relations that follow from an event's slots."""
        modality = frame.modality
        left = _fillers(frame, derivation.subject)
        if derivation.pairs:
            keys = [(k, f) for f in left for k in f.node.keys]
            for (one, a), (other, b) in combinations(keys, 2):
                if not self._barred(derivation, frame.slots.get("subject", [])):
                    self._derive(derivation, one, other, a, b, modality)
            return
        for a in left:
            if self._barred(derivation, [a]):
                continue
            for b in _fillers(frame, derivation.object):
                for subject in a.node.keys:
                    for entity, approx in values(b.node, derivation.property):
                        self._derive(derivation, subject, entity, a, b, modality, approx)

    def _barred(self, derivation: Derivation, fillers: list[Filler]) -> bool:
        names = [self._mentions[k].name for f in fillers for k in f.node.keys]
        return derivation.unless is not None and any(derivation.unless.search(n) for n in names)

    def _derive(
        self, derivation: Derivation, subject: str, value: str | Value, a: Filler, b: Filler, modality: Modality,
        approx: bool = False,
    ) -> None:  # fmt: skip
        near = a.passage == b.passage
        span = Span(min(a.span.begin, b.span.begin), max(a.span.end, b.span.end)) if near else b.span
        self.claim(
            subject, derivation.property, value, span, derivation.name,
            modality=modality, approximate=approx, confidence=derivation.confidence,
        )  # fmt: skip


def _fillers(frame: Frame, spec: str) -> list[Filler]:
    slot, _, role = spec.partition("/")
    return [f for f in frame.slots.get(slot, ()) if not role or f.role == role]


def values(node: Node, predicate: str) -> list[tuple[str | Value, bool]]:
    """Return what `node` gives as object of `predicate`, each with whether the text says about."""
    if isinstance(node.value, DateMention):
        date = node.value.end if predicate == "effectiveUntil" and node.value.end else node.value.value
        return [(date, node.value.approximate)] if date is not None else []
    if node.cls == _ADDRESS:
        return [(Value(str(node.value)), False)]
    return [(key, False) for key in node.keys]


def event_dates(slot: str, date: DateMention) -> list[tuple[str, Value, bool]]:
    """Return the date claims of an event: a range gives its start and end."""
    if date.value is None:
        return []
    if date.end is not None and slot == "onDate":
        return [("startDate", date.value, date.approximate), ("endDate", date.end, date.approximate)]
    return [(slot, date.value, date.approximate)]


def evidence(passage: Passage, begin: int, end: int, spans: list[Span]) -> Span:
    """Return the clauses of `passage` around the symbols `begin` to `end`: the words that a claim stands on.

    Slots that the match took from elsewhere in the passage widen it; those from earlier passages do not.
    """
    low = passage.clause(begin)[0]
    high = passage.clause(max(begin, end - 1))[1]
    words = passage.span(low, max(high, low + 1))
    whole = passage.span(0, len(passage.symbols))
    for span in spans:
        if whole.covers(span):
            words = Span(min(words.begin, span.begin), max(words.end, span.end))
    return words


def is_approximate(passage: Passage, position: int) -> bool:
    """Tell whether the clause at `position` says about or expected."""
    begin, end = passage.clause(position)
    return approximate(passage.symbols[begin:end])
