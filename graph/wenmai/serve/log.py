"""The server's log: a line a record on standard error, as text or as JSON, without secrets and control characters."""

from __future__ import annotations

import json
import logging
import select
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from wenmai.serve.settings import Settings

_LONGEST = 4000
"""Bytes of a line: what a pipe takes at once or not at all; a reader that stands still cannot stop the server."""
_TRACE = 3000
FIELDS = "fields"
"""The attribute of a record that holds what it says by name."""


def configure(settings: Settings, secrets: Iterable[str] = ()) -> None:
    """Let all that is logged in this process go to standard error; `secrets` never stand in it."""
    handler = _Handler()
    shape: type[_Text] = _Json if settings.log_format == "json" else _Text
    handler.setFormatter(shape([each for each in secrets if each]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("wenmai").setLevel(settings.log_level.upper())
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)


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

    def __init__(self) -> None:
        super().__init__()
        self._stream = sys.stderr
        self._poll = select.poll()
        self._dropped = 0
        self._watched = False
        with suppress(OSError, ValueError):
            self._poll.register(self._stream.fileno(), select.POLLOUT)
            self._watched = True

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._watched and not self._poll.poll(0):
                self._dropped += 1
                return
            line = self.format(record)
            encoded = line.encode("utf-8", "backslashreplace")
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                always(logging.getLogger("wenmai.serve"), f"{dropped} lines of the log were dropped: nobody read it")
            self._stream.buffer.write(encoded + b"\n")
            self._stream.buffer.flush()
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Count a line that could not be written."""
        self._dropped += 1


class _Text(logging.Formatter):
    """`2026-01-02T03:04:05.678Z INFO message name=value`."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = self._line(record, _message(record), getattr(record, FIELDS, {}))
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line

    def _line(self, record: logging.LogRecord, message: str, fields: Mapping[str, object]) -> str:
        words = [_time(record.created), record.levelname, printable(message)]
        words += [f"{name}={_word(value)}" for name, value in fields.items() if value not in ("", None)]
        line = " ".join(words)
        if record.exc_info:
            line += " | " + printable(_trace(self, record).replace("\n", " | "))
        return _cut(line)


class _Json(_Text):
    """One object a line."""

    def _line(self, record: logging.LogRecord, message: str, fields: Mapping[str, object]) -> str:
        said: dict[str, object] = {"time": _time(record.created), "level": record.levelname.lower(), "message": message}
        said |= {name: value for name, value in fields.items() if value not in ("", None)}
        if record.exc_info:
            said["trace"] = _trace(self, record)
        for most in (2000, 500, 100):
            line = json.dumps(said, ensure_ascii=True, default=str)
            if len(line) <= _LONGEST:
                break
            said = {name: value[-most:] if isinstance(value, str) else value for name, value in said.items()}
        return line


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a message and its arguments that do not fit are no reason to fail
        return str(record.msg)


def _time(created: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(created)) + f".{int(created * 1000) % 1000:03d}Z"


def _word(value: object) -> str:
    text = printable(str(value))
    return text if text and " " not in text and '"' not in text else '"' + text.replace('"', "'") + '"'


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info)[-_TRACE:] if record.exc_info else ""


def _cut(line: str) -> str:
    encoded = line.encode("utf-8", "backslashreplace")
    return line if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode("utf-8", "ignore") + "…"
