"""Settings from a file, the environment and the command line: which hold, and where each came from.

A flag is stronger than the environment (`WENMAI_` and the option's name in capitals), that is stronger than the table
`[serve]` of `wenmai.toml`, and that is stronger than the default. What nobody knows is refused.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wenmai.errors import UsageError
from wenmai.serve import checks
from wenmai.serve.options import Option, near, options, toml
from wenmai.serve.settings import Settings

FILE = "wenmai.toml"
PREFIX = "WENMAI_"
_OTHERS = ("tagger", "curator", "debug", "llm_")
"""What else begins with the prefix in the environment: other commands read it."""
TABLES = ("serve",)
"""The tables of `wenmai.toml`."""
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings that hold, where each came from, and what is worth a warning."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def show(self) -> str:
        """Return the settings as a table of TOML, with the origin of each; secrets are only said to be there."""
        lines = ["[serve]"]
        for name, option in options().items():
            value = getattr(self.settings, name)
            said = '"(set)"' if option.secret and value else toml(checks.hidden(value), option.kind)
            lines.append(f"{name} = {said}  # {self.origins.get(name, 'default')}")
        return "\n".join(lines) + "\n"


def load(flags: Mapping[str, str], file: str | None = None, environment: Mapping[str, str] | None = None) -> Effective:
    """Return what `flags` (option name to text), the environment and a file say together.

    `file` is read where it is given, else `./wenmai.toml` where there is one. Raises UsageError that says what is
    wrong, where, and what would be right.
    """
    env = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    warnings: list[str] = []
    path = Path(file) if file is not None else Path(FILE)
    if file is not None or path.is_file():
        found = _of_file(path)
        values |= found
        origins |= dict.fromkeys(found, str(path))
        if any(options()[name].secret for name in found) and (said := checks.open_to_others(path)):
            warnings.append(said)
    for where, texts in (("environment", _of_environment(env)), ("command line", flags)):
        for name, text in texts.items():
            values[name] = _read(option(name, where), text, where, option(name, where).kind.of_text)
            origins[name] = f"{where} ({PREFIX}{name.upper()})" if where == "environment" else where
    for name in ("write_token", "metrics_token"):
        token_file = values.get(f"{name}_file", "")
        if token_file and values.get(name):
            raise UsageError(f"{name} and {name}_file are both given; one of them is enough")
        if token_file:
            values[name], said = checks.secret_of(Path(token_file), f"{name}_file")
            origins[name] = token_file
            warnings += [said] if said else []
    settings = Settings(**values)
    checks.check(settings)
    return Effective(settings, origins, tuple(warnings))


def option(name: str, where: str) -> Option:
    """Return the option `name`. Raises UsageError with the names that are near."""
    found = options().get(name)
    if found is None:
        raise UsageError(f"{where}: there is no option {name[:60]!r}{near(name, options())}")
    return found


def _of_environment(env: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, text in env.items():
        if key.startswith(PREFIX):
            name = key.removeprefix(PREFIX).lower()
            if name.startswith(_OTHERS):
                continue
            if name not in options():
                raise UsageError(f"environment: {key[:80]} is no option{near(name, options())}")
            found[name] = text
    return found


def _of_file(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: this is no TOML: {error}") from None
    for table, content in document.items():
        if table not in TABLES:
            said = (
                f"there is no table [{table[:60]}]" if isinstance(content, dict) else f"{table[:60]!r} is in no table"
            )
            raise UsageError(f"{path}{_line(text, table)}: {said}; options of the server stand below [serve]")
    serve = document.get("serve", {})
    if not isinstance(serve, dict):
        raise UsageError(f"{path}: serve is a table: write [serve] and the options below it")
    return {
        name: _read(
            option(name, f"{path}{_line(text, name)}"),
            value,
            f"{path}{_line(text, name)}",
            option(name, "").kind.of_toml,
        )
        for name, value in serve.items()
    }


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"{path}: this is larger than a settings file is ({_LARGEST:,} bytes)")
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: a settings file is UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None


def _line(text: str, name: str) -> str:
    """Return where a name is first set, in words; empty where that cannot be seen."""
    pattern = re.compile(rf"\s*(\[\s*)?[\"']?{re.escape(name)}[\"']?\s*[=\].]")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return f", line {number}"
    return ""


def _read(known: Option, value: Any, where: str, reader: Callable[[Any], object]) -> object:
    try:
        return reader(value)
    except ValueError:
        said = "what it was given" if known.secret else repr(value)[:60]
        raise UsageError(
            f"{where}: {known.name} takes {known.kind.says}, not {said}; right is: {known.name} = {known.kind.example}"
        ) from None
