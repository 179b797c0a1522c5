"""Short forms: those that the text introduces (以下简称) and those that come by use (申能集团 → 申能)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import rows

_SHORT = r"[^“”‘’《》（），。；：、\n]{1,20}"
_INTRODUCED = re.compile(
    rf"(?:以下均?简称|以下合称|下文简称|以下称|下称|简称|又称|又名|亦称|也称|也叫"
    rf"|俗称|全称|合称|曾用名|原名|英文名|中文名|外文名|英文简称|英文缩写|缩写|英文)(?:为|作|是|叫)?[:：]?"
    rf"(?:[“‘《](?P<quoted>{_SHORT})[”’》]|(?P<latin>[A-Za-z](?:[A-Za-z0-9&.'’ \-]|[,，](?= ?(?:Ltd|Inc"
    rf"|LLC))){{1,60}}[A-Za-z0-9.])|(?P<plain>[\u4e00-\u9fff]{{2,8}})(?=[，。；：、）\n]))"
)
_BRACKET = re.compile(r"（([^（）\n]{1,90})）")
_LATIN = re.compile(r"[A-Z\u00c0-\u00de][A-Za-z0-9\u00c0-\u024f&.,'’ \-]{1,50}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,8}")


def introduced(notes: Notes, chosen: Iterable[Candidate]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """Return (full, bounds of the short form, reason) for every short form that the text introduces."""
    text = notes.text
    by_end: dict[int, Candidate] = {c.end: c for c in chosen if c.cls and c.cls != "Address"}
    result: list[tuple[Candidate, tuple[int, int], str]] = []
    for bracket in _BRACKET.finditer(text):
        full = by_end.get(bracket.start())
        if full is None and text[bracket.start() - 1 : bracket.start()] in ("”", "》"):
            full = by_end.get(bracket.start() - 1)
        if full is None:
            continue
        inner_begin = bracket.start(1)
        hits = list(_INTRODUCED.finditer(text, inner_begin, bracket.end(1)))
        for hit in hits:
            group = next(g for g in ("quoted", "latin", "plain") if hit.group(g))
            reason = re.match(r"[\u4e00-\u9fff]+", hit.group())
            result.append((full, _strip(text, *hit.span(group)), reason.group()[:4] if reason else "简称"))
        if not hits and full.cls != "Person":
            result += _bare(text, full, bracket)
    return result + _whole_names(text, by_end, {c.begin: c for c in by_end.values()})


_WHOLE = re.compile(r"(?:的|，)?全称(?:为|是|叫)?")


def _whole_names(
    text: str, by_end: dict[int, Candidate], by_begin: dict[int, Candidate]
) -> list[tuple[Candidate, tuple[int, int], str]]:
    """甲全称乙有限公司: the short name stands first, outside brackets."""
    result = []
    for found in _WHOLE.finditer(text):
        short, full = by_end.get(found.start()), by_begin.get(found.end())
        if short is not None and full is not None:
            result.append((full, (short.begin, short.end), "全称"))
    return result


def _strip(text: str, begin: int, end: int) -> tuple[int, int]:
    while end > begin and text[end - 1] in " 　,，":
        end -= 1
    return begin, end


def _bare(text: str, full: Candidate, bracket: re.Match[str]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """Siemens（西门子）, 青山精工株式会社（Aoyama Seiko）: a name in the other script."""
    inside = bracket.group(1)
    latin_full = text[full.begin : full.end].isascii() or bool(_LATIN.fullmatch(text[full.begin : full.end]))
    if (latin_full and _CHINESE.fullmatch(inside)) or (not latin_full and _LATIN.fullmatch(inside)):
        return [(full, bracket.span(1), "括注")]
    return []


def find_introduced(notes: Notes, chosen: list[Candidate]) -> list[Candidate]:
    """Return the introduced short forms and all their occurrences."""
    text = notes.text
    forms: dict[str, tuple[str, float]] = {}
    result = []
    for full, (begin, end), _ in introduced(notes, chosen):
        name = text[begin:end]
        forms.setdefault(name, (full.cls, 0.95))
        result.append(Candidate(begin, end, full.cls, "alias", 0.95, full.code, tier=2))
    if forms:
        for begin, end, _ in words.Automaton(dict.fromkeys(forms, ())).find(text):
            if not _cut(text, begin, end):
                cls, trust = forms[text[begin:end]]
                result.append(Candidate(begin, end, cls, "alias", trust, tier=5))
    return result


def _cut(text: str, begin: int, end: int) -> bool:
    """A Latin form inside a longer word is no occurrence."""
    return (
        text[begin].isascii()
        and text[begin].isalnum()
        and text[begin - 1 : begin].isascii()
        and text[begin - 1 : begin].isalnum()
        and begin > 0
    ) or (
        text[end - 1].isascii()
        and text[end - 1].isalnum()
        and text[end : end + 1].isascii()
        and text[end : end + 1].isalnum()
    )


_LEGAL = re.compile(r"(?:（[^（）]{1,8}）)?(?:集团)?(?:股份|控股|有限责任|有限|责任)*(?:公司)$")
_BUSINESS = re.compile(
    r"(?:集团|股份|控股|科技|技术|实业|投资|管理|咨询|发展|建设|开发|工程|贸易|商贸|文化|传媒|传播|网络|信息"
    r"|电子|生物|医药|能源|环保|物流|服务|置业|地产|房地产|食品|饮料|"
    r"调味品|粮油|机械|设备|制造|数字|智能|软件|系统|计算机|材料|装备|电气|电力|汽车|零部件|旅游|体育|教育|金融"
    r"|证券|保险|供应链|运营|企业|产业|国际|经营|建筑|实业)+$"
)


_FOUNDED = re.compile(r"(?:有限公司|有限责任公司|集团|株式会社|银行)$")


def short_forms(name: str, cls: str) -> list[str]:
    """Return the short forms that a full name lends itself to, the longest first; the text must use them."""
    forms: list[str] = []
    if cls == "Company":
        plain = re.sub(r"（[^（）]*）", "", name)
        core = plain
        core = core[_area_length(core) :]
        forms += [re.sub(r"（([^（）]*)）", r"\1", name), plain, core]
        stem = _LEGAL.sub("", core)
        area = plain[: len(plain) - len(core)]
        if "集团" in name:
            forms.append(_BUSINESS.sub("", stem) + "集团")
        forms += [stem, stem + "公司"]
        bare = _BUSINESS.sub("", stem)
        if _FOUNDED.search(plain):
            forms += [bare, bare + "公司"]
        if area and len(bare) >= 2:
            forms += [re.sub("[省市]$", "", area) + bare, re.sub("[省市]$", "", area) + bare + "集团"]
        for tail in (
            "电梯",
            "食品",
            "动力",
            "医药",
            "科技",
            "银行",
            "控股",
            "股份",
            "地产",
            "置业",
            "体育",
            "建筑",
            "证券",
            "汽车",
            "电器",
        ):
            if tail in stem and bare:
                forms.append(bare + tail)
    elif cls in ("EducationalBody", "HealthBody", "CulturalBody", "Organization", "CommunityBody", "PartyBody"):
        core = name[_area_length(name) :]
        if len(core) >= 5:
            forms.append(core)
    elif cls == "GovernmentBody":
        rest = name
        while (length := _area_length(rest)) and len(rest) - length >= 4:
            rest = rest[length:]
            forms += [name[len(name) - len(rest) - 1 :] if name[len(name) - len(rest) - 1] in "省市区县州" else ""]
    elif cls == "AdministrativeArea":
        stem = re.sub(r"(?:街道|镇|乡|村|区|县|市|省|自治州|自治县)$", "", name)
        forms.append(stem)
    elif cls == "Site":
        stem = re.sub(
            r"(?:历史|文化|国家|森林|湿地|郊野|遗址|公园|街区|园区|产业|景区|风景名?胜?区|度假区)+$", "", name
        )
        if len(stem) >= 3:
            forms.append(stem)
    seen = dict.fromkeys(f for f in forms if 2 <= len(f) < len(name))
    return sorted(seen, key=lambda f: -len(f))


def _area_length(name: str) -> int:
    for begin, end, value in words.areas().find(name):
        if begin == 0 and len(value) > 1 and end < len(name):
            return end
        break
    return 0


def find_by_use(notes: Notes, chosen: list[Candidate]) -> list[Candidate]:
    """Return the places where a full name of the article is said in a short form."""
    text = notes.text
    forms: dict[str, str] = {}
    known = {text[c.begin : c.end]: c.cls for c in chosen if c.voice != "alias"}
    people = {text[c.begin : c.end] for c in chosen if c.cls == "Person"}
    for full in chosen:
        if full.voice == "alias" or not full.cls:
            continue
        for form in short_forms(text[full.begin : full.end], full.cls):
            if _fit(form) and form not in people and known.get(form, full.cls) in (full.cls, "Road"):
                forms.setdefault(form, full.cls)
    if not forms:
        return []
    result = []
    for begin, end, _ in words.Automaton(dict.fromkeys(forms, ())).find(text):
        if end - begin == 2 and forms[text[begin:end]] == "Company" and text[begin - 1 : begin] in tuple("在于到至落"):
            continue
        if end - begin == 2 and not (_open_left(notes, begin) and _open_right(text, end)):
            continue
        if end - begin > 2 and not (_open_left(notes, begin) or _open_right(text, end)):
            continue
        result.append(Candidate(begin, end, forms[text[begin:end]], "alias", 0.88))
    return result


def _fit(form: str) -> bool:
    table = words.area_table()
    if form in table and len(form) == 2 and not table[form][3]:
        return True
    return (
        form not in table
        and form not in words.organization_suffixes()
        and not words.plain().fullmatch(form)
        and form not in _decoys()
    )


@cache
def _decoys() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("short_form_decoys"))


_RIGHT = re.compile(
    r"[，。；：！？、“”‘’《》（）\s…—]|$|(?:与|和|的|在|将|已|是|为|从|向|对|由|被|把|以|于|曾|也|还|则|又|拟"
    r"|称|说|表示|宣布|签|牵手|携手|联手"
    r"|收购|入股|持股|双方|方面|旗下|集团|公司|股份|等|历史|记忆|创始|董事|总裁|CEO|首席|发|推|启|获|出|入|投"
    r"|开|上市|高管|内部|首|今|昨|去年|成立)"
)


def _open_left(notes: Notes, begin: int) -> bool:
    return notes.barrier_ends_at(begin) or begin in notes.area_ends or not "\u4e00" <= notes.text[begin - 1] <= "\u9fff"


def _open_right(text: str, end: int) -> bool:
    return bool(_RIGHT.match(text, end))
