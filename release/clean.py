"""An environment that has the wheel and what the wheel requires, and nothing else; it reaches this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from release.distributions import requirements
from release.installed import closure

_NO_NETWORK = """\
import socket

_connect = socket.socket.connect


def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"a smoke test has no network, and something asked for {address[0]}")
    return _connect(self, address)


socket.socket.connect = connect
"""


def environment(folder: Path, wheel: Path) -> Path:
    """Make a virtual environment in `folder`, install the wheel in it, and return its folder of commands.

    What the wheel requires comes from this environment, by links, each package by its own record of files: whatever is
    imported and not required is missing there. Raises SystemExit for what is required and missing here.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    commands = folder / "bin"
    asked: list[str | Path] = [commands / "python", "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    place = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    for needed in closure(requirements(wheel)).values():
        source = Path(str(needed.distribution.locate_file("")))
        for name in {file.parts[0] for file in needed.distribution.files or ()} - {"..", "__pycache__"}:
            target = place / name
            if not target.exists():
                target.symlink_to(source / name)
    (place / "no_network.py").write_text(_NO_NETWORK)
    (place / "no_network.pth").write_text("import no_network\n")
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        commands / "python",
        "--disable-pip-version-check",
        "--quiet",
    ]
    subprocess.run(
        [*pip, "install", "--no-index", "--no-deps", "--no-compile", wheel], check=True, env=surroundings(folder)
    )
    return commands


def surroundings(home: Path) -> dict[str, str]:
    """Return the variables that commands run with: none of this process's that would lead back to it."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PATH": os.defpath, "HOME": str(home), "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}
