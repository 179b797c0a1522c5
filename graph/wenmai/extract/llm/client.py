"""One question to an OpenAI-compatible endpoint: time-outs, retries, budget. It knows nothing of articles.

The key goes into one header of one request and nowhere else; redirects are not followed, so that it
goes to no other host.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import random
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from wenmai.errors import ExtractionError, UsageError
from wenmai.extract.llm.budget import Budget, OneRefusedError
from wenmai.extract.llm.settings import Settings

if TYPE_CHECKING:
    import ssl

_T = TypeVar("_T")
_LARGEST = 8 << 20
"""Bytes of an answer beyond which it is none."""
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_CLOSED = {
    401: "does not accept the key (WENMAI_LLM_KEY)",
    403: "does not allow this key to use the model",
    404: "knows no such address or model (WENMAI_LLM_URL, WENMAI_LLM_MODEL)",
}
_BAD_ANSWERS = 2
_FAILURES = 3
"""Articles in a row that fail before the rest are refused without asking."""


class BadAnswerError(Exception):
    """An answer that is not what was asked for; the same question may be asked once more."""


class _AgainError(Exception):
    """A failure that may pass; `after` is how many seconds the server asks to wait."""

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    retry_after: str
    body: bytes


class Client:
    """Asks one endpoint; safe for several threads. Its budget is that of its life."""

    def __init__(self, settings: Settings) -> None:
        try:
            import httpx
            import jsonschema  # noqa: F401 - it is needed once there is an answer; that it is missing is told now
        except ImportError:
            raise UsageError("the LLM extractor needs httpx and jsonschema: pip install 'wenmai[llm]'") from None
        self._httpx = httpx
        self._settings = settings
        self.budget = Budget(settings.max_requests, settings.max_tokens)
        self._lock = threading.Lock()
        self._failures = 0
        self._closed = ""

    def ask(self, question: bytes, tokens: int, parse: Callable[[str], _T]) -> _T:
        """Return what `parse` makes of the answer to `question`, the body of a request of about `tokens` tokens.

        `parse` raises BadAnswerError for what is no answer. Raises ExtractionError when there is none to be had.
        """
        if self._closed:
            raise ExtractionError(self._closed)
        try:
            found = self._ask(question, tokens, parse)
        except OneRefusedError:
            raise
        except ExtractionError as error:
            self._count(str(error))
            raise
        with self._lock:
            self._failures = 0
        return found

    def _ask(self, question: bytes, tokens: int, parse: Callable[[str], _T]) -> _T:
        bad, last = 0, ""
        for attempt in range(self._settings.attempts):
            try:
                return parse(self._once(question, tokens))
            except BadAnswerError as error:
                bad, last = bad + 1, str(error)
                if bad >= _BAD_ANSWERS:
                    break
            except _AgainError as error:
                last = str(error)
                if attempt + 1 < self._settings.attempts:
                    self._wait(attempt, error)
        raise ExtractionError(f"no answer of {self._settings.host} that is of use: {last}")

    def _count(self, reason: str) -> None:
        """Stop asking when several articles in a row failed: what is wrong is not the articles."""
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES and not self._closed:
                self._closed = f"not asked, as {_FAILURES} articles in a row failed; the last: {reason}"

    def _wait(self, attempt: int, error: _AgainError) -> None:
        longest = self._settings.longest_wait
        if error.after is not None and error.after > longest:
            raise ExtractionError(f"{self._settings.host} asks to wait {error.after:.0f} s ({error}); try again later")
        delay = min(longest, self._settings.backoff * 2**attempt)
        # Threads that failed together should not come back together; what is asked for is the least.
        time.sleep(error.after if error.after is not None else delay * random.uniform(0.5, 1.0))  # noqa: S311 - no secret

    def _once(self, question: bytes, tokens: int) -> str:
        self.budget.take(tokens)
        used = 0
        try:
            reply = self._send(question)
            if reply.status != 200:
                raise self._failure(reply)
            content, used = _content(reply.body, tokens)
        finally:
            self.budget.settle(tokens, used)
        return self._settings.hidden(content)

    def _send(self, question: bytes) -> _Reply:
        host = self._settings.host
        try:
            return _run(self._post(question))
        except TimeoutError:
            raise _AgainError(f"{host} did not answer in full within {self._settings.whole:g} s") from None
        except self._httpx.TimeoutException:
            raise _AgainError(f"{host} did not answer in time") from None
        except self._httpx.HTTPError as error:
            # The class tells what happened; a message of the library may hold headers or the URL's query.
            raise _AgainError(f"the connection to {host} failed ({type(error).__name__})") from None

    async def _post(self, question: bytes) -> _Reply:
        settings = self._settings
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if settings.key:
            headers["Authorization"] = f"Bearer {settings.key}"
        times = self._httpx.Timeout(settings.read, connect=settings.connect)
        async with (
            asyncio.timeout(settings.whole),
            self._httpx.AsyncClient(timeout=times, verify=self._tls, follow_redirects=False) as client,
            client.stream("POST", settings.endpoint, content=question, headers=headers) as response,
        ):
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    raise _AgainError(f"the answer of {settings.host} has no end")
            return _Reply(response.status_code, response.headers.get("Retry-After", ""), bytes(body))

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._httpx.create_ssl_context()

    def _failure(self, reply: _Reply) -> Exception:
        host = self._settings.host
        if reply.status in _AGAIN:
            return _AgainError(f"{host} answered with status {reply.status}", _seconds(reply.retry_after))
        if reply.status in _CLOSED:
            why = f"{host} {_CLOSED[reply.status]}, status {reply.status}"
            with self._lock:
                self._closed = f"not asked, as {why}"
            return ExtractionError(why)
        said = self._settings.hidden(_said(reply.body))
        return ExtractionError(f"{host} refused the request, status {reply.status}{': ' + said if said else ''}")


def _run(request: Coroutine[Any, Any, _T]) -> _T:
    """Run `request` to its end, in a thread of its own where a loop runs already (in a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(request)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, request).result()


def _content(body: bytes, estimate: int) -> tuple[str, int]:
    """Return the text that the model wrote, and the tokens it cost. Raises BadAnswerError, ExtractionError."""
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
    except (ValueError, RecursionError, KeyError, IndexError, TypeError, AttributeError):
        raise BadAnswerError("what came back is no chat completion") from None
    usage = answer.get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    used = total if isinstance(total, int) and total >= 0 else estimate
    if refusal:
        raise OneRefusedError("the model declined to answer")
    if choice.get("finish_reason") == "length":
        raise OneRefusedError("the model's answer is cut off at its limit of tokens; split the article")
    if not isinstance(content, str) or not content.strip():
        raise BadAnswerError("the answer is empty")
    return content, used


def _seconds(retry_after: str) -> float | None:
    """Read a Retry-After header, which is seconds or a date (RFC 9110, 10.2.3)."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _said(body: bytes) -> str:
    """Return the message in the body of a refusal, on one line, short."""
    try:
        error = json.loads(body)["error"]
        message = error["message"] if isinstance(error, dict) else error
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return " ".join(str(message).split())[:200]
