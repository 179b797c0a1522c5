"""Whether a wheel works where nothing else is: installed in a clean environment, each thing that wenmai does, once."""

from __future__ import annotations

import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from release.clean import environment, surroundings
from release.distributions import metadata

_SAMPLES = "from wenmai.resources import folder; print(folder('samples'))"
_PYTHON = """\
import wenmai
with wenmai.open("store") as graph:
    print([row["partner_name"] for row in graph.query("partners", org="申能")])
print(wenmai.__file__)
"""


@dataclass(frozen=True)
class Place:
    """Where the commands are, and the empty folder that they run in."""

    commands: Path
    folder: Path

    def run(self, command: str, *words: str | Path) -> str:
        """Return what a command prints; raises SystemExit with its words if it does not end with 0."""
        done = subprocess.run(
            [self.commands / command, *words],
            cwd=self.folder,
            env=surroundings(self.folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{command} {' '.join(map(str, words))}: status {done.returncode}\n{done.stderr}")
        return done.stdout


def smoke(wheel: Path, told: Callable[[str], object] = print) -> None:
    """Install the wheel in a clean environment and try what it does. Raises SystemExit for what is not right."""
    with tempfile.TemporaryDirectory(prefix="wenmai-smoke-") as temporary:
        folder = Path(temporary) / "elsewhere"
        folder.mkdir()
        place = Place(environment(Path(temporary) / "environment", wheel), folder)
        version = metadata(wheel)["Version"]
        for name, step in _STEPS.items():
            begun = time.perf_counter()
            wanted, got = step(place, version)
            if wanted not in got:
                raise SystemExit(f"smoke: {name}: {wanted!r} is not in what came:\n{got[:2000]}")
            told(f"smoke: {name}: {time.perf_counter() - begun:.1f} s")


def _version(place: Place, version: str) -> tuple[str, str]:
    return f"wenmai {version}", place.run("wenmai", "--version")


def _build(place: Place, version: str) -> tuple[str, str]:
    samples = place.run("python", "-c", _SAMPLES).strip()
    place.run("wenmai", "build", samples, "--store", "store")
    return "Company", place.run("wenmai", "stats", "--store", "store")


def _query(place: Place, version: str) -> tuple[str, str]:
    words = ("query", "partners", "--param", "org=申能", "--store", "store", "--format", "csv")
    return "深圳市腾讯计算机系统有限公司", place.run("wenmai", *words)


def _python(place: Place, version: str) -> tuple[str, str]:
    got = place.run("python", "-c", _PYTHON)
    if "深圳市腾讯计算机系统有限公司" not in got:
        return "深圳市腾讯计算机系统有限公司", got
    return str(place.commands.parent), got  # it is the wheel that answered, not a checkout


def _export(place: Place, version: str) -> tuple[str, str]:
    place.run("wenmai", "export", "--store", "store", "--output", "all.ttl")
    return "wenmai:partnerOf", (place.folder / "all.ttl").read_text("utf-8")


def _check(place: Place, version: str) -> tuple[str, str]:
    return "", place.run("wenmai", "check", "--store", "store")


def _view(place: Place, version: str) -> tuple[str, str]:
    place.run("wenmai", "view", "--store", "store", "--focus", "申能", "--output", "page.html")
    return "申能（集团）有限公司 · 文脉网络图", (place.folder / "page.html").read_text("utf-8")


def _serve(place: Place, version: str) -> tuple[str, str]:
    log = place.folder / "serve.log"
    command: list[str | Path] = [place.commands / "wenmai", "serve", "--store", "store", "--port", "0"]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=place.folder, env=surroundings(place.folder), stderr=out) as process,
    ):
        try:
            url = _url(process, log)
            pages = [_got(url + path) for path in ("", "search?q=%E7%94%B3%E8%83%BD", "openapi.json")]
            return "申能", "\n".join(pages)
        finally:
            process.terminate()


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that the server's first line names."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        _, found, rest = log.read_text("utf-8").partition("serving at ")
        if found and "\n" in rest:
            return rest.split()[0]
        time.sleep(0.05)
    raise SystemExit(f"smoke: the server did not come up:\n{log.read_text('utf-8')}")


def _got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as response:
        return str(response.read().decode("utf-8"))


_STEPS: dict[str, Callable[[Place, str], tuple[str, str]]] = {
    "version": _version,
    "build": _build,
    "query": _query,
    "Python": _python,
    "export": _export,
    "check": _check,
    "view": _view,
    "serve": _serve,
}
