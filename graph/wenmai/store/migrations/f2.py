"""From format 1 to 2: seals and sums, by which damage is noticed; the registry and the articles' readings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wenmai.store.migrations import Twin

ABOUT = "adds sums that show damage; the readings of articles and the registry are made by the next build"


def migrate(store: Twin, folder: Path) -> None:
    """Leave the data of `store`, the twin of a store of format 1, as it is.

    The sums come with every migration. The readings of articles are worked out from their graphs by the rooms that know
    both (`wenmai.triples.recovered`), as soon as something is built or decided; until then nothing needs them.
    """
