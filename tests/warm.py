"""Commands without their start: a process that has loaded what `wenmai build` needs, and forks for each command.

A command takes two seconds to load its lexicons and less than one to build a small article; hundreds of tests run one.
Each still is a process of its own with the command's own arguments, folder, environment and streams, and ends by its
exit status. What is special about a start (variables that are read then, another Python) is left to commands that are
started.

Run as a program it reads requests from standard input, a JSON object a line, and writes an exit status a line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any


class Warm:
    """A process that is ready to run commands in this environment; one at a time."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(env), text=True
        )

    def run(
        self, words: Sequence[str], cwd: Path | None, env: Mapping[str, str], given: str | None, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; raises subprocess.TimeoutExpired, as `subprocess.run` does."""
        with tempfile.TemporaryDirectory() as place:
            files = [str(Path(place) / name) for name in ("in", "out", "err")]
            Path(files[0]).write_bytes((given or "").encode("utf-8", "surrogateescape"))
            where = {"cwd": str(cwd or Path.cwd()), "env": dict(env), "files": files}
            request = {"words": list(words), "timeout": timeout, **where}
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            status = json.loads(self._process.stdout.readline())
            out, err = (Path(name).read_text("utf-8", "surrogateescape") for name in files[1:])
        if status is None:
            raise subprocess.TimeoutExpired(list(words), timeout, out, err)
        return subprocess.CompletedProcess(list(words), status, out, err)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _child(request: dict[str, Any]) -> None:
    """Be the command: its folder, its variables, its streams, its arguments."""
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.update(request["env"])
    modes = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (name, mode) in enumerate(zip(request["files"], modes, strict=True)):
        handle = os.open(name, mode, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    streams: list[IO[str]] = [open(0), open(1, "w"), open(2, "w", errors="backslashreplace")]  # noqa: SIM115
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.argv = ["wenmai", *request["words"]]
    from wenmai.cli import main

    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # as the interpreter does with what nobody caught
        import traceback

        traceback.print_exc()
        code = 1
    for stream in streams[1:]:
        stream.flush()
    os._exit(code or 0)


def _waited(pid: int, timeout: float) -> int | None:
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, timeout)
    _, status = os.waitpid(pid, 0)
    left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
    return os.waitstatus_to_exitcode(status) if left else None


def _serve() -> None:
    from wenmai.cli import commands
    from wenmai.extract import default_extractor
    from wenmai.records import Article

    assert commands
    article = Article("warm", "", "4月20日，云帆科技有限公司与云岭大学签署合作协议。", "warm", "0" * 64)
    default_extractor().read_ahead([article])
    default_extractor().extract(article)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _child(json.loads(line))
        sys.stdout.write(json.dumps(_waited(pid, json.loads(line)["timeout"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
