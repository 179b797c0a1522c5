"""A process that lets a command be killed at each of its steps in turn, and tells what is left every time.

    python steps.py restore BACKUP OLD SCRATCH 1       into a copy of the store OLD; killed at each step
    python steps.py migrate - OLD SCRATCH 3            at every third step
    python steps.py backup - OLD SCRATCH 1

A step is a system call that changes what is on the disk; the process that makes it kills itself in its place. One JSON
line a kill: `killed`, what a reader and then a writer find (values, sorted), what lies about after the writer. This
process never opens the engine, whose threads would not survive a fork; its children do.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.store import open_store
from wenmai.store.backup import backup
from wenmai.store.restore import restore

STEPS = ("rename", "replace", "link", "unlink", "rmdir", "mkdir", "fsync")


def in_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do `work` in a process of its own; return the signal that ended it, or 0, and what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, json.dumps(work()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        text = stream.read()
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status), json.loads(text) if text else None


def killed_after(steps: int, work: Callable[[], Any]) -> Callable[[], None]:
    """Return `work` with its process killed in place of the step of that number."""

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*words: Any, **named: Any) -> Any:
            nonlocal steps
            steps -= 1
            if steps < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*words, **named)

        return instead

    def done() -> None:
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        work()

    return done


def values(path: Path, *, write: bool) -> list[str]:
    """Return the values of literals in the store at `path`, or the message of a StoreError."""
    try:
        with closing(open_store(path, write=write)) as store:
            return sorted({quad.object.value for quad in store.match() if isinstance(quad.object, ox.Literal)})
    except StoreError as error:
        return [str(error)]


def outcome(command: str, kept: Path, scratch: Path, steps: int) -> dict[str, Any]:
    """Let the command on `scratch`/store be killed after that many steps; return what is found then."""
    store, target, restored = scratch / "store", scratch / "backup", scratch / "restored"
    works: dict[str, Callable[[], Any]] = {
        "restore": lambda: restore(kept, store, replace=True),
        "migrate": lambda: open_store(store, write=True).close(),
        "backup": lambda: backup(store, target, link=True),
    }
    ended, _ = in_child(killed_after(steps, works[command]))
    finished = (target / "backup.json").exists()
    found = store
    if command == "backup":
        if not finished:
            in_child(lambda: backup(store, target, link=True).files)
        in_child(lambda: restore(target, restored).files)
        found = restored
    return {
        "killed": ended == signal.SIGKILL,
        "finished": finished,
        "read": in_child(lambda: values(found, write=False))[1],
        "written": in_child(lambda: values(found, write=True))[1],
        "left": [path.name for path in found.iterdir() if path.name.startswith(".wenmai-")],
        "format": json.loads((found / "store.json").read_text())["format"],
    }


def main() -> None:
    command, kept, old, scratch = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
    for steps in range(0, 1000, int(sys.argv[5])):
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(old, scratch / "store")
        found = outcome(command, kept, scratch, steps)
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        if not found["killed"]:
            return


if __name__ == "__main__":
    main()
