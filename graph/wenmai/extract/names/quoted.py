"""Names that marks show: 《》 by the ending of what they hold, “X”协议, agreements that are signed, known names."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes

_TITLE = re.compile(r"《([^《》\n]{1,80}(?:《[^《》\n]{1,40}》[^《》\n]{0,40})?)》")
_SIGNED = re.compile(
    r"(?:(?:签署|签订|签定|签下|签约|签|达成|订立|缔结)[了过]?(?:一[份项]"
    r"|[两三四五六七八九十多数0-9]{1,2}[份项])?(?:的)?|一[份项]|《[^《》\n]{1,60}》、)"
    r"([\u4e00-\u9fffA-Za-z0-9]{0,14}(?:战略合作框架协议|战略合作协议|战略合作备忘录|合作框架协议|框架协议"
    r"|合作备忘录|谅解备忘录|[\u4e00-\u9fff]{2,10}(?:协议|备忘录|意向书|合同|议定书|协定)))"
)
_VAGUE = re.compile(
    r"^(?:过|类似|相关|有关|该|上述|这份|此|新的|一系列|多项|正式|书面|劳动|用工|购房|租赁|任何|服务"
    r"|合作|短期|长期|补偿|就业|加盟|授信|商业经营|经营|保密|离婚|借款|贷款|一份|一个|新)?(?:协议|合同|备忘录"
    r"|意向书|合作协议|意向协议)$"
)
_DENIED = re.compile(r"(?:没有|并未|尚未|未|不|拒绝|未能|拒)$")
_QUOTED = re.compile(
    r"“([^“”\n]{1,30})”((?:[\u4e00-\u9fff]{0,8}?)(?:战略合作框架协议|战略合作协议|合作框架协议|框架协议"
    r"|合作协议|协议|备忘录|文件|行动计划|行动方案|计划|方案|条例|办法|规划|公约|意见|政策|学习教育))"
)
_LAW = re.compile(
    r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,10}(?:保护法|管理法|教育法|安全法|劳动法|合同法|公司法|证券法|银行法"
    r"|商标法|专利法|著作权法|民法典|刑法|宪法|诉讼法|促进法|监督法|选举法|组织法|物权法|税法|反垄断法)(?![律院庭])"
)
_RULES = re.compile(
    r"[\u4e00-\u9fff]{4,26}(?:条例|管理办法|实施办法|暂行办法|暂行规定|管理规定|实施细则|行动计划|实施方案"
    r"|实施意见|指导意见|发展规划|规划纲要|总体规划)(?!草案)"
)


@cache
def _endings() -> re.Pattern[str]:
    forms = sorted(words.policy_suffixes(), key=lambda s: (-len(s), s))
    return re.compile(f"({'|'.join(map(re.escape, forms))})(?:（[^（）]{{1,12}}）)?$")


def ending_class(name: str) -> str | None:
    """Return the class that the ending of a title shows (Policy, Agreement …); None for another work."""
    found = _endings().search(name)
    return words.policy_suffixes()[found.group(1)] if found else None


_FICTION = re.compile(
    r"[魔兵书用方说看语笔疗写唱打教学想活做手家佛心]法$|^.{0,5}(?:行动|计划|令|制度|标准|指南|政策|目录|清单"
    r"|建议|命令|要点)$"
)


def find_quoted(notes: Notes) -> list[Candidate]:
    """Return policies and agreements in title marks, quoted names with an ending behind, and signed agreements."""
    text = notes.text
    result = []
    for found in _TITLE.finditer(text):
        cls = ending_class(found.group(1))
        if cls in ("Policy", "Agreement") and not _FICTION.search(found.group(1)):
            result.append(Candidate(found.start(), found.end(), cls, "quoted", 0.95, tier=1))
        else:
            result.append(_other(found))
    for found in _QUOTED.finditer(text):
        if re.match(r"[^“”]{0,8}[，。；、]", found.group(2)) or not _named(notes, found):
            continue
        cls = ending_class(found.group(2)) or "Policy"
        begin = found.start()
        area = notes.area_ends.get(begin)
        if area is not None and area.full:
            begin = area.begin
        result.append(Candidate(begin, found.end(), cls, "quoted", 0.85, tier=2))
    for found in _SIGNED.finditer(text):
        if not _VAGUE.match(found.group(1)) and not _DENIED.search(text[max(0, found.start() - 5) : found.start()]):
            begin = _agreement_begin(notes, *found.span(1))
            if (
                "的" not in text[begin : found.end(1)]
                and found.end(1) - begin >= 4
                and not _VAGUE.match(text[begin : found.end(1)])
            ):
                result.append(Candidate(begin, found.end(1), "Agreement", "grammar", 0.8, tier=4))
    return result + _laws(notes) + _known(notes)


def _other(found: re.Match[str]) -> Candidate:
    """A title of something else keeps the names inside from being read: it has no class and is dropped at the end."""
    name = found.group(1)
    if name.endswith(
        (
            "日报",
            "晚报",
            "早报",
            "晨报",
            "时报",
            "周刊",
            "周报",
            "商报",
            "都市报",
            "青年报",
            "杂志",
            "导报",
            "快报",
            "电讯报",
            "邮报",
        )
    ):
        return Candidate(found.start(), found.end(), "MediaBody", "quoted", 0.9, tier=1)
    return Candidate(found.start(), found.end(), "", "quoted", 0.9, tier=1)


def _named(notes: Notes, found: re.Match[str]) -> bool:
    tail = found.group(2)
    if any(notes.barrier_length(i) > 1 for i in range(found.start(2), found.end(2))):
        return False
    return not any(stop in tail for stop in ("的", "等", "和", "在", "是", "为", "与"))


def _agreement_begin(notes: Notes, begin: int, end: int) -> int:
    """Cut what stands before the name: 与X签署的, dates and function words."""
    stop, _, strong = notes.barrier_before(end - 3)
    while stop > begin and not strong:
        stop, _, strong = notes.barrier_before(stop - 1)
    if stop > begin and notes.text[begin:stop].endswith(("和", "与", "及", "许可", "合作", "了解")):
        return begin
    return max(begin, stop)


def _laws(notes: Notes) -> list[Candidate]:
    """Return laws and rules named without marks, where an area or a mark shows their left end."""
    text = notes.text
    result = []
    for pattern in (_LAW, _RULES):
        for found in pattern.finditer(text):
            end = found.end()
            stop, _, _ = notes.barrier_before(end - 2)
            begin = max(stop, found.start())
            areas = [a for a in notes.areas_in(begin, end) if a.full or a.sure]
            if areas:
                begin = areas[0].begin
            body = text[begin:end]
            clear = bool(areas) or notes.barrier_ends_at(begin)
            if clear and len(body) >= (4 if pattern is _LAW else 6) and not words.plain().fullmatch(body[:-2]):
                result.append(Candidate(begin, end, "Policy", "grammar", 0.75, tier=5))
    return result


def _known(notes: Notes) -> list[Candidate]:
    """Return names that everybody knows."""
    known = [
        Candidate(b, e, str(cls), "lexicon", 0.96) for b, e, (cls,) in words.well_known().find(notes.text)
        if not _inside_word(notes.text, b, e) and (e - b > 2 or _free(notes, b))
    ]  # fmt: skip
    notes.lexicon_names.update((c.begin, c.end) for c in known)
    return known


def _free(notes: Notes, begin: int) -> bool:
    """Tell whether a two-character name stands at the start of a word: 美的, but not in 北美的."""
    return notes.barrier_ends_at(begin) or begin in notes.area_ends or not "\u4e00" <= notes.text[begin - 1] <= "\u9fff"


def _inside_word(text: str, begin: int, end: int) -> bool:
    name = text[begin:end]
    if name.isascii():
        return (text[begin - 1 : begin].isalnum() and text[begin - 1 : begin].isascii()) or (
            text[end : end + 1].isascii() and text[end : end + 1].isalnum()
        )
    after = text[end : end + 1]
    return (len(name) == 2 and after != "" and after in "人话语菜") or (
        name[-1] == "部" and after != "" and after in "门队"
    )
