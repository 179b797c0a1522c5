"""What an article says of its things, looked up by thing; and what it tells twice of one happening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wenmai.records import Claim, Document, Value
from wenmai.resolve.article import Article, Thing

_DATES = ("onDate", "startDate", "endDate")
# Of these, one subject (one policy, one building) has one such happening at a time; an appointment or the start and the
# end of works have a subject in common and are two.
_ONCE = frozenset({"Signing", "Adoption", "Opening", "Establishment", "Release", "Acquisition"})


class Facts:
    """The claims of a document by subject or object thing and predicate, in the order of the text."""

    def __init__(self, document: Document, article: Article) -> None:
        self._objects: dict[tuple[Thing, str], list[Thing]] = defaultdict(list)
        self._subjects: dict[tuple[Thing, str], list[Thing]] = defaultdict(list)
        self._values: dict[tuple[Thing, str], list[Value]] = defaultdict(list)
        self.authors: list[Thing] = []
        self.used: set[Thing] = set()
        # What is not asserted tells who is meant as well, but only where nothing better does: it comes last.
        for claim in sorted(document.claims, key=_order):
            self._read(claim, article)

    def _read(self, claim: Claim, article: Article) -> None:
        subject = article.of(claim.subject)
        target = article.of(claim.object) if isinstance(claim.object, str) else None
        self.used |= {thing for thing in (subject, target) if thing is not None}
        if claim.subject == "article" and claim.predicate == "author" and target is not None:
            self.authors.append(target)
        elif subject is not None and isinstance(claim.object, Value):
            self._values[subject, claim.predicate].append(claim.object)
        elif subject is not None and target is not None:
            self._objects[subject, claim.predicate].append(target)
            self._subjects[target, claim.predicate].append(subject)

    def objects(self, thing: Thing, *predicates: str) -> list[Thing]:
        """Return what `thing` stands in one of these relations to, each once."""
        return list(
            dict.fromkeys(found for predicate in predicates for found in self._objects.get((thing, predicate), ()))
        )

    def subjects(self, thing: Thing, predicate: str) -> list[Thing]:
        """Return what stands in the relation to `thing`, each once."""
        return list(dict.fromkeys(self._subjects.get((thing, predicate), ())))

    def values(self, thing: Thing, *predicates: str) -> list[Value]:
        """Return the values that the text gives for these properties of `thing`."""
        return [found for predicate in predicates for found in self._values.get((thing, predicate), ())]


def _order(claim: Claim) -> tuple[bool, int, int, str]:
    return claim.modality != "Asserted", claim.span.begin, claim.span.end, claim.predicate


def join_retold(article: Article, facts: Facts, things: Iterable[Thing]) -> bool:
    """Join events of one class that have the subject in common and no dates that differ; tell whether any were.

    Of signings without a subject in common, those with the same two or more participants are one.
    """
    joined = False
    seen: dict[tuple[str, frozenset[Thing]], Thing] = {}
    for thing in things:
        if thing.family != "Event" or thing.cls not in _ONCE or thing.keys:
            continue
        subjects, parties = facts.objects(thing, "subject"), facts.objects(thing, "participant")
        marks = [(thing.cls, frozenset({subject})) for subject in subjects]
        if thing.cls == "Signing" and len(parties) > 1:
            marks.append((thing.cls, frozenset(parties)))
        for mark in marks:
            before = seen.get(mark)
            if before is not None and _at_one_time(facts, before, thing):
                joined |= article.join(before, thing)
            else:
                seen.setdefault(mark, thing)
    return joined


def _at_one_time(facts: Facts, one: Thing, other: Thing) -> bool:
    """Tell whether the dates of two events agree: one says no more than the other, or has none."""
    mine, others = ({value.text for value in facts.values(thing, *_DATES)} for thing in (one, other))
    return not mine or not others or any(a.startswith(b) or b.startswith(a) for a in mine for b in others)
