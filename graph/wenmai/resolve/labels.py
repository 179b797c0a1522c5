"""Labels of events and posts that have no name of their own: what they are, of whom, when."""

from __future__ import annotations

from collections.abc import Sequence

from wenmai import ontology
from wenmai.resolve import keys

_SHOWN = 3
_SPEAKING = 4  # the shortest form of so many characters still says who it is (云图集团, not 云图)

BY_WHOM = ("participant", "organizer", "subject", "heldAt")
BY_WHAT = ("subject", "participant", "organizer", "heldAt")
SLOTS = {
    "Signing": BY_WHOM,
    "Meeting": BY_WHOM,
    "Acquisition": ("participant", "subject"),
    "Activity": ("organizer", "heldAt", "subject", "participant"),
}
"""The slots whose fillers tell events of a class apart, the first that has any; of the other classes `BY_WHAT`."""


def short_name(names: Sequence[str]) -> str:
    """Return of an entity's names, the fullest first, the shortest that still says who it is."""
    speaking = [name for name in names if len(keys.key(name)) >= _SPEAKING]
    return min(speaking, key=len) if speaking else names[0]


def event_label(cls: str, fillers: Sequence[str], date: str | None, words: str) -> tuple[str, str]:
    """Return the labels, zh and en, of an event: 签约: 云图集团、海澜公司, 2016-03-02.

    `fillers` are the names of its parties or of what it is about, `date` its (first) date in ISO form; `words` are
    those of the text that speak of it, for an event that has neither.
    """
    shown = list(fillers[:_SHOWN])
    if not shown and not date:
        shown = [words] if words else []
    more = len(fillers) > _SHOWN
    made = []
    for language, comma, rest in (("zh", "、", "等"), ("en", ", ", " et al.")):
        about = comma.join(shown) + (rest if more else "")
        parts = [part for part in (about, date) if part]
        label = ontology.label(cls, language)
        made.append(f"{label}: {', '.join(parts)}" if parts else label)
    return made[0], made[1]


def post_label(title: str, body: str | None, person: str | None) -> str:
    """Return the label of a post, in zh: 云图集团董事长 (李乐山)."""
    return (body or "") + title + (f" ({person})" if person else "")
