"""Where the language model is and how much may be asked of it: the environment's `WENMAI_LLM_*`, nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from wenmai.errors import UsageError

PREFIX = "WENMAI_LLM_"
_WORTH_HIDING = 8
"""Shorter keys (`none`, `x`) are what local servers without keys are given, and would be found in every text."""


@dataclass(frozen=True, slots=True)
class Settings:
    """An OpenAI-compatible endpoint and the limits of its use. Times are seconds.

    `url` is the endpoint's base (`https://…/v1`) or its `…/chat/completions`. `connect`, `read` (between two pieces of
    an answer) and `whole` are time-outs of one request; `attempts` requests are made for one article at most, with
    waits that double from `backoff` and never exceed `longest_wait`. `cache` is a folder, or None to keep nothing.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    max_requests: int = 1000
    max_tokens: int = 5_000_000
    attempts: int = 4
    connect: float = 10.0
    read: float = 60.0
    whole: float = 180.0
    backoff: float = 1.0
    longest_wait: float = 60.0
    temperature: float | None = 0.0
    cache: Path | None = None

    @property
    def endpoint(self) -> str:
        """Return the URL that requests go to."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        if not path.endswith("/chat/completions"):
            path += "/chat/completions"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    @property
    def host(self) -> str:
        """Return what messages call the endpoint: its host, without anything that may be secret."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def hidden(self, text: str) -> str:
        """Return `text` without the key."""
        return text.replace(self.key, "***") if len(self.key) >= _WORTH_HIDING else text


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment`, by default the process's. Raises UsageError that says what is missing."""
    env = os.environ if environment is None else environment
    values = {k.removeprefix(PREFIX): v.strip() for k, v in env.items() if k.startswith(PREFIX) and v.strip()}
    missing = [PREFIX + name for name in ("URL", "MODEL") if name not in values]
    if missing:
        raise UsageError(
            f"the LLM extractor is not configured: set {' and '.join(missing)} (docs/llm.md); nothing was sent"
        )
    key = values.get("KEY", "")
    if not re.fullmatch(r"[!#-\[\]-~]*", key):
        raise UsageError(f"{PREFIX}KEY holds a character that no key has, such as a blank or a quotation mark")
    temperature = values.get("TEMPERATURE", "0")
    return Settings(
        url=_checked_url(values["URL"]),
        model=values["MODEL"],
        key=key,
        max_requests=int(_number(values, "MAX_REQUESTS", 1000)),
        max_tokens=int(_number(values, "MAX_TOKENS", 5_000_000)),
        whole=_number(values, "TIMEOUT", 180),
        read=min(_number(values, "TIMEOUT", 180), _number(values, "READ_TIMEOUT", 60)),
        temperature=None if temperature == "none" else _number(values, "TEMPERATURE", 0),
        cache=_cache(values.get("CACHE", ""), env),
    )


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        well_formed = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        well_formed = False
    if not well_formed:
        raise UsageError(f"{PREFIX}URL is not a URL that begins with http:// or https://")
    if "@" in parts.netloc:
        raise UsageError(f"{PREFIX}URL holds a user or password; put the key into {PREFIX}KEY")
    return url


def _number(values: Mapping[str, str], name: str, default: float) -> float:
    text = values.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text):
        raise UsageError(f"{PREFIX}{name} is {text[:40]!r}; it takes a number")
    return float(text)


def _cache(text: str, env: Mapping[str, str]) -> Path | None:
    if text == "off":
        return None
    if text:
        return Path(text)
    home = env.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "wenmai" / "llm"
