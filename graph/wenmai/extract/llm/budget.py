"""What a build may spend on a language model; shared by all its threads."""

from __future__ import annotations

import threading

from wenmai.errors import ExtractionError


class OneRefusedError(ExtractionError):
    """An article that is refused for what it is; it says nothing about the endpoint."""


class Budget:
    """Requests and tokens left. Take before a request what it may cost, settle after it what it did cost."""

    def __init__(self, requests: int, tokens: int) -> None:
        self._lock = threading.Lock()
        self._limits = requests, tokens
        self.requests = 0
        self.tokens = 0
        self._reserved = 0

    def take(self, tokens: int) -> None:
        """Reserve a request of some `tokens`. Raises OneRefusedError when the budget has no room for it."""
        requests, most = self._limits
        with self._lock:
            if self.requests >= requests:
                raise OneRefusedError(
                    f"the budget of {requests} requests to the LLM is spent; raise WENMAI_LLM_MAX_REQUESTS"
                )
            if self.tokens + self._reserved + tokens > most:
                raise OneRefusedError(
                    f"the budget of {most} tokens is spent ({self.tokens} used, it needs some {tokens}); "
                    "raise WENMAI_LLM_MAX_TOKENS"
                )
            self.requests += 1
            self._reserved += tokens

    def settle(self, reserved: int, used: int) -> None:
        """Give back what `take` reserved and note what was `used`."""
        with self._lock:
            self._reserved -= reserved
            self.tokens += used
