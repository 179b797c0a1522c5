"""`check`, `stats`: what is wrong with a store, and what it holds."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store
from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.reason import Finding
    from wenmai.store import Store

_CHECK = """\
  wenmai check && wenmai export --output graph.ttl
  wenmai check --json | jq .findings
  wenmai check --hermit --sample 2000     also put the facts of 2000 individuals before HermiT (Java)"""

_STATS = """\
  wenmai stats
  wenmai stats --json | jq .claims"""


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = add_command(commands, "check", "check shapes, quotes and consistency", _CHECK)
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--hermit", action="store_true", help="also ask HermiT about a sample (needs Java)")
    parser.add_argument("--sample", type=_number, metavar="N", help="individuals in the sample (default: 1000)")
    parser.set_defaults(run=_check)

    parser = add_command(commands, "stats", "count articles, entities, facts and claims", _STATS)
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_stats)


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _check(options: argparse.Namespace) -> int:
    from wenmai.reason import check
    from wenmai.review import review
    from wenmai.store import EmbeddedStore, open_store

    if options.hermit and options.json:
        raise UsageError("--hermit tells in words; leave out --json")
    if options.sample is not None and not options.hermit:
        raise UsageError("--sample says how much HermiT is to look at; give --hermit too")
    with closing(open_store(options.store)) as store:
        if isinstance(store, EmbeddedStore):
            store.verify()
        findings = check(store)
        contradictions = review(store, ["contradictions"], limit=0).total
        if options.json:
            rows = [asdict(finding) for finding in findings]
            print(json.dumps({"findings": rows, "contradictions": contradictions}, ensure_ascii=False))
        else:
            for finding in findings:
                print(told(finding))
        count = len(findings) + (_hermit(store, options.sample) if options.hermit else 0)
    if contradictions:
        many = "" if contradictions == 1 else "s"
        complain(f"{contradictions} contradiction{many}: `wenmai review --kind contradictions --store {options.store}`")
    complain(f"{options.store}: {count or 'no'} finding{'' if count == 1 else 's'}")
    return 1 if count else 0


def _hermit(store: Store, size: int | None) -> int:
    """Print what HermiT finds, with the claims behind it; return how many contradictions there are."""
    import pyoxigraph as ox

    from wenmai.cli.why import tree
    from wenmai.reason.claims import name_of
    from wenmai.reason.explain import told as in_words
    from wenmai.reason.hermit import MOST, SAMPLE, contradictions

    count = 0
    for found in contradictions(store, size or SAMPLE):
        count += 1
        classes = " and ".join(found.classes)
        why = f"is {classes}, which exclude each other" if classes else "is in facts that the ontology excludes"
        print(printable(f"error: {found.node}: HermiT: {name_of(store, ox.NamedNode(found.node))} {why}"))
        for fact in in_words(store, found.facts, 3):
            print("\n".join(printable(line) for line in tree(fact, "  ")))
    if count == MOST:
        complain(f"HermiT's search ended after {MOST} contradictions; there may be more")
    return count


def told(finding: Finding) -> str:
    """Say a finding in one line."""
    return printable(f"{finding.severity}: {finding.where}: {finding.message}")


def _stats(options: argparse.Namespace) -> int:
    from wenmai import ontology
    from wenmai.statistics import count
    from wenmai.store import EmbeddedStore, open_store

    with closing(open_store(options.store)) as store:
        if isinstance(store, EmbeddedStore):
            store.verify()  # it groups, which the engine does not survive on damaged tables
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
