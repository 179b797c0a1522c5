"""What a graph says rightly, wrongly and not at all of one article, fact by fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from quality.align import SORT, Alignment
from quality.gold import DATES, SLOTS, Article, Fact, literal
from quality.graph import Claim, Graph

LITERALS = ("address", "adoptedOn", "effectiveFrom", "effectiveUntil")
PAIRS = ("partnerOf", "subOrganizationOf", "supervises", "operates", "founded", "investsIn", "acquires", "locatedIn",
         "issuedBy", "appliesTo", "regulates", "implements", "party")  # fmt: skip
RELATIONS = ("author", "holdsPost", *LITERALS, *PAIRS)
Key = tuple[str, ...]
"""A fact without its predicate, with the reader's ids: (person, title, body), (subject, literal), (one, other)."""


@dataclass(frozen=True, order=True)
class Outcome:
    """One fact that is right, wrong, missed, or a trap that was fallen into; `event` is the class of a slot's event."""

    article: str
    verdict: str
    relation: str
    text: str
    event: str = ""
    confidence: float = 1.0


@dataclass
class Said:
    """A statement of the graph: all the keys it may stand for, the words to show, the best confidence for it."""

    keys: set[Key]
    text: str
    confidence: float


class Scorer:
    """Scores one article."""

    def __init__(self, graph: Graph, article: Article) -> None:
        self.graph, self.article = graph, article
        self.alignment = Alignment(graph, article)
        self.classes = {e.id: e.cls for e in article.entities}
        self.labels = {e.id: (e.names or (e.cls,))[0] for e in article.entities}
        self.events = {e.id for e in article.entities if SORT[e.cls] == "Event"}
        claims = graph.claims.get(article.name, [])
        self.claims = [c for c in claims if c.modality != "Denied"]

    def outcomes(self) -> list[Outcome]:
        """Return the outcomes of all facts and traps, in order."""
        said = {relation: self._said(relation) for relation in RELATIONS}
        found = [o for relation in RELATIONS for o in self._relation(relation, said[relation])]
        paired = self._pairs()
        found += self._events(paired)
        found += [o for trap in self.article.traps for o in self._trap(trap, said, paired)]
        return sorted(found)

    def entities(self) -> dict[str, tuple[int, int, int]]:
        """Return, by class, how many named entities there are, are seen, and are seen as of that class."""
        counts: dict[str, tuple[int, int, int]] = {}
        for e in self.article.entities:
            if e.names and SORT[e.cls] != "Event":
                nodes = self.alignment.nodes[e.id]
                typed = any(e.cls in self.graph.classes[n] for n in nodes)
                named, seen, right = counts.get(e.cls, (0, 0, 0))
                counts[e.cls] = (named + 1, seen + bool(nodes), right + typed)
        return counts

    def _outcome(self, verdict: str, relation: str, text: str, event: str = "", confidence: float = 1.0) -> Outcome:
        return Outcome(self.article.name, verdict, relation, text, event, confidence)

    def _ids(self, node: str) -> set[str]:
        return self.alignment.entities.get(node, set())

    def _show(self, key: Iterable[str]) -> str:
        return " | ".join(self.labels.get(part, part) for part in key if part)

    # relations

    def _said(self, relation: str) -> list[Said]:
        """Return the statements of one relation; those that are planned are none, but for the dates of a policy."""
        merged: dict[tuple[str, ...], Said] = {}
        for claim in self.claims:
            if claim.predicate != relation or (claim.modality == "Planned" and relation not in LITERALS):
                continue
            for exact, keys, text in self._statements(claim):
                earlier = merged.get(exact)
                best = max(claim.confidence, earlier.confidence if earlier else 0.0)
                merged[exact] = Said(keys, text, best)
        return list(merged.values())

    def _statements(self, claim: Claim) -> Iterator[tuple[tuple[str, ...], set[Key], str]]:
        graph, subject, value = self.graph, claim.subject, claim.object
        if claim.predicate == "author":
            alone: set[Key] = {(i,) for i in self._ids(value)}
            yield (value,), alone, graph.shown(value)
        elif claim.predicate == "holdsPost":
            titles, bodies = graph.posts.get(value, (set(), set()))
            for title in titles or {""}:
                for body in bodies or {""}:
                    keys: set[Key] = {(s, title, b) for s in self._ids(subject) for b in self._ids(body) | {""}}
                    yield (subject, title, body), keys, f"{graph.shown(subject)} | {title} | {graph.shown(body)}"
        elif claim.predicate in LITERALS:
            told = literal(claim.predicate, value)
            dated: set[Key] = {(s, told) for s in self._ids(subject)}
            yield (subject, told), dated, f"{graph.shown(subject)} | {told}"
        else:
            pairs: set[Key] = {(s, o) for s in self._ids(subject) for o in self._ids(value)}
            ends = [graph.shown(subject), graph.shown(value)]
            if claim.predicate == "partnerOf":
                pairs = {(min(p), max(p)) for p in pairs}
                ends.sort()
            yield (subject, value), pairs, " | ".join(ends)

    def _wanted(self, relation: str) -> set[Key]:
        wanted: set[Key] = set()
        for fact in self.article.facts:
            if fact.predicate != relation or (relation != "author" and fact.subject in self.events):
                continue
            wanted.add(self._key(fact))
        return wanted

    @staticmethod
    def _key(fact: Fact) -> Key:
        if isinstance(fact.value, tuple):
            return (fact.subject, *fact.value)
        if fact.predicate == "author":
            return (fact.value,)
        if fact.predicate in LITERALS:
            return (fact.subject, literal(fact.predicate, fact.value))
        pair = (fact.subject, fact.value)
        return (min(pair), max(pair)) if fact.predicate == "partnerOf" else pair

    def _relation(self, relation: str, said: list[Said]) -> Iterator[Outcome]:
        wanted = self._wanted(relation)
        right: dict[Key, float] = {}
        wrong: dict[str, float] = {}
        for one in said:
            hits = one.keys & wanted
            for key in hits:
                right[key] = max(right.get(key, 0), one.confidence)
            if not hits and not (relation == "locatedIn" and self._follows(one.keys, wanted)):
                wrong[one.text] = max(wrong.get(one.text, 0), one.confidence)
        for key, confidence in sorted(right.items()):
            yield self._outcome("right", relation, self._show(key), confidence=confidence)
        for text, confidence in sorted(wrong.items()):
            yield self._outcome("wrong", relation, text, confidence=confidence)
        for key in sorted(wanted - right.keys()):
            yield self._outcome("missed", relation, self._show(key))

    @staticmethod
    def _follows(keys: set[Key], wanted: set[Key]) -> bool:
        """Tell whether a place lies in another by two or more wanted steps: neither right nor wrong."""
        for begin, end in (k for k in keys if len(k) == 2):
            reached: set[str] = set()
            todo = [begin]
            while todo:
                here = todo.pop()
                for up in {o for s, o in wanted if s == here} - reached:
                    reached.add(up)
                    todo.append(up)
            if end in reached:
                return True
        return False

    # events

    def _slots(self) -> tuple[dict[str, dict[str, set[str]]], dict[str, dict[str, dict[str, float]]]]:
        """Return the slots of the reader's events (values), and those of the graph's (values with confidence)."""
        wanted: dict[str, dict[str, set[str]]] = {e: defaultdict(set) for e in sorted(self.events)}
        for fact in self.article.facts:
            if fact.subject in self.events and fact.predicate in SLOTS and isinstance(fact.value, str):
                value = literal(fact.predicate, fact.value) if fact.predicate in DATES else fact.value
                wanted[fact.subject][fact.predicate].add(value)
        said: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        for claim in self.claims:
            if claim.predicate in SLOTS and any(SORT.get(c) == "Event" for c in self.graph.classes[claim.subject]):
                value = literal(claim.predicate, claim.object) if claim.predicate in DATES else claim.object
                slot = said[claim.subject][claim.predicate]
                slot[value] = max(slot.get(value, 0), claim.confidence)
        for one in wanted.values():
            _single_date(one, len)
        for other in said.values():
            _single_date(other, len)
        return wanted, said

    def _shared(self, wanted: dict[str, set[str]], said: dict[str, dict[str, float]], slot: str) -> dict[str, float]:
        """Return the wanted values of a slot that are said, with confidence."""
        right: dict[str, float] = {}
        for value, confidence in said.get(slot, {}).items():
            for meant in ({value} if slot in DATES else self._ids(value)) & wanted.get(slot, set()):
                right[meant] = max(right.get(meant, 0), confidence)
        return right

    def _pairs(self) -> dict[str, str]:
        """Return for each event of the reader's the graph's event of its class that shares most values with it."""
        wanted, said = self._slots()
        weights = []
        for event, slots in wanted.items():
            for node, other in said.items():
                if self.classes[event] in self.graph.classes[node]:
                    weight = sum(len(self._shared(slots, other, slot)) for slot in SLOTS)
                    weights.append((weight, event, node))
        paired: dict[str, str] = {}
        for weight, event, node in sorted(weights, reverse=True):
            if weight and event not in paired and node not in paired.values():
                paired[event] = node
        return paired

    def _events(self, paired: dict[str, str]) -> Iterator[Outcome]:
        wanted, said = self._slots()
        for event, slots in wanted.items():
            node, cls = paired.get(event), self.classes[event]
            told = said.get(node, {}) if node else {}
            about = self._show(sorted({v for values in slots.values() for v in values}))
            yield self._outcome("right" if node else "missed", "event", f"{cls}: {about}", cls)
            for slot in SLOTS:
                right = self._shared(slots, told, slot)
                for value, confidence in sorted(right.items()):
                    yield self._outcome("right", slot, f"{cls} | {self._show([value])}", cls, confidence)
                for value in sorted(slots.get(slot, set()) - right.keys()):
                    yield self._outcome("missed", slot, f"{cls} | {self._show([value])}", cls)
                for value, confidence in sorted(told.get(slot, {}).items()):
                    if not ({value} if slot in DATES else self._ids(value)) & slots.get(slot, set()):
                        shown = value if slot in DATES else self.graph.shown(value)
                        yield self._outcome("wrong", slot, f"{cls} | {shown}", cls, confidence)
        for node in sorted(set(said) - set(paired.values()) - self.graph.denied):
            cls = min(self.graph.classes[node] & {c for c, sort in SORT.items() if sort == "Event"})
            values = " | ".join(self.graph.shown(v) for slot in said[node].values() for v in sorted(slot))
            sure = max(c for slot in said[node].values() for c in slot.values())
            yield self._outcome("wrong", "event", f"{cls}: {values}", cls, sure)

    # traps

    def _trap(self, trap: Fact, said: dict[str, list[Said]], paired: dict[str, str]) -> Iterator[Outcome]:
        key = () if trap.subject in self.events else self._key(trap)
        if trap.predicate in SLOTS and isinstance(trap.value, str):
            told = self._slots()[1].get(paired.get(trap.subject, ""), {}).get(trap.predicate, {})
            value = literal(trap.predicate, trap.value) if trap.predicate in DATES else trap.value
            bad = any(v == value if trap.predicate in DATES else value in self._ids(v) for v in told)
        elif trap.predicate == "holdsPost":
            bad = any(key in one.keys for one in said["holdsPost"])
        else:
            bad = any(key in one.keys for one in said.get(trap.predicate, ()))
        shown = self._show(key or (trap.subject, str(trap.value)))
        yield self._outcome("trap" if bad else "avoided", trap.predicate, shown)


def _single_date(
    slots: dict[str, set[str]] | dict[str, dict[str, float]], size: Callable[[set[str] | dict[str, float]], int]
) -> None:
    """An event with one date has it in onDate, whether it is called a start, an end or the day."""
    dated = [slot for slot in DATES[:3] if slots.get(slot)]
    if len(dated) == 1 and dated[0] != "onDate" and size(slots[dated[0]]) == 1:
        slots["onDate"] = slots.pop(dated[0])  # type: ignore[assignment]  # both sorts of slots keep their sort
