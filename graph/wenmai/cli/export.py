"""`export`: the store as RDF in six formats."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, output
from wenmai.cli.parser import add_as_of, add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

FORMATS = {
    "turtle": ".ttl",
    "trig": ".trig",
    "nquads": ".nq",
    "ntriples": ".nt",
    "jsonld": ".jsonld",
    "rdfxml": ".rdf",
}
"""The formats, as `wenmai.triples.FORMATS` has them (a test compares the two), and what their files end in."""

_EXPORT = """\
  wenmai export --output graph.ttl             facts, claims and evidence, flattened
  wenmai export --format trig                  the dataset with its graphs
  wenmai export --facts-only --format jsonld   what holds, each fact once
  wenmai export --article page-20170421#1      what one article says
  wenmai export --as-of 2017-04-30 --output april.nq && wenmai query articles --store april.nq"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "export", "write the graph as RDF, the same bytes every time", _EXPORT)
    add_store(parser)
    parser.add_argument("--format", choices=FORMATS, help="default: turtle, or what the file's name ends in")
    parser.add_argument("--output", metavar="FILE", help="a file, replaced when all is written (default: output)")
    parser.add_argument("--facts-only", action="store_true", help="the facts, without articles, claims and evidence")
    parser.add_argument("--article", metavar="ID", help="only what this article says")
    add_as_of(parser)
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from wenmai.history.asof import seen
    from wenmai.store import open_store
    from wenmai.triples import export

    ends = {suffix: name for name, suffix in FORMATS.items()}
    chosen = options.format or ends.get(Path(options.output or "").suffix.lower(), "turtle")
    with closing(open_store(options.store)) as store, output(options.output) as stream:
        shown, notes = seen(store, options.as_of)
        export(shown, chosen, stream, facts_only=options.facts_only, article=options.article)
    for note in notes:
        complain(note)
    return 0
