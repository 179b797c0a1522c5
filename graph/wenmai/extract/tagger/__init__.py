"""The tagger: a small network that reads names by their context, where word lists and endings say nothing.

`engine` gives the one that this process uses. Without weights, or with `none`, wenmai reads by its grammars alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import cache
from typing import TYPE_CHECKING

from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.extract.tagger.model import Tagger

VARIABLE = "WENMAI_TAGGER"
CHOICES = ("auto", "numpy", "onnx", "none")


def engine() -> Tagger | None:
    """Return the tagger that the environment variable WENMAI_TAGGER asks for; None for `none`.

    `auto`, the default, takes numpy, and goes without where the installation has no weights. `onnx` takes onnxruntime,
    which gives the same spans; it is the slower of the two by a tenth (`benchmarks/extraction.py`, numpy 2.4 with
    OpenBLAS beside onnxruntime 1.32), yet may be the quicker where numpy has no good BLAS. Raises UsageError for any
    other name, and where what is asked for is missing.
    """
    return _engine(os.environ.get(VARIABLE) or "auto")


@cache
def _engine(name: str) -> Tagger | None:
    if name not in CHOICES:
        raise UsageError(f"there is no tagger {name!r}; choose {', '.join(CHOICES)}")
    if name == "none":
        return None
    from wenmai.extract.tagger.model import WEIGHTS, Tagger
    from wenmai.extract.tagger.weights import load

    if not WEIGHTS.is_file():
        if name == "auto":
            return None
        raise UsageError(f"this installation has no weights for the tagger ({WEIGHTS}); use --tagger none")
    if name != "onnx":
        return Tagger.load()
    if importlib.util.find_spec("onnxruntime") is None:
        raise UsageError("--tagger onnx needs onnxruntime: pip install 'wenmai[onnx]', or use --tagger numpy")
    from wenmai.extract.tagger.onnx import OnnxEncoder

    return Tagger(load(WEIGHTS), OnnxEncoder())


@cache
def _digest() -> str:
    from wenmai.extract.tagger.model import WEIGHTS

    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12]


def fingerprint() -> str:
    """Return `tagger DIGEST` of the weights in use, or `no tagger`; engines that read alike are told alike."""
    return f"tagger {_digest()}" if engine() is not None else "no tagger"
