"""The tagger: canonical text in, spans with labels and scores out, one list per annotation scheme.

A shared bidirectional LSTM reads each piece of text once; every head decodes its own tags. By numpy alone, or by
onnxruntime where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.tagger.cutting import cut
from wenmai.extract.tagger.decode import Decoder, spans_in
from wenmai.extract.tagger.encoder import Bidirectional, Numbers, Packing
from wenmai.extract.tagger.features import Ids
from wenmai.extract.tagger.spans import Tagged
from wenmai.extract.tagger.weights import Weights, load

Floats = NDArray[np.float32]
Encode = Callable[[Floats, Packing], Floats]
BATCH = 128  # pieces read at one go: more gains nothing on one core
WEIGHTS = Path(__file__).with_name("tagger.npz")


class Tagger:
    """Weights and an engine. One instance serves a process; `tag` keeps nothing between texts."""

    def __init__(self, weights: Weights, encode: Encode | None = None) -> None:
        self.weights = weights
        self._encode = encode or Bidirectional(weights.ahead, weights.back)
        self._decoders = {n: Decoder(h.tags, h.step, h.start, h.end) for n, h in weights.heads.items()}

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

    def tag(self, text: str, heads: Sequence[str] | None = None) -> list[Tagged]:
        """Return the spans that `heads` (all, if none are named) find in canonical `text`, in order."""
        cuts = sorted(cut(text), key=lambda c: (c[0] - c[1], c[0]))
        ids = self.weights.alphabet.ids(text)
        found: list[Tagged] = []
        for first in range(0, len(cuts), BATCH):
            rows = cuts[first : first + BATCH]
            packing = Packing.of([end - begin for begin, end in rows])
            batch = self.weights.alphabet.batch([ids[begin:end] for begin, end in rows])
            states = self._encode(self.features(batch, packing), packing)
            offsets = np.array([begin for begin, _ in rows])[packing.row] + packing.column
            for name in heads or self.weights.heads:
                found.extend(self._spans(name, states, packing, offsets))
        return sorted(found)

    def _spans(self, name: str, states: Floats, packing: Packing, offsets: Numbers) -> Iterator[Tagged]:
        head, decoder = self.weights.heads[name], self._decoders[name]
        scores = states @ head.weight + head.bias
        tags = decoder(scores, packing)
        lined = packing.lined
        begins, ends, labels = spans_in(tags[lined], decoder)
        chances = decoder.chances(scores, tags, packing).lined(lined).of_spans(tags[lined], begins, ends)
        for begin, size, tag, chance in zip(offsets[lined[begins]], ends - begins, labels, chances, strict=True):
            yield Tagged(int(begin), int(begin + size), head.tags[tag][2:], name, round(float(chance), 4))
