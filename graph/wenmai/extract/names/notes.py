"""Where names cannot begin, and where the areas of the lexicon stand: the first look at an article."""

from __future__ import annotations

import re

from wenmai.extract.names import words
from wenmai.extract.names.base import Area, Notes
from wenmai.extract.names.surface import Surface

_MARKS = re.compile(
    r"[\s，。；：！？、“”‘’《》【】〈〉…—\-/|｜·•●■◆▲★☆◎□→←◀▶*#@=~～^]+"
    r"|(?<![A-Za-z0-9])[0-9][0-9,.，．]*(?:余|多|来)?(?:%|％|年|月|日|时|分|点|号(?!线)"
    r"|[个位名项人元万亿家只条件届次所座幅张辆架艘台套篇部（]+)?"
    r"|[一二三四五六七八九十两几多]年|[一二三四五六七八九两几]届|[一两三几][座所个名条项份批种支场艘]|[（）]"
)
_INNER = re.compile(
    r"（(?:集团|控股|中国|有限合伙|普通合伙|[\u4e00-\u9fff]{2,6})）(?=(?:有限|股份|集团|控股"
    r"|[\u4e00-\u9fff]{0,14}(?:公司|中心|银行|企业)))"
)
_NUMBERED = re.compile(r"[0-9]+(?=号线|中学|院)")


def take_notes(surface: Surface) -> Notes:
    """Return the notes on a surface: barriers and areas."""
    text = surface.text
    open_brackets = {m.start() for m in _INNER.finditer(text)} | {m.end() - 1 for m in _INNER.finditer(text)}
    barriers = [
        (m.end(), m.start(), True) for m in _MARKS.finditer(text)
        if m.start() not in open_brackets and not _NUMBERED.match(text, m.start())
    ]  # fmt: skip
    for begin, end, (kind, strong) in words.boundaries().find(text):
        if kind == "stop":
            barriers.append((end, begin, bool(strong)))
    barriers.sort()
    return Notes(surface, barriers, _areas(text))


_STATE = re.compile(r"(?:社会主义|人民民主|民主|人民|联邦|伊斯兰|阿拉伯){0,3}(?:共和国|王国)")


def _areas(text: str) -> list[Area]:
    found = []
    for begin, last, value in words.areas().find(text):
        if len(value) == 1:
            continue
        cls, code, full, sure = value
        end = last
        if text[begin:end].endswith("市") and text[end : end + 1] in tuple("场值民区政"):
            if text[end : end + 1] != "区" and text[end : end + 2] not in ("民政", "政府", "政协"):
                end -= 1
                full = False
            elif text[end : end + 2] == "区内":
                full = False
        if not full and (state := _STATE.match(text, end)):
            end = state.end()
        found.append(Area(begin, end, str(cls), code if isinstance(code, str) else None, bool(full), bool(sure)))
    return found
