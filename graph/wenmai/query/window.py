"""Some of the rows of a SELECT: from one on, at most so many, said to the engine so that it stops there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from wenmai.query.guard import Token, form

_LEAST = 3
"""Bytes that a row takes in SPARQL JSON, at least."""


@dataclass(frozen=True, slots=True)
class Window:
    """`rows` rows of what a query gives by itself, after the first `offset`."""

    rows: int
    offset: int = 0

    def applied(self, text: str, found: Sequence[Token]) -> str:
        """Return a SELECT that gives the rows of the window and one more, if there is one; `found` are its tokens.

        Another form, or a text whose brackets do not match, is returned as it is.
        """
        if form(found) != "SELECT":
            return text
        outer = _outer(found)
        if outer is None:
            return text
        limit, offset, cuts, at = None, 0, [], found[-1].end
        for word, after in pairwise(outer):
            if word.is_word("LIMIT") or word.is_word("OFFSET"):
                if after.kind != "number" or not after.text.isdigit():
                    return text
                limit = int(after.text) if word.is_word("LIMIT") else limit
                offset = int(after.text) if word.is_word("OFFSET") else offset
                cuts.append((word.begin, after.end))
            elif word.is_word("VALUES"):
                at = word.begin
        if len(cuts) > 2:
            return text
        wanted = self.rows + 1 if limit is None else max(0, min(limit - self.offset, self.rows + 1))
        clause = f" LIMIT {wanted} OFFSET {offset + self.offset} "
        for begin, end, new in sorted([(at, at, clause), *((b, e, " ") for b, e in cuts)], reverse=True):
            text = text[:begin] + new + text[end:]
        return text

    def cut(self, payload: bytes) -> tuple[bytes, bool]:
        """Return SPARQL JSON without the row beyond the window, and whether there was one."""
        if len(payload) <= _LEAST * self.rows:
            return payload, False
        answer: dict[str, Any] = json.loads(payload)
        rows = answer["results"]["bindings"]
        if len(rows) <= self.rows:
            return payload, False
        del rows[self.rows :]
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(), True


def _outer(found: Sequence[Token]) -> list[Token] | None:
    """Return the tokens outside of all brackets; None if brackets do not match."""
    depth, outer = 0, []
    for token in found:
        if token.kind == "mark" and token.text in "({[":
            depth += 1
        elif token.kind == "mark" and token.text in ")}]":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0:
            outer.append(token)
    return outer if depth == 0 else None
