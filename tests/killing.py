"""Commands that are killed at each of their steps in turn (tests/steps.py), for the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def killed_at_each_step(command: str, kept: Path | str, old: Path, every: int = 1) -> list[dict[str, Any]]:
    """Return what is left after the command was killed at its first step, its second, …; the last was not killed.

    `every` 3 takes the first, the fourth and so on.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a disk would be waited for at every step
    script = Path(__file__).with_name("steps.py")
    with tempfile.TemporaryDirectory(dir=memory) as scratch:
        words = [sys.executable, str(script), command, str(kept), str(old), f"{scratch}/s", str(every)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [outcome["killed"] for outcome in outcomes] == [True] * (len(outcomes) - 1) + [False]
    return outcomes
