"""What follows from the facts, and what is wrong with them."""

from __future__ import annotations

from wenmai.reason.check import check
from wenmai.reason.closure import closure, refresh_inferred
from wenmai.reason.finding import Finding
from wenmai.reason.incremental import with_inferred

__all__ = ["Finding", "check", "closure", "refresh_inferred", "with_inferred"]
