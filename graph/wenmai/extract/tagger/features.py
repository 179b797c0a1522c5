"""What the network sees of a text: folded characters, and the pairs and triples of them it knows.

The tagger reads canonical text (`wenmai.extract.canon`); upper case is folded to lower and every digit to 0, one to
one, so that offsets stay those of the text. Pairs and triples are looked up among those frequent in the
training text; they carry what a word segmenter would otherwise give (Chen et al. 2015, "Long Short-Term Memory
Neural Networks for Chinese Word Segmentation", use the same pairs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
PAD, UNKNOWN, MASK, FIRST = 0, 1, 2, 3
CODE_POINTS = 0x110000


def code_points(text: str) -> Ids:
    """Return the code points of `text`; lone surrogates pass as they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<i4").astype(np.int32)


def folding() -> Ids:
    """Return the table from every code point to the one it is read as."""
    table = np.arange(CODE_POINTS, dtype=np.int32)
    upper = np.arange(ord("A"), ord("Z") + 1)
    table[upper] = upper + 32
    table[ord("0") : ord("9") + 1] = ord("0")
    return table


@dataclass(frozen=True)
class Alphabet:
    """The characters, pairs and triples a model knows; `chars` are folded code points, the others sorted keys."""

    chars: NDArray[np.int32]
    pairs: NDArray[np.int64]
    triples: NDArray[np.int64]
    table: NDArray[np.int32]  # code point to character id, folding included

    @classmethod
    def of(cls, chars: Any, pairs: Any, triples: Any) -> Alphabet:
        """Make an alphabet from its lists."""
        known = np.full(CODE_POINTS, UNKNOWN, dtype=np.int32)
        known[chars] = np.arange(FIRST, FIRST + len(chars), dtype=np.int32)
        return cls(
            np.asarray(chars, np.int32),
            np.asarray(pairs, np.int64),
            np.asarray(triples, np.int64),
            known[folding()],
        )

    @property
    def size(self) -> int:
        """The number of character ids, the three special ones included."""
        return len(self.chars) + FIRST

    def ids(self, text: str) -> Ids:
        """Return the character ids of `text`, one per code point."""
        return self.table[code_points(text)]

    def batch(self, rows: Sequence[Ids]) -> Ids:
        """Return `rows` as one matrix, short rows filled with `PAD`."""
        out = np.zeros((len(rows), max(map(len, rows))), dtype=np.int32)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    def grams(self, ids: Ids) -> tuple[Ids, Ids]:
        """Return, per cell of `ids`, the pair that starts there and the triple that starts there (0: not known).

        Both have one column more at the left (two for triples), for what starts before the row does.
        """
        wide = np.zeros((ids.shape[0], ids.shape[1] + 4), dtype=np.int64)
        wide[:, 2:-2] = ids
        pair = wide[:, :-1] * self.size + wide[:, 1:]
        triple = pair[:, :-1] * self.size + wide[:, 2:]
        return lookup(self.pairs, pair[:, 1:-1]), lookup(self.triples, triple)


def lookup(known: NDArray[np.int64], keys: NDArray[np.int64]) -> Ids:
    """Return one plus the place of each key among the sorted `known`, 0 for those not there."""
    if not len(known):
        return np.zeros(keys.shape, dtype=np.int32)
    place = np.searchsorted(known, keys)
    place[place == len(known)] = 0
    return np.where(known[place] == keys, place + 1, 0).astype(np.int32)
