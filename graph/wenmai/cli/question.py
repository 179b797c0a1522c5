"""`ask`: questions in Chinese."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.query.ask import Item, Reply

_ASK = """\
  wenmai ask 谁是申能的合作方？
  wenmai ask 马化腾担任什么职务？
  wenmai ask 2017年7月起实施的法规有哪些？ --json
  wenmai ask --list                        the questions that are understood"""
_NOT_UNDERSTOOD = 2


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "ask", "answer a question in Chinese, and show the query it became", _ASK)
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="the question")
    parser.add_argument("--list", action="store_true", help="list the questions that are understood")
    parser.add_argument("--sparql", action="store_true", help="show the text of the query, too")
    parser.add_argument("--json", action="store_true", help="for machines")
    add_store(parser)
    parser.set_defaults(run=_ask)


def _ask(options: argparse.Namespace) -> int:
    from wenmai.errors import UsageError
    from wenmai.query.ask import as_json, ask, templates
    from wenmai.store import open_store

    if options.list:
        for template in templates().values():
            print(f"{template.name:<18} {template.title_zh} · {template.title_en}")
            print(f"{'':<18} {template.examples[0][0]}")
        return 0
    if options.question is None:
        raise UsageError("give a question, or --list")
    with closing(open_store(options.store)) as store:
        reply = ask(store, options.question)
        told = as_json(reply, store)
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for line in _told(reply, options.sparql):
            print(printable(line) if line else line)
    if reply.understood is None:
        complain("this question is not understood; `wenmai ask --list` lists those that are")
        return _NOT_UNDERSTOOD
    for note in reply.notes:
        complain(note)
    for name, near in reply.understood.unknown.items():
        hint = f"; near it: {'、'.join(near)}" if near else ""
        complain(f"nothing in the store is named {reply.understood.values[name].text}{hint}")
    if not reply.items and not reply.understood.unknown:
        complain(f"{options.store}: nothing answers this")
    return 0 if reply.items else 1


def _told(reply: Reply, sparql: bool) -> Iterator[str]:
    found = reply.understood
    if found is None:
        yield from (f"{each.examples[0][0]}    {each.title_zh} · {each.title_en}" for each in reply.near)
        return
    for item in reply.items:
        yield from _item(item)
    if reply.more:
        yield "…"
    if reply.items:
        yield ""
    values = [f"{name}={each}" for name, given in reply.parameters.items() for each in given]
    yield f"{found.template.title_zh} · {found.template.title_en}: wenmai query {found.template.query}" + "".join(
        f" --param '{value}'" for value in values
    )
    if sparql:
        yield ""
        yield from reply.sparql.rstrip().splitlines()


def _item(item: Item) -> Iterator[str]:
    from wenmai import ontology

    how = "" if item.modality == "Asserted" else f"  [{ontology.label(item.modality)}]"
    yield f"{item.text}{how}"
    for words in item.words:
        where = " ".join(filter(None, [words.title, words.date]))
        yield f"    “{words.quote}” ({where})"
