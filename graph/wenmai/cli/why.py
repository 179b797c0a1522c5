"""`why`: the claims and the axioms by which a fact holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.reason.claims import Evidence
    from wenmai.reason.explain import Explanation, Told

_WHY = """\
  wenmai why 申能 partnerOf 腾讯
  wenmai why 王坚 所属机构 申能 --all
  wenmai why 腾讯 a Organization
  wenmai why org-0123456789ab org:linkedTo 腾讯 --json"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "why", "show the claims and axioms by which a fact holds", _WHY)
    parser.add_argument("subject", metavar="SUBJECT", help="a name, an id or an IRI; of an article, its id or title")
    parser.add_argument("predicate", metavar="PREDICATE", help="a property's name, label or IRI; `a` for the class")
    parser.add_argument("object", metavar="OBJECT", help="a name, an id, an IRI, a date or a text")
    add_store(parser)
    parser.add_argument("--all", action="store_true", help="every way in which it follows, and every claim")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_why)


PROOFS = 100
"""The most proofs that `--all` shows."""
_CLAIMS = 3
"""The claims shown of a fact without `--all`."""


def _why(options: argparse.Namespace) -> int:
    from wenmai.query.fact import facts_meant
    from wenmai.reason.explain import explain
    from wenmai.store import open_store

    notes: list[str] = []
    with closing(open_store(options.store)) as store:
        facts = facts_meant(options.subject, options.predicate, options.object, store, notes)
        for note in notes:
            complain(note)
        most, claims = (PROOFS, None) if options.all else (1, _CLAIMS)
        found = [explain(store, fact, most, claims) for fact in facts]
    held = [each for each in found if each.proofs]
    if options.json:
        print(json.dumps([_as_json(each) for each in held or found], ensure_ascii=False))
    elif held:
        print(printable_lines(line for each in held for line in _told(each)))
    else:
        for each in found:
            print(printable_lines(_denied(each)))
    return 0 if held else 1


def printable_lines(lines: Iterator[str]) -> str:
    """Return lines as one text, each of them printable."""
    return "\n".join(printable(line) for line in lines)


def _told(found: Explanation) -> Iterator[str]:
    for number, proof in enumerate(found.proofs, 1):
        if len(found.proofs) > 1:
            yield f"{'' if number == 1 else ' '}proof {number} of {len(found.proofs)}".strip()
        yield from tree(proof, "")
    if found.others:
        yield "but"
        yield from (f"  {line}" for line in _claims(found.others, 0))


def tree(proof: Told, indent: str) -> Iterator[str]:
    """Yield the lines of a proof."""
    why = f"  ⇐ {'; '.join(proof.axioms)}" if proof.axioms else ""
    yield f"{indent}{proof.fact}{why}"
    for premise in proof.premises:
        yield from tree(premise, indent + "  ")
    yield from (f"{indent}  {line}" for line in _claims(proof.evidence, proof.more))


def _claims(evidence: tuple[Evidence, ...], more: int) -> Iterator[str]:
    for each in evidence:
        how = each.modality or "shown"
        sure = f" {each.confidence:g}" if each.confidence is not None else ""
        words = " ".join(f"“{quote.text}” [{quote.begin},{quote.end}]" for quote in each.quotes)
        dated = f" ({each.date})" if each.date else ""
        yield f"{how}{sure} in {each.article}{dated}: {words}".rstrip(": ")
    if more:
        yield f"and {more} more; --all shows them"


def _denied(found: Explanation) -> Iterator[str]:
    yield f"{found.fact} does not hold" + ("; it is said otherwise:" if found.others else ", and no article says so")
    yield from (f"  {line}" for line in _claims(found.others, 0))


def _as_json(found: Explanation) -> dict[str, Any]:
    return {
        "fact": found.terms,
        "told": found.fact,
        "holds": bool(found.proofs),
        "proofs": [_tree_json(proof) for proof in found.proofs],
        "claims": [_evidence_json(each) for each in found.others],
    }


def _tree_json(proof: Told) -> dict[str, Any]:
    shown: dict[str, Any] = {"fact": proof.terms, "told": proof.fact}
    if proof.premises:
        return shown | {"axioms": list(proof.axioms), "premises": [_tree_json(each) for each in proof.premises]}
    return shown | {"evidence": [_evidence_json(each) for each in proof.evidence], "more": proof.more}


def _evidence_json(each: Evidence) -> dict[str, Any]:
    return {
        "article": each.article,
        "title": each.title,
        "date": each.date,
        "modality": each.modality,
        "confidence": each.confidence,
        "rules": list(each.rules),
        "claim": each.claim,
        "quotes": [{"begin": quote.begin, "end": quote.end, "quote": quote.text} for quote in each.quotes],
    }
