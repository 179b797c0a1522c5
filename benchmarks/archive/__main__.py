"""`PYTHONPATH=benchmarks python -m archive 1000 > news.jsonl`."""

from __future__ import annotations

import argparse
import json

from archive.articles import LENGTH, articles

parser = argparse.ArgumentParser(prog="python -m archive", description="A made-up archive as JSON Lines.")
parser.add_argument("size", type=int, help="how many articles")
parser.add_argument("--first", type=int, default=0, help="the number of the first of them")
parser.add_argument("--length", type=int, default=LENGTH, help="characters of an article, about")
options = parser.parse_args()
for record in articles(options.size, options.first, options.length):
    print(json.dumps(record, ensure_ascii=False))
