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
    embed: tuple[str, ...] = ()
    """Origins whose pages may show pages of the server in a frame."""
    workers: int = 0
    """Processes that answer queries; 0: as many as processors, four at least."""
    timeout: float = 10.0
    memory: int = 2 << 30
    """Bytes of address space of a worker."""
    rows: int = 10_000
    answer: int = 50 << 20
    """Bytes of an answer."""
    cache: int = 64 << 20
    """Bytes of answers that are kept until the next snapshot."""
    waiting: int = 64
    """Requests of all clients together that may wait for a worker."""
    per_client: int = 16
    """Requests of one client that may run or wait."""
    services: tuple[str, ...] = ()
    """IRIs that SERVICE may ask."""
    write_token: str = field(default="", repr=False)
    """The secret that lets a client write; empty: nobody may."""
    metrics_token: str = field(default="", repr=False)
    """The secret that lets a client read /metrics; empty: who asks from this machine may."""
    write_timeout: float = 60.0
    """Seconds a write may take."""
    title: str = "文脉 wenmai"
    publisher: str = ""
    licence: str = ""
    """The IRI of the licence the data is under."""
