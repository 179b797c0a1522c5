"""wenmai (文脉): Chinese news articles as a knowledge graph whose every fact keeps the words it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from wenmai.archive import Archive


def open(location: str | Path = "wenmai-store", *, as_of: str | dt.date | None = None) -> Archive:
    """Open the graph at `location` to ask: a store folder, the URL of a SPARQL server or its settings file, an export.

    `as_of`, a day (2017-04-21), shows the graph as the articles published until then say it. Raises
    `wenmai.errors.UsageError` for what is no day, `wenmai.errors.StoreError` if there is none or it cannot be read.
    """
    from wenmai.archive import open_archive

    return open_archive(location, as_of)
