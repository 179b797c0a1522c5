"""Two readings of one article as one: what both say is said once, and each claim keeps the rule that made it.

A claim of both on the same words has both rules, joined by `+`; one of both on different words stands on both, in the
graph as one node with two rules and two spans.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from wenmai import ontology
from wenmai.extract.groups import Groups
from wenmai.records import Claim, Document, Mention, Run, Tie, Value

_DATES = ("onDate", "startDate", "endDate")
_SYMMETRIC = ("partnerOf",)


def combine(one: Document, other: Document, run: Run) -> Document:
    """Return what either of two documents of the same article says; keys and classes of `one` go before the other's."""
    joined = _Joined(one, other)
    mentions = (*one.mentions, *joined.added)
    return Document(one.article, run, mentions, joined.claims(), tuple(joined.ties()), one.dropped + other.dropped)


class _Joined:
    def __init__(self, one: Document, other: Document) -> None:
        self.one, self.other = one, _renamed(other)
        self.keys: dict[str, str] = {}
        self.added: list[Mention] = []
        self._places = {(m.span, ontology.coarse(m.cls)): m.key for m in one.mentions if not _is_made(m)}
        late = [m for m in self.other.mentions if _is_made(m)]
        for mention in self.other.mentions:
            if not _is_made(mention):
                self._map(mention, self._places.get((mention.span, ontology.coarse(mention.cls))))
        named = [m for m in (*one.mentions, *self.added) if not _is_made(m)]
        self._groups = Groups(named, self.ties())
        self._said = _by_subject((*one.claims, *self.other.claims))
        self._holders = {c.object: c.subject for c in (*one.claims, *self.other.claims) if c.predicate == "holdsPost"}
        for mention in late:
            same = self._same_event if ontology.is_event(mention.cls) else self._same_post
            self._map(mention, same(mention))

    def ties(self) -> list[Tie]:
        """Return the ties of both."""
        mapped = (Tie(self._key(t.left), self._key(t.right), t.reason) for t in self.other.ties)
        return sorted({*self.one.ties, *(t for t in mapped if t.left != t.right)})

    def claims(self) -> tuple[Claim, ...]:
        """Return the claims of both."""
        found = {self._identity(c): c for c in self.one.claims}
        first: dict[tuple[object, ...], Claim] = {}
        for claim in self.other.claims:
            target = self._key(claim.object) if isinstance(claim.object, str) else claim.object
            said = replace(claim, subject=self._key(claim.subject), object=target)
            same = self._identity(said)
            known = found.get(same)
            if known is None:
                first.setdefault(same, said)
            elif known.rule != said.rule:
                sure = max(known.confidence, said.confidence)
                found[same] = replace(known, rule=f"{known.rule}+{said.rule}", confidence=sure)
        return (*found.values(), *first.values())

    def _key(self, key: str) -> str:
        return self.keys.get(key, key)

    def _map(self, mention: Mention, known: str | None) -> None:
        if known is None:
            self.added.append(mention)
        else:
            self.keys[mention.key] = known

    def _same_event(self, mention: Mention) -> str | None:
        """Return the event of the first document that this one is: same class and status, told there or of the same."""
        mine = self._said[mention.key]
        for known in self.one.mentions:
            theirs = self._said[known.key]
            if known.cls != mention.cls or known.status != mention.status or _contradict(mine, theirs):
                continue
            if known.span.overlaps(mention.span) or self._ends(mine) & self._ends(theirs):
                return known.key
        return None

    def _same_post(self, mention: Mention) -> str | None:
        mine = self._post(mention.key)
        return next((m.key for m in self.one.mentions if m.cls == "Post" and self._post(m.key) == mine), None)

    def _post(self, key: str) -> tuple[object, ...]:
        """Return what makes a post: who, which title, where."""
        claims = self._said[key]
        bodies = (self._first(c.object) for c in claims if c.predicate == "postIn" and isinstance(c.object, str))
        titles = (c.object.text for c in claims if isinstance(c.object, Value))
        return self._first(self._holders.get(key, "")), tuple(titles), tuple(bodies)

    def _first(self, key: str) -> str:
        return self._groups.first(self._key(key))

    def _ends(self, claims: list[Claim]) -> set[tuple[str, str]]:
        return {
            (c.predicate, self._first(c.object))
            for c in claims
            if isinstance(c.object, str) and c.predicate in ("subject", "participant")
        }

    def _identity(self, claim: Claim) -> tuple[object, ...]:
        ends = [self._groups.first(e) if isinstance(e, str) else e for e in (claim.subject, claim.object)]
        if claim.predicate in _SYMMETRIC:
            ends.sort(key=str)
        return (*ends, claim.predicate, claim.modality, claim.span)


def _is_made(mention: Mention) -> bool:
    """Tell whether a mention is no name in the text: a post, an event without a name."""
    return mention.cls == "Post" or (ontology.is_event(mention.cls) and not mention.name)


def _renamed(document: Document) -> Document:
    """Return `document` with keys that no other document has."""
    known = {m.key: f"x{m.key}" for m in document.mentions}

    def end(key: str | Value) -> str | Value:
        return known.get(key, key) if isinstance(key, str) else key

    return replace(
        document,
        mentions=tuple(replace(m, key=known[m.key]) for m in document.mentions),
        claims=tuple(
            replace(c, subject=known.get(c.subject, c.subject), object=end(c.object)) for c in document.claims
        ),
        ties=tuple(Tie(known.get(t.left, t.left), known.get(t.right, t.right), t.reason) for t in document.ties),
    )


def _by_subject(claims: tuple[Claim, ...]) -> defaultdict[str, list[Claim]]:
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.subject].append(claim)
    return found


def _contradict(mine: list[Claim], theirs: list[Claim]) -> bool:
    """Tell whether two events have dates that cannot both be: neither is the other, less precisely told."""
    one, other = (
        {c.object.text for c in row if c.predicate in _DATES and isinstance(c.object, Value)} for row in (mine, theirs)
    )
    return bool(one and other) and not any(a.startswith(b) or b.startswith(a) for a in one for b in other)
