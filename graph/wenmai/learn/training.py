"""Training in three stages: hidden characters of raw news, the heads together, then the heads with what they read.

Everything is counted in steps, never in time, so that the same seed on the same number of threads gives the same
weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from wenmai.extract.tagger.crf import Chain, Decoder
from wenmai.extract.tagger.decode import FORBIDDEN, encode, tag_names
from wenmai.extract.tagger.encoder import Packing
from wenmai.extract.tagger.features import MASK
from wenmai.learn.corpora import Sentence
from wenmai.learn.network import Network

BATCH_CHARS = 3000  # characters a step: enough to keep two cores busy
Progress = Callable[[str], None]
Row = tuple[np.ndarray, np.ndarray]  # type: ignore[type-arg]  # character ids, tags


@dataclass(frozen=True)
class Plan:
    """One stage: passes over the data, the highest learning rate, dropout before and behind the LSTM."""

    epochs: float
    rate: float
    drop_in: float
    drop_out: float
    drop_grams: float = 0.0  # of pairs and triples, whole
    average: float = 0.998  # of the weights, exponential; 0 keeps the last ones


class Average:
    """A running mean of the weights (Polyak averaging), which tags better than the last of them."""

    def __init__(self, net: Network, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.mean = {name: p.detach().clone() for name, p in net.named_parameters()}

    @torch.no_grad()
    def update(self, net: Network) -> None:
        """Take the present weights in."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        for name, p in net.named_parameters():
            self.mean[name].lerp_(p, 1 - decay)

    @torch.no_grad()
    def apply(self, net: Network) -> None:
        """Put the mean in the place of the weights."""
        for name, p in net.named_parameters():
            p.copy_(self.mean[name])


def batches(lengths: Sequence[int], rng: np.random.Generator) -> Iterator[list[int]]:
    """Return the numbers of rows of one pass, in batches of like length and about `BATCH_CHARS` characters."""
    order = rng.permutation(len(lengths))
    pool = 2048
    found: list[list[int]] = []
    for begin in range(0, len(order), pool):
        rows = sorted(order[begin : begin + pool], key=lambda i: lengths[i])
        batch: list[int] = []
        for row in rows:
            if batch and (len(batch) + 1) * lengths[row] > BATCH_CHARS:
                found.append(batch)
                batch = []
            batch.append(int(row))
        found.append(batch)
    for i in rng.permutation(len(found)):
        yield found[i]


def stream(lengths: Sequence[int], rng: np.random.Generator) -> Iterator[list[int]]:
    """Return batches without end, pass after pass."""
    while True:
        yield from batches(lengths, rng)


def _rate(step: int, steps: int, top: float) -> float:
    """Rise over the first twentieth, then fall as a cosine."""
    warm = max(1, steps // 20)
    if step < warm:
        return top * (step + 1) / warm
    return top * (0.02 + 0.98 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))) / 2)


