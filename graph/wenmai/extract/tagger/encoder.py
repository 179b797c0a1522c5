"""A bidirectional LSTM layer in numpy (Hochreiter and Schmidhuber 1997; Graves and Schmidhuber 2005).

Rows of unequal length are packed: column by column, the rows that reach it side by side, so that no step is spent on
filling. Weights are as torch keeps them: gates in the order input, forget, cell, output.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Packing:
    """Where the characters of rows lie when packed; `lengths` fall from row to row.

    `reach[t]` rows have a character in column t; theirs are at `starts[t]` and on. `row` and `column` say, for each
    place, whose it is; `turned`, where the character is that a reading from the end reaches in its stead.
    """

    lengths: Numbers
    reach: Numbers
    starts: Numbers
    row: Numbers
    column: Numbers
    turned: Numbers

    @classmethod
    def of(cls, lengths: Any) -> Packing:
        """Return the packing of rows of `lengths`, longest first, none empty."""
        sizes = np.asarray(lengths, dtype=np.int64)
        columns = np.arange(sizes[0])
        reach = (sizes[None, :] > columns[:, None]).sum(axis=1)
        starts = np.concatenate([[0], np.cumsum(reach)])
        column = np.repeat(columns, reach)
        row = np.arange(len(column)) - starts[column]
        return cls(sizes, reach, starts, row, column, starts[sizes[row] - 1 - column] + row)

    @cached_property
    def lined(self) -> Numbers:
        """The places of the characters row by row, as the text has them."""
        first = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        places = np.empty(len(self.row), dtype=np.int64)
        places[first[self.row] + self.column] = np.arange(len(self.row))
        return places


@dataclass(frozen=True)
class Direction:
    """The weights of one direction: from the input (features, 4 units), from the state (units, 4 units), the bias."""

    given: Floats
    state: Floats
    bias: Floats


_BLOCKS = (48, 24, 16, 8, 4)


@cache
def block(given: int, wanted: int) -> int:
    """Return how many rows at a time BLAS multiplies by a matrix (given, wanted) so that their order plays no part.

    Its kernels take rows in tiles, and what is left over in another order of sums; which numbers fit depends on the
    processor, so it is tried: of a block that fits, a row's sums are bit for bit the same at every place.
    """
    numbers = np.random.default_rng(7)
    weight = numbers.standard_normal((given, wanted), dtype=np.float32)
    row = numbers.standard_normal(given, dtype=np.float32)
    for size in _BLOCKS:
        rows = numbers.standard_normal((size, size, given), dtype=np.float32)
        rows[np.arange(size), np.arange(size)] = row
        found = np.matmul(rows, weight)[np.arange(size), np.arange(size)]
        if (found == found[0]).all():
            return size
    return 1


def times(rows: Floats, weight: Floats, out: Floats | None = None) -> Floats:
    """Return `rows @ weight`, in `out` if given, each row's sums bit for bit the same however many are beside it."""
    given, wanted = weight.shape[-2:]
    size = block(given, wanted)
    before, count = rows.shape[:-2], rows.shape[-2]
    found: Floats = np.empty((*before, count, wanted), dtype=np.float32) if out is None else out
    whole = count - count % size
    if whole:
        blocks = rows[..., :whole, :].reshape(*before, whole // size, size, given)
        product = np.matmul(blocks, weight if weight.ndim == 2 else weight[..., None, :, :])
        found[..., :whole, :] = product.reshape(*before, whole, wanted)
    if whole < count:
        last = np.zeros((*before, size, given), dtype=np.float32)
        last[..., : count - whole, :] = rows[..., whole:, :]
        found[..., whole:, :] = np.matmul(last, weight)[..., : count - whole, :]
    return found


class Bidirectional:
    """Both directions, run side by side."""

    def __init__(self, ahead: Direction, back: Direction) -> None:
        """Put the three sigmoid gates together and halve them: sigmoid(x) = tanh(x / 2) / 2 + 1 / 2."""
        self.units = ahead.state.shape[0]

        def arranged(weight: Floats) -> Floats:
            enter, keep, new, leave = np.split(weight, 4, axis=-1)
            return np.ascontiguousarray(np.concatenate([enter / 2, keep / 2, leave / 2, new], axis=-1))

        both = [Direction(*map(arranged, (d.given, d.state, d.bias))) for d in (ahead, back)]
        self._given = [d.given for d in both]
        self._bias = [d.bias for d in both]
        self._state = np.stack([d.state for d in both])

    def __call__(self, inputs: Floats, packing: Packing) -> Floats:
        """Return the states (places, 2 units) for packed `inputs` (places, features)."""
        units = self.units
        gates = np.empty((2, len(inputs), 4 * units), dtype=np.float32)
        for side, read in enumerate((inputs, inputs[packing.turned])):
            times(read, self._given[side], gates[side])
            gates[side] += self._bias[side]
        rows = len(packing.lengths)
        out = np.empty((2, len(inputs), units), dtype=np.float32)
        hidden = np.zeros((2, rows, units), dtype=np.float32)
        cell = np.zeros((2, rows, units), dtype=np.float32)
        carried = np.empty((2, rows, 4 * units), dtype=np.float32)
        for t, reach in enumerate(packing.reach):
            begin = packing.starts[t]
            now = gates[:, begin : begin + reach]
            hidden, cell = hidden[:, :reach], cell[:, :reach]
            if t:
                now += times(hidden, self._state, carried[:, :reach])
            np.tanh(now, out=now)
            doors = now[..., : 3 * units]
            doors *= 0.5
            doors += 0.5
            cell = doors[..., units : 2 * units] * cell
            cell += doors[..., :units] * now[..., 3 * units :]
            hidden = np.tanh(cell)
            hidden *= doors[..., 2 * units :]
            out[:, begin : begin + reach] = hidden
        return np.concatenate([out[0], out[1][packing.turned]], axis=1)
