"""What a person gives an analysis, read: the same kinds of parameters, and names looked up alike, as for a query."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.analyse.material import STEPS, Material, Step, Thing, gather
from wenmai.analyse.network import Network, plain
from wenmai.analyse.projection import PROJECTIONS, projected
from wenmai.errors import UsageError
from wenmai.namespaces import WENMAI
from wenmai.query.bind import meant
from wenmai.query.library import Parameter

if TYPE_CHECKING:
    from wenmai.analyse.outcome import Analysis
    from wenmai.store.protocol import Store

_EVERYTHING = "all"
PROJECTION = Parameter(
    "projection", "text", f"which network: {_EVERYTHING} lines between things, {', '.join(PROJECTIONS)}", _EVERYTHING
)
CLASS = Parameter("class", "class", "only things of this class and those below it", optional=True)
SINCE = Parameter("since", "date", "what belongs to this day or a later one", optional=True)
UNTIL = Parameter("until", "enddate", "what belongs to this day or an earlier one", optional=True)
SCOPE = (PROJECTION, CLASS, SINCE, UNTIL)
"""What every analysis of a network takes."""


class Given:
    """The values of one run. `notes` gathers what the reader should know of them. Raises UsageError, StoreError."""

    def __init__(self, analysis: Analysis, values: Mapping[str, str | Sequence[str]], store: Store) -> None:
        self._store = store
        self._known = {parameter.name: parameter for parameter in analysis.parameters}
        self._values = {name: [each] if isinstance(each, str) else list(each) for name, each in values.items()}
        self.notes: list[str] = []
        for name in self._values:
            if name not in self._known:
                takes = f"it takes {', '.join(self._known)}" if self._known else "it takes none"
                raise UsageError(f"{analysis.name} has no parameter {name!r}; {takes}")
        for parameter in analysis.parameters:
            given = self._given(parameter.name)
            if not given and not parameter.optional:
                way = f"--param {parameter.name}=VALUE"
                raise UsageError(f"{analysis.name} needs {parameter.name}: {parameter.about}; give it with {way}")
            if len(given) > 1 and parameter.type != "class":
                raise UsageError(f"{analysis.name}: {parameter.name} is given {len(given)} times; give it once")
        self._terms = {name: self._meant(name) for name in self._known}

    def settings(self) -> str:
        """Return all parameters with the values that they have, defaults too, as text in order."""
        parts = []
        for name, found in sorted(self._terms.items()):
            parts += [f"{name}={_short(term, self._store.base)}" for term in sorted(found, key=str)]
        return " ".join(parts)

    def text(self, name: str, choices: Collection[str] = ()) -> str:
        """Return a text, one of `choices` if there are any; empty if it is not given."""
        found = self._one(name)
        value = found.value if found is not None else ""
        if value and choices and value not in choices:
            raise UsageError(f"{name}: {value!r} is none of {', '.join(choices)}")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """Return a whole number between two, both included."""
        found = self._one(name)
        value = int(found.value) if found is not None else least
        if not least <= value <= most:
            raise UsageError(f"{name}: {value} is not from {least} to {most}")
        return value

    def thing(self, name: str) -> str:
        """Return the IRI of the one thing that is meant."""
        found = self._terms[name]
        if len(found) != 1:
            ids = ", ".join(_short(term, self._store.base) for term in found[:8])
            raise UsageError(f"{name}: {len(found)} things are called so; give the id of the one that is meant: {ids}")
        return found[0].value

    def step(self, name: str = "by") -> Step:
        """Return year or month."""
        value = self.text(name, STEPS)
        return "month" if value == "month" else "year"

    def keep(self) -> Callable[[Thing], bool]:
        """Return what tells whether a thing is of a class that `CLASS` names."""
        from wenmai.view.project import classes_named

        named = [term.value.rpartition("#")[2] for term in self._terms.get("class", ())]
        wanted = classes_named(named, "class")
        return lambda thing: wanted is None or thing.cls in wanted

    def material(self) -> Material:
        """Return what the store says in the time that `SINCE` and `UNTIL` give."""
        return gather(self._store).cut(*(self.text(name) if name in self._known else "" for name in ("since", "until")))

    def network(self) -> Network:
        """Return the network that `SCOPE` describes: lines that hold, each with the number of its articles."""
        name = self.text("projection", (_EVERYTHING, *PROJECTIONS))
        material, keep = self.material(), self.keep()
        known = material.things
        if name != _EVERYTHING:
            graph = projected(material, name, keep=keep)
            weights: Iterable[tuple[str, str, float]] = graph.edges(data="weight")
            return plain(known, weights)
        links = [link for link in material.links if link.kind == "asserted"]
        return plain(
            known,
            (
                (link.source, link.target, len({each.article for each in link.statements}))
                for link in links
                if keep(known[link.source]) and keep(known[link.target])
            ),
        )

    def _given(self, name: str) -> list[str]:
        default = self._known[name].default
        return self._values.get(name) or ([] if default is None else [default])

    def _meant(self, name: str) -> list[ox.NamedNode | ox.Literal]:
        found = [
            term for value in self._given(name) for term in meant(self._known[name], value, self._store, self.notes)
        ]
        return list(dict.fromkeys(found))

    def _one(self, name: str) -> ox.NamedNode | ox.Literal | None:
        found = self._terms[name]
        return found[0] if found else None


def _short(term: ox.NamedNode | ox.Literal, base: str) -> str:
    if isinstance(term, ox.Literal):
        return term.value
    return term.value.removeprefix(f"{base}id/").removeprefix(WENMAI)
