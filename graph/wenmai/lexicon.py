"""Word lists: `ontology/lexicon/NAME.tsv` as rows, read once a process.

A list is UTF-8 text: head lines that start with `#` (what it is, source, licence), a line with the column names, then
one row a line, cells parted by tabs. Other rooms ask here and never read the files themselves.
"""

from __future__ import annotations

from functools import cache

from wenmai import resources
from wenmai.errors import WenmaiError


class LexiconError(WenmaiError):
    """A word list is missing or a line of it is broken; the message names file, line and reason."""


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the word list `name` (`areas`, `surnames` …), each a dict from column name to cell.

    Cells are stripped; missing cells at a line's end are empty. Raises LexiconError, naming file and line, for a list
    that does not exist, is not UTF-8, has no or a doubled column name, or a row with too many cells or an empty first.
    """
    path = resources.folder("ontology") / "lexicon" / f"{name}.tsv"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError(f"{path}: there is no such word list; install wenmai again") from None
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: byte {error.start} is not UTF-8; save the list as UTF-8") from None
    return parse(text, str(path))


def parse(text: str, path: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a word list's `text`; `path` is what messages call it. Raises LexiconError."""
    columns: list[str] = []
    result: list[dict[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not columns:
            if not all(cells) or len(set(cells)) < len(cells):
                raise LexiconError(f"{path}, line {number}: column names must be there and differ")
            columns = cells
            continue
        if len(cells) > len(columns):
            raise LexiconError(f"{path}, line {number}: {len(cells)} cells, but {len(columns)} columns ({line[:40]!r})")
        if not cells[0]:
            raise LexiconError(f"{path}, line {number}: the first cell ({columns[0]}) is empty")
        result.append(dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True)))
    if not columns:
        raise LexiconError(f"{path}: no line with column names")
    return tuple(result)
