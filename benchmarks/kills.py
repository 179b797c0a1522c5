"""Builds that are killed (kill -9) at random moments: what is left is whole, and the next build goes on.

    python benchmarks/kills.py [--articles 500] [--kills 50] [--seed 1] [--workers N]

After every kill the store is checked as readers see it, and a copy of it as the build had committed it. In the end it
has to give the bytes of a store that was built undisturbed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from wenmai.build import build
from wenmai.reason import check
from wenmai.store import open_store
from wenmai.triples import export

SYLLABLES = "安邦昌恩方国海嘉康利民宁平庆荣盛泰伟祥益永裕泽正卓华信诚达丰和金凯隆瑞顺通旺兴源远"
AREAS = ["黄浦区", "徐汇区", "静安区", "普陀区", "虹口区", "杨浦区", "闵行区", "宝山区", "嘉定区", "松江区"]
TRADES = ["能源", "科技", "置业", "物流", "传媒", "医药", "电子", "食品", "船舶", "水务"]
STARTING = 30.0
"""Seconds a build may take until it writes, on a busy machine."""


def news(count: int) -> Iterator[dict[str, str]]:
    """Yield short articles of invented firms, each of which meets some of the others again."""
    for number in range(count):
        one, two = (_firm(n) for n in (number * 7 % (count // 2 + 3), number * 11 % 97))
        area, day = AREAS[number % 10], number % 28 + 1
        text = (
            f"本报讯 4月{day}日，{one}集团有限公司与{two}股份有限公司在上海市{area}签署战略合作协议。\n"
            f"{one}集团有限公司总部位于上海市{area}，双方将在人才培训等领域开展合作。\n"
        )
        yield {"id": f"kill-{number:05}", "title": f"{one}与{two}合作", "date": "2017-04-29", "text": text}


def _firm(number: int) -> str:
    base = len(SYLLABLES)
    return SYLLABLES[number % base] + SYLLABLES[number // base + 11] + TRADES[number % 7]


def write(path: Path, count: int) -> Path:
    """Write that many articles as JSON Lines and return the path."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in news(count)), "utf-8")
    return path


def exported(store: Path) -> str:
    """Return the sum of a store's export."""
    stream = io.BytesIO()
    with closing(open_store(store)) as reader:
        export(reader, "nquads", stream)
    return hashlib.sha256(stream.getvalue()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What came of one kill: articles committed so far, and the findings of readers' and committed data."""

    after: float
    articles: int
    published: int
    committed: int


class Trial:
    """A store that is built from `source` under kills, in the folder `place`, which has to be empty."""

    def __init__(self, source: Path, place: Path, workers: int = 1) -> None:
        self.source, self.place, self.workers = source, place, workers
        self.store, self.whole = place / "store", place / "whole"
        self.expected, self.span = "", 1.0

    def undisturbed(self, kills: int) -> None:
        """Build the store that the others have to equal; see how long it takes, to spread `kills` over it."""
        began = time.monotonic()
        report = build([self.source], self.whole, workers=1)
        assert report.built, report.refused
        self.span = 1.2 * (time.monotonic() - began) / kills
        self.expected = exported(self.whole)

    def kill_once(self, chance: random.Random) -> Outcome | None:
        """Start a build, kill it at a random moment, look at it; None if it finished.

        Three of four are killed after they have begun to commit articles, the others after they took the lock.
        """
        begun = self._commits if chance.random() < 0.75 else self._is_open
        words = [sys.executable, "-m", "wenmai.cli", "build", str(self.source), "--store", str(self.store)]
        with subprocess.Popen(
            [*words, "--workers", str(self.workers)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            deadline = time.monotonic() + STARTING
            while process.poll() is None and time.monotonic() < deadline and not begun():
                time.sleep(0.005)
            after = chance.random() * self.span
            time.sleep(after)
            if process.poll() is not None:
                assert process.returncode == 0, process.returncode
                return None
            os.killpg(process.pid, signal.SIGKILL)
        return Outcome(after, *self._looked_at())

    def finish(self) -> str:
        """Build what is missing and return the sum of the export."""
        report = build([self.source], self.store, workers=1)
        assert not report.refused, report.refused
        return exported(self.store)

    def again(self) -> None:
        """Begin with no store."""
        shutil.rmtree(self.store, ignore_errors=True)

    def _is_open(self) -> bool:
        try:
            return Path(f"/proc/{json.loads((self.store / 'lock').read_text())['pid']}").exists()
        except (OSError, ValueError):
            return False

    def _commits(self) -> bool:
        """Tell whether the build that runs has committed an article: its engine's newest log has grown."""
        logs = sorted((self.store / "data").glob("*.log"))
        return self._is_open() and bool(logs) and logs[-1].exists() and logs[-1].stat().st_size > 2000

    def _looked_at(self) -> tuple[int, int, int]:
        """Return articles, findings as readers see the store, findings in what was committed."""
        published = 0
        if (self.store / "current").exists():
            with closing(open_store(self.store)) as reader:
                published = len(check(reader))
        copy = self.place / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        if not (self.store / "store.json").exists():
            return 0, published, 0
        shutil.copytree(self.store, copy)
        one = self.place / "one.jsonl"
        one.write_text(self.source.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
        build([one], copy, workers=1)  # publishes what is there
        with closing(open_store(copy)) as reader:
            articles = len(list(reader.query("SELECT ?a { ?a a <https://w3id.org/wenmai/ns#Article> }")))  # type: ignore[arg-type]
            return articles, published, len(check(reader))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    bad = done = rounds = 0
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(write(Path(place) / "news.jsonl", options.articles), Path(place), options.workers)
        trial.undisturbed(options.kills)
        print(f"{options.articles} articles; kills within {trial.span:.2f} s of the first commit; seed {options.seed}")
        while done < options.kills:
            outcome = trial.kill_once(chance)
            if outcome is None:
                rounds += 1
                bad += trial.finish() != trial.expected
                trial.again()
                continue
            done += 1
            bad += bool(outcome.published or outcome.committed)
            told = f"findings: {outcome.published} as published, {outcome.committed} as committed"
            print(f"kill {done:>3} after {outcome.after:5.2f} s: {outcome.articles:>5} articles; {told}", flush=True)
        same = trial.finish() == trial.expected
    print(f"{done} kills in {rounds + 1} builds; {bad} left something wrong; export as undisturbed: {same}")
    sys.exit(bool(bad or not same))


if __name__ == "__main__":
    main()
