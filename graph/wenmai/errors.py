"""The errors wenmai raises on purpose; each says in one sentence what is wrong and what to do.

`status` is the exit status of the command line: 2 usage, 3 inputs refused, 4 the store, 5 a limit.
"""

from __future__ import annotations


class WenmaiError(Exception):
    """Base of all: `str(error)` is one line for a person."""

    status = 2


class UsageError(WenmaiError):
    """An option, a query name, a parameter or a query text that is not right."""

    status = 2


class StoreError(WenmaiError):
    """The store is locked, foreign, corrupt, full, read-only or of another version."""

    status = 4


class DiskFullError(StoreError):
    """There is no room left for what was to be written; what was committed before is safe."""


class LimitError(WenmaiError):
    """A limit was hit: time, memory or rows."""

    status = 5


class ComplexityError(LimitError):
    """A query that is too long, deep or branched to be given to an engine at all."""


class QuerySyntaxError(UsageError):
    """A text that is no SPARQL; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ExtractionError(WenmaiError):
    """An article that cannot be extracted, through no fault of wenmai's: it is refused, the others are built."""

    status = 3
