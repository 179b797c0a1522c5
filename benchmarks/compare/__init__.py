"""wenmai beside other ways to do the same, on the same data, in one run: `python -m compare` (`make figures`)."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))  # starting servers, and owlrl's closure, are there
