"""Who signs: byline lines, credits at a paragraph's start or end, by the grammar of roles and names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from wenmai import lexicon

LONGEST = 80
"""Characters; a longer line is no byline."""

_DESK = (
    r"(?:特派|特约|特約|首席|资深|資深|高级|高級|见习|見習|实习|實習|驻\w{2,6}?|駐\w{2,6}?|"
    r"摄影|攝影|文字|全媒体|融媒体)*"
)
_PAPER = (
    r"(?:本报|本報|本刊|本网|本網|本台|本社|新华社|新華社|"
    r"[\u4e00-\u9fff]{1,6}?(?:社|报|報|网|網|刊|台|之声|之聲|频道|在线|客户端)(?!道))?"
)
_ROLE = re.compile(
    rf"{_PAPER}{_DESK}\s*(?P<role>记者|記者|通讯员|通訊員|实习生|實習生|撰稿人?|报道员|評論員|评论员|特约撰稿|作者)"
    r"|(?P<credit>摄影报道|攝影報道|图文报道|文字整理|文\s*[/／、并並及]?\s*[摄图攝圖]|[图圖摄攝]\s*[/／、并並及]?\s*文|视频|"
    r"文字(?=\s*[/／:：|｜])|"
    r"摄影|攝影|撰文|制图|製圖|绘图|繪圖|漫画|制作|製作|整理|综合报道|采写|採寫|编译|編譯|报道|報道|報導|[文图圖]片?(?=\s*[/／:：|｜])|摄|攝|绘|文|图|圖)"
)
_NO_AUTHOR = re.compile(
    r"(?:责任|責任|本版|版面|值班)?(?:编辑|編輯|主编|编委|校对|校對|美编|美編|视觉|组版|检校|责编|審校|审校)"
)
_SEPARATOR = re.compile(r"[\s　、,，;；:：/／|｜·&和与]+")
_ENDS_NAME = re.compile(r"[\s　、,，;；:：/／|｜·&]|[和与](?=[\u3400-\u9fff]{2})")
"""和 before a space is the end of a given name (方清和 陈明), not what joins two."""
_OPEN, _CLOSE = "(（[【〔", ")）]】〕"
_HAN_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff\u200b]{2,4}(?:[·•・][\u3400-\u9fff]{1,6}){0,3}")
_SPACED_NAME = re.compile(r"[\u3400-\u9fff][ 　][\u3400-\u9fff](?![\u3400-\u9fff])")
_LONG_NAME = re.compile(r"[\u3400-\u9fff]{1,8}(?:[·•・][\u3400-\u9fff]{1,8}){1,3}")
_LATIN_NAME = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ.'’-]*(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ.'’-]*){0,3}")
_DISPATCH = re.compile(r"\s*[（(][^（）()]{2,16}[讯訊电電][)）]$")
_DAY = r"\d{1,2}\s*月\s*\d{1,2}\s*日\s*"
_LEAD = re.compile(
    r"\s*(?:[【\[〔](?:本报讯|本報訊|[^】\]〕]{1,12}(?:讯|訊|电|電|报道|報道|報導))[】\]〕]"
    rf"|(?:本报|本報|本刊|本网|本網)\s*(?:[\u4e00-\u9fff]{{0,8}}|[\u4e00-\u9fff]{{0,8}}\s*{_DAY})(?:专|專)?(?:讯|訊|消息|电|電)"
    r"|据?[\u4e00-\u9fff]{2,6}(?:社|报|報|网|網)(?!记者|記者)[^\s。，,;；()（）]{0,16}?(?:讯|訊|电|電|消息|报道))"
)
_REPORT = re.compile(r"\s*[【\[〔]([^】\]〕]{3,24}?)\s*[／/]\s*[\u4e00-\u9fff]{2,5}(?:报道|報道|報導)[】\]〕]\s*")
"""〔記者某某／台南報導〕"""
_INNER_LEAD = re.compile(r"(?:讯|訊|电|電|消息)\s*[（(]([^（）()]{2,40})[)）]")
_NO_PERSON = re.compile(
    r"[A-Z]{2,}|[\u4e00-\u9fff]+(?:报|報|社|网|網|传媒|传真)|我要\w*|前方|每经|华盛顿|華盛頓|纽约|紐約|伦敦|倫敦|巴黎|东京|東京|北京|上海|香港"
)
"""Agencies, papers, cities of datelines and words of a web page that stand where a name would."""
_CREDITED_NEXT = re.compile(r"[\u3400-\u9fff]{2,4}[/／][文图圖摄攝]")
_SAID = re.compile(r"\s*([^。，,:：()（）]{4,40}?)(?:报道|報道|報導)\s*[:：，,]?(?![称說说])")
_BEFORE = re.compile(r"\s*([^。，,:：()（）]{4,40})[ 　]+(?=[^ 　]{6})")
_SIGNS = "□■◆◇●○△▲◎☆★—-"
_BLANK = " 　"
_NO_NAME_STARTS = ("本报", "本報", "本刊", "本网", "本版", "集体", "综合", "全体")
_NO_NAME_ENDS = "报社网讯电日报道社版月年"
_NOT_NAMES = frozenset(
    [
        "均由",
        "周末",
        "周一",
        "周二",
        "周三",
        "周四",
        "周五",
        "周六",
        "周日",
        "手记",
        "观察",
        "调查",
        "获悉",
        "了解",
        "采访",
        "看到",
        "发现",
        "注意",
        "昨日",
        "昨天",
        "今天",
        "今日",
        "从",
        "在",
        "报道",
        "问",
        "提问",
        "節",
        "站",
        "会",
        "招待会",
        "协会",
        "之家",
        "獲悉",
        "瞭解",
        "採訪",
        "手記",
        "觀察",
        "調查",
        "發現",
        "名单",
        "须知",
        "大赛",
        "们",
        "团",
        "证",
        "眼",
        "日前",
        "近日",
        "随机",
        "随后",
        "走访",
        "体验",
        "来到",
        "走进",
    ]
)


@dataclass(frozen=True, slots=True)
class Signature:
    """One who signs: the name (without spaces between its characters), the role as printed, and where the name is."""

    name: str
    role: str
    begin: int
    end: int


def line_signatures(line: str) -> tuple[Signature, ...]:
    """Return who signs if all of `line` is a byline (`本报记者 沈一鸣`, `□记者 X`, `X Y 制作`), else nothing."""
    begin, end = _trimmed(line)
    if not 0 < end - begin <= LONGEST:
        return ()
    marked = line[begin] in _SIGNS
    if marked:
        begin += 1
    elif line[begin] in _OPEN and line[end - 1] in _CLOSE:
        begin, end = begin + 1, end - 1
    return _parsed(line, begin, end, marked)


def lead_signatures(paragraph: str) -> tuple[int, tuple[Signature, ...]]:
    """Return where the story begins in a paragraph after `本报讯（记者 X）`, and who signs; 0 without such a lead."""
    if report := _REPORT.match(paragraph):
        signatures = _parsed(paragraph, report.start(1), report.end(1), False)
        if _is_of_reporters(signatures):
            return report.end(), signatures
    match = _LEAD.match(paragraph)
    begin = match.end() if match else 0
    while begin < len(paragraph) and paragraph[begin] in " 　":
        begin += 1
    if begin < len(paragraph) and paragraph[begin] in _OPEN:
        close = next((at for at in range(begin, min(len(paragraph), begin + LONGEST)) if paragraph[at] in _CLOSE), -1)
        signatures = _parsed(paragraph, begin + 1, close, False) if close > 0 else ()
        if match and close > 0 and not signatures:
            signatures = _bare_names(paragraph, begin + 1, close)
        if signatures:
            return close + 1, signatures
    for pattern in (_SAID, _BEFORE):
        said = pattern.match(paragraph, begin)
        signatures = _parsed(paragraph, said.start(1), said.end(1), False) if said else ()
        if said and _is_of_reporters(signatures):
            return said.end(), signatures
    if match and begin < len(paragraph):
        return begin, ()
    return 0, ()


def inner_signatures(paragraph: str) -> tuple[Signature, ...]:
    """Return who signs after a dateline that a headline runs into: `大桥通车新华社北京4月20日电（记者 X）大桥……`."""
    match = _INNER_LEAD.search(paragraph, 0, LONGEST * 2)
    signatures = _parsed(paragraph, match.start(1), match.end(1), False) if match else ()
    return signatures if _is_of_reporters(signatures) else ()


def _is_of_reporters(signatures: tuple[Signature, ...]) -> bool:
    """Tell whether all have a role and a name that can be one: for places where a sentence may stand as well."""
    return bool(signatures) and all(
        signature.role and (not _is_han(signature.name) or _has_surname(signature.name)) for signature in signatures
    )


def _bare_names(text: str, begin: int, end: int) -> tuple[Signature, ...]:
    """Return the names in the brackets after a dateline if there is nothing but names: `本报讯（何山、李默）`."""
    found = []
    at = begin
    for piece in re.split(r"([ 　、,，]+)", text[begin:end]):
        if _SEPARATOR.fullmatch(piece):
            pass
        elif 2 <= len(piece) <= 4 and _has_surname(piece) and piece[-1] not in _NO_NAME_ENDS and _is_all_han(piece):
            found.append(Signature(piece, "", at, at + len(piece)))
        else:
            return ()
        at += len(piece)
    return tuple(found)


def tail_signatures(paragraph: str) -> tuple[Signature, ...]:
    """Return who signs at the end of a paragraph: `……。（本报记者 A 通讯员 B）`, `……。 本报记者 X`."""
    end = len(paragraph.rstrip())
    if end and paragraph[end - 1] in _CLOSE:
        begin = max(paragraph.rfind(sign, max(0, end - LONGEST), end) for sign in _OPEN)
        return _parsed(paragraph, begin + 1, end - 1, False) if begin > 0 else ()
    begin = max(paragraph.rfind(sign, max(0, end - LONGEST), end) for sign in "。！？”…")
    first = begin + 1
    while first < end and paragraph[first] in _SIGNS + _BLANK:
        first += 1
    return _parsed(paragraph, first, end, False) if 0 < begin < end - 1 else ()


def _trimmed(line: str) -> tuple[int, int]:
    return len(line) - len(line.lstrip()), len(line.rstrip())


def _parsed(text: str, begin: int, end: int, marked: bool) -> tuple[Signature, ...]:
    """Read `text[begin:end]` as roles and names; nothing unless all of it is, with a role (or `marked` by a sign)."""
    dispatched = _DISPATCH.search(text, begin, end)
    end = dispatched.start() if dispatched else end
    at, role, credited = begin, "", False
    names: list[tuple[str, int, int, str]] = []
    unnamed_role = False
    while at < end:
        separator = _SEPARATOR.match(text, at, end)
        if separator:
            at = separator.end()
            continue
        if text[at] in _OPEN + _CLOSE:
            at += 1
            continue
        if _NO_AUTHOR.match(text, at, end):
            return ()
        word = _ROLE.match(text, at, end)
        if word and not (word["credit"] and _is_part_of_name(text, at, word.end(), end)):
            glued = word["credit"] and names and names[-1][2] == at
            if not glued and (word["role"] or not names or unnamed_role or all(name[3] for name in names)):
                role, unnamed_role = word["role"] or word["credit"], True
            if word["credit"]:
                credited = True
                names = [(name, first, last, own or word["credit"]) for name, first, last, own in names]
            at = word.end()
            continue
        name = _name(text, at, end)
        if not name or (text[at - 1 : at] and role and unnamed_role and not _may_follow(text, at, name)):
            return ()
        names.append((re.sub(r"[ 　\u200b]", "", name) if _is_han(name) else name, at, at + len(name), role))
        unnamed_role = False
        at += len(name)
    names = [name for name in names if not _NO_PERSON.fullmatch(name[0])]
    if not names or not (role or credited or marked):
        return ()
    return tuple(Signature(name, own, first, last) for name, first, last, own in names)


def _name(text: str, at: int, end: int) -> str:
    """Return the name at `at`: 2 to 4 Chinese characters before a role, separator or the end; or a Latin name."""
    spaced = _SPACED_NAME.match(text, at, end)
    if spaced and (spaced.end() == end or text[spaced.end()] in " 　、,，/)）"):
        return spaced[0]
    for pattern in (_LONG_NAME, _LATIN_NAME):
        match = pattern.match(text, at, end)
        if match:
            return match[0]
    match = _HAN_NAME.match(text, at, end)
    if not match or text.startswith(_NO_NAME_STARTS, at):
        return ""
    for length in range(2, len(match[0]) + 1):
        stop = at + length
        if stop == end or _ENDS_NAME.match(text, stop, end) or text[stop] in _OPEN + _CLOSE:
            return "" if text[at:stop] in _NOT_NAMES else text[at:stop]
        role = _ROLE.match(text, stop, end)
        if role and (role.end() == end or role["role"] or len(role[0]) > 1) and text[at:stop] not in _NOT_NAMES:
            return text[at:stop]
    return ""


def _may_follow(text: str, at: int, name: str) -> bool:
    """Tell whether a name may stand right after a role: parted from it, or beginning with a surname."""
    return text[at - 1] in " 　:：/／、,，|｜·)）" or _has_surname(name) or not _is_han(name)


def _is_part_of_name(text: str, at: int, stop: int, end: int) -> bool:
    """Tell whether a one-letter credit (文, 图, 摄) begins a name: `文 X` is a credit, `文静` is a name."""
    if stop - at > 1 or stop >= end:
        return False
    if at and text[at - 1] in "/／" and _CREDITED_NEXT.match(text, stop, end):
        return False
    return text[stop] not in " 　:：/／、,，|｜)）]】"


def _has_surname(name: str) -> bool:
    return name[0] in _surnames() or name[:2] in _surnames()


def _is_all_han(name: str) -> bool:
    return all("\u3400" <= character <= "\u9fff" for character in name)


def _is_han(name: str) -> bool:
    return "\u3400" <= name[0] <= "\U0003ffff"


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in lexicon.rows("surnames"))
