"""The processes that answer queries, as their parent sees them: started when needed, kept while of use, killed.

A process takes some 0.3 s to start, most queries a thousandth of that; so whoever asks again and again keeps one.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from wenmai.errors import LimitError, StoreError, UsageError, WenmaiError

DEFAULT_MEMORY = 4 << 30
"""Bytes of address space a process may have; the engine maps its files into it too."""
_KEPT = 16 << 20
"""A process that gave more bytes than these is not kept: its memory would stay as large."""
_PIECE = 1 << 18
_ENDING = 5.0
"""Seconds that a process has to end once it has closed its output."""


class Asker:
    """Answers requests, each in a process of its own while it runs; a process that is free again takes the next one.

    A process may have `memory` bytes. Several threads may ask at once. `close` ends the processes; so does the end of
    this one, however it comes.
    """

    def __init__(self, memory: int = DEFAULT_MEMORY) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        self._memory = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        self._free: list[_Process] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def answer(self, request: Mapping[str, Any], timeout: float) -> tuple[dict[str, Any], bytes]:
        """Return the head and the bytes of the answer to a request of `wenmai.query.worker`, within `timeout` seconds.

        Raises UsageError, LimitError, StoreError.
        """
        until = time.monotonic() + timeout
        process, kept = self._taken(), False
        try:
            head, payload = process.ask(request, until)
            kept = head.get("error", "UsageError") == "UsageError" and len(payload) <= _KEPT
        except TimeoutError as error:
            raise LimitError(
                f"the query ran longer than {timeout:g} s and was stopped; narrow it, add LIMIT, or give more --timeout"
            ) from error
        except EOFError as error:
            raise _died(*process.ended(), self._memory) from error
        finally:
            if kept:
                self._give_back(process)
            else:
                process.end()
        if "error" in head:
            raise _told(head, self._memory)
        return head, payload

    def close(self) -> None:
        """End the processes that are free."""
        with self._lock:
            free, self._free = self._free, []
        for process in free:
            process.end()

    def _taken(self) -> _Process:
        with self._lock:
            if self._owner != os.getpid():  # this is a copy made by fork(): the processes are the other's
                self._free, self._owner = [], os.getpid()
            if self._free:
                return self._free.pop()
        return _Process(self._memory)

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            self._free.append(process)


class _Process:
    """One process of `wenmai.query.worker`, which answers one request after the other."""

    def __init__(self, memory: int) -> None:
        package_parent = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [package_parent, os.environ.get("PYTHONPATH")]))
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, and a number
            [sys.executable, "-P", "-m", "wenmai.query.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._in, self._out = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._buffer = bytearray()

    def ask(self, request: Mapping[str, Any], until: float) -> tuple[dict[str, Any], bytes]:
        """Return head and bytes. Raises TimeoutError at `until`, EOFError if the process ended."""
        with suppress(BrokenPipeError):  # the answer's end tells that it died, and how
            left = memoryview(json.dumps(request).encode() + b"\n")
            while left:
                left = left[os.write(self._in.fileno(), left) :]
        while (end := self._buffer.find(b"\n")) < 0:
            self._more(until)
        head: dict[str, Any] = json.loads(self._buffer[:end])
        del self._buffer[: end + 1]
        while len(self._buffer) < head["size"]:
            self._more(until)
        payload, self._buffer = bytes(self._buffer), bytearray()
        return head, payload

    def _more(self, until: float) -> None:
        if not self._selector.select(max(0.0, until - time.monotonic())):
            raise TimeoutError
        piece = os.read(self._out.fileno(), _PIECE)
        if not piece:
            raise EOFError
        self._buffer += piece

    def ended(self) -> tuple[int, bytes]:
        """Return what `end` does, of a process that is about to end by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        return self.end()

    def end(self) -> tuple[int, bytes]:
        """End the process at once, if it has not ended; return its exit status and what it wrote to standard error."""
        self._process.kill()
        status = self._process.wait()
        self._selector.close()
        self._in.close()
        self._out.close()
        if self._words.closed:
            return status, b""
        self._words.seek(0)
        with self._words as words:
            return status, words.read()


def _told(head: Mapping[str, Any], memory: int) -> WenmaiError:
    """Return the error that a process answered with."""
    if head["error"] == "LimitError" and head["message"] == "memory":
        return _too_large(memory)
    kinds: dict[str, type[WenmaiError]] = {"UsageError": UsageError, "LimitError": LimitError, "StoreError": StoreError}
    return kinds.get(head["error"], WenmaiError)(head["message"])


def _died(status: int, err: bytes, memory: int) -> WenmaiError:
    """Return the error of a process that ended without an answer."""
    if status in {-signal.SIGABRT, -signal.SIGKILL} or b"memory allocation" in err or b"MemoryError" in err:
        return _too_large(memory)
    if status in {-signal.SIGSEGV, -signal.SIGBUS}:
        return LimitError("the query is too complex: the engine gave up on it; make it shorter")
    last = err.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {status}"]
    return WenmaiError(f"the query's process ended without an answer ({last[0][:200]})")


def _too_large(memory: int) -> LimitError:
    return LimitError(
        f"the query needed more than {memory >> 20:,} MB of memory and was stopped; narrow it or add LIMIT"
    )
