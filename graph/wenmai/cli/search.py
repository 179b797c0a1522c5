"""`search`: sentences and names by the words in them."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.query.search import NameHit, SentenceHit

_SEARCH = """\
  wenmai search 申能                       sentences that hold it, the newest first, and names
  wenmai search '申能 智慧燃气'            both, in one sentence
  wenmai search '"战略合作协议"'           these words as they stand
  wenmai search 申能 --names               names only
  wenmai search 申能 --format json | jq .sentences[].article"""
_NAMES_SHOWN = 5


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "search", "find sentences and names by the words in them", _SEARCH)
    parser.add_argument("text", metavar="TEXT", help='words, all of which are to be there; "…" is one')
    parser.add_argument("--limit", type=_number, default=20, metavar="N", help="at most so many (default: %(default)s)")
    parser.add_argument("--names", action="store_true", help="names of entities only")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: %(default)s")
    add_store(parser)
    parser.set_defaults(run=_search)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 1000000")
    return int(text)


def _search(options: argparse.Namespace) -> int:
    from wenmai.query.search import as_json, names, search
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        wanted = options.limit if options.names or options.format == "json" else min(options.limit, _NAMES_SHOWN)
        named = names(store, options.text, wanted) if _is_a_name(options) else []
        hits = [] if options.names else search(store, options.text, options.limit)
    if options.format == "json":
        print(json.dumps(as_json(named, None if options.names else hits), ensure_ascii=False))
        return 0
    for name in named:
        print(_name_line(name))
    if named and hits:
        print()
    for hit in hits:
        print(_told(hit, sys.stdout.isatty()))
    if not named and not hits:
        complain(f"{options.store}: nothing holds {options.text}")
    return 0


def _is_a_name(options: argparse.Namespace) -> bool:
    """Tell whether to look for names: a search of punctuation alone is one of texts, unless names alone are wanted."""
    from wenmai.folding import key

    return options.names or bool(key(options.text.encode("utf-8", "replace").decode()))


def _name_line(hit: NameHit) -> str:
    from wenmai import ontology

    also = f"  = {hit.label}" if hit.label != hit.name else ""
    kind = f"{ontology.label(hit.cls, 'zh')}  " if hit.cls else ""
    return printable(f"{hit.name}{also}  {kind}{hit.iri}")


def _told(hit: SentenceHit, colour: bool) -> str:
    """Say a hit in two lines: where it is, and the sentence with the words marked."""
    before, after = ("\x1b[1m", "\x1b[0m") if colour else ("**", "**")
    parts, at = [], hit.span.begin
    for mark in hit.marks:
        parts += [_within(hit, at, mark.begin), before, _within(hit, mark.begin, mark.end), after]
        at = mark.end
    head = "  ".join(filter(None, [hit.date.isoformat() if hit.date else "", hit.article, hit.title]))
    return f"{printable(head)}\n  {hit.span.begin}–{hit.span.end}  {''.join(parts)}{_within(hit, at, hit.span.end)}"


def _within(hit: SentenceHit, begin: int, end: int) -> str:
    return printable(hit.text[begin - hit.span.begin : end - hit.span.begin])
