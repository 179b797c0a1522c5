"""What a check finds: one record, and the order in which findings are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong.

    `severity` is `error` (the graph breaks its contract) or `warning` (it may be right, look at it). `what` is a short
    code (`quote`, `shape`, `dangling`…), `where` an article's id or an IRI, `message` a sentence a person can act on.
    """

    severity: Severity
    what: str
    where: str
    message: str
