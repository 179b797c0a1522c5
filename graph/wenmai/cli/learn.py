"""`learn`: train the tagger anew."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.parser import add_command

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_LEARN = """\
  wenmai learn corpora/ --output weights/      about an hour on two cores; needs wenmai[learn]"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "learn", "train the tagger on annotated corpora and raw news", _LEARN)
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder with the corpora (see MODEL_CARD.md)")
    parser.add_argument(
        "--output", type=Path, default=Path("weights"), metavar="DIR", help="where the weights go (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed (%(default)s)")
    parser.set_defaults(run=_learn)


def _learn(options: argparse.Namespace) -> int:
    from wenmai.learn import learn

    begun = time.monotonic()
    learn(
        options.corpora,
        options.output,
        options.seed,
        lambda line: print(f"{time.monotonic() - begun:6.0f} s  {line}", flush=True),
    )
    print(
        f"{options.output}: tagger.npz, encoder.onnx, MODEL_CARD.md; put them into wenmai/extract/tagger/ to use them"
    )
    return 0
