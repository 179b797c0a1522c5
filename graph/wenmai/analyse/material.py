"""What a store says, read once: claims that stand, the events and articles they belong to; cut by time.

Everything else in this room works on it. It is read by `view.facts`, and made into lines by `view.links`, so that a
graph, an analysis and a picture of the same store tell the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Literal

from wenmai import ontology
from wenmai.errors import LimitError, UsageError
from wenmai.store.protocol import Store
from wenmai.view import facts
from wenmai.view.facts import Happening, Headline, Statement
from wenmai.view.links import Link, combine, within

Step = Literal["year", "month"]
STEPS: tuple[Step, ...] = ("year", "month")
MOST_CLAIMS = 2_000_000
"""Claims that are read into memory; a kilobyte each."""
_CUT = {"year": 4, "month": 7}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing at the end of a line: its IRI, its names in zh and en (the same where there is one), its class."""

    iri: str
    zh: str
    en: str
    cls: str

    @property
    def family(self) -> str:
        """The topmost class over its own: `Organization`, `Person`…; empty where it has no class of ours."""
        return ontology.coarse(self.cls) if self.cls else ""


@dataclass(frozen=True)
class Material:
    """The statements of a store or of a time; `events`, `articles`, `things` tell of the whole store, by IRI."""

    statements: tuple[Statement, ...]
    events: Mapping[str, Happening]
    articles: Mapping[str, Headline]
    things: Mapping[str, Thing]

    @cached_property
    def links(self) -> list[Link]:
        """The lines between things, in order: posts are lines, mirrored statements are one."""
        return combine(self.statements, self.events).links

    def day(self, statement: Statement) -> str:
        """Return the day on which a statement's article was published (ISO), empty if that is not known."""
        article = self.articles.get(statement.article)
        return article.date if article else ""

    def cut(self, since: str = "", until: str = "") -> Material:
        """Return what belongs to the days from `since` to `until`, both inclusive, ISO, empty for open.

        A statement belongs to the day of its article and to those of an event at one of its ends, as in `wenmai view`.
        What is inferred belongs to where both its ends are spoken of.
        """
        if since and until and since > until:
            raise UsageError(f"{since} is later than {until}: give the earlier day as since")
        if not since and not until:
            return self
        days = {iri: article.date for iri, article in self.articles.items()}
        told = [each for each in self.statements if each.claim and within(each, days, self.events, since, until)]
        return self._with(told)

    def periods(self, step: Step, *, cumulative: bool = False) -> dict[str, Material]:
        """Return by period (2017, or 2017-04) what its articles say, in order; `cumulative`: what all until then say.

        Only articles count here, so that a statement is in the periods in which it was printed. Those without a date
        are in none. Periods without an article are left out.
        """
        found: dict[str, list[Statement]] = {}
        for each in self.statements:
            if each.claim and (day := self.day(each)):
                found.setdefault(day[: _CUT[step]], []).append(each)
        sofar: list[Statement] = []
        made = {}
        for period in sorted(found):
            sofar = [*sofar, *found[period]] if cumulative else found[period]
            made[period] = self._with(sofar)
        return made

    def _with(self, told: Iterable[Statement]) -> Material:
        kept = list(told)
        spoken_of = {end for each in kept for end in each.ends()}
        kept += [each for each in self.statements if not each.claim and spoken_of.issuperset(each.ends())]
        return replace(self, statements=tuple(kept))


def gather(store: Store, *, inferred: bool = False, min_confidence: float = 0.0) -> Material:
    """Read a store's claims but those that people rejected; with `inferred` also what only the closure gives.

    Raises LimitError for more than `MOST_CLAIMS`, StoreError.
    """
    told = list(islice(facts.claims(store), MOST_CLAIMS + 1))
    if len(told) > MOST_CLAIMS:
        raise LimitError(f"{store.location}: an analysis holds {MOST_CLAIMS:,} claims at most, and the store has more")
    kept = [each for each in told if each.confidence >= min_confidence]
    articles = facts.headlines(store, dict.fromkeys(each.article for each in kept))
    if inferred:
        kept += facts.inferred(store)
    ends = (end for each in kept for end in each.ends())
    return Material(tuple(sorted(kept, key=_order)), facts.happenings(store), articles, things(store, ends))


def things(store: Store, iris: Iterable[str]) -> dict[str, Thing]:
    """Return what the things with these IRIs are called and what they are, by IRI, in order of the IRIs."""
    wanted = sorted(set(iris))
    kinds, names = facts.classes(store, wanted), facts.labels(store, wanted)
    found = {}
    for iri in wanted:
        of = names.get(iri, {})
        zh = of.get("zh") or of.get("en") or iri.rstrip("/").rpartition("/")[2]
        found[iri] = Thing(iri, zh, of.get("en", zh), kinds.get(iri, ""))
    return found


def _order(each: Statement) -> tuple[str, ...]:
    return (each.subject, each.predicate, str(each.object), each.modality, each.article, each.claim)
