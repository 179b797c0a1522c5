"""What travels inside the wheel and has a licence or an origin of its own: vendored code, weights, lists, samples."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from release.licences import UnlicensedError, looked_up, names

VENDOR = "wenmai/serve/static/vendor/"
LISTS = "wenmai/ontology/lexicon/"
WEIGHTS = ("wenmai/extract/tagger/tagger.npz", "wenmai/extract/tagger/encoder.onnx")
_HEAD = re.compile(r"licen[cs]e(?: of this file)?: ([\w.-]+\w)|([\w.-]+\w), as the package\.", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A part of the wheel: what it is, where it lies, under which licence, and the sum of its file or package."""

    name: str
    kind: Literal["npm", "data", "model"]
    where: str
    licence: str
    algorithm: Literal["SHA-256", "SHA-512"]
    sum: str
    version: str | None = None
    about: str | None = None


def parts(wheel: Path) -> list[Part]:
    """Return the parts of a wheel. Raises UnlicensedError for one whose licence is not stated."""
    with zipfile.ZipFile(wheel) as archive:
        return [*_vendored(archive), *_weights(archive), *_lists(archive), *_samples(archive)]


def _vendored(archive: zipfile.ZipFile) -> Iterator[Part]:
    bundles = json.loads(archive.read(VENDOR + "manifest.json"))["bundles"]
    for path in archive.namelist():
        name = path.removeprefix(VENDOR)
        if name != path and "/" not in name and name.endswith(".js") and name not in bundles:
            raise UnlicensedError(f"{path}: not in the manifest of vendored code")
    for name, bundle in sorted(bundles.items()):
        for each in bundle["packages"]:
            names(each["licence"])
            digest = b64decode(each["integrity"].removeprefix("sha512-")).hex()
            yield Part(each["name"], "npm", VENDOR + name, each["licence"], "SHA-512", digest, each["version"])


def _weights(archive: zipfile.ZipFile) -> Iterator[Part]:
    about = "weights of wenmai's tagger; MODEL_CARD.md beside them says what they were learned from, and its licences"
    for path in WEIGHTS:
        yield Part(path, "model", path, "Apache-2.0", "SHA-256", _sum(archive, path), about=about)


def _lists(archive: zipfile.ZipFile) -> Iterator[Part]:
    for path in sorted(archive.namelist()):
        name = path.removeprefix(LISTS)
        if name == path:
            continue
        head = [line for line in archive.read(path).decode("utf-8").splitlines() if line.startswith("#")]
        found = _HEAD.search("\n".join(head))
        licence = looked_up()["data"].get(name) or (found and (found[1] or found[2]))
        if not licence:
            raise UnlicensedError(f"{path}: its head states no licence")
        names(licence)
        about = head[0].lstrip("# ")
        yield Part(path, "data", path, licence, "SHA-256", _sum(archive, path), about=about)


def _samples(archive: zipfile.ZipFile) -> Iterator[Part]:
    for path in sorted(archive.namelist()):
        if path.startswith("wenmai/samples/"):
            yield Part(path, "data", path, "CC0-1.0", "SHA-256", _sum(archive, path), about="a sample article")


def _sum(archive: zipfile.ZipFile, path: str) -> str:
    return hashlib.sha256(archive.read(path)).hexdigest()
