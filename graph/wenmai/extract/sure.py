"""What is left of a document when claims must be sure to some degree: the claims, and what only they spoke of."""

from __future__ import annotations

from dataclasses import replace

from wenmai.records import Document, Run

_OF_POSTS = ("postTitle", "postIn")
_MADE = ("inner", "rule")
"""Voices of mentions that are there for claims alone: events, posts, areas inside names."""


def narrowed(run: Run, least: float) -> Run:
    """Return the run whose settings say that claims below `least` are left out; the same run for 0."""
    return replace(run, settings=f"{run.settings}, confidence from {least:g}") if least else run


def at_least(document: Document, least: float) -> Document:
    """Return `document` with the claims whose confidence is `least` or more (0 to 1); `dropped` counts the others.

    A post that nobody holds any more is gone with its title and body, an event with the last of its slots.
    """
    if not least:
        return document
    kept = [claim for claim in document.claims if claim.confidence >= least]
    held = {claim.object for claim in kept}
    kept = [claim for claim in kept if claim.predicate not in _OF_POSTS or claim.subject in held]
    used = {claim.subject for claim in kept} | {claim.object for claim in kept if isinstance(claim.object, str)}
    mentions = tuple(m for m in document.mentions if m.voice not in _MADE or m.key in used)
    keys = {m.key for m in mentions}
    return replace(
        document,
        run=narrowed(document.run, least),
        mentions=mentions,
        claims=tuple(kept),
        ties=tuple(tie for tie in document.ties if tie.left in keys and tie.right in keys),
        dropped=document.dropped + len(document.claims) - len(kept),
    )
