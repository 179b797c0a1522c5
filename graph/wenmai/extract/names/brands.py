"""Short company names by their trade: 某某地产. Both ends must be clear, and the body must not be common words."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes

_BEFORE = re.compile(
    r"(?:房企|开发商|企业|公司|巨头|品牌|券商|药企|车企|酒企|制造商|供应商|运营商"
    r"|股东|对手|收购|入股|名叫|叫做|旗下|持有|投资者|客户|、|与|和|——|的)$"
)
_POST = re.compile(r"(?:董事|总裁|总经理|首席|创始|分析师|研究员|方面|公告|股价|旗下|高管|持股|（[0-9])")
_AFTER = re.compile(r"(?:控股|集团|的磋商|将整体|的|[，。；、）：\n]|$)")


@cache
def _pattern() -> re.Pattern[str]:
    forms = sorted(
        (s for s, (_, mode) in words.organization_suffixes().items() if mode in ("brand", "trade")),
        key=lambda s: (-len(s), s),
    )
    return re.compile("|".join(map(re.escape, forms)))


def find_brands(notes: Notes) -> list[Candidate]:
    """Return companies named by two to four characters and their trade."""
    text = notes.text
    result = []
    for found in _pattern().finditer(text):
        stop, _, _ = notes.barrier_before(found.start())
        areas = [a for a in notes.areas_in(stop, found.start()) if a.full]
        begin = areas[-1].end if areas else stop
        body = text[begin : found.start()]
        if not 2 <= len(body) <= 4 or not re.fullmatch("[\u4e00-\u9fff]+", body) or words.plain().fullmatch(body):
            continue
        post = _POST.match(text, found.end())
        if not post and words.organization_suffixes()[found.group()][1] == "trade":
            continue
        if not post and not _AFTER.match(text, found.end()) and not notes.barrier_length(found.end()):
            continue
        if post or notes.count(text[begin : found.end()]) > 1 or _BEFORE.search(text[max(0, begin - 4) : begin]):
            result.append(Candidate(begin, found.end(), "Company", "grammar", 0.7))
    return result
