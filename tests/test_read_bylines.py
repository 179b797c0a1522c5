"""Who signs a story, in the forms that Chinese papers print, and the lines that sign nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenmai.read import ReadOptions, Source, read, sources
from wenmai.records import Article


def article(tmp_path: Path, text: str) -> Article:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    (source,) = sources([path])
    assert isinstance(source, Source)
    (found,) = read(source, ReadOptions())
    assert isinstance(found, Article), found
    for author in found.authors:
        assert author.span is not None
        assert author.span.of(found.text) == author.name
    return found


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("首席记者 沈一鸣", [("沈一鸣", "记者")]),
        (
            "本报首席记者 沈一鸣 见习记者 余舟 实习生 文小满",
            [("沈一鸣", "记者"), ("余舟", "记者"), ("文小满", "实习生")],
        ),
        ("沈一鸣 文 余小舟 摄", [("沈一鸣", "文"), ("余小舟", "摄")]),
        ("沈一鸣 文并摄", [("沈一鸣", "文并摄")]),
        ("文｜沈一鸣 图｜余小舟", [("沈一鸣", "文"), ("余小舟", "图")]),
        ("文字：沈一鸣 摄影：余小舟", [("沈一鸣", "文字"), ("余小舟", "摄影")]),
        ("沈一鸣/文余小舟/图", [("沈一鸣", "文"), ("余小舟", "图")]),
        ("特派记者 沈一鸣 （本报河口今日专电）", [("沈一鸣", "记者")]),
        ("本报记者 沈一鸣 图/REUTERS", [("沈一鸣", "记者")]),
        ("本报记者 沈一鸣 华盛顿报道", [("沈一鸣", "记者")]),
        ("海湾之声记者沈一鸣、余小舟", [("沈一鸣", "记者"), ("余小舟", "记者")]),
        ("本报驻海湾记者 沈一鸣", [("沈一鸣", "记者")]),
        ("本报记者 欧阳一鸣 阿依古丽·买买提", [("欧阳一鸣", "记者"), ("阿依古丽·买买提", "记者")]),
    ],
)
def test_a_line_that_signs(tmp_path: Path, line: str, authors: list[tuple[str, str]]) -> None:
    found = article(tmp_path, f"新桥通车\n\n新桥昨天通车，市民步行过江。\n\n{line}")
    assert [(author.name, author.role) for author in found.authors] == authors
    assert found.blocks[-1].kind == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：沈一鸣",
        "（责任编辑 沈一鸣）",
        "责编 沈一鸣 美编 余舟",
        "（下转第3版）",
        "（上接第1版）",
        "（作者系海湾大学教授）",
        "（本报河口4月20日专电）",
        "本报记者",
        "（完）",
        "本版摄影 沈一鸣",
        "本报综合报道",
    ],
)
def test_a_line_of_the_desk_signs_nothing_and_is_no_heading(tmp_path: Path, line: str) -> None:
    found = article(tmp_path, f"新桥通车\n\n新桥昨天通车，市民步行过江。\n\n{line}")
    assert found.authors == ()
    assert found.blocks[-1].kind == "note"


@pytest.mark.parametrize(
    ("start", "names"),
    [
        ("本报讯 记者何山报道：", ["何山"]),
        ("本报记者何山报道", ["何山"]),
        ("海湾晚报记者何山报道 ", ["何山"]),
        ("早报记者 何山 ", ["何山"]),
        ("本报河口4月20日电（记者 何山 通讯员 余小舟）", ["何山", "余小舟"]),
        ("本报 4 月 20 日讯（记者 何山）", ["何山"]),
        ("新华社北京4月20日电　记者何山、余小舟报道，", ["何山", "余小舟"]),
        ("中新社河口4月20日电 (记者 何山)", ["何山"]),
        ("人民网河口4月20日电（何山、余小舟）", ["何山", "余小舟"]),
        ("本报讯（何山）", ["何山"]),
        ("大桥通车了中广网北京6月15日消息（海湾之声记者何山）", ["何山"]),
        ("本报讯（上周）", []),
        ("本报讯（海湾日报）", []),
        ("4月20日，本报记者从市交通局获悉，", []),
        ("记者何山昨天从市交通局获悉，", []),
        ("记者 周末 走访了码头，", []),
    ],
)
def test_the_opening_of_a_story(tmp_path: Path, start: str, names: list[str]) -> None:
    found = article(tmp_path, f"新桥通车\n\n{start}新桥昨天通车，全长三公里。\n\n大桥由海湾建设集团承建。")
    assert [author.name for author in found.authors] == names


@pytest.mark.parametrize("marks", ["〔〕", "【】"])
def test_who_reports_from_where_signs_in_brackets(tmp_path: Path, marks: str) -> None:
    found = article(
        tmp_path, f"新橋通車\n\n{marks[0]}記者沈一鳴、余小舟／河口報導{marks[1]}新橋昨天通車，市民步行過江。"
    )
    assert [author.name for author in found.authors] == ["沈一鳴", "余小舟"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("海湾新桥昨天正式通车本报讯（记者 何山）新桥昨天通车，全长三公里。", "海湾新桥昨天正式通车"),
        ("海湾新桥昨天正式通车 全长三公里新华社北京4月20日电 新桥通车。", "海湾新桥昨天正式通车 全长三公里"),
        ("新桥通车以后市民步行过江，" + "路上走了很久很久的人们都说大桥很长很长" * 3, "新桥通车以后市民步行过江"),
        ("新桥通车", "新桥通车"),
    ],
)
def test_the_title_of_a_story_without_lines(tmp_path: Path, text: str, title: str) -> None:
    assert article(tmp_path, text).title == title


def test_columns_cut_at_their_width_are_put_together(tmp_path: Path) -> None:
    story = (
        "　　海湾市的新桥昨天上午正式通车，市民可以步行过江，全程大约需要十五分钟，桥上设有观景平台和休息座椅。"
        "大桥由海湾建设集团承建，前后用了三年时间。"
    )
    second = "　　市交通局负责人表示，明年还将在上游再建两座桥，届时两岸之间的来往会更加方便，周边的道路也会拓宽。"
    for width in (12, 16, 20):
        cut = [p[at : at + width] for p in (story, second) for at in range(0, len(p), width)]
        found = article(tmp_path, "新桥通车\n" + "\n".join(cut) + "\n（下转第3版）\n")
        bodies = [block.span.of(found.text) for block in found.blocks if block.kind == "body"]
        assert bodies == [story.strip(), second.strip()]
        assert found.blocks[-1].kind == "note"
