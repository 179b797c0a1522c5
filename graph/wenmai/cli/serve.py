"""`serve`: the graph on the web."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from wenmai.cli.parser import add_command

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_SERVE = """\
  wenmai serve                             http://127.0.0.1:8000/ until Ctrl-C
  wenmai serve --store news --port 8080
  wenmai serve --set rows=1000 --show-config"""
_FLAGS = (
    "store",
    "host",
    "port",
    "socket",
    "public_base",
    "timeout",
    "log_level",
    "log_format",
    "allow_remote",
    "cors",
)


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "serve", "put the graph on the web: SPARQL, pages, APIs", _SERVE)
    parser.add_argument("--store", metavar="DIR", help="a folder, a SPARQL server's URL or its settings file")
    parser.add_argument("--host", help="the address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="N", help="default: 8000; 0: a free one")
    parser.add_argument("--socket", metavar="PATH", help="listen at a Unix socket instead, for a proxy")
    parser.add_argument("--public-base", metavar="URL", help="what people reach the server by")
    parser.add_argument(
        "--allow-remote", action="store_const", const="true", help="an address others can reach is fine"
    )
    parser.add_argument("--cors", action="store_const", const="true", help="let pages of other sites read")
    parser.add_argument("--timeout", metavar="S", help="seconds a query may take (default: 10)")
    parser.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error")
    parser.add_argument("--log-format", metavar="FORMAT", help="text or json")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any that --show-config lists")
    parser.add_argument("--config", metavar="FILE", help="a settings file (default: ./wenmai.toml where there is one)")
    parser.add_argument("--show-config", action="store_true", help="print the settings and where each is from, and end")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from wenmai.serve.config import load

    effective = load(_flags(options), options.config)
    if options.show_config:
        sys.stdout.write(effective.show())
        return 0
    from wenmai.serve.run import run

    run(effective)
    return 0


def _flags(options: argparse.Namespace) -> dict[str, str]:
    """Return the options that the command line sets. Raises UsageError."""
    from wenmai.errors import UsageError
    from wenmai.serve.config import option

    flags: dict[str, str] = {}
    for text in options.set:
        name, found, value = text.partition("=")
        if not found:
            raise UsageError(f"--set takes NAME=VALUE, not {text[:60]!r}")
        if option(name, "--set").secret:
            raise UsageError(f"{name} is secret, and all may read a command line: use {name}_file or the environment")
        flags[name] = value
    return flags | {name: value for name in _FLAGS if (value := getattr(options, name)) is not None}
