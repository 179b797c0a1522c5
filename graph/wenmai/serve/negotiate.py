"""Which of several media types an Accept header asks for (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_MOST = 64
"""Ranges of one header that are looked at."""


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of `offers` (media types without parameters) that `accept` prefers; None if it takes none.

    Of equals the first of `offers` is taken; no header, or an empty one, takes the first.
    """
    return _choose(accept or "*/*", tuple(offers))


@lru_cache(maxsize=1024)
def _choose(accept: str, offers: tuple[str, ...]) -> str | None:
    ranges = [parsed for text in accept.split(",")[:_MOST] if (parsed := _range(text)) is not None]
    if not ranges:
        return offers[0]
    best, chosen = 0.0, None
    for offer in offers:
        fits = [(precise, quality) for name, precise, quality in ranges if _fits(name, offer)]
        quality = max(fits)[1] if fits else 0.0
        if quality > best:
            best, chosen = quality, offer
    return chosen


def _range(text: str) -> tuple[str, int, float] | None:
    """Return a media range, how precise it is, and its weight; None for what is no media range."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    if name == "*":  # what Java's own client sends
        name = "*/*"
    if "/" not in name:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                return None
    precise = 0 if name == "*/*" else 1 if name.endswith("/*") else 2
    return name, precise, quality


def _fits(range_: str, offer: str) -> bool:
    return range_ in {"*/*", offer} or (range_.endswith("/*") and offer.startswith(range_[:-1]))
