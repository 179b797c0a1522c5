"""How things look: one colour and shape for a group of classes, one line for a kind of statement, and the page's words.

Colours are those of Okabe and Ito, "Color Universal Design" (https://jfly.uni-koeln.de/color/), which readers with
any common colour blindness tell apart; shape and line pattern say the same again without colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wenmai import ontology

Lang = Literal["zh", "en"]
Shape = Literal["square", "dot", "hexagon", "triangleDown", "triangle", "diamond", "star"]


@dataclass(frozen=True, slots=True)
class Group:
    """Classes that are drawn alike. `classes` are tested from the top of `GROUPS` down, subclasses included."""

    key: str
    classes: tuple[str, ...]
    colour: str
    border: str
    shape: Shape
    zh: str
    en: str


GROUPS = (
    Group(
        "state",
        ("GovernmentBody", "PartyBody"),
        "#0072B2",
        "#00456B",
        "square",
        "党政机关",
        "Government, Party",
    ),
    Group("company", ("Company",), "#56B4E9", "#1F6F9E", "dot", "企业", "Company"),
    Group("body", ("Organization",), "#CC79A7", "#8A4169", "hexagon", "其他机构", "Other organization"),
    Group("place", ("Place",), "#009E73", "#005C43", "triangleDown", "地点", "Place"),
    Group("person", ("Person",), "#D55E00", "#8A3D00", "triangle", "人物", "Person"),
    Group("event", ("Event",), "#E69F00", "#8F6300", "diamond", "事件", "Event"),
    Group("document", ("Policy", "Agreement"), "#F0E442", "#7A7300", "star", "政策、协议", "Policy, agreement"),
    Group("other", (), "#999999", "#555555", "dot", "其他", "Other"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """How a kind of statement is drawn; `dashes` are lengths of stroke and gap in pixels, empty for a full line."""

    key: str
    colour: str
    dashes: tuple[int, ...]
    width: float
    mark: str
    zh: str
    en: str


LINES = (
    Line("asserted", "#4D4D4D", (), 1.6, "", "已陈述", "stated"),
    Line("planned", "#0072B2", (9, 6), 1.6, "", "计划中", "planned"),
    Line("reported", "#7A4FA3", (10, 4, 2, 4), 1.6, "? ", "传闻", "hearsay"),
    Line("denied", "#B34700", (2, 5), 2.2, "× ", "被否认", "denied"),
    Line("inferred", "#9A9A9A", (14, 4, 2, 4), 1.2, "", "推断得出", "inferred"),
)
LINE = {line.key: line for line in LINES}


def group(cls: str) -> Group:
    """Return the group of a class (local name); an unknown or empty class is in the last."""
    above = set(ontology.superclasses(cls)) if cls in ontology.classes() else set()
    return next((each for each in GROUPS if above & set(each.classes)), GROUPS[-1])


def class_label(cls: str, lang: Lang) -> str:
    """Return what a class is called; empty for an unknown one."""
    return ontology.label(cls, lang) if cls in ontology.classes() else ""


TEXTS: dict[Lang, dict[str, str]] = {
    "zh": {
        "title": "文脉网络图",
        "summary": "{nodes} 个实体，{edges} 条关系",
        "truncated": "图中只画出联系最多的 {nodes} 个实体（共 {total} 个）；请用 --focus、--type 或日期缩小范围。",
        "empty": "没有可画的实体：图中没有符合条件的关系。",
        "search": "查找名称",
        "results": "个结果",
        "none": "没有找到",
        "legend": "图例",
        "zoomIn": "放大",
        "zoomOut": "缩小",
        "fit": "全图",
        "canvas": "关系网络图。同样的内容见下方“事实列表”，也可用上方的查找框逐个查看。",
        "hint": "点击节点或连线，查看原文依据。",
        "facts": "事实列表",
        "filter": "筛选事实",
        "subject": "主体",
        "relation": "关系",
        "object": "客体",
        "status": "情态",
        "quote": "原文",
        "article": "报道",
        "date": "日期",
        "close": "关闭",
        "names": "其他名称",
        "details": "属性",
        "relations": "关系",
        "ends": "两端",
        "between": "两者之间的其他说法",
        "evidence": "原文依据",
        "more": "另有 {n} 处依据未列出",
        "approximate": "约略",
        "noEvidence": "由规则推断得出，没有直接的原文。",
        "undated": "日期不详",
        "show": "在图中显示",
        "Asserted": "陈述",
        "Planned": "计划",
        "Reported": "转述",
        "Denied": "否认",
        "Inferred": "推断",
        "Happened": "已发生",
        "Scheduled": "计划中",
        "Cancelled": "已取消",
        "noscript": "请允许本页运行脚本；它不访问网络。",
    },
    "en": {
        "title": "wenmai network",
        "summary": "{nodes} entities, {edges} relations",
        "truncated": "Only the {nodes} most connected of {total} are drawn; narrow it by --focus, --type or dates.",
        "empty": "Nothing to draw: no relation in the graph meets the conditions.",
        "search": "Find a name",
        "results": "found",
        "none": "nothing found",
        "legend": "Legend",
        "zoomIn": "Zoom in",
        "zoomOut": "Zoom out",
        "fit": "Whole picture",
        "canvas": "Network of relations. The list of facts below holds the same; the search box finds each entity.",
        "hint": "Click a node or a line to read the words it stands on.",
        "facts": "List of facts",
        "filter": "Filter the facts",
        "subject": "Subject",
        "relation": "Relation",
        "object": "Object",
        "status": "Modality",
        "quote": "Quote",
        "article": "Article",
        "date": "Date",
        "close": "Close",
        "names": "Other names",
        "details": "Details",
        "relations": "Relations",
        "ends": "Both ends",
        "between": "What else is said of the two",
        "evidence": "Evidence",
        "more": "{n} more quotes are not listed",
        "approximate": "approximate",
        "noEvidence": "Inferred by rule; no article says it in words.",
        "undated": "no date",
        "show": "Show in the picture",
        "Asserted": "stated",
        "Planned": "planned",
        "Reported": "reported",
        "Denied": "denied",
        "Inferred": "inferred",
        "Happened": "happened",
        "Scheduled": "scheduled",
        "Cancelled": "cancelled",
        "noscript": "Please allow this page to run its script; it asks no network.",
    },
}
