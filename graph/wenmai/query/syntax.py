"""Where and why a text is no SPARQL, from what the engine says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, zip_longest

from wenmai.errors import QuerySyntaxError, UsageError
from wenmai.query.guard import Token, tokens

_ERROR = re.compile(r"error at (\d+):(\d+): expected (.*)")
_GAP = " " * 24
"""Wider than the longest keyword. The engine gives the farthest place it looked at, and to look for a keyword it takes
as many characters as that has: put wide apart, no token is taken for one before it."""
_TIGHT = {"^^"}


def explained(
    error: SyntaxError, name: str, text: str, prologue: str, engine: Callable[[str], SyntaxError | None]
) -> UsageError:
    """Return what to say of a query that the engine refused with `error`.

    It was given `prologue`, which is one line, before `text`. `engine` returns what it says of another text, None if it
    takes it. The place is that of the token which does not belong there.
    """
    match = _ERROR.search(" ".join(str(error).split()))
    if match is None:
        return UsageError(f"{name}: not a SPARQL query: {' '.join(str(error).split())[:200]}")
    at = _offset(text, int(match[1]), int(match[2]), len(prologue))
    found = tokens(text)
    at, expected = _exactly(found, prologue, engine) or (at, match[3])
    before = text[:at]
    line = before.count("\n") + 1
    column = at - (before.rfind("\n") + 1) + 1
    here = text[at:].partition("\n")[0].strip()[:30]
    if "Prefix not found" in expected:
        why = "the prefix is not declared; begin with PREFIX name: <IRI>"
    elif (
        len(expected) < 60 and "[_]" not in expected and not expected.isupper()
    ):  # a word that happened to be tried last
        why = f"expected {expected}"
    else:
        why = "this is not expected here"
    where = f"line {line}, column {column}, at {here or 'the end'!r}"
    return QuerySyntaxError(f"{name}: not a SPARQL query: {where}: {why}", line, column)


def _offset(text: str, line: int, column: int, prologue: int) -> int:
    if line == 1:
        return min(len(text), max(0, column - 1 - prologue))
    starts = list(accumulate((len(each) for each in text.splitlines(keepends=True)), initial=0))
    return min(len(text), starts[min(line, len(starts)) - 1] + column - 1)


def _exactly(
    found: Sequence[Token], prologue: str, engine: Callable[[str], SyntaxError | None]
) -> tuple[int, str] | None:
    """Return where the token begins that the engine stops at, and what it expected; None if it cannot be told."""
    laid, places = prologue, []
    for token, after in zip_longest(found, found[1:]):
        places.append(len(laid))
        tight = after is not None and (after.text in _TIGHT or after.kind == "language" or token.text in _TIGHT)
        laid += token.text.replace("\n", " ") + ("" if tight else _GAP)
    again = engine(laid)
    match = _ERROR.search(" ".join(str(again).split())) if again is not None else None
    if match is None or match[1] != "1":
        return None
    column = int(match[2]) - 1
    at = max((n for n, place in enumerate(places) if place <= column), default=-1)
    if at < 0:
        return None
    last = at == len(found) - 1 and column >= places[at] + len(found[at].text) + len(_GAP)
    return (found[at].end if last else found[at].begin), match[3]
