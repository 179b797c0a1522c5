"""The search of the built pages, for texts in both languages: English by stems, Chinese by pairs of characters.

Chinese has no spaces, and a word list cuts 合作方 in one way in the page and in another in the question. Pairs are the
same on both sides: 合作方 finds what has 合作 and 作方. `wenmai search` goes the same way.
"""

from __future__ import annotations

import re
from itertools import pairwise

from sphinx.search.en import SearchEnglish

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


class BothLanguages(SearchEnglish):
    """What Sphinx is told of it."""

    lang = "zh-en"
    language_name = "English"  # Sphinx calls the stemmer by it
    js_splitter_code = """
var splitQuery = (query) =>
  (query.match(/[\\u3400-\\u9fff]+|[\\p{Letter}\\p{Number}_]+/gu) || []).flatMap((run) =>
    /^[\\u3400-\\u9fff]{2,}$/.test(run)
      ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))
      : (run.match(/[\\p{Letter}\\p{Number}_]+/gu) || []));
"""

    def split(self, input: str) -> list[str]:
        """Return the words of a text, of Chinese each two characters that stand together."""
        return [word for run in _RUN.findall(input) for word in _words(run)]


def _words(run: str) -> list[str]:
    if len(run) > 1 and "\u3400" <= run[0] <= "\u9fff":
        return [one + other for one, other in pairwise(run)]
    return [run]
