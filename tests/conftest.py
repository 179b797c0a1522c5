"""What the tests share: the real command, the sample store built once, and reasons to skip."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from serving import Served

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

_BESIDE = Path(sys.executable).with_name("oxigraph")
OXIGRAPH = str(_BESIDE) if _BESIDE.exists() else shutil.which("oxigraph")

_OF_COMMANDS: dict[str, str] = {}
"""What the environment of commands has beside this process's, which keeps the extractor that it made first."""
_READ_LATE = ("WENMAI_LLM_", "NO_PROXY", "SOURCE_DATE_EPOCH")
"""How the variables begin that a command reads when it needs them."""
Command = Callable[..., subprocess.CompletedProcess[str]]


def _missing(marker: str) -> str | None:
    """Return why tests of a marker cannot run here, or None."""
    if marker == "shared" and not (SHARED / "gold").is_dir():
        return "../shared with the development articles is not here"
    if marker == "java" and shutil.which("java") is None:
        return "needs a Java runtime (Debian: default-jre-headless)"
    if marker == "browser" and not any(shutil.which(name) for name in BROWSERS):
        return "needs Chromium (Debian: chromium)"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = {marker: _missing(marker) for marker in ("shared", "java", "browser")}
    for item in items:
        for marker, reason in reasons.items():
            if reason is not None and item.get_closest_marker(marker) is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are processors: a third of the time is waiting for commands and browsers."""
    return min(4, (os.cpu_count() or 1) + 1)


def command_line() -> list[str]:
    """Return the words that start the installed `wenmai`."""
    script = Path(sys.executable).with_name("wenmai")
    return [str(script)] if script.exists() else [sys.executable, "-m", "wenmai.cli"]


@pytest.fixture(scope="session")
def wenmai() -> Iterator[Command]:
    """Run the real command: `wenmai("build", path, store=..., cwd=..., env=..., input=...)`.

    It is forked from a process that has loaded its lexicons (`warm`), unless what it wants is settled at its start.
    """
    from warm import Warm

    usual = _environment()
    ready: dict[tuple[tuple[str, str], ...], Warm] = {}

    def run(
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | None = None,
        timeout: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        told = [*map(str, words)]
        tagger = {"WENMAI_TAGGER": "none"} if "--tagger none" in " ".join(told) else {}
        late = all(name.startswith(_READ_LATE) for name in env or ())
        if late and _environment() == usual and ("--tagger" not in told or tagger) and hasattr(os, "fork"):
            kind = tuple((_OF_COMMANDS | tagger).items())
            if kind not in ready:
                ready[kind] = Warm({**usual, **dict(kind)})
            return ready[kind].run(told, cwd, env or {}, input, timeout)
        return subprocess.run(
            [*command_line(), *told],
            cwd=cwd,
            env={**os.environ, **_OF_COMMANDS, **(env or {})},
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=timeout,
            check=False,
        )

    yield run
    for each in ready.values():
        each.close()


def exported(wenmai: Command, store: Path | str, format: str = "nquads") -> str:
    """Return a store as `wenmai export` writes it, which has to go well."""
    done = wenmai("export", "--store", store, "--format", format)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment() -> dict[str, str]:
    """Return the environment, but for the name of the test at work."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(scope="session")
def samples() -> Path:
    """Return the folder of the sample articles."""
    return ROOT / "samples"


@pytest.fixture
def no_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands do without the tagger, which takes as long to start as half of a small build."""
    monkeypatch.setitem(_OF_COMMANDS, "WENMAI_TAGGER", "none")


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory, wenmai: Command, samples: Path) -> Path:
    """Return a store built from the samples; read it only."""
    store = tmp_path_factory.mktemp("samples") / "store"
    done = wenmai("build", samples, "--store", store)
    assert done.returncode == 0, done.stderr
    return store


@pytest.fixture(scope="session")
def sample_server(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run `wenmai serve` on the sample store with its defaults, for tests that only read."""
    from serving import serving

    with serving(sample_store, tmp_path_factory.mktemp("served") / "log") as served:
        yield served


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Return the URL of a real SPARQL server, empty: the `oxigraph` program of the package of that name."""
    if OXIGRAPH is None:
        pytest.skip("the oxigraph program is not installed (pip install oxigraph)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [OXIGRAPH, "serve", "--location", str(tmp_path / "db"), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(200):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield url
        process.terminate()


@pytest.fixture(scope="session")
def texts_store(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    """Return a store of the three articles of `text_store`; not to be changed."""
    from text_store import sources

    folder = tmp_path_factory.mktemp("texts")
    done = wenmai("build", sources(folder / "in"), "--store", folder / "s", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    return folder / "s"
