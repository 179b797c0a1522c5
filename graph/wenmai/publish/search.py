"""The index of names that a site is searched by, in the browser: files of entries by the pairs of characters they hold.

A search loads one file, that of the first two characters of its word, and filters what is in it. Names are compared in
the form that `folding.key` gives; `head.js` has what a browser needs to do the same, `site-search.js` does it.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from wenmai import folding, ontology
from wenmai.namespaces import DCTERMS, SKOS
from wenmai.serve.linked.place import types
from wenmai.store.protocol import DEFAULT, Store
from wenmai.view.style import group

FOLDER = "search"
_START = "^"
"""Stands before the first character of a name, so that one character finds the names that begin with it."""
_BYTES = 60_000
"""Bytes of a file, about."""
_ALTERNATIVE = SKOS + "altLabel"
_NAMES = (SKOS + "prefLabel", _ALTERNATIVE, DCTERMS + "title")
_IDEOGRAPHS = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
_MOST = 100
"""Characters of a name by which it is found: the rest of a longer one is shown, and not indexed."""

_COMMON = 2000
"""Names by which one pair of characters is found: of a commoner pair those that begin with it and are short."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of something: `folded` is compared, `main` is what else it is called first; empty if that is this name."""

    local: str
    folded: str
    name: str
    cls: str
    main: str

    def row(self) -> list[str]:
        """Return what a browser is told."""
        return [self.local, self.name, self.cls, *([self.main] if self.main else [])]


def write(store: Store, folder: Path) -> None:
    """Write the index of a store to `folder`. Raises StoreError, OSError."""
    entries = list(_entries(store))
    by_pair: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for pair in set(pairs(entry.folded[:_MOST])):
            by_pair[pair].append(number)
    cut = sorted(pair for pair, numbers in by_pair.items() if len(numbers) > _COMMON)
    for pair in cut:
        by_pair[pair] = heapq.nsmallest(_COMMON, by_pair[pair], key=partial(_rank, entries, pair))
    count = _shards(sum(len(numbers) for numbers in by_pair.values()), entries)
    shards: defaultdict[int, set[int]] = defaultdict(set)
    for pair, numbers in by_pair.items():
        shards[shard(pair, count)].update(numbers)
    (folder / FOLDER).mkdir()
    for number in range(count):
        rows = [entries[each].row() for each in sorted(shards[number])]
        _write(folder / FOLDER / f"{number}.js", f"wenmaiShard({number}, {_json(rows)});\n")
    traditional, simplified = _table()
    kinds = {
        name: [ontology.label(name, "zh"), ontology.label(name, "en"), group(name).key] for name in ontology.classes()
    }
    head = {"shards": count, "cut": cut, "traditional": traditional, "simplified": simplified, "kinds": kinds}
    _write(folder / FOLDER / "head.js", f"wenmaiHead({_json(head)});\n")


def _rank(entries: list[Entry], pair: str, number: int) -> tuple[bool, int, int]:
    folded = entries[number].folded
    return not folded.startswith(pair), len(folded), number


def _shards(postings: int, entries: list[Entry]) -> int:
    """Return how many files there are to be: a power of two, so that they stay the same while a site grows a little."""
    size = sum(len(_json(entry.row()).encode()) for entry in entries) / max(1, len(entries))
    count = 1
    while count * _BYTES < postings * size:
        count *= 2
    return count


def pairs(folded: str) -> Iterator[str]:
    """Yield the pairs of characters of a folded name, its beginning among them."""
    text = _START + folded
    return (text[at : at + 2] for at in range(len(text) - 1))


def shard(pair: str, count: int) -> int:
    """Return the number of the file that has the names with a pair of characters, as `site-search.js` does."""
    number = 0
    for character in pair:
        number = (number * 31 + ord(character)) & 0xFFFFFFFF
    return (number ^ (number >> 15)) % count


def _entries(store: Store) -> Iterator[Entry]:
    """Yield the names of what has an IRI below `id/`, in order of IRI and folded name."""
    space = f"{store.base}id/"
    names: defaultdict[str, dict[str, str]] = defaultdict(dict)
    preferred: dict[str, str] = {}
    for predicate in _NAMES:
        for quad in store.match(None, ox.NamedNode(predicate), None, DEFAULT):
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode) and subject.value.startswith(space) and isinstance(value, ox.Literal):
                local, folded = subject.value.removeprefix(space), folding.key(value.value)
                names[local][folded] = min(names[local].get(folded, value.value), value.value)
                if predicate != _ALTERNATIVE and value.language != "en":
                    preferred[local] = min(preferred.get(local, value.value), value.value)
    known = frozenset(ontology.classes())
    for local in sorted(names):
        found = ontology.most_specific(types(store, ox.NamedNode(space + local)) & known)
        main = preferred.get(local, "")
        for folded, name in sorted(names[local].items()):
            if folded:
                yield Entry(local, folded, name, found[0] if found else "", main if main != name else "")


def _table() -> tuple[str, str]:
    """Return the characters that have another form in simplified script, and these, one for one."""
    changed = [(chr(code), folding.simplified(chr(code))) for code in _IDEOGRAPHS]
    plain = [(one, other) for one, other in changed if one != other and len(other) == 1]
    return "".join(one for one, _ in plain), "".join(other for _, other in plain)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
