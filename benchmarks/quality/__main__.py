"""`make quality`, `python -m quality`: how well wenmai reads tests/gold or another folder of articles."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from quality.gold import read
from quality.graph import Graph
from quality.report import Quality, compared, measure, told
from quality.scorer import Outcome

ROOT = Path(__file__).resolve().parents[2]


def made(tree: Path, gold: Path, prefix: str) -> tuple[Quality, list[Outcome]]:
    """Build the articles with the package of `tree`, in a process of its own, and measure the graph."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "graph.nq"
        paths = os.pathsep.join([str(tree / "graph"), str(ROOT / "benchmarks")])
        done = subprocess.run(
            [sys.executable, "-m", "quality.making", str(gold), str(out), prefix],
            env={**os.environ, "PYTHONPATH": paths}, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        speed = json.loads(done.stdout.splitlines()[-1])["characters_a_second"]
        return measure(Graph(out), read(gold, prefix), speed)


def at_commit(commit: str, gold: Path, prefix: str) -> Quality:
    """Measure the package as it was at `commit`, on the articles of today."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(tree), commit], check=True)
        try:
            return made(tree, gold, prefix)[0]
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def main() -> int:
    """Print the figures; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument("--gold", type=Path, default=ROOT / "tests" / "gold", help="the articles (default: tests/gold)")
    parser.add_argument("--set", default="", metavar="PREFIX", help="only the articles whose names begin so: a, b, c")
    parser.add_argument("--errors", action="store_true", help="print what is missed, wrong, and the traps fallen into")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--against", metavar="COMMIT", help="compare with the package as it was at this commit")
    options = parser.parse_args()
    gold = options.gold.resolve()
    quality, outcomes = made(ROOT, gold, options.set)
    if options.errors:
        for o in outcomes:
            if o.verdict in ("missed", "wrong", "trap"):
                print(f"{o.article}  {o.verdict:6}  {o.relation}  {o.text}")
    print("\n".join(told(quality)))
    if options.json:
        options.json.write_text(json.dumps(quality.plain(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.against:
        print("\n".join(["", *compared(quality, at_commit(options.against, gold, options.set))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
