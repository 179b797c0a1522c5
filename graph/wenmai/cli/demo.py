"""`demo`: the whole way on the sample articles."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain_of, progress
from wenmai.cli.parser import add_command
from wenmai.cli.state import told

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_DEMO = """\
  wenmai demo
  wenmai demo --output /tmp/wenmai"""

_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("partners", {"org": "申能"}),
    ("in-place", {"place": "黄浦区"}),
    ("policies", {}),
)
"""What is asked: names of library queries with their parameters."""

_ROWS = 8


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "demo", "build, check, ask, export and draw the sample articles", _DEMO)
    parser.add_argument("--output", default="demo", metavar="DIR", help="where all of it goes (default: ./%(default)s)")
    parser.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    from wenmai.build import build
    from wenmai.errors import StoreError
    from wenmai.reason import check
    from wenmai.resources import folder
    from wenmai.store import open_store
    from wenmai.triples import export
    from wenmai.view import view

    target = Path(options.output)
    store = target / "store"
    page, turtle = target / "network.html", target / "graph.ttl"
    if store.exists() and not (store / "store.json").is_file():
        raise StoreError(f"{store}: this is something else than a demo's store; name another --output")
    shutil.rmtree(store, ignore_errors=True)
    print(f"1. The articles in {folder('samples')}")
    with progress() as show:
        report = build([folder("samples")], store, progress=show)
    complain_of([*report.warnings, *report.refused])
    print(
        f"   {report.built} articles: {report.claims} claims about {report.entities} entities, {report.seconds:.1f} s"
    )
    with closing(open_store(store)) as opened:
        findings = check(opened)
        print(f"\n2. Shapes, quotes and consistency: {len(findings) or 'no'} findings")
        for finding in findings:
            print(f"   {told(finding)}")
        print("\n3. Questions")
        for name, values in _QUESTIONS:
            _ask(store, name, values)
        print("4. What was written")
        with turtle.open("wb") as stream:
            export(opened, "turtle", stream)
        view(opened, page)
    print(f"   {turtle}    facts, claims and the words they stand on, as Turtle")
    print(f"   {page}    the network: open it in a browser, click on a line to see its words")
    print("\nNext:")
    for line in _next(store):
        print(f"   {line}")
    return 1 if findings else 0


def _ask(store: Path, name: str, values: dict[str, str]) -> None:
    """Print one question as it would be typed, and the first rows of its answer."""
    from wenmai.query import library, run
    from wenmai.query.formats import shown

    typed = " ".join(f"--param {key}={shlex.quote(value)}" for key, value in values.items())
    query = library()[name]
    print(f"   {query.title_zh} · {query.title_en}")
    print(f"   $ wenmai query {name} {typed} --store {store}".replace("  --", " --"))
    result = run(store, name, values)
    for row in result.rows[:_ROWS]:
        cells = [shown(term, result.base) for term in row if not _is_own(term, result.base)]
        print("     " + " | ".join(cell for cell in cells if cell))
    if len(result.rows) > _ROWS:
        print(f"     … {len(result.rows) - _ROWS} more")
    sys.stdout.write("\n")


def _is_own(term: object, base: str) -> bool:
    """Tell whether a cell is the IRI of an entity, which says nothing to a reader beside its name."""
    return str(term).startswith(f"<{base}")


def _next(store: Path) -> list[str]:
    """Return commands to go on with, as they can be typed here."""
    wenmai = "wenmai" if shutil.which("wenmai") else os.path.relpath(sys.argv[0])
    return [
        f"{wenmai} queries",
        f"{wenmai} view --store {store} --focus 腾讯 --depth 2 --output tencent.html",
        f"{wenmai} stats --store {store}",
        f"{wenmai} build YOUR-ARTICLES/ --date 2017-04-21",
    ]
