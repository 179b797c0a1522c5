"""Decisions taken on a store that is open to write: checked, logged, and carried out for all articles they touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from wenmai import ontology
from wenmai.curate import log
from wenmai.errors import UsageError
from wenmai.keeper import Keeper
from wenmai.records import Decision
from wenmai.resolve.mint import family, mint
from wenmai.store import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.triples.decision import touched

_LONGEST = 200


class Curator:
    """Takes decisions in the name of `who`. `now` is the time they get, UTC; by default the clock's.

    The ids of entities and claims are local parts of IRIs (`org-0123456789ab`). Every method raises UsageError for what
    cannot be decided, StoreError, and returns the decision as it stands in the log.
    """

    def __init__(self, store: Store, who: str, now: dt.datetime | None = None) -> None:
        if not who.strip():
            raise UsageError("say who decides: --who NAME, or the environment's WENMAI_CURATOR")
        self._store = store
        self._who = " ".join(who.split())
        self._now = now
        self._keeper = Keeper(store)

    @property
    def log(self) -> tuple[Decision, ...]:
        """All decisions, in order."""
        return self._keeper.decisions.log

    def merge(self, one: str, other: str, why: str = "") -> Decision:
        """Let `one` be `other`, now and in all articles to come; the IRI of `one` leads to that of `other`."""
        kinds = [self._family(each) for each in (one, other)]
        if one == other or kinds[0] != kinds[1]:
            reason = "they are one already" if one == other else f"one belongs to {kinds[0]}, the other to {kinds[1]}"
            raise UsageError(f"{one} and {other} cannot be merged: {reason}")
        return self._take("merge", one, other, why=why)

    def apart(self, one: str, other: str, why: str = "") -> Decision:
        """Say that two entities are two things: neither is ever taken for the other, and review does not ask again."""
        for each in (one, other):
            self._family(each)
        if one == other:
            raise UsageError(f"{one} is one thing; to tell two apart in it, split it")
        return self._take("apart", min(one, other), max(one, other), why=why)

    def split(self, entity: str, articles: Sequence[str], why: str = "") -> Decision:
        """Let what `articles` (identifiers) call `entity` be another one, new, of the same name."""
        kind = self._family(entity)
        for article in articles:
            graph = iris.graph_iri(self._store.base, article)
            if not any(self._store.match(self._iri(entity), terms.TYPE, None, graph)):
                raise UsageError(f"{article}: the store has no article of this identifier that speaks of {entity}")
        if not articles:
            raise UsageError("name the articles that speak of another one")
        return self._take(
            "split", entity, mint(kind, entity, str(len(self.log) + 1)), tuple(sorted(set(articles))), why
        )

    def rename(self, entity: str, name: str, why: str = "") -> Decision:
        """Choose the preferred name of `entity`; the others stay as alternatives."""
        self._family(entity)
        name = " ".join(name.split())
        if not name or len(name) > _LONGEST or not name.isprintable():
            raise UsageError(f"a name has 1 to {_LONGEST} characters and no control characters")
        return self._take("rename", entity, name, why=why)

    def retype(self, entity: str, cls: str, why: str = "") -> Decision:
        """Choose the class of `entity`, of those of its family."""
        kind = self._family(entity)
        if cls not in ontology.classes() or kind not in (cls, *ontology.superclasses(cls)):
            fitting = [each for each in ontology.classes() if kind in (each, *ontology.superclasses(each))]
            raise UsageError(f"{entity} belongs to {kind} and cannot be a {cls}; it can be {', '.join(fitting)}")
        return self._take("retype", entity, cls, why=why)

    def match(self, pairs: Iterable[tuple[str, str]], why: str = "") -> list[Decision]:
        """Note for each (entity, IRI) that the IRI names the same thing elsewhere; what is noted is passed over."""
        noted = {(e, d.object) for e, d in self._keeper.decisions.chosen("match")}
        wanted = []
        for entity, iri in dict.fromkeys(pairs):
            self._family(entity)
            if (self._keeper.decisions.moved(entity), iri) not in noted:
                wanted.append(("match", entity, iri, (), why))
        return self._take_all(wanted)

    def judge(self, claim: str, right: bool, why: str = "") -> Decision:
        """Confirm a claim as read rightly, or reject it: then it is no fact."""
        if not any(self._store.match(self._iri(claim), terms.TYPE, terms.term("Claim"))):
            raise UsageError(f"{claim}: the store has no such claim; `wenmai query evidence` shows claims")
        if not right and not why.strip():
            raise UsageError("say why the claim is rejected: --why TEXT")
        return self._take("confirm" if right else "reject", claim, why=why)

    def undo(self, number: int, why: str = "") -> Decision:
        """Undo a decision; undoing that undoing brings it back."""
        decisions = self._keeper.decisions
        if not 1 <= number <= len(decisions.log):
            raise UsageError(f"there is no decision {number}; `wenmai curate log` lists them")
        undone = decisions.log[number - 1]
        if undone.do == "undo" and number not in decisions.undoing:
            raise UsageError(f"decision {number} was undone already")
        if undone.do != "undo" and undone not in decisions.holding:
            raise UsageError(f"decision {number} was undone already")
        return self._take("undo", "", str(number), why=why)

    def take_over(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Add the decisions of another log that this one lacks, at its end and with its numbers; return them.

        Entities that the store does not have yet are no error: a decision holds for what will be built.
        """
        known = {_content(each): each.number for each in self.log}
        numbers: dict[str, str] = {}
        new: list[Decision] = []
        for each in decisions:
            target = numbers.get(each.object, each.object) if each.do == "undo" else each.object
            number = len(self.log) + len(new) + 1
            moved = Decision(number, each.time, each.who, each.why, each.do, each.subject, target, each.articles)
            number = known.get(_content(moved), number)
            numbers[str(each.number)] = str(number)
            if number > len(self.log) + len(new):
                new.append(moved)
        self._keep(new)
        return new

    def close(self) -> None:
        """Close the registry; the store stays open."""
        self._keeper.close()

    def _take(self, do: str, subject: str, target: str = "", articles: tuple[str, ...] = (), why: str = "") -> Decision:
        return self._take_all([(do, subject, target, articles, why)])[0]

    def _take_all(self, wanted: Sequence[tuple[str, str, str, tuple[str, ...], str]]) -> list[Decision]:
        now = (self._now or dt.datetime.now(dt.UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        new = [
            Decision(len(self.log) + number, now, self._who, " ".join(why.split()), do, subject, target, articles)
            for number, (do, subject, target, articles, why) in enumerate(wanted, 1)
        ]
        self._keep(new)
        return new

    def _keep(self, new: Sequence[Decision]) -> None:
        """Log decisions, and carry them out: the log first, from which a run that is cut off is made up for."""
        if not new:
            return
        path = self._store.beside(log.FILE)
        if path is not None:
            log.append(path, new, [self._about(each) for each in new])
        whole = [*self.log, *new]
        self._keeper.decide(whole, touched(self._store, self._store.base, new, whole))
        self._keeper.settle()

    def _about(self, decision: Decision) -> str:
        names = [self._name(part) for part in (decision.subject, decision.object)]
        return " → ".join(name for name in names if name)

    def _name(self, entity: str) -> str:
        if "-" not in entity:
            return ""
        try:
            found = self._store.match(self._iri(entity), terms.PREF_LABEL, None, DEFAULT)
        except ValueError:
            return ""
        return next((quad.object.value for quad in found if isinstance(quad.object, ox.Literal)), "")

    def _family(self, entity: str) -> str:
        for quad in self._store.match(self._iri(entity), terms.TYPE, None, DEFAULT):
            local = quad.object.value.rpartition("#")[2] if isinstance(quad.object, ox.NamedNode) else ""
            if local in ontology.classes() and iris.is_entity(self._iri(entity)):
                return family(local)
        raise UsageError(f"{entity}: the store has no such entity; `wenmai query search --param name=…` finds ids")

    def _iri(self, local: str) -> ox.NamedNode:
        try:
            return iris.entity_iri(self._store.base, local)
        except ValueError as error:
            raise UsageError(f"{local!r} is no id, such as org-0123456789ab") from error


def _content(decision: Decision) -> tuple[object, ...]:
    return decision.time, decision.who, decision.do, decision.subject, decision.object, decision.articles, decision.why
