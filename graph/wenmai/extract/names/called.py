"""Persons called by a part of their name: 王市长, 张院士, and the last name alone of a foreigner (Novak, 勒布伦).

Such a word means a person only where the article names exactly one in full, before it, whom it can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.extract.names.persons import compound_surnames, surname_pattern
from wenmai.lexicon import alternatives, one_of

_CAPITAL = "[A-Z\u00c0-\u00de]"
_LATIN = re.compile(rf"{_CAPITAL}[\w.'’\-]*(?: [\w.'’\-]+){{0,2}} (?P<last>{_CAPITAL}[a-z\u00c0-\u024f'’\-]{{2,}})")
_DOTTED = re.compile(r"[\u4e00-\u9fff]+(?:[·•・‧∙-][\u4e00-\u9fff]+)*[·•・‧∙](?P<last>[\u4e00-\u9fff]{3,})")
_GOES_ON = re.compile(r"[A-Za-z0-9·•・‧∙\-]| ?[A-Z&]")
_CAME = re.compile(r"[A-Za-z0-9·•・‧∙\-] ?$")
_OTHER_SCRIPT = re.compile(r"（(?:英文名[为:：]?)?(?P<name>[A-Z][A-Za-z.'’\-]+(?: [A-Z][A-Za-z.'’\-]+){1,2})[）,，]")


@cache
def _by_title() -> re.Pattern[str]:
    groups = (lexicon.words("persons", group) for group in ("courtesy", "honours"))
    titles = alternatives([*words.titles(), *(word for group in groups for word in group)])
    verbs = one_of("persons", "says", "ends", "says_clearly")
    end = rf"(?=[，。：！？、”）\s]|{verbs}|[在与和将还也已则向因是又对来去的])"
    return re.compile(rf"(?P<surname>{surname_pattern()})(?:{titles}|总{end})")


def called(notes: Notes, people: Iterable[Candidate]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """Return (person, bounds of the word that means the person, reason) for `people`, the persons named in full."""
    text = notes.text
    firsts: dict[str, Candidate] = {}
    for c in sorted(people, key=lambda c: c.begin):
        firsts.setdefault(text[c.begin : c.end], c)
    result = [
        (c, found.span("name"), "括注") for c in people if (found := _OTHER_SCRIPT.match(text, c.end)) is not None
    ]
    last: dict[str, list[Candidate]] = {}
    family: dict[str, list[Candidate]] = {}
    for name, c in firsts.items():
        whole = _LATIN.fullmatch(name) or _DOTTED.fullmatch(name)
        if whole is not None:
            last.setdefault(whole.group("last"), []).append(c)
        elif 2 <= len(name) <= 4:
            family.setdefault(name[:2] if name[:2] in compound_surnames() else name[0], []).append(c)
    return result + _last_names(text, last) + _surnames(text, family)


def _last_names(text: str, last: dict[str, list[Candidate]]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """The last name alone, unless a company bears it too: Halden of Eva Halden, but not of Halden Group."""
    bearers = {name: people[0] for name, people in last.items() if len(people) == 1}
    free: dict[str, list[tuple[int, int]]] = {}
    taken: set[str] = set()
    for begin, end, _ in words.Automaton(dict.fromkeys(bearers, ())).find(text) if bearers else ():
        name, person = text[begin:end], bearers[text[begin:end]]
        if text.startswith(text[person.begin : person.end], end - (person.end - person.begin)):
            continue
        before, after = text[max(0, begin - 2) : begin], text[end : end + 2]
        if _GOES_ON.match(after) or _CAME.search(before):
            taken.add(name)
        elif person.end <= begin:
            free.setdefault(name, []).append((begin, end))
    return [(bearers[name], span, "姓") for name, spans in free.items() if name not in taken for span in spans]


def _surnames(text: str, family: dict[str, list[Candidate]]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """A surname and a title, where one person of that surname was named; `family` has them in order of the text."""
    result = []
    for found in _by_title().finditer(text) if family else ():
        bearers = family.get(found.group("surname"), [])
        if bearers and bearers[0].end <= found.start() and not any(c.begin < found.start() for c in bearers[1:2]):
            result.append((bearers[0], found.span(), "姓"))
    return result


def find_called(notes: Notes, chosen: Iterable[Candidate]) -> list[Candidate]:
    """Return the mentions of persons by a part of their name."""
    people = [c for c in chosen if c.cls == "Person" and c.voice != "alias"]
    return [
        Candidate(begin, end, "Person", "alias", 0.85, tier=4)
        for _, (begin, end), _ in called(notes, people)
        if notes.text[begin].isascii() or notes.barrier_ends_at(begin) or begin in notes.area_ends
    ]
