"""Time of `wenmai export`, start to end, for a store as sorted Turtle, twice, and the ratio for ten times the triples.

The second export must be the same bytes. `--triples` is the larger size, default a million.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made import QUADS_AN_ARTICLE, make_store

_EXPORT = (sys.executable, "-m", "wenmai.cli", "export", "--format", "turtle", "--store")


def exported(store: Path, target: Path) -> tuple[float, str]:
    """Export `store` to `target`; return the seconds the command took and the digest of the file."""
    begun = time.perf_counter()
    with target.open("wb") as stream:
        subprocess.run([*_EXPORT, str(store)], check=True, stdout=stream)
    took = time.perf_counter() - begun
    with target.open("rb") as stream:
        return took, hashlib.file_digest(stream, "sha256").hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000, help="the larger size, default: %(default)s")
    options = parser.parse_args()
    rates = []
    for size in (options.triples // 10, options.triples):
        with tempfile.TemporaryDirectory() as folder:
            store, target = Path(folder) / "store", Path(folder) / "graph.ttl"
            quads = make_store(store, max(1, size // QUADS_AN_ARTICLE))
            runs = [exported(store, target) for _ in range(2)]
            megabytes = target.stat().st_size / 1e6
        times = [took for took, _ in runs]
        same = "same bytes" if len({digest for _, digest in runs}) == 1 else "DIFFERENT BYTES"
        rates.append(quads / min(times))
        took = f"{times[0]:6.2f} s  {times[1]:6.2f} s"
        print(f"{quads:>10,} quads  {took}  {megabytes:7.1f} MB  {rates[-1]:>9,.0f}/s  {same}")
    print(f"time for one quad at ten times the size: x {rates[0] / rates[1]:.2f}")


if __name__ == "__main__":
    main()
