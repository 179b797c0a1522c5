"""From scores to spans: the best path through a linear-chain CRF, in batches.

Viterbi decoding over BIOES tags as Lample et al. 2016 ("Neural Architectures for Named Entity Recognition",
arXiv:1603.01360) use it; steps that the scheme forbids cost more than any score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.tagger.encoder import Packing

FORBIDDEN = -1e4
Floats = NDArray[np.float32]


def tag_names(labels: Sequence[str]) -> list[str]:
    """Return `O` and the four tags of each label."""
    return ["O", *(f"{part}-{label}" for label in labels for part in "BIES")]


def encode(length: int, spans: Sequence[tuple[int, int, str]], names: Sequence[str]) -> NDArray[np.int64]:
    """Return the tag of each of `length` characters that carry `spans`."""
    number = {name: i for i, name in enumerate(names)}
    tags = np.zeros(length, dtype=np.int64)
    for begin, end, label in spans:
        tags[begin:end] = number[f"I-{label}"]
        tags[begin] = number[f"B-{label}"]
        tags[end - 1] = number[f"E-{label}"]
        if end - begin == 1:
            tags[begin] = number[f"S-{label}"]
    return tags


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the spans of a row of BIOES tags; a broken one gives none."""
    out: list[tuple[int, int, str]] = []
    begin, label = -1, ""
    for i, tag in enumerate(tags):
        part, _, name = tag.partition("-")
        if part == "S":
            out.append((i, i + 1, name))
        elif part == "E" and begin >= 0 and name == label:
            out.append((begin, i + 1, name))
        if part == "B":
            begin, label = i, name
        elif part != "I" or name != label:
            begin = -1
    return out


