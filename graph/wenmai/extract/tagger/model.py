"""The tagger: canonical text in, spans with labels and scores out, one list per annotation scheme.

A shared bidirectional LSTM reads each piece of text once; every head decodes its own tags. By numpy alone, or by
onnxruntime where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from wenmai.extract.tagger.crf import Chain, Decoder
from wenmai.extract.tagger.cutting import cut
from wenmai.extract.tagger.decode import FORBIDDEN
from wenmai.extract.tagger.encoder import Bidirectional, Packing, times
from wenmai.extract.tagger.features import Ids
from wenmai.extract.tagger.spans import Tagged
from wenmai.extract.tagger.weights import Weights, load

Floats = NDArray[np.float32]
Encode = Callable[[Floats, Packing], Floats]
BATCH = 128  # pieces read at one go: more gains nothing on one core
WEIGHTS = Path(__file__).with_name("tagger.npz")


class Tagger:
    """Weights and an engine. One instance serves a process."""

    def __init__(self, weights: Weights, encode: Encode | None = None) -> None:
        self.weights = weights
        self._encode = encode or Bidirectional(weights.ahead, weights.back)
        self.heads = tuple(weights.heads)
        self._ahead: dict[str, list[Tagged]] = {}
        self._threads = ThreadpoolController()
        heads = list(weights.heads.values())
        self._decoder = decoder = Decoder([Chain(h.tags, h.step, h.start, h.end) for h in heads])
        # one matrix for all heads, laid out as the decoder wants it
        self._weight = np.concatenate([decoder.laid(i, h.weight, 0) for i, h in enumerate(heads)], axis=1)
        self._bias = np.concatenate([decoder.laid(i, h.bias, FORBIDDEN) for i, h in enumerate(heads)])

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Tagger:
        """Return the tagger with the weights at `path`.

        Raises FileNotFoundError where there are none, ValueError where the file is no such weights.
        """
        return cls(load(path))

    def features(self, ids: Ids, packing: Packing) -> Floats:
        """Return the packed features (places, width) of a batch of character ids (rows, columns)."""
        tables = self.weights.tables
        row, column = packing.row, packing.column
        pairs, triples = self.weights.alphabet.grams(ids)
        pair, triple = tables["pair"], tables["triple"]
        parts = [tables["char"][ids[row, column]], *(pair[pairs[row, column + k]] for k in (0, 1)),
                 *(triple[triples[row, column + k]] for k in (0, 1, 2))]  # fmt: skip
        return np.concatenate(parts, axis=1)

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Read `texts` together, which takes half the time of one by one; `tag` then gives what was read, once each."""
        self._ahead = dict(zip(texts, self._tag(texts), strict=True))

    def tag(self, text: str) -> list[Tagged]:
        """Return the spans that the heads find in canonical `text`, in order."""
        found = self._ahead.pop(text, None)
        return self._tag([text])[0] if found is None else found

    def _tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        with self._threads.limit(limits=1, user_api="blas"):  # processes share the cores
            return self._tag_alone(texts)

    def _tag_alone(self, texts: Sequence[str]) -> list[list[Tagged]]:
        alphabet = self.weights.alphabet
        ids = [alphabet.ids(text) for text in texts]
        pieces = [(number, begin, end) for number, text in enumerate(texts) for begin, end in cut(text)]
        pieces.sort(key=lambda p: (p[1] - p[2], p))
        found: list[list[Tagged]] = [[] for _ in texts]
        for first in range(0, len(pieces), BATCH):
            rows = pieces[first : first + BATCH]
            packing = Packing.of([end - begin for _, begin, end in rows])
            batch = alphabet.batch([ids[number][begin:end] for number, begin, end in rows])
            states = self._encode(self.features(batch, packing), packing)
            scores = (times(states, self._weight) + self._bias).reshape(len(states), len(self.heads), -1)
            spans = self._decoder.spans(np.ascontiguousarray(scores.transpose(1, 0, 2)), packing)
            row, column = packing.row[packing.lined].tolist(), packing.column[packing.lined].tolist()
            for head, named in zip(self.heads, spans, strict=True):
                for begin, end, label, chance in named:
                    number, offset, _ = rows[row[begin]]
                    span = (offset + column[begin], offset + column[end - 1] + 1)
                    found[number].append(Tagged(*span, label, head, round(chance, 4)))
        return [sorted(one) for one in found]
