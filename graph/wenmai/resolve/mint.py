"""Ids of entities: opaque, ASCII, deterministic, the same for the same thing on every machine and in every order."""

from __future__ import annotations

import hashlib
from functools import cache

from wenmai import ontology

_DIGITS = 12
_PREFIXES = {
    "Organization": "org",
    "OrganizationKind": "kind",
    "Place": "place",
    "Person": "person",
    "Post": "post",
    "Policy": "policy",
    "Agreement": "agreement",
    "Event": "event",
}


@cache
def family(cls: str) -> str:
    """Return the family of classes that `cls` belongs to: what may be one thing under one name.

    It is the topmost class, but kinds of organizations stay apart from organizations. A class guessed more or less
    exactly (`Organization`, `Company`) gives the same family, so that a better guess later does not change an id.
    Raises KeyError for a class that the ontology lacks or that is no entity's.
    """
    found = "OrganizationKind" if cls == "OrganizationKind" else ontology.coarse(cls)
    if found not in _PREFIXES:
        raise KeyError(cls)
    return found


def mint(kind: str, name: str, *context: str) -> str:
    """Return the id of the thing of family `kind` whose canonical key is `name`, told from its namesakes by `context`.

    It is `<prefix>-<12 hex digits of a SHA-256>`; that two of a million entities share one has a chance of 1 in 560.
    """
    digest = hashlib.sha256("\0".join((kind, name, *context)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_PREFIXES[kind]}-{digest[:_DIGITS]}"
