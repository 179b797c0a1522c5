"""Names that the tagger hears: another voice beside the grammars, and like theirs one among several.

A stretch on which heads agree is a candidate where no grammar sees a name, or one that holds what a grammar sees.
Persons are handed to the finder of persons, who looks for their other occurrences.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cache
from typing import Any

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import character_set

_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_PLACES = frozenset(("AdministrativeArea", "Road", "Building", "Site", "NaturalFeature"))


@cache
def _settings() -> dict[str, Any]:
    return lexicon.grammar("tagger")


@cache
def _whole() -> frozenset[str]:
    return frozenset(_settings()["never"]["whole"])


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in lexicon.rows("surnames"))


@cache
def _happenings() -> tuple[str, ...]:
    """What names of happenings end in: the news head takes a fair for an organization."""
    return tuple(row["suffix"] for row in lexicon.rows("event_suffixes"))


@cache
def _fair() -> re.Pattern[str]:
    """Return the pattern of the rest of a happening's name, in which a person's name is none: 某某王”擂台赛."""
    return re.compile(f"[”’]?{lexicon.HAN}{{0,4}}?{lexicon.alternatives(_happenings())}")


def readings(notes: Notes) -> dict[tuple[int, int], dict[str, float]]:
    """Return the chance of each label (head.label) for every stretch that a head takes for a name."""
    found: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for t in notes.tagged:
        found[t.begin, t.end][f"{t.head}.{t.label}"] = t.score
    return dict(sorted(found.items()))


def support(labels: dict[str, float], kind: str) -> float:
    """Return the sum of the chances of the labels that speak for `kind`: person, organization or place."""
    speaks = _settings()["labels"]
    return sum(chance for label, chance in labels.items() if speaks.get(label) == kind)


def sure_persons(notes: Notes) -> dict[tuple[int, int], float]:
    """Return the stretches that are surely persons, with the trust in each.

    What is a person at one place is one at most places: a fruit that sounds like a foreign name is heard as one once.
    """
    least = _settings()["least"]["person"]
    held = {span: support(labels, "person") for span, labels in readings(notes).items() if span[1] - span[0] > 1}
    heard: dict[str, float] = defaultdict(float)
    for (begin, end), chance in held.items():
        heard[notes.text[begin:end]] += chance
    return {
        (begin, end): round(min(0.9, 0.55 + chance / 5), 2)
        for (begin, end), chance in held.items()
        if chance >= (least["strange"] if end - begin < 4 and notes.text[begin] not in _surnames() else least["alone"])
        # names in Latin letters are companies as often, and have a finder of their own
        and not _LATIN.search(notes.text[begin:end])
        and not _fair().match(notes.text, end)
        and heard[notes.text[begin:end]] >= least["on_average"] * notes.count(notes.text[begin:end])
    }


def find_tagged(notes: Notes) -> list[Candidate]:
    """Return the organizations and places on which the tagger's heads agree."""
    taken = sorted((c.begin, c.end) for c in notes.found)
    result = []
    for (begin, end), labels in readings(notes).items():
        held, kind = max((support(labels, kind), kind) for kind in ("organization", "place"))
        least = _settings()["least"][kind]
        if held < least["alone"] or not _possible(notes, begin, end):
            continue
        beside = _overlapping(taken, begin, end)
        if beside and (held < least["wider"] or not _holds(notes, begin, end, beside)):
            continue
        cls = _class(notes.text[begin:end], kind, labels)
        if (
            cls is None
            and begin in notes.area_ends
            and character_set("persons", "sounds").issuperset(notes.text[begin:end])
        ):
            cls = "AdministrativeArea"  # a town abroad, written by its sound behind its country
        if cls is not None:
            confidence = round(min(0.85, 0.5 + held / 10), 2)
            result.append(Candidate(begin, end, cls, "tagger", confidence, tier=6))
    return result


def _overlapping(taken: list[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int]]:
    first = max(0, bisect_left(taken, (begin, 0)) - 40)
    last = bisect_left(taken, (end, 0))
    return [span for span in taken[first:last] if span[1] > begin]


def _holds(notes: Notes, begin: int, end: int, beside: list[tuple[int, int]]) -> bool:
    """Tell whether a stretch is one name with more to it than what is seen in it, and not two with a word between."""
    if any(b < begin or end < e for b, e in beside) or notes.text[begin] in "原前":
        return False
    if end - max(e for _, e in beside) == 1 and not _ended(notes.text[begin:end]):
        return False  # the first character of the next word: 某某有限公司拟
    inside = {i for b, e in beside for i in range(b, e)}
    last = max(b for b, _ in beside)
    return not any(notes.barrier_length(i) for i in range(begin, last) if i not in inside)


def _ended(name: str) -> bool:
    """Tell whether an ending of names ends `name`."""
    endings = {name[i:] for i in range(max(1, len(name) - 8), len(name))}
    return not endings.isdisjoint(words.place_suffixes()) or not endings.isdisjoint(words.organization_suffixes())


def _possible(notes: Notes, begin: int, end: int) -> bool:
    name = notes.text[begin:end]
    if (
        end - begin < 2
        or name in _whole()
        or name.endswith(_happenings())
        or name.startswith(tuple(_settings()["never"]["begins"]))
    ):
        return False
    area = notes.area_begins.get(begin)
    if (
        area is not None
        and notes.text[begin : area.end] in words.countries()
        and notes.text[area.end : end] in _whole()
    ):
        return False
    joined = re.split("[和与及的]", name)
    if "某" in name or any(_ended(part) for part in joined[:-1]):  # two names, or a part and its whole
        return False
    return not any(mark in name for mark in "，。；：！？\n《》“”") and name.count("（") == name.count("）")


def _class(name: str, kind: str, labels: dict[str, float]) -> str | None:
    """Return the class that the name's ending says, or else its labels; None where neither says one."""
    endings = [name[i:] for i in range(max(1, len(name) - 8), len(name))]
    if kind == "place":
        places = [words.place_suffixes()[e] for e in endings if e in words.place_suffixes()]
        return places[0] if places and places[0] in _PLACES else None
    bodies = [words.organization_suffixes()[e][0] for e in endings if e in words.organization_suffixes()]
    if bodies:
        return bodies[0]
    known = _settings()["classes"]
    spoken = [(chance, known[label]) for label, chance in labels.items() if label in known]
    return max(spoken)[1] if spoken else "Organization"
