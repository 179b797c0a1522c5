"""Answers kept on disk by the hash of what was asked; whole files or none, whoever writes at the same time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path


def digest(question: bytes) -> str:
    """Return the name of the answer to `question`: its SHA-256 in hex."""
    return hashlib.sha256(question).hexdigest()


class Cache:
    """A folder of answers; with `folder` None nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, name: str) -> str | None:
        """Return the answer of this name, or None if there is none that can be read."""
        if self._folder is None:
            return None
        try:
            return self._path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, name: str, answer: str) -> None:
        """Keep `answer`. A disk that takes nothing costs the next build a request and no article."""
        if self._folder is None:
            return
        path = self._path(name)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    stream.write(answer)
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def _path(self, name: str) -> Path:
        assert self._folder is not None  # noqa: S101 - for the type checker
        return self._folder / name[:2] / f"{name}.json"
