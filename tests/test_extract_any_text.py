"""Any text at all: extraction ends, every offset lies in the text, names and dates do not overlap."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.extract import default_extractor
from wenmai.extract.dates import find_dates
from wenmai.records import Article

DAY = dt.date(2021, 3, 6)
SIGNS = "市区县公司和与在年月日路说，。；《》“”（）、\n\u200b\u3000😀𠀀\ud800"
PIECES = [*SIGNS, "云帆能源有限公司", "董事长王明", "4月20日"]
BAD = {
    "marks": "，。《“（" * 4000,
    "digits": "1234567890年月日" * 1500,
    "half characters": "\ud83d公司\udc00市" * 4000,
    "one name": "董事长王明说，" * 2000,
    "organs": "上海市教育局和" * 2000 + "签署合作协议",
    "capitals": "A&B." * 5000,
}


def check(text: str) -> None:
    document = default_extractor().extract(Article("x", "", text, "x", "0" * 64, DAY))
    for claim in document.claims:
        assert claim.span.end <= len(text)
    for mention in document.mentions:
        assert mention.span.end <= len(text)
    names = sorted(m.span for m in document.mentions if m.voice not in ("rule", "inner"))
    for spans in (names, [d.span for d in find_dates(text, DAY)]):
        assert all(one.end <= other.begin for one, other in pairwise(spans))
        assert all(span.end <= len(text) for span in spans)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=80))
def test_any_text(pieces: list[str]) -> None:
    check("".join(pieces))


@pytest.mark.parametrize("kind", BAD)
def test_bad_text(kind: str) -> None:
    check(BAD[kind])
