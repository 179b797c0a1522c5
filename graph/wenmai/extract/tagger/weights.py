"""The weights as they are shipped: one npz, embeddings as bytes with a scale a row, everything else as half floats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.tagger.encoder import Direction
from wenmai.extract.tagger.features import Alphabet

Floats = NDArray[np.float32]
FORMAT = 1
TABLES = ("char", "pair", "triple")
DIRECTIONS = ("ahead", "back")


@dataclass(frozen=True)
class Head:
    """One annotation scheme: its tags, the layer that scores them, and the CRF's steps."""

    tags: tuple[str, ...]
    weight: Floats  # (2 units, tags)
    bias: Floats
    step: Floats
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Weights:
    """All that the tagger needs to read."""

    alphabet: Alphabet
    tables: Mapping[str, Floats]
    ahead: Direction
    back: Direction
    heads: Mapping[str, Head]
    card: Mapping[str, Any]


def save(weights: Weights, path: Path) -> None:
    """Write `weights` to `path`, the same bytes for the same weights."""
    arrays: dict[str, NDArray[Any]] = {
        "chars": weights.alphabet.chars,
        "pairs": np.diff(weights.alphabet.pairs, prepend=0).astype(np.int32),
        "triples": np.diff(weights.alphabet.triples, prepend=0),
    }
    for name, table in weights.tables.items():
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        arrays[f"{name}.rows"] = np.rint(table / scale).astype(np.int8)
        arrays[f"{name}.scale"] = scale.astype(np.float16)
    for name, direction in (("ahead", weights.ahead), ("back", weights.back)):
        for part in ("given", "state", "bias"):
            arrays[f"{name}.{part}"] = getattr(direction, part).astype(np.float16)
    for name, head in weights.heads.items():
        for part in ("weight", "bias", "step", "start", "end"):
            # forbidden steps are -10,000, which a half float holds
            arrays[f"head.{name}.{part}"] = getattr(head, part).astype(np.float16)
    about = {"format": FORMAT, "heads": {n: list(h.tags) for n, h in weights.heads.items()}, "card": weights.card}
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    arrays["about"] = np.frombuffer(text.encode(), dtype=np.uint8)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy's stub wants no keyword but arrays


def load(path: Path) -> Weights:
    """Read the weights at `path`.

    Raises FileNotFoundError where there are none, ValueError where the file is not one of this format.
    """
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if "about" not in arrays:
        raise ValueError(f"{path} holds no weights of wenmai's tagger")
    about = json.loads(arrays["about"].tobytes())
    if about.get("format") != FORMAT:
        raise ValueError(f"{path} has format {about.get('format')}; this wenmai reads format {FORMAT}")

    def floats(name: str) -> Floats:
        found: Floats = arrays[name].astype(np.float32)
        return found

    alphabet = Alphabet.of(
        arrays["chars"], np.cumsum(arrays["pairs"], dtype=np.int64), np.cumsum(arrays["triples"], dtype=np.int64)
    )
    tables = {name: arrays[f"{name}.rows"] * floats(f"{name}.scale") for name in TABLES}
    ahead, back = (Direction(*(floats(f"{name}.{part}") for part in ("given", "state", "bias"))) for name in DIRECTIONS)
    heads = {name: _head(name, tags, floats) for name, tags in about["heads"].items()}
    return Weights(alphabet, tables, ahead, back, heads, about["card"])


def _head(name: str, tags: Sequence[str], floats: Any) -> Head:
    parts = (floats(f"head.{name}.{part}") for part in ("weight", "bias", "step", "start", "end"))
    return Head(tuple(tags), *parts)
