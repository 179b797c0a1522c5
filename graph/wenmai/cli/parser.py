"""The grammar of the command line; each group of commands adds its own part."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from wenmai.cli.output import complain
from wenmai.errors import UsageError

DEFAULT_STORE = "wenmai-store"


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


def add_params(parser: Parser) -> None:
    """Add --param, which `values_of` reads."""
    parser.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter; again for more of them"
    )


def values_of(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return the values that --param gives, by parameter. Raises UsageError for what is no NAME=VALUE."""
    values: dict[str, list[str]] = {}
    for given in options.param:
        name, found, value = given.partition("=")
        if not found or not name:
            raise UsageError(f"--param {given!r} is not NAME=VALUE")
        values.setdefault(name, []).append(value)
    return values


def add_as_of(parser: Parser, more: str = "") -> None:
    """Add --as-of; `more` is said at the end of its help."""
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="YYYY-MM-DD",
        help=f"the graph as the articles published until that day, the day included, say it{more}",
    )


def share(text: str) -> float:
    """Read a number from 0 to 1 from the command line. Raises ArgumentTypeError, which argparse makes a line of."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return number


def add_confidence(parser: Parser, help: str) -> None:
    """Add --min-confidence."""
    parser.add_argument("--min-confidence", type=share, default=0.0, metavar="0..1", help=help)


def add_tagger(parser: Parser) -> None:
    """Add --tagger, which `parse` hands on to this process and its workers."""
    parser.add_argument(
        "--tagger",
        choices=("auto", "numpy", "onnx", "none"),
        help="the network that hears names beside the grammars: by numpy (auto, the default, where the weights are "
        "there), by onnxruntime, or none (also: WENMAI_TAGGER)",
    )


def day(text: str) -> dt.date:
    """Read a day from the command line. Raises ArgumentTypeError, which argparse makes a line of."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; give it as 2017-04-21") from None
