"""What systemd is told (sd_notify, the protocol of `Type=notify`): that the server is ready, alive, ending."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """Send `state`, as `READY=1`; nothing where nobody asked for it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.settimeout(0.1)
        sock.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
