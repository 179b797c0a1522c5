"""Names in Latin script: companies by their endings and places, persons by titles and verbs, else by use."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import alternatives, one_of, rows

_WORD = r"[A-Z\u00c0-\u00de][A-Za-z0-9\u00c0-\u024f'’.\-]*"
_ACRONYM = re.compile(r"[A-Z0-9&.\-]{1,6}$")


@cache
def _names() -> re.Pattern[str]:
    joint = rf"\s?&\s?|\s(?:{one_of('latin', 'particles')}\s)?|[,，]\s?(?={one_of('latin', 'legal_comma')})"
    more = rf"(?:{joint}){_WORD}|\s{one_of('latin', 'legal_behind')}"
    return re.compile(rf"(?<![A-Za-z0-9@._/\-]){_WORD}(?:{more})*")


_LONGEST = 100
"""Latin letters that go on for longer name nobody."""


@cache
def _firm() -> re.Pattern[str]:
    return re.compile(rf"\b{one_of('latin', 'firms')}\b\.?|{one_of('latin', 'legal_behind')}|&|['’]s$")


@cache
def _school() -> re.Pattern[str]:
    return re.compile(rf"\b{one_of('latin', 'schools')}\b")


@cache
def _title() -> re.Pattern[str]:
    return re.compile(f"{alternatives([*words.titles(), *lexicon.words('latin', 'callings')])}(?:是|为)?$")


@cache
def _before_firm() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'latin_before')}$")


@cache
def _after_firm() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'latin_after')}|的{one_of('companies', 'latin_of')}")


@cache
def _says() -> re.Pattern[str]:
    return re.compile(f"{one_of('latin', 'honours')}?{one_of('latin', 'says')}")


@cache
def _decoys() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("latin_decoys"))


def find_latin(notes: Notes) -> list[Candidate]:
    """Return organizations and persons in Latin script."""
    text = notes.text
    seen: list[tuple[re.Match[str], str | None]] = []
    for found in _names().finditer(text):
        name = _name(found)
        if name in _decoys() or not 2 <= len(name) <= _LONGEST or re.fullmatch(r"[A-Z]?[0-9.]+[A-Z]?", name):
            continue
        seen.append((found, _class(text, found.start(), found.start() + len(name), name)))
    known: dict[str, str] = {}
    for found, cls in seen:
        if cls is not None:
            known.setdefault(_name(found), cls)
    result = []
    for found, cls in seen:
        name = _name(found)
        chosen = known.get(name) or cls
        if chosen is None:
            continue
        result.append(Candidate(found.start(), found.start() + len(name), chosen, "grammar", 0.85))
    return result


def _name(found: re.Match[str]) -> str:
    name = found.group()
    return name if name.endswith(lexicon.words("latin", "legal")) else name.rstrip(".-'’")


def _class(text: str, begin: int, end: int, name: str) -> str | None:
    if re.match(r"[\s　]?[a-z]", text[end : end + 2]) or text[end : end + 1] in ("+", "＋"):
        return None
    if _firm().search(name):
        return "Company"
    if _school().search(name):
        return "EducationalBody"
    before, after = text[max(0, begin - 8) : begin], text[end : end + 8]
    parts = name.split()
    if (
        len(parts) in (2, 3)
        and all(p[0].isupper() for p in parts)
        and (_title().search(before) or _says().match(after))
    ):
        return "Person"
    if _ACRONYM.fullmatch(name):
        return None
    if _before_firm().search(before) or _after_firm().match(after):
        return "Company"
    return None
