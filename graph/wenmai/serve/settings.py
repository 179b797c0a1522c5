"""What a server is told: where it listens, what it serves, and its limits.

The words under each option are those of the reference that `make docs` makes; its annotation says how `serve.config`
reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Size: TypeAlias = int
"""Bytes; in a file or the environment also with a unit: `64 MiB`."""
Seconds: TypeAlias = float
Secret: TypeAlias = str
"""Told by a file or the environment, never by a flag, and never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every option of `wenmai serve`."""

    store: str = "wenmai-store"
    """The store: a folder, or a SPARQL server's URL or settings file."""
    host: str = "127.0.0.1"
    """The address to listen at."""
    port: int = 8000
    """The port to listen at; 0 takes a free one, which the start line names."""
    socket: str = ""
    """The path of a Unix socket to listen at in place of an address, for a proxy on the same machine."""
    allow_remote: bool = False
    """Whether it may listen at an address that others than this machine can reach."""
    public_base: str = ""
    """The URL people reach the server by, ending with a slash; empty: the store's own base."""
    hosts: tuple[str, ...] = ()
    """Host names it answers to beside loopback's, the address it listens at and that of `public_base`."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    cors: bool = False
    """Whether pages of other origins may read what is here."""
    embed: tuple[str, ...] = ()
    """Origins whose pages may show pages of the server in a frame."""
    workers: int = 0
    """Processes that answer queries; 0: as many as processors, four at least."""
    timeout: Seconds = 10.0
    """How long a query may take; a request may ask for less."""
    memory: Size = 2 << 30
    """Address space of a worker."""
    rows: int = 10_000
    """Rows of an answer to SELECT; more are cut off, and the answer says so."""
    answer: Size = 50 << 20
    """The largest answer."""
    cache: Size = 64 << 20
    """Answers that are kept until the next snapshot, all together."""
    waiting: int = 64
    """Requests of all clients together that may wait for a worker."""
    per_client: int = 16
    """Requests of one client that may run or wait."""
    services: tuple[str, ...] = ()
    """IRIs that SERVICE may ask."""
    body: Size = 1 << 20
    """The largest body of a request."""
    upload: Size = 64 << 20
    """The largest body of a request that shows the write token."""
    target: Size = 16 << 10
    """The longest request target; a longer query is sent by POST."""
    head: Size = 32 << 10
    """The largest head of a request: its line and its header fields."""
    fields: int = 100
    """Header fields of a request."""
    connections: int = 1000
    """Connections at a time; beyond it the one that has waited longest without a request makes room."""
    per_address: int = 250
    """Connections at a time of one address (of IPv6: one /64 network), proxies excepted."""
    head_time: Seconds = 10.0
    """How long the head of a request may take to come."""
    body_time: Seconds = 20.0
    """How long a body may take to come, and a second more for each 16 KiB of it."""
    idle_time: Seconds = 15.0
    """How long a connection is kept without a request."""
    write_time: Seconds = 30.0
    """How long a client may take less than 1 KiB a second of its answer."""
    unsent: Size = 256 << 20
    """Bytes of answers that wait for slow clients, all together; beyond it the slowest are dropped."""
    stop_time: Seconds = 4.0
    """How long running requests have to end when the server is told to stop."""
    write_token: Secret = field(default="", repr=False)
    """The secret that lets a client write, 16 characters at least; empty: nobody may."""
    write_token_file: str = ""
    """A file that holds it."""
    write_timeout: Seconds = 60.0
    """How long a write may take."""
    metrics_token: Secret = field(default="", repr=False)
    """The secret that lets a client read /metrics; empty: who asks from this machine may."""
    metrics_token_file: str = ""
    """A file that holds it."""
    log_level: str = "info"
    """How much is logged: debug, info (a line a request), warning or error."""
    log_format: str = "text"
    """How it is written: text or json, a line a record."""
    title: str = "文脉 wenmai"
    """What pages and the description of the data set call it."""
    publisher: str = ""
    """Who publishes it: a name or an IRI."""
    licence: str = ""
    """The IRI of the licence the data is under."""
    dumps: str = ""
    """The folder of the dumps of the whole dataset, which a process of low priority makes; empty: there are none."""
