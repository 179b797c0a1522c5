"""`query`, `queries`: questions to the graph."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from wenmai.cli.output import complain
from wenmai.cli.parser import add_as_of, add_command, add_params, add_store, values_of

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.query import NamedQuery

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle")
"""The formats, as `wenmai.query.FORMATS` has them (a test compares the two)."""

_QUERY = """\
  wenmai query partners --param org=申能
  wenmai query articles --format csv
  wenmai query partners --param org=申能 --as-of 2017-04-30
  wenmai query 'SELECT ?name { ?org a wenmai:Company ; skos:prefLabel ?name }'
  wenmai query my.rq --timeout 5
  echo 'ASK { ?s wenmai:partnerOf ?o }' | wenmai query -"""

_QUERIES = """\
  wenmai queries              all, one line each
  wenmai queries partners     one: its parameters, an example, its text"""


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = add_command(commands, "query", "answer a question of the library, or one in SPARQL", _QUERY)
    parser.add_argument("query", metavar="QUERY", help="a library name, a .rq file, SPARQL in quotes, or - for input")
    add_params(parser)
    add_store(parser)
    add_as_of(parser, "; making it counts to --timeout, and an export as of a day is made once (`wenmai export`)")
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")
    parser.add_argument("--timeout", type=_seconds, metavar="S", help="seconds after which to give up (default: 60)")
    parser.set_defaults(run=_query)

    parser = add_command(commands, "queries", "list the library of named queries", _QUERIES)
    parser.add_argument("name", nargs="?", metavar="NAME", help="show this one")
    parser.set_defaults(run=_queries)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def _query(options: argparse.Namespace) -> int:
    from wenmai.query import DEFAULT_TIMEOUT, run, write

    values = values_of(options)
    result = run(options.store, options.query, values, options.timeout or DEFAULT_TIMEOUT, as_of=options.as_of)
    for note in result.notes:
        complain(note)
    write(result, options.format, sys.stdout)
    return 1 if result.boolean is False else 0


def _queries(options: argparse.Namespace) -> int:
    from wenmai.query import find, library

    if options.name is not None:
        print(find(options.name).text.rstrip())
        return 0
    for query in library().values():
        print(f"{query.name:<24} {query.title_zh} · {query.title_en}")
        if query.inputs:
            print(f"{'':<24} {_usage(query)}")
    print("\nwenmai query NAME --param PARAMETER=VALUE …; wenmai queries NAME shows the text", file=sys.stderr)
    return 0


def _usage(query: NamedQuery) -> str:
    """Say which parameters a query takes: those in brackets may be left out."""
    words = []
    for parameter in query.inputs:
        required = parameter.default is None and not parameter.optional
        word = f"{parameter.name}={query.example.get(parameter.name, parameter.type.upper())}"
        words.append(word if required else f"[{word}]")
    return "  ".join(words)
