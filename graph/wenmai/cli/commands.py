"""All the commands in one grammar: each group of them registers its own."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from wenmai import __version__
from wenmai.cli import (
    analyse,
    articles,
    ask,
    curate,
    demo,
    explain,
    export,
    history,
    keep,
    learn,
    picture,
    publish,
    question,
    report,
    review,
    search,
    serve,
    state,
    who,
    why,
)
from wenmai.cli.parser import Parser

GROUPS = (
    articles,
    explain,
    export,
    ask,
    question,
    search,
    serve,
    publish,
    why,
    who,
    picture,
    analyse,
    history,
    curate,
    review,
    report,
    state,
    keep,
    demo,
    learn,
)
"""The groups of commands, in the order of the help."""

_ABOUT = """\
文脉 wenmai: Chinese news articles as a knowledge graph whose every fact keeps the words it stands on.

  wenmai build NEWS/ --date 2017-04-21     read articles into the store ./wenmai-store
  wenmai query partners --param org=申能   ask a question of the library; `wenmai queries` lists them
  wenmai demo                              all of it on the sample articles"""

_STATUSES = """\
exit status: 0 done; 1 findings, or ASK is false; 2 usage; 3 some inputs refused; 4 store; 5 a limit; 130 interrupted;
70 a fault of wenmai. `wenmai COMMAND --help` tells more."""


def grammar() -> Parser:
    """Return the parser of all commands; the reference is made of it, too."""
    parser = Parser(prog="wenmai", description=_ABOUT, epilog=_STATUSES)
    parser.add_argument("--version", action="version", version=f"wenmai {__version__}")
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", parser_class=Parser, title="commands")
    for group in GROUPS:
        group.register(commands)
    return parser


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command; `run` is the function that carries it out. Exits on --help and on errors."""
    parser = grammar()
    options = parser.parse_args(arguments)
    if getattr(options, "tagger", None):
        os.environ["WENMAI_TAGGER"] = options.tagger
    if options.command is None:
        parser.print_help(sys.stderr)
        sys.exit(2)
    return options
