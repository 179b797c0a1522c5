"""The server's log: a line a record on standard error, as text or as JSON, without secrets and control characters."""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import time
from collections.abc import Iterable, Mapping

from wenmai.serve.settings import Settings

_LONGEST = 2000
"""Bytes of a line: what a pipe takes at once or not at all; a reader that stands still cannot stop the server."""
_TRACE = 1500
FIELDS = "fields"
"""The attribute of a record that holds what it says by name."""


def configure(settings: Settings, secrets: Iterable[str] = ()) -> None:
    """Let all that is logged in this process go to standard error; `secrets` never stand in it."""
    shape = _Json if settings.log_format == "json" else _Text
    handler = _Handler(shape([each for each in secrets if each]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("wenmai").setLevel(settings.log_level.upper())
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)


def request(fields: Mapping[str, object]) -> None:
    """Log a request: as `INFO` of a logger, by a shorter way, for there are many."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Handler):
            handler.write(handler.shape.line(time.time(), "INFO", "request", fields))


def always(logger: logging.Logger, message: str, **fields: object) -> None:
    """Log what is said whatever the level is."""
    logger.handle(logger.makeRecord(logger.name, logging.INFO, "", 0, message, (), None, extra={FIELDS: fields}))


def printable(text: str) -> str:
    """Return `text` on one line: what moves a cursor or turns the direction of writing stands as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


class _Handler(logging.Handler):
    """Writes to standard error, and drops what nobody takes: a full pipe would hold up all requests."""

    def __init__(self, shape: _Text) -> None:
        super().__init__()
        self.shape = shape
        self.setFormatter(shape)
        self._file = sys.stderr.fileno()
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLOUT)
        self._dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.write(self.format(record))
        except Exception:  # what cannot be logged is no reason to fail
            self._dropped += 1

    def write(self, line: str) -> None:
        """Write a line if there is room for it."""
        if not self._poll.poll(0):
            self._dropped += 1
            return
        if self._dropped:
            line += f"\n{self.shape.line(time.time(), 'WARNING', f'{self._dropped} lines before were dropped', {})}"
            self._dropped = 0
        try:
            os.write(self._file, line.encode("utf-8", "backslashreplace") + b"\n")
        except OSError:
            self._dropped += 1


class _Text(logging.Formatter):
    """`2026-01-02T03:04:05.678Z INFO message name=value`."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._secrets = secrets
        self._second = 0
        self._written = ""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info)[-_TRACE:] if record.exc_info else ""
        return self.line(record.created, record.levelname, _message(record), getattr(record, FIELDS, {}), trace)

    def line(self, created: float, level: str, message: str, fields: Mapping[str, object], trace: str = "") -> str:
        """Return a record as a line, without what is secret."""
        line = self._line(self._time(created), level, message, fields, trace)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line

    def _line(self, when: str, level: str, message: str, fields: Mapping[str, object], trace: str) -> str:
        words = [when, level, printable(message)]
        words += [f"{name}={_word(value)}" for name, value in fields.items() if value not in _NOTHING]
        if trace:
            words += ["|", printable(trace.replace("\n", " | "))]
        return _cut(" ".join(words))

    def _time(self, created: float) -> str:
        second = int(created)
        if second != self._second:
            self._second, self._written = second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._written}.{int(created * 1000) % 1000:03d}Z"


class _Json(_Text):
    """One object a line."""

    def _line(self, when: str, level: str, message: str, fields: Mapping[str, object], trace: str) -> str:
        said: dict[str, object] = {"time": when, "level": level.lower(), "message": message}
        said |= {name: value for name, value in fields.items() if value not in _NOTHING}
        if trace:
            said["trace"] = trace
        line = _encode(said)
        for most in (2000, 500, 100):
            if len(line) <= _LONGEST:
                break
            said = {name: value[-most:] if isinstance(value, str) else value for name, value in said.items()}
            line = _encode(said)
        return line


_encode = json.JSONEncoder(ensure_ascii=True, default=str).encode
_NOTHING = ("", None)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a message and its arguments that do not fit are no reason to fail
        return str(record.msg)


def _word(value: object) -> str:
    text = str(value)
    if text.isascii() and text.isprintable() and " " not in text and '"' not in text:
        return text
    return '"' + printable(text).replace('"', "'") + '"'


def _cut(line: str) -> str:
    if len(line) * 4 <= _LONGEST:
        return line
    encoded = line.encode("utf-8", "backslashreplace")
    return line if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode("utf-8", "ignore") + "…"
