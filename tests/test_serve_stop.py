"""Telling a server to stop: what runs may end, what does not end in time is ended, nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import command_line
from serving import Served, serving
from wire import connected, exchange, get, rest

ASK = b"/sparql?query=ASK%7B%7D"
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GOING = b"going down"


def slow(served: Served, timeout: float) -> socket.socket:
    """Return a connection on which a slow query runs."""
    sock = connected(served.port)
    query = urllib.parse.urlencode({"query": SLOW, "timeout": timeout})
    sock.sendall(get(b"/sparql?" + query.encode(), close=False))
    assert exchange(served.port, get(ASK)).status == 200  # what was sent before has been taken up
    return sock


def descendants(of: int) -> set[int]:
    """Return the processes below a process."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = {of}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {of}


def gone(pids: set[int]) -> bool:
    """Tell whether processes end within five seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@contextmanager
def stopping(store: Path, folder: Path, *options: str) -> Iterator[Served]:
    """Run a server that is to have ended, with all its workers, at the end of the block."""
    with serving(store, folder / "log", *options) as served:
        below = descendants(served.process.pid)
        assert len(below) > 4
        yield served
        assert served.process.poll() is not None
        assert gone(below)


def test_what_runs_may_end_and_nothing_new_begins(sample_store: Path, tmp_path: Path) -> None:
    with stopping(sample_store, tmp_path) as served:
        running, idle, head = slow(served, 1.5), connected(served.port), connected(served.port)
        idle.sendall(get(ASK, close=False))
        head.sendall(b"GET /sparql?query=")
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert rest(idle).closed
        assert rest(head).closed
        with pytest.raises(ConnectionError):
            connected(served.port)
        reply = rest(running)
        assert (reply.statuses, reply.closed) == ([503], True)
        assert GOING not in reply.data  # it had its own time
        assert served.process.wait(5) == 0
        assert time.monotonic() - begun < 5
    assert "Traceback" not in served.log.read_text("utf-8")


def test_what_does_not_end_in_time_is_ended(sample_store: Path, tmp_path: Path) -> None:
    with stopping(sample_store, tmp_path, "--set", "stop_time=0.4", "--set", "rows=40000") as served:
        deaf = connected(served.port)
        big = urllib.parse.urlencode({"query": "SELECT ?a ?b ?c ?d WHERE { ?a ?p ?b . ?c ?q ?d }"})
        deaf.sendall(get(b"/sparql?" + big.encode()))
        running = slow(served, 10)
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        reply = rest(running)
        assert reply.statuses == [503]
        assert GOING in reply.data
        assert served.process.wait(5) == 0
        assert time.monotonic() - begun < 3
        deaf.close()
    assert "Traceback" not in served.log.read_text("utf-8")


@pytest.mark.parametrize(("first", "second", "status"), [("SIGTERM", "SIGTERM", 0), ("SIGINT", "SIGINT", 130)])
def test_a_second_signal_is_at_once(first: str, second: str, status: int, sample_store: Path, tmp_path: Path) -> None:
    with stopping(sample_store, tmp_path, "--set", "stop_time=60", "--timeout", "60") as served:
        running = slow(served, 60)
        begun = time.monotonic()
        served.process.send_signal(getattr(signal, first))
        with pytest.raises(ConnectionError):
            while True:  # until the first one is taken up
                connected(served.port).close()
        served.process.send_signal(getattr(signal, second))
        assert served.process.wait(5) == status
        assert time.monotonic() - begun < 3
        running.close()


def test_workers_end_with_a_server_that_is_killed(sample_store: Path, tmp_path: Path) -> None:
    with stopping(sample_store, tmp_path) as served:
        running = slow(served, 10)
        served.process.kill()
        served.process.wait(5)
        running.close()


@contextmanager
def started(store: Path, *options: str, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command until the end of the block, whatever happens there."""
    command = [*command_line(), "serve", "--store", str(store), *options]
    with subprocess.Popen(command, **more) as process:
        try:
            yield process
        finally:
            process.kill()


def test_systemd_is_told(sample_store: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(20)
        env = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}
        with started(sample_store, "--port", "0", env=env, stderr=subprocess.DEVNULL) as process:
            assert told.recv(100) == b"READY=1"
            assert told.recv(100) == b"WATCHDOG=1"
            process.terminate()
            while (state := told.recv(100)) == b"WATCHDOG=1":
                pass
            assert state == b"STOPPING=1"
            assert process.wait(5) == 0


def test_a_log_that_nobody_reads_stops_nobody(sample_store: Path, tmp_path: Path) -> None:
    read, write = os.pipe()
    place = str(tmp_path / "sock")
    asked = b"".join(get(b"/nothing/" + b"a" * 190, close=False) for _ in range(50))
    with started(sample_store, "--socket", place, stderr=write) as process:
        os.close(write)
        assert b"serving at" in os.read(read, 4096)
        for _ in range(10):  # more lines than a pipe holds
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(place)
                sock.sendall(asked + get(b"/nothing"))
                assert rest(sock).statuses == [404] * 51
        process.terminate()
        assert process.wait(5) == 0
    os.close(read)
