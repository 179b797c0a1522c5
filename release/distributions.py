"""The wheel and the source distribution, and what the wheel says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build(root: Path, into: Path, *targets: str, env: Mapping[str, str] | None = None) -> list[Path]:
    """Build `targets` (wheel, sdist; both without any) of the source tree `root`; return the files, by name.

    hatchling runs in this environment, so that nothing is fetched. It writes files in order of their names, with modes
    644 and 755 and one time for all: that of SOURCE_DATE_EPOCH, or a time of its own where that is not set.
    """
    into.mkdir(parents=True, exist_ok=True)
    before = set(into.iterdir())
    words = [sys.executable, "-m", "hatchling", "build", "-d", str(into.resolve())]
    for target in targets:
        words += ["-t", target]
    done = subprocess.run(
        words, cwd=root, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"hatchling: {done.stderr}")
    return sorted(set(into.iterdir()) - before)


def unpacked(sdist: Path, into: Path) -> Path:
    """Unpack a source distribution and return the folder that its files are in."""
    with tarfile.open(sdist) as archive:
        archive.extractall(into, filter="data")
    return into / sdist.name.removesuffix(".tar.gz")


def metadata(wheel: Path) -> Message:
    """Return the wheel's METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def requirements(wheel: Path) -> list[str]:
    """Return what the wheel requires, without its extras."""
    return [each for each in metadata(wheel).get_all("Requires-Dist", []) if "extra ==" not in each]
