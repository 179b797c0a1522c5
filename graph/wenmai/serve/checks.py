"""Whether settings make sense together: what would be unsafe or could never work is refused before anything starts."""

from __future__ import annotations

import ipaddress
import re
import socket
import stat
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from wenmai.errors import UsageError
from wenmai.serve.settings import Settings

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
_SHORTEST = 16
"""Characters of a token: fewer could be guessed."""
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?", re.IGNORECASE)
_BOUNDS: dict[str, tuple[float, float]] = {
    "port": (0, 65535),
    "workers": (0, 1000),
    "timeout": (0.05, 3600),
    "memory": (256 << 20, 1 << 50),
    "rows": (1, 10**9),
    "answer": (1 << 10, 1 << 40),
    "cache": (0, 1 << 40),
    "waiting": (1, 10**6),
    "per_client": (1, 10**6),
    "body": (1 << 10, 1 << 40),
    "upload": (1 << 10, 1 << 40),
    "target": (256, 1 << 17),
    "head": (1 << 10, 1 << 18),
    "fields": (8, 10_000),
    "connections": (8, 10**6),
    "per_address": (1, 10**6),
    "head_time": (0.1, 3600),
    "body_time": (0.1, 86_400),
    "idle_time": (0.1, 86_400),
    "write_time": (0.1, 86_400),
    "unsent": (1 << 20, 1 << 40),
    "stop_time": (0, 3600),
}


def check(settings: Settings) -> None:
    """Raise UsageError, one line, where a setting is out of its bounds or the settings together are not safe."""
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(settings, name) <= most:
            raise UsageError(f"{name} is {getattr(settings, name):g}; it goes from {least:g} to {most:g}")
    for name, choices in (("log_level", LEVELS), ("log_format", FORMATS)):
        if getattr(settings, name) not in choices:
            raise UsageError(f"{name} is {getattr(settings, name)[:40]!r}; it is one of {', '.join(choices)}")
    _check_base(settings.public_base)
    for name in settings.hosts:
        if not (_NAME.fullmatch(name) or _address(name.strip("[]"))):
            raise UsageError(f"hosts: {name[:80]!r} is no host name; write it without scheme, port or path")
    for origin in settings.embed:
        if not re.fullmatch(r"https?://[a-z0-9_.\-\[\]:]+", origin, re.IGNORECASE):
            raise UsageError(f"embed: {origin[:80]!r} is no origin; write it as https://www.example.org")
    networks(settings.proxies)
    for name in ("write_token", "metrics_token"):
        _check_token(name, getattr(settings, name))
    _check_place(settings)


def networks(proxies: Sequence[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return the networks that `proxies` names. Raises UsageError."""
    found = []
    for text in proxies:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise UsageError(f"proxies: {text[:80]!r} is neither an address nor a network") from None
    return tuple(found)


def secret_of(path: Path, option: str) -> tuple[str, str]:
    """Return the secret that a file holds and a warning, empty if its rights are in order. Raises UsageError."""
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no text"
        raise UsageError(f"{option}: {path}: {reason}") from None
    if not text:
        raise UsageError(f"{option}: {path} is empty")
    return text, open_to_others(path)


def open_to_others(path: Path) -> str:
    """Return a warning where others than the owner and the group may read a file that holds a secret; else nothing."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    if not stat.S_ISREG(mode) or not mode & stat.S_IROTH:
        return ""
    return f"{path} holds a secret and every user of this machine may read it; run: chmod 640 {path}"


def hidden(value: object) -> object:
    """Return a value that may be shown: a URL without user and password."""
    return re.sub(r"(?<=://)[^/?#\s]*@", "***@", value) if isinstance(value, str) else value


def passwords(store: str) -> tuple[str, ...]:
    """Return what in the URL of a store is secret."""
    try:
        parts = urlsplit(store)
        return tuple(each for each in (parts.password,) if each)
    except ValueError:
        return ()


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen at can be reached from this machine alone. Raises UsageError for no address."""
    try:
        found = socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)  # noqa: S104
    except (OSError, UnicodeError):
        raise UsageError(f"host: {host[:80]!r} is no address of this machine") from None
    return all(ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_loopback for each in found)


def _check_base(base: str) -> None:
    if not base:
        return
    try:
        parts = urlsplit(base)
        fine = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not (parts.query or parts.fragment or "@" in parts.netloc)
            and parts.path.endswith("/")
            and (parts.port is None or parts.port > 0)
            and bool(re.fullmatch(r"[!#-;=?-\[\]_a-z~]+", base))
        )
    except ValueError:
        fine = False
    if not fine:
        raise UsageError(
            "public_base is a URL that ends with a slash, as https://kg.example.org/ or http://localhost/kg/"
        )


def _check_token(name: str, token: str) -> None:
    if token and len(token) < _SHORTEST:
        raise UsageError(
            f"{name} is shorter than {_SHORTEST} characters and could be guessed; make one: openssl rand -hex 32"
        )
    if not re.fullmatch(r"[!-~]*", token):
        raise UsageError(f"{name} holds a character that a header cannot carry; make one: openssl rand -hex 32")


def _check_place(settings: Settings) -> None:
    if settings.socket:
        if len(settings.socket.encode()) > 100:
            raise UsageError("socket: the path of a Unix socket has at most 100 bytes")
        return
    if not settings.allow_remote and not is_loopback(settings.host):
        raise UsageError(
            f"{settings.host or 'all addresses'} can be reached by other machines, without TLS and without a password; "
            "put a proxy in front, or allow it by --allow-remote (docs/serve.md says what that means)"
        )


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
