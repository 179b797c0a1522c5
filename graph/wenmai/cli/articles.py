"""`build`, `extract`, `remove`: articles in, and out again."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, complain_of, progress
from wenmai.cli.parser import Parser, add_command, add_confidence, add_store, add_tagger, day
from wenmai.cli.status import INTERRUPTED, REFUSED
from wenmai.errors import DiskFullError
from wenmai.records import Refusal

if TYPE_CHECKING:
    from wenmai.build import Report
    from wenmai.cli.parser import Commands
    from wenmai.extract import Extractor
    from wenmai.read import ReadOptions

_BUILD = """\
  wenmai build page-20170421.txt --date 2017-04-21 --publisher 新民晚报
  wenmai build NEWS/ more.jsonl.gz archive.zip --store city
  cat article.txt | wenmai build - --date 2017-04-21"""

_EXTRACT = """\
  wenmai extract article.txt --date 2017-04-21
  wenmai extract NEWS/ | jq -r '.claims[] | [.subject, .predicate, .object] | @tsv'"""

_REMOVE = """\
  wenmai remove page-20170421#3          one item of a page
  wenmai remove page-20170421            the whole page"""


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = add_command(commands, "build", "read articles into the store, or bring it up to date", _BUILD)
    _add_sources(parser)
    add_store(parser)
    add_confidence(parser, "leave out claims that are less sure (default: 0, keep all)")
    parser.add_argument("--base", metavar="IRI", help="what the IRIs of a new store begin with")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="read on the workers of a Dask scheduler: tcp://host:8786, or its file"
    )
    parser.set_defaults(run=_build)

    parser = add_command(commands, "extract", "print mentions and claims as JSON Lines, without a store", _EXTRACT)
    _add_sources(parser)
    parser.set_defaults(run=_extract)

    parser = add_command(commands, "remove", "take articles out of the store", _REMOVE)
    parser.add_argument("articles", nargs="+", metavar="ARTICLE", help="the article's identifier")
    add_store(parser)
    parser.set_defaults(run=_remove)


def _add_sources(parser: Parser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, a folder, a zip archive, or - for input")
    parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="the day of articles that do not say theirs")
    parser.add_argument("--publisher", metavar="NAME", help="the paper of articles that do not say theirs")
    parser.add_argument("--workers", type=_count, metavar="N", help="processes to use (default: as work demands)")
    parser.add_argument(
        "--extractor",
        choices=("rules", "llm", "both"),
        default="rules",
        help="what reads: the rules (default), a language model that the environment names (docs/llm.md), or both",
    )
    add_tagger(parser)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 512:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 512")
    return int(text)


def _reading(options: argparse.Namespace) -> ReadOptions:
    from wenmai.read import ReadOptions

    return ReadOptions(date=options.date, publisher=options.publisher)


def _extractor(options: argparse.Namespace) -> Extractor | None:
    """Return the extractor that is asked for; None for the rules, which every process loads for itself."""
    if options.extractor == "rules":
        return None
    from wenmai.extract import choose

    chosen: Extractor = choose(options.extractor)
    return chosen


def _build(options: argparse.Namespace) -> int:
    from wenmai.build import build

    extractor = _extractor(options)
    with progress() as show, _counting_what_is_safe(options.store):
        report = build(
            options.sources,
            options.store,
            options=_reading(options),
            workers=options.cluster or options.workers,
            base=options.base,
            progress=show,
            extractor=extractor,
            min_confidence=options.min_confidence,
        )
    complain_of(report.warnings)
    complain_of(report.refused)
    print(f"{options.store}: {_told(report)}")
    return _status(report)


def _extract(options: argparse.Namespace) -> int:
    from wenmai.build import extract_only

    refused = False
    for found in extract_only(options.sources, _reading(options), options.workers, _extractor(options)):
        if isinstance(found, Refusal):
            complain_of([found])
            refused = True
        else:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return REFUSED if refused else 0


def _remove(options: argparse.Namespace) -> int:
    from wenmai.build import remove

    with _counting_what_is_safe(options.store):
        report = remove(options.articles, options.store)
    complain_of(report.refused)
    linked = f"; {report.linked} articles linked anew" if report.linked else ""
    print(f"{options.store}: {report.removed} removed{linked}")
    return _status(report)


@contextmanager
def _counting_what_is_safe(location: str) -> Iterator[None]:
    """When the disk is full, say how many articles the store holds: what can be read back from its files is safe."""
    try:
        yield
    except DiskFullError as error:
        from wenmai.store.safe import articles_on_disk

        number = articles_on_disk(Path(location))
        safe = "what was committed is safe" if number is None else f"{number} articles safe"
        raise DiskFullError(
            f"{location}: disk full: {safe}; free some space and run the same command again, it does the rest"
        ) from error


def _told(report: Report) -> str:
    """Say in one line what a build did."""
    parts = [f"{report.built} built"]
    if report.replaced:
        parts[0] += f" ({report.replaced} of them replaced)"
    parts += [f"{number} {word}" for number, word in _rest(report) if number]
    told = ", ".join(parts)
    if report.built:
        told += f"; {report.claims} claims, {report.entities} entities, {report.mentions} mentions"
    if report.linked:
        told += f"; {report.linked} articles linked anew"
    if report.dropped:
        told += f"; {report.dropped} claims dropped: not sure enough, not in the text, or not fitting"
    return f"{told}; {report.seconds:.1f} s"


def _rest(report: Report) -> list[tuple[int, str]]:
    return [(report.unchanged, "unchanged"), (report.removed, "removed"), (len(report.refused), "refused")]


def _status(report: Report) -> int:
    if report.interrupted:
        shown = "readers see them" if report.published else "readers see them after the next build"
        done = f"{report.built} articles are safe and {shown}" if report.built else "nothing was built yet"
        if report.waiting:
            done = f"{report.waiting} articles are read and wait beside the store"
        complain(f"interrupted; {done}; the same command again does the rest")
        return INTERRUPTED
    return REFUSED if report.refused else 0
