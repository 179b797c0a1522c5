"""The command line, as `argparse` has it: every command with its options and examples."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from wenmai.cli.commands import grammar
from wenmai_reference.markdown import anchor, block, code, prose, table


def text() -> str:
    """Return a section for each command, in the order of the help."""
    return "\n".join(_command(name, parser) for name, parser in _commands(grammar()))


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _command(name: str, parser: argparse.ArgumentParser, level: int = 2) -> str:
    about = parser.description or ""
    lines = [
        anchor("command-" + parser.prog.partition(" ")[2].replace(" ", "-")) + f"{'#' * level} {code(parser.prog)}\n",
        prose(about[:1].upper() + about[1:]) + ("" if about.endswith(".") else ".") + "\n" if about else "",
        block(_usage(parser), "text"),
        table(("argument", "what it is"), [_row(action, parser) for action in _shown(parser)]),
    ]
    if parser.epilog:
        lines.append(block(parser.epilog, "text"))
    lines += [_command(inner, each, level + 1) for inner, each in _commands(parser)]
    return "\n".join(line for line in lines if line)


def _usage(parser: argparse.ArgumentParser) -> str:
    return parser.format_usage().removeprefix("usage: ").strip()


def _shown(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        inner = isinstance(action, argparse._SubParsersAction | argparse._HelpAction)
        if action.help != argparse.SUPPRESS and not inner:
            yield action


def _row(action: argparse.Action, parser: argparse.ArgumentParser) -> tuple[str, str]:
    takes = ""
    if action.nargs != 0:
        takes = _metavar(action)
    named = ", ".join(action.option_strings)
    said = parser._get_formatter()._expand_help(action) if action.help else ""
    return code(" ".join(filter(None, [named, takes]))), prose(said)


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.dest.upper() if action.option_strings else action.dest
