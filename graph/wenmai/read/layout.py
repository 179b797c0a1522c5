"""What a line of a page is there for: heading, byline, body, caption or note, by its form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from wenmai.read.bylines import Signature, inner_signatures, lead_signatures, line_signatures, tail_signatures
from wenmai.read.columns import Line, is_balanced, is_finished
from wenmai.read.text import masthead

Kind = Literal["heading", "byline", "body", "caption", "note"]

LONGEST_HEADING = 48
"""Characters; a longer line is body text whatever its end."""

_LONGEST_WITH_COMMA = 28
"""Characters; a longer line with a comma is a sentence that a column broke off, unless a dash or a gap parts it."""

_SAYS = re.compile(r"(?:说|說|表示|介绍|介紹|认为|認為|透露|指出)[，,]")
_CAPTION = re.compile(r"[◀▶▲▼◁▷△▽←→↑↓◄►]|[（(]?(?:[上下左右][图圖]|[图圖][为為片①-⑨\d]|本版[图圖]片?|[图圖]说|资料图)")
_CAPTION_END = re.compile(
    r"(?:资料图片?|资料照片|資料圖片?|供[图圖]|[图圖]片?来源.{0,12}|新华社发|提供|\S{2,4}\s?[摄攝])[)）]?$"
)
_NOTE = re.compile(
    r"[（(]?(?:下转|上接|下轉|紧接|详见|詳見|相关报道|相關報道|更多|扫码|扫描|热线|新闻热线|读者热线|24小时|电子邮箱|邮箱|本版|责任编辑|責任編輯|责编"
    r"|值班|编辑|校对|视觉|国内统一刊号|国内统一连续出版物号|邮发代号|零售|今日\d+版|[A-Z]?\d{1,3}\s*版?$)"
    r"|[（(]?作者(?:[系为為是]|单位)|本报(?:综合)?(?:报道|消息|记者)$|综合(?:报道|消息)$|[（(](?:完|待续|未完)[)）]$"
    r"|[（(][^（）()]{2,16}[电讯電訊][)）]$"
    r"|本报[^,，。]{0,30}(?:推|推出|系列|专栏|第.{1,3}[篇期集])"
)
_INFORMATION = re.compile(r"(?:时间|地点|地址|电话|票价|主办|承办|网址|日期|咨询|展期|時間|地點|地址|電話)\s*[:：]")
_CREDITS = frozenset(
    ("摄", "攝", "摄影", "攝影", "图", "圖", "图片", "制图", "製圖", "绘图", "繪圖", "漫画", "绘", "视频", "文字整理")
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A line with what it is there for. `lead` tells that it opens a story with `本报讯` or the like."""

    kind: Kind
    text: str
    gap: int
    signatures: tuple[Signature, ...] = ()
    lead: bool = False

    @property
    def closes(self) -> bool:
        """Tell whether a byline signs a story (and not a picture in it)."""
        return any(signature.role not in _CREDITS for signature in self.signatures)


def shape_of(line: Line) -> Shape:
    """Return what `line` is there for, and who signs in it."""
    text = line.text
    signatures = line_signatures(text)
    if signatures:
        return Shape("byline", text, line.gap, signatures)
    if len(text) <= LONGEST_HEADING * 2 and _CAPTION.match(text):
        return Shape("caption", text, line.gap, tail_signatures(text))
    short = len(text) <= LONGEST_HEADING
    if short and (masthead(text) or _NOTE.match(text)):
        return Shape("note", text, line.gap)
    if short and _CAPTION_END.search(text) and not is_finished(text):
        return Shape("caption", text, line.gap)
    after, lead = lead_signatures(text)
    tail = tail_signatures(text)
    lead = lead or inner_signatures(text)
    if lead or (after and (after < len(text) or len(text) > 6)) or tail:
        both = lead + tuple(signature for signature in tail if signature not in lead)
        return Shape("body", text, line.gap, both, after > 0)
    return Shape("heading" if is_heading(text) else "body", text, line.gap)


def is_heading(text: str) -> bool:
    """Tell whether `text` has the form of a headline: short, closed in itself, no sentence's end."""
    if len(text) > LONGEST_HEADING or not is_balanced(text) or _INFORMATION.match(text):
        return False
    if re.search(r"[。；;]", text) or text[-1] in ",，、：:" or text[0] in ",，、。”’」』》)）":
        return False
    commas = len(re.findall(r"[,，]", text))
    if commas and (_SAYS.search(text) or (len(text) > _LONGEST_WITH_COMMA and not re.search(r"——|\s", text))):
        return False
    return commas <= 2 and sum(character.isalnum() for character in text) >= 2
