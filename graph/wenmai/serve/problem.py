"""Errors as problem documents (RFC 9457): what went wrong, where, and what to do, for programs and for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from wenmai.errors import ComplexityError, QuerySyntaxError, StoreError, UsageError, WenmaiError

MEDIA = "application/problem+json"


class Problem(Exception):
    """An answer that is an error. `detail` is one sentence for a person; `more` are further members of the document."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})
        self.reason = reason
        """One word for the log: which limit it was."""

    @property
    def title(self) -> str:
        """The status in words."""
        return HTTPStatus(self.status).phrase

    def document(self) -> bytes:
        """Return the problem as JSON; its type is `about:blank`: the status says what kind it is."""
        members = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return json.dumps(members | self.more, ensure_ascii=False).encode()


def of(error: Exception) -> Problem:
    """Return what an error means to a client. What is not wenmai's own is told without its text: 500."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, QuerySyntaxError):
        return Problem(400, str(error), more={"line": error.line, "column": error.column})
    if isinstance(error, (UsageError, ComplexityError)):
        return Problem(400, str(error))
    if isinstance(error, StoreError):
        return Problem(503, "the store cannot be used just now", headers={"Retry-After": "5"})
    if isinstance(error, WenmaiError):
        return Problem(503, str(error))
    return Problem(500, "this is a fault of wenmai; its log tells more")
