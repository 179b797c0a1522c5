"""Which word lists, grammars and rules an extraction was made with, as one short text."""

from __future__ import annotations

import hashlib
from functools import cache

from wenmai.resources import folder


@cache
def fingerprint() -> str:
    """Return `knowledge DIGEST`: 12 hex digits of a SHA-256 over the files that extraction reads.

    It is part of the run, so that an article is extracted anew when a rule or a word list has changed.
    """
    top = folder("ontology")
    files = [path for part in ("grammar", "lexicon", "rules") for path in sorted((top / part).iterdir())]
    digest = hashlib.sha256()
    for path in files:
        if path.suffix in {".toml", ".tsv"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return f"knowledge {digest.hexdigest()[:12]}"
