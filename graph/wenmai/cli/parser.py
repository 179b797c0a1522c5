"""The grammar of the command line; each group of commands adds its own part."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from wenmai import __version__
from wenmai.cli.output import complain

DEFAULT_STORE = "wenmai-store"

_ABOUT = """\
文脉 wenmai: Chinese news articles as a knowledge graph whose every fact keeps the words it stands on.

  wenmai build NEWS/ --date 2017-04-21     read articles into the store ./wenmai-store
  wenmai query partners --param org=申能   ask a question of the library; `wenmai queries` lists them
  wenmai view --output graph.html          a network page that opens in any browser
  wenmai export --output graph.ttl         everything as Turtle
  wenmai demo                              all of it on the sample articles"""

_STATUSES = """\
exit status: 0 done; 1 findings, or ASK is false; 2 usage; 3 some inputs refused, the rest built; 4 store; 5 a limit
was hit; 130 interrupted; 70 a fault of wenmai. `wenmai COMMAND --help` tells more."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line and say where to read on."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def error(self, message: str) -> NoReturn:
        """Print one line, exit with status 2."""
        choice = re.search(r"argument (\S+): invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if choice and choice[1] == "COMMAND":
            known = re.findall(r"[\w-]+", choice[3])
            near = get_close_matches(choice[2], known, n=1)
            message = f"there is no command {choice[2]!r}; " + (f"did you mean {near[0]}?" if near else "see below")
        complain(f"{message.rstrip('.')}; see `{self.prog} --help`")
        sys.exit(2)


if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[Parser]


def add_command(commands: Commands, name: str, help: str, examples: str) -> Parser:
    """Add the command `name`, with a line of help and examples below its own help, and return its parser."""
    parser = commands.add_parser(name, help=help, description=help, epilog="examples:\n" + examples)
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def add_store(parser: Parser) -> None:
    """Add --store."""
    parser.add_argument(
        "--store",
        default=DEFAULT_STORE,
        metavar="DIR",
        help="the store: a folder, a SPARQL server's URL or its settings file (default: ./%(default)s)",
    )


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command; `run` is the function that carries it out. Exits on --help and on errors."""
    from wenmai.cli import articles, ask, demo, explain, export, picture, state

    parser = Parser(prog="wenmai", description=_ABOUT, epilog=_STATUSES)
    parser.add_argument("--version", action="version", version=f"wenmai {__version__}")
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", parser_class=Parser, title="commands")
    for group in (articles, explain, export, ask, picture, state, demo):
        group.register(commands)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        sys.exit(2)
    return options
