"""Read: bytes of many formats → articles. Nothing here raises for a bad input; it yields a `Refusal` instead."""

from __future__ import annotations

from wenmai.read.assemble import ReadOptions
from wenmai.read.formats import read
from wenmai.read.sources import Source, sources

__all__ = ["ReadOptions", "Source", "read", "sources"]
