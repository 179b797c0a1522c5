"""Front matter: `key: value` lines between two lines of `---`, then the text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_KEYS = {
    "title": "title", "标题": "title", "headline": "title",
    "date": "date", "日期": "date", "published": "date",
    "source": "source", "来源": "source", "publisher": "source",
    "author": "author", "authors": "author", "作者": "author", "记者": "author",
    "url": "url", "lang": "lang", "language": "lang",
}  # fmt: skip
_LINE = re.compile(r"\s*([A-Za-z_]+|[\u4e00-\u9fff]{2})\s*[:：]\s*(.*?)\s*$")
_LIST_ITEM = re.compile(r"\s*-\s+(.*?)\s*$")
_DATE = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"
)
_MASTHEAD_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MASTHEAD_REST = re.compile(
    r"星期[一二三四五六日天]|周[一二三四五六日]|农历\S*|[A-Z]?\d{1,3}[-—]?\d{0,3}\s*版|第\s*[A-Z]?\d+\s*[版期号]|版面?"
    r"|[丙丁甲乙戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年\S*|总第\s*\d+\s*期|[A-Z]\d{1,3}|[|｜/／,，·•—-]"
)
_PAPER = re.compile(r"[\u4e00-\u9fff]{2,12}(?:报|報|社|网|網|周刊|週刊|日报|晚报|新闻|新聞|杂志|雜誌)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an input says of an article beside its text. Empty strings where it says nothing."""

    title: str = ""
    date: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    lang: str = ""


def front_matter(text: str) -> tuple[Metadata, str] | None:
    """Return the metadata and the text after it; None if `text` does not begin with front matter."""
    lines = text.lstrip("\ufeff\n \t").split("\n")
    if lines[0].strip() != "---":
        return None
    found: dict[str, list[str]] = {}
    key = ""
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return _metadata(found), "\n".join(lines[number + 1 :])
        match = _LINE.match(line)
        item = _LIST_ITEM.match(line)
        if item and key:
            found.setdefault(key, []).append(_unquoted(item[1]))
        elif match:
            key = _KEYS.get(match[1].lower(), "")
            if key and match[2]:
                found.setdefault(key, []).append(_unquoted(match[2]))
        elif line.strip():
            return None
    return None


def split_names(value: str) -> tuple[str, ...]:
    """Return the names in a list such as `王伟、李娜`, each once. A space parts Chinese names, not Latin ones."""
    names: dict[str, None] = {}
    for part in re.split(r"[、,，;；/／|\[\]\"]+", value):
        cut = part.strip()
        pieces = re.split(r"\s+", cut) if re.search(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]", cut) else [cut]
        if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces):
            pieces = ["".join(pieces)]
        names.update((piece, None) for piece in pieces if piece)
    return tuple(names)


def parse_date(value: str) -> tuple[dt.date | None, str | None]:
    """Return the first date in `value` (2017-04-21, 2017年4月21日, 20170421), or None, and a warning if it is none."""
    match = _DATE.search(value)
    if not match:
        return (
            None,
            f"the date {value.strip()[:40]!r} was not understood; write it as 2017-04-21" if value.strip() else None,
        )
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return dt.date(year, month, day), None
    except ValueError:
        return None, f"there is no such date: {match[0]}"


def masthead(line: str) -> tuple[str, str] | None:
    """Return paper and date of a masthead line (`新民晚报 2017年4月21日 星期五 A03版`); None if it is none."""
    match = _MASTHEAD_DATE.search(line)
    if not match or len(line) > 60:
        return None
    rest = line[: match.start()] + " " + line[match.end() :]
    paper = _PAPER.search(rest)
    if paper:
        rest = rest.replace(paper[0], " ", 1)
    left = re.sub(r"\s+", "", _MASTHEAD_REST.sub(" ", rest))
    return (paper[0] if paper else "", match[0]) if len(left) <= 6 else None


def _metadata(found: dict[str, list[str]]) -> Metadata:
    def first(key: str) -> str:
        return found.get(key, [""])[0]

    names = [name for value in found.get("author", []) for name in split_names(value)]
    return Metadata(
        first("title"), first("date"), first("source"), tuple(dict.fromkeys(names)), first("url"), first("lang")
    )


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'" else value
