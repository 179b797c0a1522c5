"""`curate`: what people decide about the graph, and the log of it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, output, printable
from wenmai.cli.parser import Parser, add_command, add_store
from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.curate.curator import Curator
    from wenmai.records import Decision
    from wenmai.store import Store

_CURATE = """\
  wenmai curate merge 云图 杭州云图有限公司 --why 同一家     the first becomes the second, now and later
  wenmai curate apart 云图 云图食品                      they are two
  wenmai curate split 李乐山 --articles a b            in these articles it is another one
  wenmai curate rename org-0123456789ab 云图集团
  wenmai curate retype 云图中心 Building
  wenmai curate reject claim-0123456789ab --why 误读   the claim is no fact
  wenmai curate confirm claim-0123456789ab
  wenmai curate match matches.csv                      columns: entity, match (wikidata:Q…, viaf:…, an IRI)
  wenmai curate undo 3
  wenmai curate log
  wenmai curate export --output decisions.jsonl; wenmai curate import decisions.jsonl --store new"""


def register(commands: Commands) -> None:
    """Add the command and its parts."""
    parser = add_command(commands, "curate", "decide what the articles leave open", _CURATE)
    parts = parser.add_subparsers(metavar="DECISION", dest="decision", parser_class=Parser, required=True)
    merge = _part(parts, "merge", "let ONE be OTHER; the IRI of ONE leads to that of OTHER")
    merge.add_argument("one", metavar="ONE", help="a name, an id or an IRI")
    merge.add_argument("other", metavar="OTHER")
    apart = _part(parts, "apart", "say that ONE and OTHER are two things")
    apart.add_argument("one", metavar="ONE")
    apart.add_argument("other", metavar="OTHER")
    split = _part(parts, "split", "let ENTITY be another one in some articles")
    split.add_argument("entity", metavar="ENTITY")
    split.add_argument("--articles", nargs="+", required=True, metavar="ID", help="the articles' identifiers")
    rename = _part(parts, "rename", "choose the preferred name of ENTITY")
    rename.add_argument("entity", metavar="ENTITY")
    rename.add_argument("name", metavar="NAME")
    retype = _part(parts, "retype", "choose the class of ENTITY")
    retype.add_argument("entity", metavar="ENTITY")
    retype.add_argument("cls", metavar="CLASS")
    for name, help in (("reject", "let CLAIM be no fact"), ("confirm", "say that CLAIM was read rightly")):
        part = _part(parts, name, help)
        part.add_argument("claim", metavar="CLAIM", help="an id or an IRI; `wenmai review` shows them")
    match = _part(parts, "match", "note which entities are which things elsewhere (skos:exactMatch)")
    match.add_argument("file", metavar="FILE", help="a CSV with the columns entity and match, or - for input")
    undo = _part(parts, "undo", "undo a decision, or an undoing")
    undo.add_argument("number", type=int, metavar="N")
    taken = _part(parts, "import", "take over the decisions of a log")
    taken.add_argument("file", metavar="FILE", help="what `curate export` wrote, or - for input")
    for name, help in (("log", "list the decisions"), ("export", "write the decisions as JSON Lines")):
        part = parts.add_parser(name, help=help, description=help)
        add_store(part)
        part.set_defaults(run=_log if name == "log" else _export)
        if name == "export":
            part.add_argument("--output", metavar="FILE", help="a file, replaced when all is written (default: output)")


def _part(parts: Commands, name: str, help: str) -> Parser:
    part = parts.add_parser(name, help=help, description=help)
    part.add_argument("--why", default="", metavar="TEXT", help="the reason, kept in the log and in the graph")
    part.add_argument("--who", metavar="NAME", help="who decides (default: WENMAI_CURATOR, or the user's name)")
    add_store(part)
    part.set_defaults(run=_decide)
    return part


def _decide(options: argparse.Namespace) -> int:
    with _curator(options) as (curator, store):
        taken = _taken(options, curator, store)
        store.publish()
    for decision in taken:
        print(told(decision))
    complain(f"{options.store}: {len(taken)} decision{'' if len(taken) == 1 else 's'} taken")
    return 0


@contextmanager
def _curator(options: argparse.Namespace) -> Iterator[tuple[Curator, Store]]:
    from wenmai.curate.curator import Curator
    from wenmai.store import open_store

    try:
        who = options.who or os.environ.get("WENMAI_CURATOR") or getpass.getuser()
    except (OSError, KeyError):
        who = ""
    with closing(open_store(options.store, write=True)) as store, closing(Curator(store, who)) as curator:
        yield curator, store


def _taken(options: argparse.Namespace, curator: Curator, store: Store) -> list[Decision]:
    """Take the decision that the options ask for."""

    def local(value: str, what: str) -> str:
        from wenmai.query.bind import entity_called
        from wenmai.triples import local_id

        return local_id(entity_called(value, store, what))

    def entity() -> str:
        return local(options.entity, "ENTITY")

    def pair() -> tuple[str, str]:
        return local(options.one, "ONE"), local(options.other, "OTHER")

    def taken_over() -> list[Decision]:
        from wenmai.curate.log import from_lines

        return curator.take_over(from_lines(_lines(options.file), options.file))

    why = options.why
    takes: dict[str, Callable[[], Decision | list[Decision]]] = {
        "merge": lambda: curator.merge(*pair(), why),
        "apart": lambda: curator.apart(*pair(), why),
        "split": lambda: curator.split(entity(), options.articles, why),
        "rename": lambda: curator.rename(entity(), options.name, why),
        "retype": lambda: curator.retype(entity(), options.cls, why),
        "reject": lambda: curator.judge(local(options.claim, "CLAIM"), False, why),
        "confirm": lambda: curator.judge(local(options.claim, "CLAIM"), True, why),
        "match": lambda: curator.match(_matches(options.file, local), why),
        "undo": lambda: curator.undo(options.number, why),
        "import": taken_over,
    }
    taken = takes[options.decision]()
    return taken if isinstance(taken, list) else [taken]


def _matches(file: str, local: Callable[[str, str], str]) -> list[tuple[str, str]]:
    from wenmai.curate.matches import read

    return [(local(entity, f"{file}, line {line}"), iri) for line, entity, iri in read(_lines(file), file)]


def _lines(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: the file cannot be read ({error})") from error
    return text.splitlines()


def _log(options: argparse.Namespace) -> int:
    for decision, holds in _stored(options.store):
        print(told(decision) + ("" if holds else "  (undone)"))
    return 0


def _export(options: argparse.Namespace) -> int:
    from wenmai.curate.log import as_line

    with output(options.output) as stream:
        for decision, _ in _stored(options.store):
            stream.write((as_line(decision) + "\n").encode())
    return 0


def _stored(location: str) -> list[tuple[Decision, bool]]:
    """Return the decisions of a store, each with whether it holds."""
    from wenmai.resolve.decisions import Decisions
    from wenmai.store import open_store
    from wenmai.triples.decision import stored_decisions

    with closing(open_store(location)) as store:
        decisions = Decisions(stored_decisions(store, store.base))
    holding = {each.number for each in decisions.holding} | decisions.undoing
    return [(each, each.number in holding) for each in decisions.log]


def told(decision: Decision) -> str:
    """Say a decision in one line."""
    what = [decision.do, decision.subject, decision.object, *decision.articles]
    why = f": {decision.why}" if decision.why else ""
    return printable(f"{decision.number}  {decision.time}  {decision.who}  {' '.join(filter(None, what))}{why}")
