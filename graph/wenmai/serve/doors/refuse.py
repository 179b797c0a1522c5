"""How a door says no: a problem document, sent without the application."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Send

from wenmai.serve.problem import MEDIA, Problem


async def refuse(send: Send, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
    """Answer with a problem document."""
    body = Problem(status, detail).document()
    fields = {
        "content-type": MEDIA,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
