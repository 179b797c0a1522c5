"""What the commands print with: one-line messages, progress on a terminal, files that are whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from wenmai.errors import UsageError
from wenmai.records import Refusal

_STAGES = {
    "read": "reading",
    "build": "building",
    "count": "counting names",
    "link": "linking",
    "load": "writing",
    "follow": "inferring",
    "publish": "publishing",
    "pages": "writing pages",
}


def printable(text: str) -> str:
    """Return `text` on one line, with all that moves a cursor or turns the direction of writing as escapes."""
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in text)


def complain(message: str) -> None:
    """Print one line to standard error."""
    print(f"wenmai: {printable(message)}", file=sys.stderr)


def complain_of(refusals: Iterable[Refusal]) -> None:
    """Print a line for each input that was refused, or that a warning is about."""
    for refusal in refusals:
        complain(f"{refusal.source}: {refusal.reason}")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function that shows the progress of a build, on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=_STAGES[stage], completed=done, total=total or None)

        yield show


@contextmanager
def output(path: str | None) -> Iterator[BinaryIO]:
    """Give a binary stream to write a result to: standard output, or the file `path`, which is replaced when whole.

    Raises UsageError if there is no writing there.
    """
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.exists() and not target.is_file():
        # A device or a pipe is written to as it is; it cannot be replaced.
        if target.is_dir():
            raise UsageError(f"{path}: this is a folder; name a file")
        with target.open("wb") as stream:
            yield stream
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    except OSError as error:
        raise UsageError(f"{path}: no file can be written there ({error.strerror}); name another") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(target.stat().st_mode if target.exists() else 0o666 & ~mask)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
