"""What a worker makes of a request: the body of a response and what its header is to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from wenmai.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: `media` is its Content-Type with parameters, `headers` are what it has beside."""

    body: bytes
    media: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Task: TypeAlias = Callable[[Store, Mapping[str, Any]], Answer]
"""A function of a module that a worker calls: a store opened to read and what the request says, in JSON's types.

It may raise `Problem` and the errors of `wenmai.errors`. Whatever it does ends at the deadline with its process.
"""
