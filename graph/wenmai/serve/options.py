"""The options of `Settings` as text knows them: what each takes, how it is read, what it is for."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path

from wenmai.serve import settings
from wenmai.serve.settings import Settings

_UNITS = {"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of option: what a person is told it takes, an example, and how text and a TOML value become one.

    Both raise ValueError for what they do not take.
    """

    says: str
    example: str
    of_text: Callable[[str], object]
    of_toml: Callable[[object], object]


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError


def _seconds(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError


def _bytes(value: object) -> int:
    return _size(value) if isinstance(value, str) else _whole(value)


def _size(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,15})\s*([a-zA-Z]*)", text.strip())
    if found is None or found[2].lower() not in _UNITS:
        raise ValueError
    return int(found[1]) * _UNITS[found[2].lower()]


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _truth(text: str) -> bool:
    try:
        return _TRUTH[text.strip().lower()]
    except KeyError:
        raise ValueError from None


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ValueError


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


KINDS: Mapping[str, Kind] = {
    "str": Kind("text", '"…"', str, _text),
    "Secret": Kind("text", '"…"', str.strip, _text),
    "int": Kind("a whole number", "8", int, _whole),
    "Seconds": Kind("seconds", "2.5", float, _seconds),
    "Size": Kind("bytes", '"64 MiB"', _size, _bytes),
    "bool": Kind("true or false", "true", _truth, _flag),
    "tuple[str, ...]": Kind("a list of texts", '["…", "…"]', _words, _list),
}
"""By the annotation of the field."""


@dataclass(frozen=True, slots=True)
class Option:
    """One field of Settings."""

    name: str
    kind: Kind
    default: object
    secret: bool
    about: str

    @property
    def shown(self) -> str:
        """The default as TOML has it."""
        return toml(self.default, self.kind)


@cache
def options() -> Mapping[str, Option]:
    """Return the options by name, in the order in which they stand."""
    about = _words_below()
    return {
        each.name: Option(
            each.name, KINDS[str(each.type)], each.default, each.type == "Secret", about.get(each.name, "")
        )
        for each in fields(Settings)
    }


def near(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """Return words that name what is closest to `name` of what is known."""
    found = get_close_matches(name, list(known), n=3)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def toml(value: object, kind: Kind) -> str:
    """Return a value as TOML has it; sizes with the largest unit that fits."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_quoted(each) for each in value)}]"
    if isinstance(value, str):
        return _quoted(value)
    if kind is KINDS["Size"] and isinstance(value, int):
        for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
            if value and value % factor == 0:
                return f'"{value // factor} {unit}"'
    return f"{value:g}" if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _words_below() -> dict[str, str]:
    """Return the string that stands below each field in the source."""
    source = inspect.getsourcefile(settings)
    assert source is not None  # noqa: S101 - it is a module of ours
    tree = ast.parse(Path(source).read_text("utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found: dict[str, str] = {}
    for one, after in pairwise(body):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(after, ast.Expr):
            found[one.target.id] = " ".join(str(ast.literal_eval(after.value)).split())
    return found
