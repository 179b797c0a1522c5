"""`analyse`: named analyses of the network, as tables, and into a graph of their own."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.output import complain
from wenmai.cli.parser import add_as_of, add_command, add_params, add_store, values_of
from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.analyse import Outcome
    from wenmai.cli.parser import Commands
    from wenmai.store import Store

FORMATS = ("table", "csv", "json")
_SHOWN = 20

_ANALYSE = """\
  wenmai analyse                                          lists them
  wenmai analyse pagerank --param projection=who-with-whom
  wenmai analyse paths --param from=马化腾 --param to=申能
  wenmai analyse growth --param by=month --format csv
  wenmai analyse communities --write                      also into the graph …/graph/analysis-communities
  wenmai analyse communities --drop                       takes that graph out again"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "analyse", "carry out a named analysis of the network", _ANALYSE)
    parser.add_argument("name", nargs="?", metavar="NAME", help="the analysis; without one they are listed")
    add_params(parser)
    add_store(parser)
    add_as_of(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")
    parser.add_argument(
        "--limit", type=_number, metavar="N", help=f"rows at most (default: {_SHOWN} of a table, else all; 0: all)"
    )
    keep = parser.add_mutually_exclusive_group()
    keep.add_argument("--write", action="store_true", help="also put what is found into a graph of its own, replaced")
    keep.add_argument("--drop", action="store_true", help="take that graph out of the store, and analyse nothing")
    parser.set_defaults(run=_analyse)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 up")
    return int(text)


def _analyse(options: argparse.Namespace) -> int:
    from wenmai.analyse import find

    if options.name is None:
        if options.write or options.drop or options.param:
            raise UsageError("name an analysis; `wenmai analyse` lists them")
        return _list()
    find(options.name)
    if options.drop:
        return _drop(options)
    outcome, base = _written(options) if options.write else _found(options)
    for note in outcome.notes:
        complain(note)
    limit = options.limit if options.limit is not None else _SHOWN if options.format == "table" else 0
    from wenmai.query import write

    write(outcome.result(base, limit), options.format, sys.stdout)
    if limit and len(outcome.rows) > limit:
        complain(f"{limit} of {len(outcome.rows):,} rows; --limit 0 shows all")
    return 0 if outcome.rows else 1


def _list() -> int:
    from wenmai.analyse import analyses

    for each in analyses():
        print(f"{each.name:<14} {each.title_zh} · {each.title_en}")
        words = []
        for parameter in each.parameters:
            value = each.example.get(parameter.name) or parameter.default or parameter.type.upper()
            word = f"{parameter.name}={value}"
            words.append(word if parameter.default is None and not parameter.optional else f"[{word}]")
        print(f"{'':<14} {'  '.join(words)}")
        print(f"{'':<14} {each.about}")
    print("\nwenmai analyse NAME --param PARAMETER=VALUE …; those in brackets may be left out", file=sys.stderr)
    return 0


def _found(options: argparse.Namespace) -> tuple[Outcome, str]:
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        outcome, _ = _outcome(options, store)
        return outcome, store.base


def _written(options: argparse.Namespace) -> tuple[Outcome, str]:
    """Analyse a store that is open to write, so that nothing comes in between, and write what is found."""
    from wenmai.analyse import find
    from wenmai.analyse.written import writable, write
    from wenmai.store import open_store

    analysis = find(options.name)
    writable(analysis)
    with closing(open_store(options.store, write=True)) as store:
        outcome, settings = _outcome(options, store)
        graph, size = write(store, analysis, outcome, settings)
        complain(f"{graph}: {size:,} triples")
        return outcome, store.base


def _outcome(options: argparse.Namespace, store: Store) -> tuple[Outcome, str]:
    """Return what the analysis finds in a store, and its settings."""
    from dataclasses import replace

    from wenmai.analyse import find
    from wenmai.analyse.given import Given
    from wenmai.history.asof import seen

    analysis = find(options.name)
    shown, notes = seen(store, options.as_of)
    given = Given(analysis, values_of(options), shown)
    outcome = analysis.run(shown, given)
    settings = given.settings() + (f" as-of={options.as_of}" if options.as_of else "")
    return replace(outcome, notes=(*notes, *outcome.notes)), settings


def _drop(options: argparse.Namespace) -> int:
    from wenmai.analyse.written import drop
    from wenmai.store import open_store

    with closing(open_store(options.store, write=True)) as store:
        size = drop(store, options.name)
    complain(f"{options.store}: {size:,} triples of {options.name} taken out" if size else "there is no such graph")
    return 0
