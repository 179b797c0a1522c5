"""`check`, `stats`: what is wrong with a store, and what it holds."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.reason import Finding

_CHECK = """\
  wenmai check && wenmai export --output graph.ttl
  wenmai check --json | jq .findings"""

_STATS = """\
  wenmai stats
  wenmai stats --json | jq .claims"""


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = add_command(commands, "check", "check shapes, quotes and consistency", _CHECK)
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_check)

    parser = add_command(commands, "stats", "count articles, entities, facts and claims", _STATS)
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_stats)


def _check(options: argparse.Namespace) -> int:
    from wenmai.reason import check
    from wenmai.review import review
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        findings = check(store)
        contradictions = review(store, ["contradictions"], limit=0).total
    if options.json:
        rows = [asdict(finding) for finding in findings]
        print(json.dumps({"findings": rows, "contradictions": contradictions}, ensure_ascii=False))
    else:
        for finding in findings:
            print(told(finding))
    if contradictions:
        many = "" if contradictions == 1 else "s"
        complain(f"{contradictions} contradiction{many}: `wenmai review --kind contradictions --store {options.store}`")
    complain(f"{options.store}: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}")
    return 1 if findings else 0


def told(finding: Finding) -> str:
    """Say a finding in one line."""
    return printable(f"{finding.severity}: {finding.where}: {finding.message}")


def _stats(options: argparse.Namespace) -> int:
    from wenmai import ontology
    from wenmai.statistics import count
    from wenmai.store import open_store

    with closing(open_store(options.store)) as store:
        counted = count(store)
    if options.json:
        print(json.dumps(asdict(counted), ensure_ascii=False))
        return 0
    days = f"  {counted.first} – {counted.last}" if counted.first else ""
    print(f"{'articles':<24}{counted.articles:>10}{days}")
    print(f"{'entities':<24}{counted.entities:>10}")
    for title, numbers in (
        ("entities by class", counted.classes),
        ("facts by property", counted.properties),
        ("claims by modality", counted.claims),
    ):
        print(f"\n{title}")
        for name, number in numbers.items():
            print(f"  {name:<22}{number:>10}  {ontology.label(name, 'zh')}")
    print(f"\n{'triples that hold':<24}{counted.triples:>10}  {counted.inferred} of them inferred")
    print(f"{'quads in all':<24}{counted.quads:>10}")
    return 0
