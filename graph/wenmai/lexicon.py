"""Word lists: `ontology/lexicon/NAME.tsv` as rows, `ontology/grammar/NAME.toml` as tables, each read once a process.

A list of rows is UTF-8 text: head lines that start with `#` (what it is, source, licence), a line with the column
names, then one row a line, cells parted by tabs. `grammar/names.toml` holds the words that the grammars of names are
made of; `words`, `characters` and `one_of` ask for a list of it by section and key. Other rooms ask here and never
read the files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from wenmai import resources
from wenmai.errors import WenmaiError

HAN = "[\u4e00-\u9fff]"
"""A Chinese character, as a piece of a pattern."""
_NAMES = "names"
_GUARDS = ("not_before", "not_after", "unless_after")


class LexiconError(WenmaiError):
    """A word list is missing or a line of it is broken; the message names file, line or key, and reason."""


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the word list `name` (`areas`, `surnames` …), each a dict from column name to cell.

    Cells are stripped; missing cells at a line's end are empty. Raises LexiconError, naming file and line, for a list
    that does not exist, is not UTF-8, has no or a doubled column name, or a row with too many cells or an empty first.
    """
    path = resources.folder("ontology") / "lexicon" / f"{name}.tsv"
    return parse(_read(f"lexicon/{name}.tsv"), str(path))


def _read(name: str) -> str:
    path = resources.folder("ontology") / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError(f"{path}: there is no such word list; install wenmai again") from None
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: byte {error.start} is not UTF-8; save the list as UTF-8") from None


def parse(text: str, path: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a word list's `text`; `path` is what messages call it. Raises LexiconError."""
    columns: list[str] = []
    result: list[dict[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not columns:
            if not all(cells) or len(set(cells)) < len(cells):
                raise LexiconError(f"{path}, line {number}: column names must be there and differ")
            columns = cells
            continue
        if len(cells) > len(columns):
            raise LexiconError(f"{path}, line {number}: {len(cells)} cells, but {len(columns)} columns ({line[:40]!r})")
        if not cells[0]:
            raise LexiconError(f"{path}, line {number}: the first cell ({columns[0]}) is empty")
        result.append(dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True)))
    if not columns:
        raise LexiconError(f"{path}: no line with column names")
    return tuple(result)


@cache
def grammar(name: str) -> dict[str, Any]:
    """Return the tables of `ontology/grammar/NAME.toml`.

    Raises LexiconError, naming the file, if it does not exist or is no TOML in UTF-8.
    """
    text = _read(f"grammar/{name}.toml")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{resources.folder('ontology') / 'grammar' / name}.toml: no TOML: {error}") from None


@cache
def words(section: str, key: str) -> tuple[str, ...]:
    """Return the words of the list `key` in `section` of grammar/names.toml, as they stand there.

    Raises LexiconError, naming file, section and key, if it is missing, empty or no array of words.
    """
    found = _entry(section, key)
    if not isinstance(found, list) or not found or not all(isinstance(word, str) and word for word in found):
        raise _wrong(section, key, "must be an array of words, of one at least")
    return tuple(found)


@cache
def characters(section: str, key: str) -> str:
    """Return the characters that `key` in `section` of grammar/names.toml writes as one string.

    They may stand inside the brackets of a pattern. Raises LexiconError as `words` does, and for a sign among them that
    means something between brackets.
    """
    found = _entry(section, key)
    if not isinstance(found, str) or not found or set(found) & set("[]^-\\"):
        raise _wrong(section, key, "must be a string of characters, of one at least, without []^-\\")
    return found


@cache
def character_set(section: str, key: str) -> frozenset[str]:
    """Return the same as a set, for questions whether a character is one of them."""
    return frozenset(characters(section, key))


def one_of(section: str, *keys: str) -> str:
    """Return a pattern of the words of these lists, the longest first, each with the guards that the file gives it.

    KEY_not_before and KEY_not_after hold for a word what may not follow or precede it, KEY_unless_after what it may
    follow after all: words, or characters in one string. Raises LexiconError as `words` does, and for a guard of a
    word that is not in its list.
    """
    guarded: dict[str, str] = {}
    for key in keys:
        guards = [_guards(section, f"{key}_{kind}") for kind in _GUARDS]
        for word in words(section, key):
            guarded[word] = re.escape(word) + _guard(word, *(guard.pop(word, []) for guard in guards))
        for kind, guard in zip(_GUARDS, guards, strict=True):
            if guard:
                raise _wrong(section, f"{key}_{kind}", f"guards {next(iter(guard))!r}, which {key} does not hold")
    return _group(guarded)


def alternatives(forms: Iterable[str]) -> str:
    """Return a pattern of words, of those with the same first character the longest first.

    A character is compared with every first one, so what begins alike is put together: a third of the time.
    """
    by_first: dict[str, list[str]] = {}
    for form in sorted(set(forms), key=lambda form: (-len(form), form)):
        by_first.setdefault(form[:1], []).append(re.escape(form[1:]))
    groups = [f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items() if first]
    return f"(?:{'|'.join([*groups, *by_first.get('', ())])})"


def _group(patterns: Mapping[str, str]) -> str:
    return f"(?:{'|'.join(patterns[word] for word in sorted(patterns, key=lambda word: (-len(word), word)))})"


def _guard(word: str, before: Iterable[str], after: Iterable[str], unless: Iterable[str]) -> str:
    made = f"(?!{alternatives(before)})" if before else ""
    if after:
        behind = "".join(f"(?<!{re.escape(other + word)})" for other in after)
        allowed = "".join(f"(?<={re.escape(other + word)})|" for other in unless)
        made += f"(?:{allowed}{behind})"
    return made


def _guards(section: str, key: str) -> dict[str, Iterable[str]]:
    found = grammar(_NAMES).get(section, {}).get(key, {})
    if not isinstance(found, dict) or not all(found.values()):
        raise _wrong(section, key, "must give for a word an array of words or a string of characters")
    return dict(found)


def _entry(section: str, key: str) -> object:
    found = grammar(_NAMES).get(section, {}).get(key)
    if found is None:
        raise _wrong(section, key, "is missing; install wenmai again")
    return found


def _wrong(section: str, key: str, why: str) -> LexiconError:
    path = resources.folder("ontology") / "grammar" / f"{_NAMES}.toml"
    return LexiconError(f"{path}, [{section}] {key}: {why}")
