"""An e-paper page in HTML → its headline, date, author and paragraphs; scripts and navigation left out.

The story is the container with the most Chinese sentence punctuation, half of it credited to the container around
it, so that a story of one `div` a paragraph is found as a whole. All passes are linear in the input.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from wenmai.read.bylines import line_signatures
from wenmai.read.decode import UnreadableError, clean
from wenmai.read.text import Metadata, masthead, split_names

_DROPPED = ["script", "style", "noscript", "template", "svg", "iframe", "select", "button", "textarea", "object"]
_DROPPED_BEGIN = re.compile(rf"<!--|<({'|'.join(_DROPPED)})\b", re.IGNORECASE)
_DROPPED_END = {tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in _DROPPED} | {"": re.compile("-->")}
_LONG_TAG = re.compile(r"<([a-zA-Z][\w-]*)\s[^<>]{4000,}?>")
_CONTAINERS = frozenset(
    ("body", "div", "td", "section", "article", "main", "li", "dd", "blockquote", "center", "ul", "table", "form")
) | {"founder-content"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title", "founder-title", "founder-author"))
_BREAKS = _CONTAINERS | _HEADINGS | {"p", "br", "tr", "hr", "dt", "th", "header"}
_HIDDEN = frozenset(("script", "style", "nav", "footer", "aside", "select", "button", "noscript", "template", "head"))
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"))
_PUNCTUATION = re.compile("[，。、；：？！“”]|[\u3400-\u9fff][,.;:?!]")
_DATE = re.compile(r"\d{4}\s*[-/年.]\s*\d{1,2}\s*[-/月.]\s*\d{1,2}")
_NAMED = {
    "date": re.compile(r"publish|pubdate|issued|^date$|published_time|datepublished", re.IGNORECASE),
    "author": re.compile(r"^(?:article:)?author$|^byl$", re.IGNORECASE),
    "source": re.compile(r"^(?:content)?source$|^mediaid$|^publisher$", re.IGNORECASE),
    "site": re.compile(r"^(?:og:site_name|sitename|copyright)$", re.IGNORECASE),
    "title": re.compile(r"^(?:og:title|articletitle|title)$", re.IGNORECASE),
}
_LABELLED = re.compile(r"(作者|来源|來源|记者|責任記者)\s*[:：]\s*([^\s|｜:：]{2,20})")
_SITE = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{1,20}$")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_BROKEN_LINE = re.compile(r"(?<=[\u3400-\u9fff，。、；：？！“”])[ \t\r]*\n\s*(?=[\u3400-\u9fff，。、；：？！“”])")
_REMNANT = re.compile(
    r"(?:分享到|分享|打印|关闭|收藏|返回|我要评论|我要留言|相关(?:阅读|链接|新闻)|上一篇|下一篇|上一版|下一版|放大|缩小|字号|字体|扫一扫|"
    r"版权所有|未经(?:许可|授权)|点击(?:查看|进入)|更多(?:精彩|新闻))"
)
_LONGEST_FRAME = 200


@dataclass(slots=True)
class _Container:
    parent: int
    end: int = 0
    score: float = 0.0


@dataclass(slots=True)
class _Line:
    """A paragraph: the container it stands in, the tag that held it, its words."""

    container: int
    tag: str
    text: str


@dataclass(slots=True)
class _Page:
    containers: list[_Container] = field(default_factory=lambda: [_Container(-1)])
    lines: list[_Line] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""


def extract(html: str) -> tuple[Metadata, str]:
    """Return the metadata and the story of a page, a line a paragraph. Raises UnreadableError if there is none."""
    parser = _Parser()
    parser.feed(_LONG_TAG.sub(r"<\1>", _without_scripts(html)))
    parser.close()
    page = parser.finished()
    published = _JSON_DATE.search(html)
    if published:
        page.meta.setdefault("date", published[1])
    best = _best(page)
    body = [line for line in page.lines if best <= line.container < page.containers[best].end]
    if not sum(character.isalnum() for line in body for character in line.text):
        raise UnreadableError("there is no text of an article in this page")
    metadata = _metadata(page, body)
    kept = [line.text for line in _story(body, metadata)]
    return metadata, clean("\n\n".join(kept))[0]


def _without_scripts(html: str) -> str:
    """Return `html` without comments, scripts and the like; one that never ends takes the rest of the page."""
    kept: list[str] = []
    at = 0
    while begin := _DROPPED_BEGIN.search(html, at):
        kept += [html[at : begin.start()], " "]
        end = _DROPPED_END[(begin[1] or "").lower()].search(html, begin.end())
        at = end.end() if end else len(html)
    return "".join([*kept, html[at:]])


class _Parser(HTMLParser):
    """Collects paragraphs with their containers; an end tag that nothing opened is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Page()
        self.stack: list[tuple[str, int, bool]] = []
        self.open: Counter[str] = Counter()
        self.hidden = 0
        self.words: list[str] = []
        self.at = 0
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._meta({key: value or "" for key, value in attrs})
        if tag in _BREAKS:
            self._break()
            self.tag = tag if tag != "br" else self.tag
        if tag in _VOID:
            return
        if tag == "p" and self.stack and self.stack[-1][0] == "p":
            self.handle_endtag("p")
        before = self.at
        if tag in _CONTAINERS:
            self.page.containers.append(_Container(self.at))
            self.at = len(self.page.containers) - 1
        hidden = tag in _HIDDEN or (tag not in ("html", "body") and _is_unseen(attrs))
        self.stack.append((tag, before, hidden))
        self.open[tag] += 1
        self.hidden += hidden

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.page.title = self.page.title or "".join(self.words).strip()
            self.words = [] if self.open["head"] else self.words
        if tag in _BREAKS:
            self._break()
        if not self.open[tag]:
            return
        while self.stack:
            name, before, hidden = self.stack.pop()
            self.open[name] -= 1
            self.hidden -= hidden
            if name in _CONTAINERS:
                self.page.containers[self.at].end = len(self.page.containers)
                self.at = before
            if name == tag:
                break
        self.tag = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden or self.open["title"]:
            self.words.append(data)

    def finished(self) -> _Page:
        """Return what was found; containers that were never closed end with the page."""
        self._break()
        count = len(self.page.containers)
        for container in self.page.containers:
            container.end = container.end or count
        return self.page

    def _break(self) -> None:
        text = _BROKEN_LINE.sub("", "".join(self.words))
        text = re.sub(r"[ \t\r\n\xa0\u2002-\u200a]+", " ", text).strip(" 　")
        self.words = []
        if text and self.open["title"]:
            self.page.title = self.page.title or text
        elif text:
            self.page.lines.append(_Line(self.at, self.tag, text))

    def _meta(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        value = attributes.get("content", "").strip()
        for key, pattern in _NAMED.items():
            if value and pattern.search(name):
                self.page.meta.setdefault(key, value)


def _is_unseen(attrs: list[tuple[str, str | None]]) -> bool:
    return any(key == "hidden" or (key == "style" and _UNSEEN.search(value or "")) for key, value in attrs)


def _best(page: _Page) -> int:
    """Return the container of the story."""
    for line in page.lines:
        score = len(_PUNCTUATION.findall(line.text))
        container = page.containers[line.container]
        container.score += score
        if container.parent >= 0:
            page.containers[container.parent].score += score / 2
    return max(range(len(page.containers)), key=lambda at: (page.containers[at].score, -at))


def _story(body: list[_Line], metadata: Metadata) -> list[_Line]:
    """Return the paragraphs of a story without its headline and without lines of the page's frame around it."""
    first = next((at for at, line in enumerate(body) if _is_sentence(line.text)), 0)
    kept = []
    for at, line in enumerate(body):
        frame = at < first and (
            line.tag.startswith("h")
            or line.text == metadata.title
            or _LABELLED.search(line.text)
            or masthead(line.text)
            or _DATE.search(line.text)
        )
        if len(line.text) <= 40 and _REMNANT.match(line.text) and not _is_sentence(line.text):
            continue
        if not frame or (line_signatures(line.text) and not _LABELLED.search(line.text)):
            kept.append(line)
    return kept


def _is_sentence(text: str) -> bool:
    """Tell whether a line is of the story, not `作者：X 来源：Y` above it."""
    return len(_PUNCTUATION.findall(text)) > 1 and not (len(text) < 60 and _LABELLED.search(text))


def _metadata(page: _Page, body: list[_Line]) -> Metadata:
    """Return what the page says of its story: meta tags first, then headings and the lines around the story."""
    headings = [line.text for line in page.lines if line.tag in ("h1", "founder-title")]
    headings += [line.text for line in page.lines if line.tag in ("h2", "h3")]
    title = headings[0] if headings else page.meta.get("title") or _SITE.sub("", page.title)
    story = {id(line) for line in body if _is_sentence(line.text)}
    frame = [line.text for line in page.lines if id(line) not in story and len(line.text) <= _LONGEST_FRAME]
    labels: dict[str, str] = {}
    for text in frame:
        for label, value in _LABELLED.findall(text):
            labels.setdefault(label[-1], value)
    heads = [found for text in [*frame, page.title] if (found := masthead(text))]
    dates = [match[0] for text in [*frame, page.title] if (match := _DATE.search(text))]
    signed = [line.text for line in page.lines if line.tag == "founder-author"]
    author = page.meta.get("author") or labels.get("者") or (signed[0] if signed else "")
    names = [s.name for s in line_signatures(author)] or split_names(author)
    return Metadata(
        title=clean(title)[0].strip(),
        date=page.meta.get("date") or (heads[0][1] if heads else "") or (dates[0] if dates else ""),
        source=labels.get("源")
        or page.meta.get("source")
        or next((paper for paper, _ in heads if paper), "")
        or page.meta.get("site", ""),
        authors=tuple(names),
    )
