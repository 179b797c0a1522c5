"""Whether a sentence asserts, plans, reports or denies what its words would say.

The cues are data (`ontology/lexicon/modality_cues.tsv`): a word, what it turns a statement into, where it must stand:
`before` the trigger in its clause, anywhere `ahead` of it in the sentence, `after` it in the same or the next
sentence. The strongest cue wins: Denied over Planned over Reported over Asserted.
"""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from wenmai.extract.symbols import Passage
from wenmai.lexicon import rows
from wenmai.records import Modality

_RANK = {"Asserted": 0, "Reported": 1, "Planned": 2, "Denied": 3}
_REACH = 14
"""How many symbols before its trigger a `before` cue may stand."""


@cache
def _cues(scope: str) -> tuple[tuple[Modality, re.Pattern[str]], ...]:
    words: dict[str, list[str]] = {}
    for row in rows("modality_cues"):
        if row["scope"] == scope:
            words.setdefault(row["modality"], []).append(row["cue"])
    return tuple(
        (cast(Modality, modality), re.compile("|".join(sorted(forms, key=lambda w: (-len(w), w)))))
        for modality, forms in sorted(words.items())
    )


def stronger(one: Modality, other: Modality) -> Modality:
    """Return the one of two modalities that takes more away from a statement."""
    return one if _RANK[one] >= _RANK[other] else other


def judge(passage: Passage, begin: int, trigger: int, end: int, following: str = "") -> Modality:
    """Return the modality of a match.

    `begin` and `end` bound the match in symbols, `trigger` is where its trigger starts, `following` are the symbols of
    the sentence after.
    """
    clause, clause_end = passage.clause(trigger)
    text = passage.symbols
    told = max((m.end() for _, cue in _cues("reset") for m in cue.finditer(text, 0, trigger)), default=0)
    clause = max(clause, told)
    verdict: Modality = "Asserted"
    windows = (
        ("before", text[max(clause, trigger - _REACH) : trigger + 2]),
        ("ahead", text[told:trigger]),
        ("after", text[trigger : max(end, clause_end)]),
        ("later", text[end:] + following),
    )
    for scope, window in windows:
        if scope == "later" and verdict == "Asserted":
            continue  # what is told as a fact is not undone by a denial of something else
        for modality, cue in _cues(scope):
            if cue.search(window):
                verdict = stronger(verdict, modality)
    return verdict


def approximate(text: str) -> bool:
    """Tell whether the words `text` say about or expected."""
    return any(cue.search(text) for _, cue in _cues("approximate"))
