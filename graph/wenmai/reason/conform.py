"""Whether a small graph surely conforms to shapes: SHACL compiled to look-ups, for the many articles that do.

pyshacl says what is wrong and where (`shapes.breaches`), and takes as long for an article as reading it. Here the
shapes are compiled once to checks over plain dictionaries, many times as fast, that answer yes or perhaps not:
whatever they do not know (a component, a target, a path) makes the answer perhaps, and pyshacl is asked. Components
are those of https://www.w3.org/TR/shacl/#core-components that `ontology/shapes.ttl` uses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox

from wenmai.namespaces import SH
from wenmai.resources import folder
from wenmai.triples import terms
from wenmai.triples.merge import Fact

Term: TypeAlias = "ox.NamedNode | ox.Literal"
Node: TypeAlias = "ox.NamedNode | ox.BlankNode"
Lines: TypeAlias = "Mapping[tuple[Term, ox.NamedNode], list[Term]]"
"""Objects by (subject, predicate)."""
Check: TypeAlias = "Callable[[Term, list[Term], Lines], bool]"
"""Tells of a focus node and its values whether they are surely right, given what the graph says."""

_SILENT = frozenset({"property", "path", "message", "targetClass", "qualifiedMinCount"})
"""Predicates of a shape that check nothing by themselves."""
_FIRST = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
_REST = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")


class _UnknownError(Exception):
    """A component that is not compiled."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is checked of the values at the end of a path; without a path, of the node itself."""

    path: ox.NamedNode | None
    inverse: bool
    checks: tuple[Check, ...]


Shapes: TypeAlias = "Mapping[ox.NamedNode, tuple[_Part, ...]] | None"
"""The parts that a class's members have to pass; None where something of the shapes is unknown."""


def surely_conforms(lines: Iterable[Fact]) -> bool:
    """Tell whether a graph of triples surely conforms to `ontology/shapes.ttl`; False is no verdict."""
    return conforms(lines, _ours())


def conforms(lines: Iterable[Fact], shapes: Shapes) -> bool:
    """Tell whether a graph of triples surely conforms to shapes that `compiled` gave; False is no verdict."""
    if shapes is None:
        return False
    forward: defaultdict[tuple[Term, ox.NamedNode], list[Term]] = defaultdict(list)
    backward: defaultdict[tuple[Term, ox.NamedNode], list[Term]] = defaultdict(list)
    focused: list[tuple[Term, tuple[_Part, ...]]] = []
    turned = {part.path for parts in shapes.values() for part in parts if part.inverse}
    for subject, predicate, value in dict.fromkeys(lines):
        forward[subject, predicate].append(value)
        if predicate in turned:
            backward[value, predicate].append(subject)
        if predicate == terms.TYPE and isinstance(value, ox.NamedNode) and value in shapes:
            focused.append((subject, shapes[value]))
    for focus, parts in focused:
        for part in parts:
            if part.path is None:
                values = [focus]
            else:
                values = (backward if part.inverse else forward).get((focus, part.path), [])
            for check in part.checks:
                if not check(focus, values, forward):
                    return False
    return True


@cache
def _ours() -> Shapes:
    return compiled((folder("ontology") / "shapes.ttl").read_bytes())


def compiled(turtle: bytes) -> Shapes:
    """Compile shapes in Turtle; None if something in them is not known here. Raises SyntaxError for a broken text."""
    return _Compiler(turtle).shapes()


