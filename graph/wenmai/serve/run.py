"""Listen and serve until told to stop."""

from __future__ import annotations

from contextlib import closing

import uvicorn

from wenmai.serve.app import make_app
from wenmai.serve.settings import Settings
from wenmai.store import open_store


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises StoreError, UsageError."""
    with closing(open_store(settings.store)) as store:
        base = store.base
    app = make_app(settings, base)
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, log_level="warning", server_header=False)
