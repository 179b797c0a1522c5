"""A student of several teachers: it learns annotated sentences, and from raw ones what the teachers make of them.

The student is held to the mean of the teachers' scores character by character (Hinton et al. 2015, arXiv:1503.02531),
not to the names they decide on: where they are in doubt, so is it. Learning their decisions instead gained less
(merged CLUENER 0.748 against 0.756), since most raw sentences hold no name and the doubtful ones are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
from torch import nn

from wenmai.learn.network import Network
from wenmai.learn.training import Plan, Progress, Supervised, run, stream

_ROWS = 64


class Lessons:
    """Raw texts with the mean scores that teachers give each character, head by head, as half floats."""

    def __init__(self, teachers: Sequence[Network], heads: Iterable[str], texts: Sequence[str]) -> None:
        self.ids = [teachers[0].alphabet.ids(text) for text in texts]
        self.lengths = [len(text) for text in texts]
        self.scores: list[dict[str, torch.Tensor]] = []
        wanted = list(heads)
        with torch.no_grad():
            for begin in range(0, len(texts), _ROWS):
                self._read(teachers, wanted, slice(begin, begin + _ROWS))

    def _read(self, teachers: Sequence[Network], heads: Sequence[str], rows: slice) -> None:
        ids, sizes = self.ids[rows], torch.tensor(self.lengths[rows])
        given = [(net, net.states(net.alphabet.batch(ids), sizes)) for net in teachers]
        mean = {head: sum(net.heads[head].scores(s) for net, s in given) / len(given) for head in heads}
        for row, row_ids in enumerate(ids):
            self.scores.append({head: mean[head][row, : len(row_ids)].half() for head in heads})

    def loss(self, net: Network, chosen: Sequence[int], plan: Plan, heads: Mapping[str, float]) -> torch.Tensor:
        """Return how far `net` is from the teachers on the `chosen` texts; `heads` says how much each head counts."""
        sizes = torch.tensor([self.lengths[i] for i in chosen])
        ids = net.alphabet.batch([self.ids[i] for i in chosen])
        states = net.states(ids, sizes, plan.drop_in, plan.drop_out)
        held = torch.arange(ids.shape[1])[None] < sizes[:, None]
        total = torch.zeros(())
        for head, share in heads.items():
            given = torch.cat([self.scores[i][head].float() for i in chosen]).softmax(-1)
            ours = net.heads[head].scores(states)[held].log_softmax(-1)
            total = total + share * nn.functional.kl_div(ours, given, reduction="batchmean")
        return total


def distil(net: Network, taught: Supervised, lessons: Lessons, heads: Mapping[str, float], plan: Plan, seed: int,
           tell: Progress) -> None:  # fmt: skip
    """Train `net` on annotated sentences and, with a batch of raw ones at each step, on what the teachers read there.

    `heads` says for each head that the teachers are asked for how much it counts beside the annotated batch.
    """
    torch.manual_seed(seed)
    raw = stream(lessons.lengths, np.random.default_rng(seed))

    def loss_of() -> torch.Tensor:
        return taught.loss(plan) + lessons.loss(net, next(raw), plan, heads)

    run(net, plan, int(plan.epochs * taught.steps), loss_of, tell, "student")