class _Compiler:
    """Shapes being read. A target that is not a class, or a component not known, makes them unknown as a whole."""

    def __init__(self, turtle: bytes) -> None:
        self.store = ox.Store()
        self.store.load(turtle, ox.RdfFormat.TURTLE)

    def shapes(self) -> Shapes:
        found: defaultdict[ox.NamedNode, list[_Part]] = defaultdict(list)
        try:
            targets = {q.predicate.value for q in self.store if q.predicate.value.startswith(f"{SH}target")}
            kinds = {q.object for q in self.store.quads_for_pattern(None, terms.TYPE, None)}
            if targets != {f"{SH}targetClass"} or kinds > {_sh("NodeShape"), _sh("PropertyShape")}:
                return None
            for quad in self.store.quads_for_pattern(None, _sh("targetClass"), None):
                assert isinstance(quad.object, ox.NamedNode) and not isinstance(quad.subject, ox.Triple)  # noqa: S101 - shapes.ttl is ours
                found[quad.object] += self.parts(quad.subject)
        except _UnknownError:
            return None
        return {cls: tuple(parts) for cls, parts in found.items()}

    def parts(self, shape: Node) -> list[_Part]:
        """Return what a node shape checks: of the node itself, and along each property."""
        own = _Part(None, False, tuple(self.checks(shape)))
        parts = [own] if own.checks else []
        for node in self.values(shape, "property"):
            path, inverse = self.path(_node(node))
            parts.append(_Part(path, inverse, tuple(self.checks(_node(node)))))
        return parts

    def path(self, shape: Node) -> tuple[ox.NamedNode, bool]:
        (path,) = self.values(shape, "path")
        if isinstance(path, ox.NamedNode):
            return path, False
        turned = self.values(_node(path), "inversePath")
        if len(turned) == 1 and isinstance(turned[0], ox.NamedNode):
            return turned[0], True
        raise _UnknownError

    def checks(self, shape: Node) -> list[Check]:
        """Return the checks of all components of a shape."""
        found = []
        for quad in self.store.quads_for_pattern(shape, None, None):
            name = quad.predicate.value.removeprefix(SH)
            if name == quad.predicate.value or name in _SILENT:
                continue
            found.append(self.check(name, quad.object, shape))
        return found

    def check(self, name: str, value: object, shape: Node) -> Check:
        if name == "in":
            return _each(frozenset(self.listed(value)).__contains__)
        if name == "languageIn":
            return _each(_in_language([str(_text(item)) for item in self.listed(value)]))
        if name == "or":
            return self.either([self.checks(_node(item)) for item in self.listed(value)])
        if name == "qualifiedValueShape":
            (least,) = self.values(shape, "qualifiedMinCount")
            return _at_least(int(_text(least)), self.checks(_node(value)))
        maker = _MAKERS.get(name)
        if maker is None:
            raise _UnknownError(name)
        return maker(value)

    @staticmethod
    def either(options: Sequence[Sequence[Check]]) -> Check:
        return lambda focus, values, lines: all(
            any(all(check(focus, [value], lines) for check in option) for option in options) for value in values
        )

    def values(self, node: Node, name: str) -> list[object]:
        return [quad.object for quad in self.store.quads_for_pattern(node, _sh(name), None)]

    def listed(self, node: object) -> list[Term]:
        """Return the items of an RDF list."""
        found: list[Term] = []
        while isinstance(node, ox.BlankNode):
            (first,) = self.store.quads_for_pattern(node, _FIRST, None)
            (rest,) = self.store.quads_for_pattern(node, _REST, None)
            found.append(first.object)  # type: ignore[arg-type]  # blank nodes too, which `_node` takes
            node = rest.object
        return found


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _node(value: object) -> Node:
    if isinstance(value, (ox.NamedNode, ox.BlankNode)):
        return value
    raise _UnknownError


def _text(value: object) -> str:
    if isinstance(value, ox.Literal):
        return value.value
    raise _UnknownError


def _each(test: Callable[[Term], bool]) -> Check:
    """Return a check that every value passes `test`."""
    return lambda focus, values, lines: all(map(test, values))


def _at_least(least: int, checks: Sequence[Check]) -> Check:
    return lambda focus, values, lines: (
        sum(all(check(focus, [value], lines) for check in checks) for value in values) >= least
    )


def _in_language(tags: Sequence[str]) -> Callable[[Term], bool]:
    """RFC 4647 ranges: `zh` takes zh and zh-Hant."""

    def test(value: Term) -> bool:
        tag = (value.language or "") if isinstance(value, ox.Literal) else ""
        return any(tag == each or tag.startswith(f"{each}-") for each in tags)

    return test


def _kind(kind: object) -> Check:
    if kind == _sh("IRI"):
        return _each(lambda value: isinstance(value, ox.NamedNode))
    if kind == _sh("IRIOrLiteral"):
        return _each(lambda value: isinstance(value, (ox.NamedNode, ox.Literal)))
    raise _UnknownError


