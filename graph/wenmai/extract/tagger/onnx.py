"""The encoder run by onnxruntime: the same weights in the same precision, for where numpy has no good BLAS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wenmai.extract.tagger.encoder import Packing

Floats = NDArray[np.float32]
ENCODER = Path(__file__).with_name("encoder.onnx")


class OnnxEncoder:
    """One session on one thread: processes, not threads, share the cores."""

    def __init__(self, path: Path = ENCODER) -> None:
        """Open the encoder at `path`.

        Raises ImportError where onnxruntime is not installed, FileNotFoundError where the file is missing.
        """
        import onnxruntime

        if not path.is_file():
            raise FileNotFoundError(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def __call__(self, inputs: Floats, packing: Packing) -> Floats:
        """Return the states (places, 2 units) for packed `inputs` (places, features)."""
        wide = np.zeros((len(packing.reach), len(packing.lengths), inputs.shape[1]), dtype=np.float32)
        wide[packing.column, packing.row] = inputs
        given = {"inputs": wide, "lengths": packing.lengths.astype(np.int32)}
        states: Floats = self._session.run(["states"], given)[0]
        return states[packing.column, packing.row]
