"""The claims for a fact, and those that another fact is meant to be: another day, another holder of one post."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.reason.claims import Witnesses
from wenmai.serve.linked.place import rows
from wenmai.serve.linked.said import Said, in_time, read
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact
from wenmai.view.links import symmetric

_ONE_VALUE = {
    terms.term(name)
    for name in ("adoptedOn", "effectiveFrom", "effectiveUntil", "onDate", "startDate", "endDate", "postTitle")
}
_HOLDS, _IN, _TITLE = (terms.term(name) for name in ("holdsPost", "postIn", "postTitle"))
_ALONE = ("长", "书记", "主任", "总裁", "总经理", "主席", "首席执行官")
"""What the titles end in that one holds at a time, as the query `contradictions` has it; of deputies there are many."""
_IS_ALONE = " || ".join(f'STRENDS(STR(?title), "{end}")' for end in _ALONE)
_OTHERS = f"""SELECT DISTINCT ?person ?other {{
  %s {_IN} ?body ; {_TITLE} ?title . ?other {_TITLE} ?title ; {_IN} ?body . ?person {_HOLDS} ?other
  FILTER(?person != %s && !CONTAINS(STR(?title), "副") && ({_IS_ALONE}))
}}"""


def claims_of(store: Store, wanted: Iterable[Fact]) -> list[Said]:
    """Return the claims of all articles that speak of some facts, of whatever modality, in the order of their dates."""
    witnesses = Witnesses(store)
    found: dict[ox.NamedNode, Said] = {}
    for subject, predicate, value in wanted:
        turned: list[Fact] = [(subject, predicate, value)]
        if predicate.value.removeprefix(WENMAI) in symmetric() and isinstance(value, ox.NamedNode):
            turned.append((value, predicate, subject))
        for fact in turned:
            for graph, claim in witnesses.claims(fact):
                if iris.is_article_graph(graph) and (said := read(store, claim, graph)) is not None:
                    found[claim] = said
    return sorted(found.values(), key=in_time)


def contrary(store: Store, wanted: Iterable[Fact]) -> list[Said]:
    """Return the claims that say another thing where there can be but one: a day of an event, a holder of a post.

    A month and a day in it agree: one is only more exact.
    """
    found: list[Fact] = []
    for subject, predicate, value in wanted:
        if predicate in _ONE_VALUE:
            stated = {quad.object for quad in store.match(subject, predicate, None, DEFAULT)}
            others = (each for each in stated if isinstance(each, ox.Literal))
            found += [(subject, predicate, each) for each in others if not _agree(each.value, str(value.value))]
        elif predicate == _HOLDS:
            for person, post in rows(store, _OTHERS, value, subject):
                found.append((cast("ox.NamedNode", person), _HOLDS, cast("ox.NamedNode", post)))
    return [said for said in claims_of(store, found) if said.modality != "Denied" and said.rejected is None]


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