def _datatype(wanted: object) -> Check:
    form = _FORMS.get(wanted.value) if isinstance(wanted, ox.NamedNode) else None
    if form is None:
        raise _UnknownError
    return _each(
        lambda value: isinstance(value, ox.Literal) and value.datatype == wanted and bool(form.fullmatch(value.value))
    )


def _cls(wanted: object) -> Check:
    return lambda focus, values, lines: all(wanted in lines.get((value, terms.TYPE), ()) for value in values)


def _pattern(text: object) -> Check:
    pattern = re.compile(_text(text))
    return _each(lambda value: bool(pattern.search(value.value)))


def _bounded(text: object, holds: Callable[[Decimal, Decimal], bool]) -> Check:
    bound = Decimal(_text(text))

    def test(value: Term) -> bool:
        try:
            return holds(Decimal(value.value), bound)
        except InvalidOperation:
            return False

    return _each(test)


def _before(other: object, equal: bool) -> Check:
    """Offsets and days are compared: numbers as such, days of one length as text."""
    if not isinstance(other, ox.NamedNode):
        raise _UnknownError

    def order(value: Term) -> tuple[int, str]:
        return (len(value.value), value.value)

    def test(focus: Term, values: list[Term], lines: Lines) -> bool:
        for value in values:
            for limit in lines.get((focus, other), ()):
                one, two = order(value), order(limit)
                if one > two or (one == two and not equal):
                    return False
        return True

    return test


def _once_a_language(_: object) -> Check:
    def test(focus: Term, values: list[Term], lines: Lines) -> bool:
        tags = [value.language for value in values if isinstance(value, ox.Literal) and value.language]
        return len(tags) == len(set(tags))

    return test


def _beside(other: object, test: Callable[[set[Term], set[Term]], bool]) -> Check:
    """Compare the values with those of another property of the node."""
    if not isinstance(other, ox.NamedNode):
        raise _UnknownError
    return lambda focus, values, lines: test(set(values), set(lines.get((focus, other), ())))


def _counted(number: object, test: Callable[[int, int], bool]) -> Check:
    bound = int(_text(number))
    return lambda focus, values, lines: test(len(values), bound)


def _long(number: object) -> Check:
    least = int(_text(number))
    return _each(lambda value: len(value.value) >= least)


_MAKERS: dict[str, Callable[[object], Check]] = {
    "nodeKind": _kind,
    "datatype": _datatype,
    "class": _cls,
    "pattern": _pattern,
    "minCount": lambda number: _counted(number, int.__ge__),
    "maxCount": lambda number: _counted(number, int.__le__),
    "minLength": _long,
    "minInclusive": lambda number: _bounded(number, Decimal.__ge__),
    "maxInclusive": lambda number: _bounded(number, Decimal.__le__),
    "lessThan": lambda other: _before(other, False),
    "lessThanOrEquals": lambda other: _before(other, True),
    "uniqueLang": _once_a_language,
    "equals": lambda other: _beside(other, set.__eq__),
    "disjoint": lambda other: _beside(other, set.isdisjoint),
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_YEAR, _MONTH, _LONGER = "[1-9][0-9]{3}", "(0[1-9]|1[0-2])", "(0[13-9]|1[0-2])"
_FORMS = {
    f"{_XSD}string": re.compile("(?s:.*)"),
    f"{_XSD}date": re.compile(rf"{_YEAR}-({_MONTH}-(0[1-9]|1[0-9]|2[0-8])|{_LONGER}-(29|30)|(0[13578]|1[02])-31)"),
    f"{_XSD}gYearMonth": re.compile(rf"{_YEAR}-{_MONTH}"),
    f"{_XSD}gYear": re.compile(_YEAR),
    f"{_XSD}integer": re.compile(r"0|[1-9][0-9]*"),
    f"{_XSD}decimal": re.compile(r"[0-9]+(\.[0-9]+)?"),
    f"{_XSD}boolean": re.compile("true|false"),
}
"""Lexical forms that are surely right; of others (the 29th of February, a negative number) pyshacl decides."""
