"""All connections of the server: how many there may be, and which have had their time."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wenmai.serve.doors.proxy import ProxyDoor
from wenmai.serve.settings import Settings

if TYPE_CHECKING:
    from wenmai.serve.doors.connection import Connection

_LOG = logging.getLogger("wenmai.serve")
_TICK = 0.5
"""Seconds between looks at all connections."""
_RATE = 1024
"""Bytes a second that a client takes of its answer at least."""


class Gate:
    """Knows the connections that are open, in the order they came.

    `most` is how many there may be. Where a new one is one too many, the oldest that waits for a request makes room: of
    the same address if that has too many, else of the address that has most. So slow clients push out each other.
    """

    def __init__(self, settings: Settings, most: int, proxies: ProxyDoor) -> None:
        self.settings = settings
        self._most = most
        self._proxies = proxies
        self._open: dict[Connection, str] = {}
        self._by_address: Counter[str] = Counter()
        self.refused = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._open))

    def admit(self, connection: Connection, peer: str) -> bool:
        """Take a new connection in, or tell that there is no room for it."""
        address = self._address(peer)
        crowded = bool(address) and self._by_address[address] >= self.settings.per_address
        if crowded or len(self._open) >= self._most:
            busiest = address if crowded else max(self._by_address, key=lambda each: self._by_address[each])
            idle = next((each for each, whose in self._open.items() if whose == busiest and each.waits), None)
            if idle is None:
                self.refused += 1
                return False
            self.dropped += 1
            idle.drop()
        self._open[connection] = address
        self._by_address[address] += 1
        return True

    def forget(self, connection: Connection) -> None:
        """Count a connection no longer."""
        address = self._open.pop(connection, None)
        if address is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    async def watch(self) -> None:
        """Look after the connections, for ever: end what is too slow."""
        while True:
            await asyncio.sleep(_TICK)
            try:
                self.look(time.monotonic())
            except Exception:
                _LOG.exception("a fault of wenmai while it looked after connections")

    def look(self, now: float) -> None:
        """End the connections whose time is over, and the slowest readers where too much waits for them."""
        settings, unsent = self.settings, 0
        for each in self:
            if each.since and now - each.since > settings.head_time:
                each.late()
            elif each.ending and now - each.ending > each.linger:
                each.drop()
            left = each.unsent
            if not left:
                each.mark = None
                continue
            unsent += left
            if each.mark is None:
                each.mark = (now, left)
            elif now - each.mark[0] > settings.write_time:
                if each.mark[1] - left < _RATE * settings.write_time and not each.took:
                    self.dropped += 1
                    each.drop()
                each.mark, each.took = (now, left), False
        if unsent > settings.unsent:
            for each in sorted(self._open, key=lambda one: -one.unsent):
                if unsent <= settings.unsent:
                    break
                unsent -= each.unsent
                self.dropped += 1
                each.drop()

    def drop_all(self) -> None:
        """End all connections at once."""
        for each in self:
            each.drop()

    def _address(self, peer: str) -> str:
        """Return what connections are counted by: an address, a network of IPv6; nothing for a proxy."""
        if not peer or self._proxies.trusted(peer):
            return ""
        if ":" not in peer:
            return peer
        try:
            return str(ipaddress.ip_network(f"{peer.partition('%')[0]}/64", strict=False))
        except ValueError:
            return peer