def allowed(names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Return what the scheme adds to a step from tag to tag, to a start and to an end: 0 or `FORBIDDEN`."""
    parts = [(name[0], name[2:]) for name in names]
    opens = np.array([p in "OBS" for p, _ in parts])
    closes = np.array([p in "OES" for p, _ in parts])
    same = np.array([[a == b for _, b in parts] for _, a in parts])
    step = np.where(closes[:, None], opens[None, :], ~opens[None, :] & same)
    return tuple(np.where(ok, 0, FORBIDDEN).astype(np.float32) for ok in (step, opens, closes))  # type: ignore[return-value]


class Decoder:
    """The best path through one head's CRF, for packed rows.

    A tag that opens (O, B, S) follows one that closes (O, E, S); I and E follow B and I of their own label. Nothing
    else is allowed, so nothing else is tried.
    """

    def __init__(self, names: Sequence[str], step: Floats, start: Floats, end: Floats) -> None:
        parts = [name[0] for name in names]
        self.opens, self.closes, self.begins, self.insides, self.ends = (
            np.array([i for i, part in enumerate(parts) if part in which]) for which in ("OBS", "OES", "B", "I", "E")
        )
        self._across = np.ascontiguousarray(step[np.ix_(self.closes, self.opens)].T)
        self._within = [
            (step[self.begins, to], step[self.insides, to], to) for to in (self.insides, self.ends)
        ]  # fmt: skip
        self.parts = np.array([ord(part) for part in parts])
        self._start, self._end = start, end
        self._step = step
        self._grow = np.exp(step)

    def __call__(self, scores: Floats, packing: Packing) -> NDArray[np.int64]:
        """Return the tag of each place for packed `scores` (places, tags)."""
        back = np.empty(scores.shape, dtype=np.int16)
        ended = np.empty((len(packing.lengths), scores.shape[1]), dtype=np.float32)
        best = scores[: packing.reach[0]] + self._start
        for t in range(1, len(packing.reach)):
            reach, begin = int(packing.reach[t]), int(packing.starts[t])
            ended[reach : len(best)] = best[reach:]
            best, back[begin : begin + reach] = self._grown(best[:reach])
            best += scores[begin : begin + reach]
        ended[: len(best)] = best
        last = (ended + self._end).argmax(axis=1)
        tags = np.empty(len(scores), dtype=np.int64)
        now = np.empty(0, dtype=np.int64)
        following = 0
        for t in range(len(packing.reach) - 1, -1, -1):
            reach, begin = int(packing.reach[t]), int(packing.starts[t])
            after = int(packing.starts[t + 1])
            now = back[np.arange(after, after + following), now].astype(np.int64) if following else now
            now = np.concatenate([now, last[following:reach]])
            tags[begin : begin + reach] = now
            following = reach
        return tags

    def _grown(self, best: Floats) -> tuple[Floats, NDArray[np.int16]]:
        """Return what the best paths are worth that end, one step on, in each tag, and where they come from."""
        new = np.empty_like(best)
        back = np.empty(best.shape, dtype=np.int16)
        paths = best[:, None, self.closes] + self._across
        chosen = paths.argmax(axis=2)
        new[:, self.opens] = np.take_along_axis(paths, chosen[:, :, None], 2)[:, :, 0]
        back[:, self.opens] = self.closes[chosen]
        begun, inside = best[:, self.begins], best[:, self.insides]
        for from_begin, from_inside, to in self._within:
            one, other = begun + from_begin, inside + from_inside
            new[:, to] = np.maximum(one, other)
            back[:, to] = np.where(one >= other, self.begins, self.insides)
        return new, back

    def chances(self, scores: Floats, tags: NDArray[np.int64], packing: Packing) -> Chances:
        """Return what says how likely the spans of `tags` are (the forward-backward algorithm, scaled at each step)."""
        top = scores.max(axis=1, keepdims=True)
        worth = np.exp(scores - top)
        before, scale = self._sweep(worth, np.exp(self._start), self._grow, packing)
        # what follows a place is what a sweep from the other end has before it, less the place's own worth
        turned = packing.turned
        after = self._sweep(worth[turned], np.exp(self._end), np.ascontiguousarray(self._grow.T), packing)[0][turned]
        inner = scores[np.arange(len(tags)), tags] - top[:, 0] - np.log(scale)
        return Chances(before, after / worth.clip(1e-30), inner, self._step)

    @staticmethod
    def _sweep(worth: Floats, first: Floats, grow: Floats, packing: Packing) -> tuple[Floats, Floats]:
        """Return, per place, how likely each tag is by all up to it, and what it was divided by to sum to 1."""
        found = np.empty_like(worth)
        scale = np.empty(len(worth), dtype=np.float32)
        now = np.broadcast_to(first, worth[: packing.reach[0]].shape)
        for t, reach in enumerate(packing.reach):
            begin = packing.starts[t]
            now = (now[:reach] @ grow if t else now) * worth[begin : begin + reach]
            total = now.sum(axis=1, keepdims=True)
            now /= total
            found[begin : begin + reach] = now
            scale[begin : begin + reach] = total[:, 0]
        return found, scale


@dataclass(frozen=True)
class Chances:
    """Forward and backward chances of packed places, and the worth of the decoded path from place to place."""

    before: Floats
    after: Floats
    inner: Floats
    step: Floats

    def lined(self, places: NDArray[np.int64]) -> Chances:
        """Return the same with the places in the order given: that of the text."""
        return Chances(self.before[places], self.after[places], self.inner[places], self.step)

    def of_spans(self, tags: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """Return the chance of each span from place `begins[i]` up to, not with, `ends[i]`; places in text order."""
        steps = np.zeros(len(tags), dtype=np.float64)
        steps[1:] = self.step[tags[:-1], tags[1:]]
        worth = np.cumsum(self.inner + steps)
        last = ends - 1
        path = worth[last] - worth[begins]
        first = self.before[begins, tags[begins]]
        rest = self.after[last, tags[last]]
        whole = (self.before[last] * self.after[last]).sum(axis=1)
        chance: Floats = np.exp(path) * first * rest / whole
        return chance


def spans_in(
    tags: NDArray[np.int64], decoder: Decoder
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return begins, ends and the tags of the ends of the spans in well-formed `tags`, in order."""
    parts = decoder.parts[tags]
    begins = np.flatnonzero((parts == ord("B")) | (parts == ord("S")))
    ends = np.flatnonzero((parts == ord("E")) | (parts == ord("S")))
    return begins, ends + 1, tags[ends]
