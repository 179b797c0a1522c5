"""Names in Latin script: companies by their endings and places, persons by titles and verbs, else by use."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import alternatives, rows

_WORD = r"[A-Z\u00c0-\u00de][A-Za-z0-9\u00c0-\u024f'’.\-]*"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9@._/\-]){_WORD}(?:(?:\s?&\s?|\s(?:of\s|and\s|for\s|de\s|van\s|von\s|the\s)?|[,，]\s?(?=Ltd"
    rf"|Inc|LLC)){_WORD}|\s(?:s\.r\.o\.|a\.s\.|d\.o\.o\.))*"
)
_FIRM = re.compile(
    r"\b(?:AG|SE|SA|AS|NV|BV|AB|Oy|GmbH|KG|Ltd|Limited|Inc|Corp|Corporation|Co|Company|LLC|LLP|PLC|plc|Holding"
    r"|Holdings|Group|Partners|Capital|Ventures|"
    r"Therapeutics|Biologics|Bio|Pharma|Pharmaceuticals|Technologies|Technology|Systems|Software|Semiconductor"
    r"|Energy|Marine|Motors|Automotive|Airlines|Airways|"
    r"Bank|Banking|Insurance|Securities|Investment|Investments|Fund|Studios|Entertainment|Media|Networks|Labs"
    r"|Gears|Control|Healthineers|Electronics|Industries|"
    r"International|Logistics|Foods|Brewery|Hotels|Resorts|Consulting|Solutions)\b\.?|s\.r\.o\.|a\.s\.|&|['’]s$"
)
_SCHOOL = re.compile(r"\b(?:University|College|Institute|School|Academy)\b")
_ACRONYM = re.compile(r"[A-Z0-9&.\-]{1,6}$")


@cache
def _decoys() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("latin_decoys"))


_BEFORE_FIRM = re.compile(
    r"(?:公司|集团|企业|品牌|巨头|制造商|运营商|供应商|开发商|竞争对手|拍卖行|收购|入股|注资|旗下|方为|基金"
    r"|投行|画廊|与|和|由|、|其中)$"
)
_AFTER_FIRM = re.compile(
    r"(?:公司|集团|旗下|（|持股|股价|股份|宣布|的(?:控股|首席|总裁|子公司|全资|股权)|大中华区|中国区|与|和|原)"
)
_SAY = re.compile(
    r"(?:先生|女士|博士|教授)?(?:说|表示|称|指出|认为|介绍|出任|担任|接任|留任|兼任|出席|坦言|透露|强调|回应|已于|则)"
)


def find_latin(notes: Notes) -> list[Candidate]:
    """Return organizations and persons in Latin script."""
    text = notes.text
    seen: list[tuple[re.Match[str], str | None]] = []
    title = re.compile(
        f"(?:{alternatives(words.titles())}|记者|主播|导演|作家|歌手|球员|画家|艺术家|设计师|摄影|通讯员|是)(?:是|为)?$"
    )
    for found in _NAME.finditer(text):
        name = (
            found.group().rstrip(".-'’")
            if not found.group().endswith(("Ltd.", "Co.", "Inc.", "s.r.o.", "a.s.", "d.o.o.", "Corp."))
            else found.group()
        )
        if name in _decoys() or len(name) < 2 or re.fullmatch(r"[A-Z]?[0-9.]+[A-Z]?", name):
            continue
        seen.append((found, _class(text, found.start(), found.start() + len(name), name, title)))
    known: dict[str, str] = {}
    for found, cls in seen:
        if cls is not None:
            known.setdefault(_name(found), cls)
    result = []
    for found, cls in seen:
        name = _name(found)
        chosen = known.get(name) or cls
        if chosen is None:
            continue
        result.append(Candidate(found.start(), found.start() + len(name), chosen, "grammar", 0.85))
    return result


def _name(found: re.Match[str]) -> str:
    words_ = found.group()
    return (
        words_
        if words_.endswith(("Ltd.", "Co.", "Inc.", "s.r.o.", "a.s.", "d.o.o.", "Corp."))
        else words_.rstrip(".-'’")
    )


def _class(text: str, begin: int, end: int, name: str, title: re.Pattern[str]) -> str | None:
    if re.match(r"[\s　]?[a-z]", text[end : end + 2]) or text[end : end + 1] in ("+", "＋"):
        return None
    if _FIRM.search(name):
        return "Company"
    if _SCHOOL.search(name):
        return "EducationalBody"
    before, after = text[max(0, begin - 8) : begin], text[end : end + 8]
    parts = name.split()
    if len(parts) in (2, 3) and all(p[0].isupper() for p in parts) and (title.search(before) or _SAY.match(after)):
        return "Person"
    if _ACRONYM.fullmatch(name):
        return None
    if _BEFORE_FIRM.search(before) or _AFTER_FIRM.match(after):
        return "Company"
    return None
