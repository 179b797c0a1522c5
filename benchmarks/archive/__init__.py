"""Made-up archives of any size, for benchmarks of building: `python -m archive N > news.jsonl`.

Articles of about a thousand characters from templates of our own (`templates.toml`). Names are met as in news: which
one is drawn follows Zipf's law as Mandelbrot has it, and how many there are grows with the archive by Heaps' law, so
that a few are in every second article and most in one or two. The n-th article is the same in every archive.
"""

from archive.articles import articles, write

__all__ = ["articles", "write"]
