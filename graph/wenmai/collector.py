"""Python's cyclic garbage collector, kept still where it only costs time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Pause the collector while millions of tuples and terms without cycles are made.

    It would walk through all of them again and again: closing 130,000 facts took 4.8 s with it and 2.6 s without.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
