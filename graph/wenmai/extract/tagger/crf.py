"""The best paths through the linear-chain CRFs of several heads at once, for packed rows, and how likely spans are.

All heads are laid out alike, tags in the order B of each label, O, S, E, I, so that those that open a name or none
(B, O, S) and those that close one or none (O, S, E) lie side by side; a head with fewer labels has tags that never win.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.tagger.decode import FORBIDDEN
from wenmai.extract.tagger.encoder import Packing, times

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """One head's CRF: tags as `decode.tag_names` gives them, and what steps, starts and ends add."""

    tags: Sequence[str]
    step: Floats
    start: Floats
    end: Floats


class Decoder:
    """Decodes the heads of `chains` together: a step costs about as much for three as for one."""

    def __init__(self, chains: Sequence[Chain]) -> None:
        self.labels = [[tag[2:] for tag in chain.tags if tag.startswith("B-")] for chain in chains]
        self.size = size = max(map(len, self.labels))
        self._orders = [self._order(chain.tags, labels) for chain, labels in zip(chains, self.labels, strict=True)]
        self._opens, self._closes = slice(0, 2 * size + 1), slice(size, 3 * size + 1)
        self._start, self._end = (
            np.stack([self.laid(i, getattr(s, part), FORBIDDEN) for i, s in enumerate(chains)])
            for part in ("start", "end")
        )
        step = np.stack([self._square(i, s.step) for i, s in enumerate(chains)])
        self._step, self._grow = step, np.exp(step)
        self._across = np.ascontiguousarray(step[:, self._closes, self._opens].transpose(1, 0, 2))[:, :, None]
        self._into = np.ascontiguousarray(step.transpose(0, 2, 1))  # by the tag a step goes to
        same = np.arange(size)
        begins, insides = same, 3 * size + 1 + same
        ends = 2 * size + 1 + same
        # from B and from I, to E and to I of the same label
        self._within = [
            np.stack([step[:, source, target] for target in (ends, insides)], axis=1)[:, None]
            for source in (begins, insides)
        ]

    def _order(self, tags: Sequence[str], labels: Sequence[str]) -> Numbers:
        """Return for each place of the layout the tag there; -1 where the head has none."""
        number = {tag: i for i, tag in enumerate(tags)}
        filled = [*labels, *[""] * (self.size - len(labels))]
        laid = [[number.get(f"{part}-{label}", -1) for label in filled] for part in "BSEI"]
        return np.array([*laid[0], number["O"], *laid[1], *laid[2], *laid[3]])

    def laid(self, head: int, values: Floats, fill: float) -> Floats:
        """Return `values` (…, tags of a head) as the layout has them, `fill` where the head has no tag."""
        order = self._orders[head]
        found: Floats = np.where(order >= 0, values[..., order], np.float32(fill))
        return found

    def _square(self, head: int, step: Floats) -> Floats:
        return self.laid(head, self.laid(head, step, FORBIDDEN).T, FORBIDDEN).T

    def __call__(self, scores: Floats, packing: Packing) -> Numbers:
        """Return the place in the layout of each tag, for packed `scores` (heads, places, layout)."""
        worth = np.empty_like(scores)  # of the best path that ends in each tag
        ended = np.empty((len(scores), len(packing.lengths), scores.shape[2]), dtype=np.float32)
        best = scores[:, : packing.reach[0]] + self._start[:, None]
        worth[:, : packing.reach[0]] = best
        for t in range(1, len(packing.reach)):
            reach, begin = int(packing.reach[t]), int(packing.starts[t])
            ended[:, reach : best.shape[1]] = best[:, reach:]
            best = self._grown(best[:, :reach], worth[:, begin : begin + reach])
            best += scores[:, begin : begin + reach]
        ended[:, : best.shape[1]] = best
        return self._traced((ended + self._end[:, None]).argmax(axis=2), worth, packing)

    def _grown(self, best: Floats, new: Floats) -> Floats:
        """Write to `new` what the best paths to each tag, one step on, are worth, and return it."""
        size = self.size
        paths = best[:, :, self._closes].transpose(2, 0, 1)[..., None] + self._across
        np.maximum.reduce(paths, axis=0, out=new[:, :, self._opens])  # the first axis is by far the quickest
        begun = best[:, :, None, :size] + self._within[0]
        inside = best[:, :, None, 3 * size + 1 :] + self._within[1]
        new[:, :, 2 * size + 1 :] = np.maximum(begun, inside).reshape(*best.shape[:2], 2 * size)
        return new

    def _traced(self, last: Numbers, worth: Floats, packing: Packing) -> Numbers:
        """Follow the best paths back from the last tags of the rows."""
        heads = np.arange(len(last))[:, None]
        tags = np.empty(worth.shape[:2], dtype=np.int64)
        now = last[:, :0]
        for t in range(len(packing.reach) - 1, -1, -1):
            reach, begin = int(packing.reach[t]), int(packing.starts[t])
            following = now.shape[1]
            if following:
                now = (worth[:, begin : begin + following] + self._into[heads, now]).argmax(axis=2)
            now = np.concatenate([now, last[:, following:reach]], axis=1)
            tags[:, begin : begin + reach] = now
        return tags

    def spans(self, scores: Floats, packing: Packing) -> list[list[tuple[int, int, str, float]]]:
        """Return for each head its spans: begin and end among the places in text order, label, chance."""
        tags = self(scores, packing)
        chances = self._chances(scores, tags, packing)
        lined = packing.lined
        result = []
        for head, labels in enumerate(self.labels):
            found = tags[head, lined]
            begins = np.flatnonzero((found < self.size) | ((found > self.size) & (found <= 2 * self.size)))
            ends = np.flatnonzero((found > self.size) & (found <= 3 * self.size)) + 1
            likely = chances.of_spans(head, found, lined, begins, ends)
            kinds = found[ends - 1] - np.where(found[ends - 1] > 2 * self.size, 2 * self.size + 1, self.size + 1)
            rows = zip(begins.tolist(), ends.tolist(), kinds.tolist(), likely.tolist(), strict=True)
            result.append([(begin, end, labels[kind], chance) for begin, end, kind, chance in rows])
        return result

    def _chances(self, scores: Floats, tags: Numbers, packing: Packing) -> Chances:
        """Run the forward-backward algorithm, scaled at each step, from both ends of all heads at once."""
        heads = len(scores)
        top = scores.max(axis=2, keepdims=True)
        worth = np.exp(scores - top)
        turned = packing.turned
        found, scale = self._sweep(np.concatenate([worth, worth[:, turned]]), packing)
        before = found[:heads]
        # what follows a place is what a sweep from the other end has before it, less the place's own worth
        after = found[heads:, turned] / worth.clip(1e-30)
        own = np.take_along_axis(scores, tags[:, :, None], 2)[:, :, 0]
        return Chances(before, after, own - top[:, :, 0] - np.log(scale[:heads]), self._step)

    def _sweep(self, worth: Floats, packing: Packing) -> tuple[Floats, Floats]:
        """Return, per place, how likely each tag is by all up to it, and what it was divided by to sum to 1."""
        first = np.exp(np.concatenate([self._start, self._end]))[:, None]
        grow = np.concatenate([self._grow, self._grow.transpose(0, 2, 1)])
        found = np.empty_like(worth)
        scale = np.empty(worth.shape[:2], dtype=np.float32)
        now = np.broadcast_to(first, worth[:, : packing.reach[0]].shape)
        for t, reach in enumerate(packing.reach):
            begin = packing.starts[t]
            now = (times(now[:, :reach], grow) if t else now) * worth[:, begin : begin + reach]
            total = now.sum(axis=2, keepdims=True)
            now /= total
            found[:, begin : begin + reach] = now
            scale[:, begin : begin + reach] = total[:, :, 0]
        return found, scale


@dataclass(frozen=True)
class Chances:
    """Forward and backward chances of packed places, by head, and the worth of the decoded path from place to place."""

    before: Floats
    after: Floats
    inner: Floats
    step: Floats

    def of_spans(self, head: int, tags: Numbers, lined: Numbers, begins: Numbers, ends: Numbers) -> Floats:
        """Return the chance of each span of `tags`, which are in text order as the places `lined` are."""
        steps = np.zeros(len(tags), dtype=np.float64)
        steps[1:] = self.step[head, tags[:-1], tags[1:]]
        worth = np.cumsum(self.inner[head, lined] + steps)
        last = ends - 1
        before, after = self.before[head], self.after[head]
        first = before[lined[begins], tags[begins]]
        rest = after[lined[last], tags[last]]
        whole = (before[lined[last]] * after[lined[last]]).sum(axis=1)
        chance: Floats = np.exp(worth[last] - worth[begins]) * first * rest / whole
        return chance
