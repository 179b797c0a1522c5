"""`serve`: the graph on the web."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_SERVE = """\
  wenmai serve                             http://127.0.0.1:8000/ until Ctrl-C
  wenmai serve --store news --port 8080"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "serve", "put the graph on the web: SPARQL, pages, APIs", _SERVE)
    add_store(parser)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="default: %(default)s")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S", help="default: %(default)s")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from wenmai.serve.run import run
    from wenmai.serve.settings import Settings

    token = os.environ.get("WENMAI_WRITE_TOKEN", "")
    run(Settings(store=options.store, host=options.host, port=options.port, timeout=options.timeout, write_token=token))
    return 0
