"""wenmai (文脉): Chinese news articles as a knowledge graph whose every fact keeps the words it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from pathlib import Path

    from wenmai.archive import Archive


def open(location: str | Path = "wenmai-store") -> Archive:
    """Open the graph at `location` to ask: a store folder, the URL of a SPARQL server, or its settings file.

    Raises `wenmai.errors.StoreError` if there is none or it cannot be read.
    """
    from wenmai.archive import open_archive

    return open_archive(location)
