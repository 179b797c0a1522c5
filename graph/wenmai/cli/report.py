"""`report`: a page on how good a store is."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_REPORT = """\
  wenmai report --output report.html
  wenmai report --store demo/store --output - > report.html"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "report", "write a page on the quality of a store (needs the extra print)", _REPORT)
    parser.add_argument("--output", metavar="FILE", default="report.html", help="default: %(default)s; - for output")
    add_store(parser)
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from wenmai.cli.output import complain, output
    from wenmai.report import report
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        page = report(store)
    with output(options.output) as stream:
        stream.write(page.encode("utf-8"))
    if options.output != "-":
        complain(f"{options.output}: the report on {options.store}")
    return 0
