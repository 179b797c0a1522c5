"""Matches with files of names elsewhere: a CSV of entities and identifiers, as OpenRefine and spreadsheets write it.

Columns, with a head line in any order: `entity` (an id, IRI or name) and `match` (an IRI, or an identifier with the
prefix of its file: `wikidata:Q8686`, `viaf:151962300`, `gbt2260:310101`); others are passed over.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from wenmai.errors import UsageError
from wenmai.lexicon import rows

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def read(lines: Iterable[str], source: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, entity, IRI) of a CSV; `source` is what messages call it.

    Raises UsageError, naming the line, for a file without the two columns or an identifier that is none.
    """
    table = csv.DictReader(lines)
    if not {"entity", "match"} <= set(table.fieldnames or ()):
        raise UsageError(f"{source}: the first line must name the columns entity and match")
    for row in table:
        entity, match = (row["entity"] or "").strip(), (row["match"] or "").strip()
        if not entity and not match:
            continue
        try:
            yield table.line_num, entity, as_iri(match)
        except UsageError as error:
            raise UsageError(f"{source}, line {table.line_num}: {error}") from error


def as_iri(match: str) -> str:
    """Return the IRI that an identifier with a prefix means; an IRI stays. Raises UsageError for what is neither."""
    if _IRI.fullmatch(match):
        return match
    prefix, colon, local = match.partition(":")
    for row in rows("authorities"):
        if colon and row["prefix"] == prefix.lower():
            if re.fullmatch(row["pattern"], local):
                return row["iri"].format(local)
            raise UsageError(f"{match!r} is no identifier of {prefix}; it looks otherwise there ({row['pattern']})")
    known = ", ".join(f"{row['prefix']}:" for row in rows("authorities"))
    raise UsageError(f"{match!r} is no http IRI, nor an identifier that begins with {known}")
