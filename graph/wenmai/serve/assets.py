"""The files under `/static/`: each by a name that has a sum of its content, so that a browser may keep it for ever.

A strict Content-Security-Policy refuses an import map, which is an inline script. So a module that imports another by
a relative path (`"./state.js"`) is served with the path that the other is served at; its own sum counts that in.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_STATIC = Path(__file__).parent / "static"
_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_UNCHANGED = "vendor/"
"""Files below it are served byte for byte: `manifest.json` has their sums."""
_NOT_SERVED = "vendor/source/"
_IMPORT = re.compile(rb'^((?:import|export)\b[^;"\'()/]*)"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)
"""At the beginning of a line: types in comments name modules too, and may do so in a circle."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: its name with a sum, its content, its media type, its content compressed."""

    served: str
    content: bytes
    media: str
    gzipped: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return what `made` makes, made once."""
    return made()


def made() -> dict[str, Asset]:
    """Return the files by their names in `static/` (`explorer/main.js`).

    Raises KeyError where a module imports one that is not there, ValueError where modules import each other.
    """
    shelf = _Shelf()
    for name in shelf.sources:
        shelf.asset(name)
    return shelf.made


@cache
def served() -> dict[str, Asset]:
    """Return the files by the names they are served at."""
    return {each.served: each for each in assets().values()}


def _sources() -> dict[str, bytes]:
    found = {}
    for path in sorted(_STATIC.rglob("*")):
        name = path.relative_to(_STATIC).as_posix()
        if path.suffix in _MEDIA and not name.startswith(_NOT_SERVED) and path.is_file():
            found[name] = (_colours() if name == "site.css" else b"") + path.read_bytes()
    return found


@dataclass
class _Shelf:
    """Makes what is served of the files, a module after those that it imports."""

    sources: dict[str, bytes] = field(default_factory=_sources)
    made: dict[str, Asset] = field(default_factory=dict)
    making: set[str] = field(default_factory=set)

    def asset(self, name: str) -> Asset:
        if name not in self.made:
            if name in self.making:
                raise ValueError(f"static/{name}: modules import each other")
            self.making.add(name)
            content, suffix = self.sources[name], Path(name).suffix
            if suffix == ".js" and not name.startswith(_UNCHANGED):
                content = _IMPORT.sub(lambda found: self._import(name, found), content)
            self.made[name] = Asset(_summed(name, content), content, _MEDIA[suffix], gzip.compress(content, mtime=0))
        return self.made[name]

    def _import(self, name: str, found: re.Match[bytes]) -> bytes:
        folder = posixpath.dirname(name)
        wanted = posixpath.normpath(posixpath.join(folder, found[2].decode()))
        path = posixpath.relpath(self.asset(wanted).served, folder or ".")
        return found[1] + f'"{path if path.startswith(".") else "./" + path}"'.encode()


def _summed(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


def _colours() -> bytes:
    """Return the colours of classes and of kinds of statement as the network page has them."""
    from wenmai.view.style import GROUPS, LINES

    lines = [f"--{each.key}: {each.colour}; --{each.key}-edge: {each.border};" for each in GROUPS]
    lines += [f"--{each.key}-line: {each.colour};" for each in LINES]
    rules = [f".c-{each.key} {{ --chip: var(--{each.key}); --chip-edge: var(--{each.key}-edge); }}" for each in GROUPS]
    return (":root { " + " ".join(lines) + " }\n" + "\n".join(rules) + "\n").encode()
