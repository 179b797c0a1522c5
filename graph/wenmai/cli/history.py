"""`diff`: what came and went between two states of a graph."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

FORMATS = ("text", "json", "update")

_DIFF = """\
  wenmai diff 2017-04-21 2017-05-31                  two days of the store
  wenmai diff old-store new-store --facts-only
  wenmai diff april.nq wenmai-store --format json    an export and a store
  wenmai diff old.trig new.trig --format update >change.ru
A and B: a store, an export (.ttl .trig .nq .nt .rdf .jsonld), a day of --store, STORE@YYYY-MM-DD.
exit status: 0 no difference; 1 differences; 2 usage; 4 something that cannot be opened"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "diff", "tell what came and went between two states of a graph", _DIFF)
    parser.add_argument("a", metavar="A", help="a store, an export, a day")
    parser.add_argument("b", metavar="B", help="the same, later")
    add_store(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text for people, json, or a SPARQL update that makes B of A (default: %(default)s)",
    )
    parser.add_argument("--facts-only", action="store_true", help="what holds, without claims, evidence and texts")
    parser.set_defaults(run=_diff)


def _diff(options: argparse.Namespace) -> int:
    from wenmai.history import as_json, as_text, changes, compare, open_side, requests

    with ExitStack() as stack:
        a, b = (stack.enter_context(open_side(name, options.store)) for name in (options.a, options.b))
        for note in (*a.notes, *b.notes):
            complain(note)
        difference = compare(a, b, facts_only=options.facts_only)
        if options.format == "update":
            for number, request in enumerate(requests(difference), 1):
                print(f"# request {number}\n{request}", end="")
            return 1 if difference else 0
        if a.store.base != b.store.base and difference:
            complain(f"their IRIs begin differently ({a.store.base}, {b.store.base}); entities are compared by name")
        found = changes(a, b, difference)
        if options.format == "json":
            print(as_json(found, a.name, b.name))
        else:
            for line in as_text(found, a.name, b.name):
                sys.stdout.write(printable(line) + "\n")
    return 1 if difference else 0
