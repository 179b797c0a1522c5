"""How fast articles are read: characters a second on one core, in batches and one by one, and the memory it takes.

    python benchmarks/extraction.py [--sizes 20000,200000,2000000] [--tagger none,numpy,onnx] [ARTICLE ...]

The articles are those of tests/gold, or the files given, over and over until there are enough characters; each time
under another name. Every engine is a process of its own, on one core and one thread, beside jieba.posseg on the same
text where jieba is installed (`pip install 'wenmai[bench]'`). Ten times the characters should take ten times as long.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def wenmai_figures(files: Sequence[Path], sizes: Sequence[int]) -> dict[str, object]:
    """Return start-up in seconds, characters a second by size and one by one, and the peak of memory in MB."""
    from wenmai.read import ReadOptions, Source, read, sources
    from wenmai.records import Article
    from wenmai.workers import extract_all, itself

    found = [s for s in sources(files) if isinstance(s, Source)]
    articles = [a for s in found for a in read(s, ReadOptions()) if isinstance(a, Article)]
    start = timed(lambda: list(extract_all(articles[:1], 1, None, itself)))
    list(extract_all(articles, 1, None, itself))  # patterns that only some articles need are compiled by now
    speeds = {}
    for size in sizes:
        batch: list[Article] = []
        while sum(len(a.text) for a in batch) < size:
            batch += [replace(a, id=f"{a.id}-{len(batch)}") for a in articles]
        characters = sum(len(a.text) for a in batch)
        speeds[characters] = characters / timed(lambda batch=batch: sum(1 for _ in extract_all(batch, 1, None, itself)))  # type: ignore[misc]  # the default binds the loop's batch
    alone = sorted(len(a.text) / timed(lambda a=a: list(extract_all([a], 1, None, itself))) for a in articles)  # type: ignore[misc]  # likewise
    return {"start": start, "speeds": speeds, "alone": alone[len(alone) // 2], "memory": memory()}


def jieba_figures(files: Sequence[Path], sizes: Sequence[int]) -> dict[str, object]:
    """Return the same of jieba.posseg."""
    import jieba.posseg

    texts = [path.read_text("utf-8") for path in files]
    start = timed(lambda: list(jieba.posseg.cut(texts[0])))
    speeds = {}
    for size in sizes:
        batch: list[str] = []
        while sum(map(len, batch)) < size:
            batch += texts
        characters = sum(map(len, batch))
        speeds[characters] = characters / timed(lambda batch=batch: [list(jieba.posseg.cut(t)) for t in batch])  # type: ignore[misc]  # the default binds the loop's batch
    alone = sorted(len(t) / timed(lambda t=t: list(jieba.posseg.cut(t))) for t in texts)  # type: ignore[misc]  # likewise
    return {"start": start, "speeds": speeds, "alone": alone[len(alone) // 2], "memory": memory()}


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(engine: str, options: argparse.Namespace) -> dict[str, object]:
    """Return the figures of one engine, from a process of its own on one core."""
    words = [sys.executable, __file__, "--engine", engine, "--sizes", options.sizes, *map(str, options.articles)]
    environment = {**os.environ, **ONE_THREAD, "WENMAI_TAGGER": engine if engine != "jieba.posseg" else "none"}
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Print the figures, or those of one engine as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="*", type=Path, default=sorted(GOLD.glob("*.txt")))
    parser.add_argument("--sizes", default="20000,200000,2000000", help="characters, from few to many")
    parser.add_argument("--tagger", default="none,numpy,onnx", help="engines of the tagger to measure")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.engine:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        take = jieba_figures if options.engine == "jieba.posseg" else wenmai_figures
        print(json.dumps(take(options.articles, sizes)))
        return
    engines = options.tagger.split(",")
    for engine, module in (("onnx", "onnxruntime"), ("jieba.posseg", "jieba")):
        if importlib.util.find_spec(module) is None:
            print(f"{engine}: {module} is not installed, not measured")
            engines = [e for e in engines if e != engine]
        elif engine == "jieba.posseg":
            engines.append(engine)
    print(f"{'':14}{'start':>8}{'one by one':>12}{'memory':>9}   characters a second, by characters read")
    by_engine = {engine: measured(engine, options) for engine in engines}
    for engine, figures in by_engine.items():
        speeds = figures["speeds"]
        assert isinstance(speeds, dict)
        told = "  ".join(f"{int(size):,}: {speed:,.0f}" for size, speed in speeds.items())
        print(f"{engine:14}{figures['start']:7.2f}s{figures['alone']:12,.0f}{figures['memory']:6,.0f} MB   {told}")


if __name__ == "__main__":
    main()
