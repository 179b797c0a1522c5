"""Answers of a snapshot, which does not change: given again until there is a newer one, within a bound of bytes."""

from __future__ import annotations

from collections import OrderedDict

from wenmai.serve.pool import Reply

_SHARE = 64
"""No answer may take more than this part of the bound."""


class Cache:
    """Replies by their entity tags, which name the snapshot; the ones not asked for longest go first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._replies: OrderedDict[str, Reply] = OrderedDict()

    def get(self, tag: str) -> Reply | None:
        """Return the reply known by `tag`, if there is one."""
        reply = self._replies.get(tag)
        if reply is not None:
            self._replies.move_to_end(tag)
        return reply

    def put(self, tag: str, reply: Reply) -> None:
        """Keep a reply, unless it is large."""
        if len(reply.body) * _SHARE > self._size or tag in self._replies:
            return
        self._replies[tag] = reply
        self._held += _weight(reply)
        while self._held > self._size:
            _, gone = self._replies.popitem(last=False)
            self._held -= _weight(gone)


def _weight(reply: Reply) -> int:
    return len(reply.body) + 1000
