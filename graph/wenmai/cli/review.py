"""`review`: what is doubtful in a store."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.output import complain
from wenmai.cli.parser import add_command, add_store, share

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

FORMATS = ("table", "json", "csv")
"""The formats, as `wenmai.review.output.FORMATS` has them (a test compares the two)."""
KINDS = ("candidates", "confidence", "contradictions", "dates", "duplicates", "names", "posts")
"""The kinds, as `wenmai.review.kind_names()` finds them (a test compares the two)."""

_REVIEW = """\
  wenmai review
  wenmai review --kind duplicates --kind contradictions --limit 50
  wenmai review --kind confidence --below 0.6 --format csv --limit 0 > doubtful.csv"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "review", "list what is doubtful, the most worth looking at first", _REVIEW)
    parser.add_argument(
        "--kind", action="append", default=[], choices=KINDS, metavar="KIND", help=f"{', '.join(KINDS)}; again for more"
    )
    parser.add_argument("--limit", type=_number, default=20, metavar="N", help="at most (default: 20; 0: all)")
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")
    parser.add_argument(
        "--below", type=share, default=0.75, metavar="0..1", help="confidence that is doubtful (default: %(default)s)"
    )
    add_store(parser)
    parser.set_defaults(run=_review)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 up")
    return int(text)


def _review(options: argparse.Namespace) -> int:
    from wenmai.review import Options, review
    from wenmai.review.output import write
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        found = review(store, options.kind, options.limit or None, Options(below=options.below))
    write(found.doubts, options.format, sys.stdout)
    by_kind = ", ".join(f"{name} {number}" for name, number in found.counts.items() if number)
    shown = f"; {len(found.doubts)} shown, --limit 0 shows all" if len(found.doubts) < found.total else ""
    complain(
        f"{options.store}: {found.total or 'no'} doubt{'' if found.total == 1 else 's'}"
        f"{f' ({by_kind})' if by_kind else ''}{shown}"
    )
    return 1 if found.total else 0
