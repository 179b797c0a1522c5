"""What a server is told: where it listens, what it serves, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every option of `wenmai serve`. Times are seconds, sizes bytes."""

    store: str = "wenmai-store"
    host: str = "127.0.0.1"
    port: int = 8000
    public_base: str = ""
    """The URL people reach the server by, ending with a slash; empty: the store's own base."""
    hosts: tuple[str, ...] = ()
    """Host names it answers to beside loopback's and that of `public_base`."""
    allow_remote: bool = False
    cors: bool = False
    workers: int = 0
    """Processes that answer queries; 0: as many as processors, four at least."""
    timeout: float = 10.0
    memory: int = 2 << 30
    """Bytes of address space of a worker."""
    rows: int = 10_000
    answer: int = 50 << 20
    """Bytes of an answer."""
    waiting: int = 64
    """Requests of all clients together that may wait for a worker."""
    per_client: int = 16
    """Requests of one client that may run or wait."""
    services: tuple[str, ...] = ()
    """IRIs that SERVICE may ask."""
    write_token: str = field(default="", repr=False)
    """The secret that lets a client write; empty: nobody may."""
    title: str = "文脉 wenmai"
    publisher: str = ""
    licence: str = ""
    """The IRI of the licence the data is under."""
    dumps: str = ""
    """The folder of the dumps of the whole dataset, which a process of low priority makes; empty: there are none."""
