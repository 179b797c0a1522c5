"""The BIOES scheme: tags for spans and spans for tags, and the steps from tag to tag that it allows.

As Lample et al. 2016 ("Neural Architectures for Named Entity Recognition", arXiv:1603.01360) use it; a forbidden step
costs more than any score.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
