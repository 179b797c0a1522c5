"""`view`: the network as a page, for Gephi, for print."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain
from wenmai.cli.parser import add_as_of, add_command, add_confidence, add_store, day

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

FORMATS = {"html": ".html", "graphml": ".graphml", "gexf": ".gexf", "svg": ".svg", "png": ".png"}
DEFAULT_OUTPUT = "wenmai.html"

_VIEW = """\
  wenmai view --output graph.html
  wenmai view --focus 申能 --depth 2 --inferred
  wenmai view --type Company --type Agreement --since 2017-01-01 --until 2017-12-31
  wenmai view --format graphml --output graph.graphml      for Gephi"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "view", "write the network as a page, for Gephi, or for print", _VIEW)
    add_store(parser)
    parser.add_argument(
        "--focus", action="append", default=[], metavar="NAME", help="start from this entity; again for more"
    )
    parser.add_argument("--depth", type=int, default=1, metavar="N", help="steps from the focus (default: 1)")
    parser.add_argument(
        "--type",
        action="append",
        default=[],
        metavar="CLASS",
        help="only this class and those below it; again for more",
    )
    parser.add_argument("--since", type=day, metavar="YYYY-MM-DD", help="articles and events from this day on")
    parser.add_argument("--until", type=day, metavar="YYYY-MM-DD", help="articles and events up to this day")
    add_as_of(parser)
    add_confidence(parser, "draw only what is claimed with this confidence or more (default: 0)")
    parser.add_argument("--inferred", action="store_true", help="what only follows from the facts, too")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of labels (default: zh)")
    parser.add_argument("--format", choices=FORMATS, help="default: html, or what the file's name ends in")
    parser.add_argument("--output", metavar="FILE", help=f"default: {DEFAULT_OUTPUT}, or as the format has it")
    parser.set_defaults(run=_view)


def _view(options: argparse.Namespace) -> int:
    from wenmai.history.asof import seen
    from wenmai.store import open_store
    from wenmai.view import view

    ends = {suffix: name for name, suffix in FORMATS.items()}
    chosen = options.format or ends.get(Path(options.output or "").suffix.lower(), "html")
    target = options.output or Path(DEFAULT_OUTPUT).with_suffix(FORMATS[chosen])
    with closing(open_store(options.store)) as store:
        shown, notes = seen(store, options.as_of)
        summary = view(
            shown,
            target,
            focus=options.focus,
            depth=options.depth,
            types=options.type,
            since=options.since,
            until=options.until,
            inferred=options.inferred,
            min_confidence=options.min_confidence,
            format=chosen,
            lang=options.lang,
        )
    for note in (*notes, *summary.notes):
        complain(note)
    print(f"{summary.output}: {summary.nodes} entities, {summary.edges} relations")
    return 0
