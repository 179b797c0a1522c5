"""Compile `ontology/grammar/dates.toml` and its word lists into one expression that finds dates in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from wenmai import lexicon
from wenmai.extract.dates.numbers import fold
from wenmai.lexicon import alternatives, rows

_SLOT = re.compile(r"\{([A-Z]+)(2?)\}")
_GROUP = re.compile(r"\(\?P<(\w+)>")
# Which unit of relative_dates.tsv stands behind which slot, and the name of its group.
_UNITS = {
    "RY": ("year", "ry"),
    "SEASON": ("season", "ry"),
    "RM": ("month", "rm"),
    "RD": ("day", "rd"),
    "RW": ("week", "rw"),
    "VAGUE": ("vague", "vague"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A relative word: how many of its unit from the article's date, or from the text's last date."""

    unit: str
    offset: int
    of_text: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the grammar: what it matches and the kind of date it makes."""

    name: str
    pattern: re.Pattern[str]
    kind: str
    examples: tuple[str, ...]

    def groups(self, text: str, begin: int) -> tuple[dict[str, str], int] | None:
        """Match at `begin`; return the groups that took part, by meaning, and the end."""
        match = self.pattern.match(text, begin)
        if match is None or match.end() == begin:
            return None
        found = {name.partition("__")[0]: value for name, value in match.groupdict().items() if value is not None}
        end = match.end()
        return found, end - 1 if text[end - 1] == "的" else end  # 今年的 before what is not a date


@dataclass(frozen=True, slots=True)
class Grammar:
    """All rules, and `scan`, whose last group names the rule (`r3`) that matches."""

    rules: tuple[Rule, ...]
    scan: re.Pattern[str]
    words: dict[str, Word]
    holidays: dict[str, str]


def _relative(unit: str, group: str) -> str:
    """Return the alternation of the words of `unit`, longest first, each with what may not stand beside it."""
    mine = [row for row in rows("relative_dates") if row["unit"] == unit]
    mine.sort(key=lambda row: (-len(row["word"]), row["not_after"], row["not_before"], row["needs"], row["word"]))
    parts = []
    for (_, after, before, needs), some in groupby(
        mine, key=lambda row: (len(row["word"]), row["not_after"], row["not_before"], row["needs"])
    ):
        guards = "".join(f"(?<!{re.escape(fold(word))})" for word in after.split())
        guards += alternatives([fold(row["word"]) for row in some])
        if before:
            guards += f"(?!{alternatives([fold(word) for word in before.split()])})"
        if needs:
            guards += f"(?={alternatives([fold(word) for word in needs.split()])})"
        parts.append(guards)
    return f"(?P<{group}>{'|'.join(parts)})"


def _holidays() -> str:
    parts = []
    for row in sorted(rows("holidays"), key=lambda row: (-len(row["word"]), row["word"])):
        needs = "" if row["needs"] == "*" else f"(?={alternatives([fold(word) for word in row['needs'].split()])})"
        parts.append(re.escape(fold(row["word"])) + (f'[”"」]?{needs}' if needs else ""))
    return f"(?P<h>{'|'.join(parts)})"


def _expand(pattern: str, pieces: dict[str, str]) -> str:
    """Put the pieces into `pattern`; a group that comes twice gets a number behind its name."""

    def piece(match: re.Match[str]) -> str:
        name, second = match.groups()
        return _GROUP.sub(rf"(?P<\g<1>{second}>", pieces[name]) if second else pieces[name]

    seen: dict[str, int] = {}

    def unique(match: re.Match[str]) -> str:
        name = match[1]
        seen[name] = seen.get(name, 0) + 1
        return match[0] if seen[name] == 1 else f"(?P<{name}__{seen[name]}>"

    return _GROUP.sub(unique, _SLOT.sub(piece, pattern))


def _anonymous(pattern: str) -> str:
    """Return `pattern` without group names, for the one expression that only tells which rule matches."""
    return _GROUP.sub("(?:", pattern).replace("(?P=sep)", "[-./]")


@cache
def grammar() -> Grammar:
    """Return the compiled grammar; read once a process.

    Raises LexiconError if the grammar file is missing or no TOML, KeyError or re.error if it is not right.
    """
    source = lexicon.grammar("dates")
    pieces: dict[str, str] = dict(source["pieces"])
    pieces |= {slot: _relative(unit, group) for slot, (unit, group) in _UNITS.items()}
    pieces["H"] = _holidays()
    words = {
        fold(row["word"]): Word(row["unit"], int(row["offset"] or 0), row["anchor"] == "text")
        for row in rows("relative_dates")
    }
    holidays = {fold(row["word"]): row["rule"] for row in rows("holidays")}
    rules, scan, starts = [], [], ""
    for number, entry in enumerate(source["rule"]):
        expanded = _expand(entry["pattern"], pieces)
        rule = Rule(entry["name"], re.compile(expanded), entry.get("kind", "point"), tuple(entry.get("examples", ())))
        rules.append(rule)
        scan.append(f"(?P<r{number}>{_anonymous(expanded)})")
        starts += "" if entry["starts"] == "*" else entry["starts"]
    starts = "".join(sorted({word[0] for word in [*words, *holidays]})) + starts
    return Grammar(tuple(rules), re.compile(f"(?=[{starts}])(?:{'|'.join(scan)})"), words, holidays)
