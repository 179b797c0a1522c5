"""The socket that requests come to, made before anything heavy starts: what is wrong with it is said at once."""

from __future__ import annotations

import errno
import os
import resource
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wenmai.errors import LimitError, UsageError, WenmaiError
from wenmai.serve.settings import Settings

_SPARE_FILES = 64
"""Open files beside connections: the loop's, the workers' sockets, logs."""
_FILES_A_WORKER = 8


class ListenError(WenmaiError):
    """The address is taken, or not this machine's."""

    status = 4


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Give the socket of `settings`, bound; one of Unix is removed at the end. Raises ListenError, UsageError."""
    sock = _unix(Path(settings.socket)) if settings.socket else _address(settings.host, settings.port)
    try:
        yield sock
    finally:
        sock.close()
        if settings.socket:
            Path(settings.socket).unlink(missing_ok=True)


def place(sock: socket.socket) -> str:
    """Return the URL of a bound socket, or its path."""
    name = sock.getsockname()
    if sock.family == socket.AF_UNIX:
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}/"


def room(connections: int, workers: int) -> int:
    """Return how many connections there can be at a time by the limit of open files, which is raised if it may be.

    Raises LimitError where there is no room to serve at all.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    beside = _SPARE_FILES + _FILES_A_WORKER * workers
    if soft != resource.RLIM_INFINITY and soft < connections + beside:
        wanted = connections + beside if hard == resource.RLIM_INFINITY else min(hard, connections + beside)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    left = connections if soft == resource.RLIM_INFINITY else min(connections, soft - beside)
    if left < 8:
        raise LimitError(f"only {soft} files may be open at a time; a server needs {beside + 8}: raise ulimit -n")
    return left


def _address(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UsageError(f"host: {host[:80]!r} is no address of this machine") from None
    found.sort(key=lambda each: each[0] != socket.AF_INET)  # `localhost` is both; clients that try ::1 come back
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)  # who asks before there is an answer is refused: it listens when the workers are there
    except OSError as error:
        sock.close()
        where = f"{address[0]} port {port}"
        if error.errno == errno.EADDRINUSE:
            raise ListenError(f"{where} is taken; stop what listens there, or give another --port") from None
        if error.errno == errno.EACCES:
            raise ListenError(f"{where}: ports below 1024 are not for this user; give another --port") from None
        raise ListenError(f"{where}: {error.strerror}") from None
    return sock


def _unix(path: Path) -> socket.socket:
    try:
        mode = path.lstat().st_mode
    except OSError:
        mode = 0
    if mode and not stat.S_ISSOCK(mode):
        raise UsageError(f"socket: {path} is there and is no socket; name another path")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if mode:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(str(path)) == 0:
                    raise ListenError(f"socket: somebody listens at {path}; stop it, or name another path")
            path.unlink()  # of a server that was killed
        before = os.umask(0o117)  # for the owner and the group: a proxy is given the group
        try:
            sock.bind(str(path))
        finally:
            os.umask(before)
        sock.listen(1024)
    except OSError as error:
        sock.close()
        raise ListenError(f"socket: {path}: {error.strerror}") from None
    except ListenError:
        sock.close()
        raise
    return sock
