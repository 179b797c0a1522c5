"""The network in torch: n-gram embeddings, one bidirectional LSTM shared by all, one CRF head per annotation scheme.

The layers are those that `wenmai.extract.tagger` runs in numpy, weight for weight. After Lample et al. 2016
(arXiv:1603.01360); the masked objective is that of Devlin et al. 2019 (arXiv:1810.04805), on characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from wenmai.extract.tagger.decode import allowed
from wenmai.extract.tagger.features import PAD, Alphabet


@dataclass(frozen=True)
class Shape:
    """Sizes of the network: embedding widths of a character, a pair and a triple, and units per direction."""

    char: int = 64
    pair: int = 40
    triple: int = 24
    units: int = 160

    @property
    def width(self) -> int:
        """The features per character: itself, the two pairs and the three triples it is part of."""
        return self.char + 2 * self.pair + 3 * self.triple


class Crf(nn.Module):
    """A linear-chain CRF over BIOES tags: one GEMM for the scores, learned steps, forbidden ones fixed."""

    step_mask: Tensor
    start_mask: Tensor
    end_mask: Tensor

    def __init__(self, width: int, names: list[str]) -> None:
        super().__init__()
        self.scores = nn.Linear(width, len(names))
        self.step = nn.Parameter(torch.zeros(len(names), len(names)))
        self.start = nn.Parameter(torch.zeros(len(names)))
        self.end = nn.Parameter(torch.zeros(len(names)))
        for name, mask in zip(("step_mask", "start_mask", "end_mask"), allowed(names), strict=True):
            self.register_buffer(name, torch.from_numpy(mask))

    def steps(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores of steps, starts and ends, forbidden ones included."""
        return self.step + self.step_mask, self.start + self.start_mask, self.end + self.end_mask

    def loss(self, states: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        """Return the mean negative log-likelihood of `tags` (rows, columns), by row."""
        scores = self.scores(states)
        step, start, end = self.steps()
        rows, columns, _ = scores.shape
        held = torch.arange(columns)[None, :] < lengths[:, None]
        picked = scores.gather(2, tags[:, :, None])[:, :, 0]
        path = (picked * held).sum(1) + start[tags[:, 0]]
        path = path + (step[tags[:, :-1], tags[:, 1:]] * held[:, 1:]).sum(1)
        path = path + end[tags[torch.arange(rows), lengths - 1]]
        grown = step.exp()
        alpha = scores[:, 0] + start
        for t in range(1, columns):
            top = alpha.max(1, keepdim=True).values
            new = ((alpha - top).exp() @ grown).clamp_min(1e-30).log() + top + scores[:, t]
            alpha = torch.where(held[:, t, None], new, alpha)
        return (torch.logsumexp(alpha + end, 1) - path).mean()


class Network(nn.Module):
    """Embeddings, the shared encoder, the heads, and the output layer of the masked objective."""

    def __init__(self, alphabet: Alphabet, heads: Mapping[str, list[str]], shape: Shape) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.shape = shape
        self.gram_drop = 0.0
        self.char = nn.Embedding(alphabet.size, shape.char, padding_idx=PAD)
        self.pair = nn.Embedding(len(alphabet.pairs) + 1, shape.pair, padding_idx=0)
        self.triple = nn.Embedding(len(alphabet.triples) + 1, shape.triple, padding_idx=0)
        for table in (self.char, self.pair, self.triple):
            nn.init.normal_(table.weight, std=0.1)
            with torch.no_grad():
                table.weight[0] = 0
        self.forward_lstm = nn.LSTM(shape.width, shape.units, batch_first=True)
        self.backward_lstm = nn.LSTM(shape.width, shape.units, batch_first=True)
        self.heads = nn.ModuleDict({head: Crf(2 * shape.units, names) for head, names in heads.items()})
        self.guess = nn.Sequential(nn.Linear(2 * shape.units, shape.char), nn.GELU(), nn.LayerNorm(shape.char))
        self.guess_bias = nn.Parameter(torch.zeros(alphabet.size))

    def embed(self, ids: np.ndarray) -> Tensor:  # type: ignore[type-arg]  # ids are int32
        """Return the features (rows, columns, width) of a batch of character ids."""
        pairs, triples = (torch.from_numpy(g.astype(np.int64)) for g in self.alphabet.grams(ids))
        if self.training and self.gram_drop:
            # a name that training knows by its pairs and triples must be heard by its context too
            pairs = pairs * (torch.rand(pairs.shape) >= self.gram_drop)
            triples = triples * (torch.rand(triples.shape) >= self.gram_drop)
        pair, triple = self.pair(pairs), self.triple(triples)
        char = self.char(torch.from_numpy(ids.astype(np.int64)))
        return torch.cat([char, pair[:, :-1], pair[:, 1:], triple[:, :-2], triple[:, 1:-1], triple[:, 2:]], 2)

    def states(self, ids: np.ndarray, lengths: Tensor, drop_in: float = 0.0, drop_out: float = 0.0) -> Tensor:  # type: ignore[type-arg]  # ids are int32
        """Return the states (rows, columns, 2 units) of a batch; dropout as given."""
        given = nn.functional.dropout(self.embed(ids), drop_in, self.training)
        columns = torch.arange(ids.shape[1])[None, :]
        turn = torch.where(columns < lengths[:, None], lengths[:, None] - 1 - columns, columns)[:, :, None]
        ahead, _ = self.forward_lstm(given)
        back, _ = self.backward_lstm(given.gather(1, turn.expand(-1, -1, given.shape[2])))
        both = torch.cat([ahead, back.gather(1, turn.expand(-1, -1, back.shape[2]))], 2)
        return nn.functional.dropout(both, drop_out, self.training)

    def masked_loss(self, states: Tensor, where: Tensor, chars: Tensor) -> Tensor:
        """Return the cross-entropy of guessing `chars`, the characters hidden at `where`."""
        guesses = self.guess(states[where]) @ self.char.weight.T + self.guess_bias
        return nn.functional.cross_entropy(guesses, chars)
