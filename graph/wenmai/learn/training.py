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

from wenmai.extract.tagger.crf import Decoder
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


@dataclass(frozen=True)
class Head:
    """One head's CRF, the mean of several networks'."""

    tags: Sequence[str]
    step: np.ndarray  # type: ignore[type-arg]  # float32, as the next two
    start: np.ndarray  # type: ignore[type-arg]
    end: np.ndarray  # type: ignore[type-arg]


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


def _stream(lengths: Sequence[int], rng: np.random.Generator) -> Iterator[list[int]]:
    while True:
        yield from batches(lengths, rng)


def _rate(step: int, steps: int, top: float) -> float:
    """Rise over the first twentieth, then fall as a cosine."""
    warm = max(1, steps // 20)
    if step < warm:
        return top * (step + 1) / warm
    return top * (0.02 + 0.98 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))) / 2)


def _run(net: Network, plan: Plan, steps: int, loss_of: Callable[[], torch.Tensor], tell: Progress, name: str) -> None:
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
    stream = _stream(lengths, rng)
    steps = int(plan.epochs * sum(1 for _ in batches(lengths, np.random.default_rng(seed))))

    def loss_of() -> torch.Tensor:
        chosen = next(stream)
        ids = net.alphabet.batch([rows[i] for i in chosen])
        sizes = np.array([lengths[i] for i in chosen])
        hidden, where = hide(ids, sizes, rng)
        states = net.states(hidden, torch.from_numpy(sizes), plan.drop_in, plan.drop_out)
        return net.masked_loss(states, torch.from_numpy(where), torch.from_numpy(ids[where].astype(np.int64)))

    _run(net, plan, steps, loss_of, tell, "hidden characters")


def rows_of(net: Network, sentences: Sequence[Sentence], names: list[str]) -> list[Row]:
    """Return the character ids and tags of sentences."""
    return [(net.alphabet.ids(s.text), encode(len(s.text), s.spans, names)) for s in sentences]


def tune(net: Network, data: Mapping[str, Sequence[Sentence]], labels: Mapping[str, Sequence[str]],
         plan: Plan, seed: int, tell: Progress) -> None:  # fmt: skip
    """Train encoder and heads on annotated sentences; a step is a batch of one head, heads by their share."""
    rng = np.random.default_rng(seed)
    rows = {
        head: rows_of(net, sentences, tag_names(labels[head.partition("+")[0]])) for head, sentences in data.items()
    }
    streams = {head: _stream([len(ids) for ids, _ in r], rng) for head, r in rows.items()}
    counts = {
        head: sum(1 for _ in batches([len(ids) for ids, _ in r], np.random.default_rng(seed)))
        for head, r in rows.items()
    }
    heads = sorted(rows)
    share = np.array([counts[head] for head in heads], dtype=float)
    steps = int(plan.epochs * share.sum())

    def loss_of() -> torch.Tensor:
        head = heads[int(rng.choice(len(heads), p=share / share.sum()))]
        chosen = [rows[head][i] for i in next(streams[head])]
        ids = net.alphabet.batch([r[0] for r in chosen])
        tags = np.zeros(ids.shape, dtype=np.int64)
        for i, (_, row_tags) in enumerate(chosen):
            tags[i, : len(row_tags)] = row_tags
        lengths = torch.tensor([len(r[0]) for r in chosen])
        states = net.states(ids, lengths, plan.drop_in, plan.drop_out)
        loss: torch.Tensor = net.heads[head.partition("+")[0]].loss(states, torch.from_numpy(tags), lengths)
        return loss

    _run(net, plan, steps, loss_of, tell, "heads")


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
    decoder = Decoder([Head(names, step, start, end)])
    for chosen, scores, lengths in emissions(nets, head, texts):
        packing = Packing.of(lengths)
        packed = decoder.laid(0, scores[packing.row, packing.column].astype(np.float32), FORBIDDEN)
        row, column = packing.row[packing.lined], packing.column[packing.lined]
        for begin, end, label, _ in decoder.spans(packed[None], packing)[0]:
            out[chosen[row[begin]]].append((int(column[begin]), int(column[end - 1]) + 1, label))
    return out