def run(net: Network, plan: Plan, steps: int, loss_of: Callable[[], torch.Tensor], tell: Progress, name: str) -> None:
    """Take `steps` steps down the loss that `loss_of` gives, and leave the mean of the weights in `net`."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=plan.rate, weight_decay=1e-4)
    average = Average(net, plan.average) if plan.average else None
    net.gram_drop = plan.drop_grams
    net.train()
    total = 0.0
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, steps, plan.rate)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        if average is not None:
            average.update(net)
        total += float(loss.detach())
        if (step + 1) % 200 == 0 or step + 1 == steps:
            tell(f"{name}: step {step + 1} of {steps}, loss {total / ((step % 200) + 1):.3f}")
            total = 0.0
    if average is not None:
        average.apply(net)
    net.eval()


def hide(ids: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]  # int32, bool
    """Return the batch with about 15 % of its characters hidden, in runs of one to three, and where they were."""
    where = np.zeros(ids.shape, dtype=bool)
    held = np.arange(ids.shape[1])[None, :] < lengths[:, None]
    for run, share in ((1, 0.04), (2, 0.035), (3, 0.015)):
        begins = rng.random(ids.shape) < share
        for shift in range(run):
            where[:, shift:] |= begins[:, : ids.shape[1] - shift]
    where &= held
    hidden = ids.copy()
    hidden[where] = MASK
    return hidden, where


def pretrain(net: Network, texts: Sequence[str], plan: Plan, seed: int, tell: Progress) -> None:
    """Let the network guess hidden characters of `texts`."""
    rng = np.random.default_rng(seed)
    rows = [net.alphabet.ids(text) for text in texts]
    lengths = [len(row) for row in rows]
    chosen_rows = stream(lengths, rng)
    steps = int(plan.epochs * sum(1 for _ in batches(lengths, np.random.default_rng(seed))))

    def loss_of() -> torch.Tensor:
        chosen = next(chosen_rows)
        ids = net.alphabet.batch([rows[i] for i in chosen])
        sizes = np.array([lengths[i] for i in chosen])
        hidden, where = hide(ids, sizes, rng)
        states = net.states(hidden, torch.from_numpy(sizes), plan.drop_in, plan.drop_out)
        return net.masked_loss(states, torch.from_numpy(where), torch.from_numpy(ids[where].astype(np.int64)))

    run(net, plan, steps, loss_of, tell, "hidden characters")


def rows_of(net: Network, sentences: Sequence[Sentence], names: list[str]) -> list[Row]:
    """Return the character ids and tags of sentences."""
    return [(net.alphabet.ids(s.text), encode(len(s.text), s.spans, names)) for s in sentences]


class Supervised:
    """Annotated sentences as batches: a step is a batch of one head, heads by their share."""

    def __init__(self, net: Network, data: Mapping[str, Sequence[Sentence]], labels: Mapping[str, Sequence[str]],
                 rng: np.random.Generator, seed: int) -> None:  # fmt: skip
        self._net, self._rng = net, rng
        self._rows = {head: rows_of(net, sentences, tag_names(labels[head])) for head, sentences in data.items()}
        lengths = {head: [len(ids) for ids, _ in rows] for head, rows in self._rows.items()}
        self._streams = {head: stream(lengths[head], rng) for head in lengths}
        self._heads = sorted(lengths)
        counts = [sum(1 for _ in batches(lengths[head], np.random.default_rng(seed))) for head in self._heads]
        self.steps = sum(counts)
        self._share = np.array(counts, dtype=float) / self.steps

    def loss(self, plan: Plan) -> torch.Tensor:
        """Return the loss on the next batch."""
        head = self._heads[int(self._rng.choice(len(self._heads), p=self._share))]
        chosen = [self._rows[head][i] for i in next(self._streams[head])]
        ids = self._net.alphabet.batch([r[0] for r in chosen])
        tags = np.zeros(ids.shape, dtype=np.int64)
        for i, (_, row_tags) in enumerate(chosen):
            tags[i, : len(row_tags)] = row_tags
        lengths = torch.tensor([len(r[0]) for r in chosen])
        states = self._net.states(ids, lengths, plan.drop_in, plan.drop_out)
        loss: torch.Tensor = self._net.heads[head].loss(states, torch.from_numpy(tags), lengths)
        return loss


def tune(net: Network, data: Mapping[str, Sequence[Sentence]], labels: Mapping[str, Sequence[str]],
         plan: Plan, seed: int, tell: Progress) -> None:  # fmt: skip
    """Train encoder and heads on annotated sentences."""
    taught = Supervised(net, data, labels, np.random.default_rng(seed), seed)
    run(net, plan, int(plan.epochs * taught.steps), lambda: taught.loss(plan), tell, "heads")


@torch.no_grad()
def emissions(
    nets: Sequence[Network], head: str, texts: Sequence[str]
) -> Iterator[tuple[list[int], np.ndarray, list[int]]]:  # type: ignore[type-arg]  # float32
    """Return, in batches, the numbers of the texts, the mean scores of the networks, and the lengths."""
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    for begin in range(0, len(order), 64):
        chosen = order[begin : begin + 64]
        lengths = [len(texts[i]) for i in chosen]
        scores = 0
        for net in nets:
            ids = net.alphabet.batch([net.alphabet.ids(texts[i]) for i in chosen])
            states = net.states(ids, torch.tensor(lengths))
            scores = scores + net.heads[head].scores(states).numpy() / len(nets)
        yield chosen, scores, lengths  # type: ignore[misc]  # at least one network


@torch.no_grad()
def read(
    nets: Sequence[Network], head: str, names: list[str], texts: Sequence[str]
) -> list[list[tuple[int, int, str]]]:
    """Return the spans that the networks, their scores averaged, read in `texts`."""
    out: list[list[tuple[int, int, str]]] = [[] for _ in texts]
    step, start, end = (sum(net.heads[head].steps()[k].numpy() for net in nets) / len(nets) for k in range(3))
    decoder = Decoder([Chain(names, step, start, end)])
    for chosen, scores, lengths in emissions(nets, head, texts):
        packing = Packing.of(lengths)
        packed = decoder.laid(0, scores[packing.row, packing.column].astype(np.float32), FORBIDDEN)
        row, column = packing.row[packing.lined], packing.column[packing.lined]
        for begin, end, label, _ in decoder.spans(packed[None], packing)[0]:
            out[chosen[row[begin]]].append((int(column[begin]), int(column[end - 1]) + 1, label))
    return out
