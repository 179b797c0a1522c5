"""Look at a SPARQL text before any engine does: what it is made of, and whether it may run.

Lexical only. It refuses what reaches out of the store (SERVICE, LOAD), what changes it, and what is so long, deep or
branched that parsing it alone could bring a process down. It answers nothing about what a query means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from wenmai.errors import ComplexityError, UsageError

MAX_CHARACTERS = 64_000
MAX_DEPTH = 64
MAX_OPERATORS = 200
MAX_TOKENS = 20_000

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<string>'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3} | "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}
        | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:[\w.\-]*\w)
    | (?P<name>(?:[^\W\d_][\w.\-]*)?:(?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
        (?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>&&|\|\||\^\^|!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OUTWARD = {"SERVICE", "LOAD"}
_UPDATES = {"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_BRANCHING = {"UNION", "OPTIONAL", "MINUS", "FILTER", "EXISTS", "BIND", "VALUES", "GRAPH", "SELECT"}
_OPERATORS = {"/", "|", "^", "+", "*", "-", "!", "&&", "||", "=", "!=", "<", ">", "<=", ">=", "?"}


class Token(NamedTuple):  # made by the dozen for every query, in a third of the time that a dataclass takes
    """A word of a query: its kind, its text and where it begins, in code points."""

    kind: str
    text: str
    begin: int

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.begin + len(self.text)

    def is_word(self, word: str) -> bool:
        """Tell whether it is this keyword, in any case."""
        return self.kind == "word" and self.text.upper() == word


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a query into tokens, without white space and comments. Any text can be cut."""
    return tuple(
        Token(str(match.lastgroup), match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    )


def form(found: Sequence[Token]) -> str:
    """Return which form a query has: SELECT, ASK, CONSTRUCT or DESCRIBE; empty if none is seen."""
    return next((token.text.upper() for token in found if token.kind == "word" and token.text.upper() in _FORMS), "")


@lru_cache(maxsize=16)
def check(text: str, services: frozenset[str] = frozenset()) -> tuple[Token, ...]:
    """Return the tokens of a query that may run; SERVICE may ask those of `services`, IRIs written out, and no other.

    Raises UsageError if it would reach out of the store or change it, ComplexityError if it is too long or too complex.
    """
    if len(text) > MAX_CHARACTERS:
        raise ComplexityError(f"the query is too long: {len(text):,} characters, {MAX_CHARACTERS:,} at most")
    return _checked(text, lambda found: _refuse(found, services))


def check_update(text: str) -> tuple[Token, ...]:
    """Return the tokens of an update that may run: one that reads and writes this store and nothing else.

    It may be as long as its data is. Raises UsageError, ComplexityError.
    """
    return _checked(text, _refuse_update)


def _checked(text: str, refuse: Callable[[Sequence[Token]], None]) -> tuple[Token, ...]:
    if not text.strip():
        raise UsageError("the query is empty")
    if "\0" in text:
        raise UsageError("the query holds a NUL character")
    if _SURROGATE.search(text):
        raise UsageError("the query is not valid Unicode text")
    found = tokens(text)
    refuse(found)
    # Some engines read \u0053ERVICE as SERVICE, Oxigraph does not; what either would see is refused.
    plain = _ESCAPE.sub(_unescaped, text)
    if plain != text:
        refuse(tokens(plain))
    return found


def service_at(found: Sequence[Token], at: int) -> Token | None:
    """Return the IRI, with its brackets, that the word SERVICE at `at` asks; None if it is none that is written out."""
    after = found[at + 1 : at + 3]
    if after and after[0].is_word("SILENT"):
        after = after[1:]
    return after[0] if after and after[0].kind == "iri" else None


def _refuse_update(found: Sequence[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind == "word" and token.text.upper() in _OUTWARD:
            raise UsageError(
                f"{token.text.upper()} is not allowed: an update changes this store by what it says itself"
            )
        depth += (token.text in "({[") - (token.text in ")}]") if token.kind == "mark" else 0
        if depth > MAX_DEPTH:
            raise ComplexityError(f"the update is too complex: nested deeper than {MAX_DEPTH} brackets")


def _refuse(found: Sequence[Token], services: frozenset[str]) -> None:
    depth = operators = 0
    form_seen = False
    if len(found) > MAX_TOKENS:
        raise ComplexityError(f"the query is too complex: {len(found):,} tokens, {MAX_TOKENS:,} at most")
    for at, token in enumerate(found):
        if token.kind == "word":
            word = token.text.upper()
            if word in _OUTWARD:
                asked = service_at(found, at) if word == "SERVICE" else None
                if asked is None or asked.text[1:-1] not in services:
                    raise UsageError(f"{word} is not allowed: a query reads this store and nothing else")
            if word in _UPDATES and not form_seen:
                raise UsageError(f"{word} is an update; queries only read. The graph changes by `wenmai build`")
            form_seen = form_seen or word in _FORMS
            operators += word in _BRANCHING
        elif token.kind == "mark":
            if token.text in "({[":
                depth += 1
                if depth > MAX_DEPTH:
                    raise ComplexityError(f"the query is too complex: nested deeper than {MAX_DEPTH} brackets")
            elif token.text in ")}]":
                depth -= 1
            operators += token.text in _OPERATORS
        if operators > MAX_OPERATORS:
            raise ComplexityError(f"the query is too complex: more than {MAX_OPERATORS} operators and branches")


def _unescaped(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()
