"""The read room from the outside: bytes and folders in, articles and refusals out."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wenmai.read import ReadOptions, Source, read, sources
from wenmai.records import Article, Refusal

SHARED = Path(__file__).parents[2] / "shared"
STORY = "昨天，海湾市与河口县在体育中心签订合作协议，双方将共建一座博物馆，预计明年开放。\n\n市长周明远出席仪式。"
TRADITIONAL = "昨天，海灣市與河口縣在體育中心簽訂合作協議，雙方將共建一座博物館，預計明年開放。"
PAGE = """旧码头变身滨水公园

三公里岸线今起开放

昨天上午，海湾市的旧码头改造工程完工，三公里岸线向市民开放，每天接待游客约两

桂花开了

本周，城南植物园的桂花进入盛花期，花期预计持续到月底。

周小禾 摄影报道

万人次。工程由海湾建设集团承建，前后用了三年。

岸线还要延长

市建委负责人说，明年将再开放两公里。

本报记者 陈一舟 通讯员 林可

社区食堂有了新标准

本报讯 (记者 何山)市民政局昨天发布《社区食堂服务规范》，下月起施行。

规范要求明码标价。

新桥今天合龙

本报讯 (实习生 唐小雨)跨江新桥今天合龙，预计年底通车。"""


def articles(path: Path, options: ReadOptions | None = None) -> list[Article | Refusal]:
    found: list[Article | Refusal] = []
    for source in sources([path]):
        found += [source] if isinstance(source, Refusal) else list(read(source, options or ReadOptions()))
    return found


def one(tmp_path: Path, content: str | bytes, name: str = "a.txt", options: ReadOptions | None = None) -> Article:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (found,) = articles(path, options)
    assert isinstance(found, Article), found
    return found


def refused(tmp_path: Path, content: bytes, name: str = "a.txt") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    found = articles(path)
    assert len(found) == 1 and isinstance(found[0], Refusal), found
    assert found[0].source == str(path)
    return found[0].reason


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    assert one(tmp_path, STORY.encode(encoding)).text == STORY.replace("\n\n", "\n")


def test_big5_and_rare_characters(tmp_path: Path) -> None:
    assert one(tmp_path, TRADITIONAL.encode("big5")).text == TRADITIONAL
    assert "𠮷" in one(tmp_path, (STORY + "𠮷野家开业。").encode("gb18030")).text


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_cut_off_character_is_one_warning(tmp_path: Path, encoding: str) -> None:
    data = STORY.rstrip("。").encode(encoding)[:-1]
    article = one(tmp_path, data)
    assert article.text.endswith("\ufffd")
    assert len(article.warnings) == 1
    assert f"byte {len(data) - (2 if encoding == 'utf-8' else 1)}" in article.warnings[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("。，！".encode(), "no word"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        (b"\0" * 5000, "binary"),
        (STORY.encode().decode("gb18030", "replace").encode(), "suspect encoding"),
        (b"---\ntitle: x\n---\n\n", "front matter"),
    ],
)
def test_refusals(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, content)


def test_hostile_characters_are_replaced_one_for_one(tmp_path: Path) -> None:
    bad = "\x00\x07\u202e\ufffe\ufdd0"
    article = one(tmp_path, f"海湾{bad}市\u200b昨天开会。\r\n第二段在此。\r第三段在此。".encode())
    assert article.text == "海湾" + "\ufffd" * 5 + "市\u200b昨天开会。\n第二段在此。\n第三段在此。"
    line = json.dumps({"id": "s", "text": "海湾\ud800市开会。"})
    assert one(tmp_path, line, "a.jsonl").text == "海湾\ufffd市开会。"


def test_front_matter(tmp_path: Path) -> None:
    head = "---\ntitle: 新桥通车\ndate: 2019-03-04\nsource: 海湾晚报\nauthor: 王小明, Anna Lee\nurl: https://x.example/1\n---\n\n"
    article = one(tmp_path, head + "本报讯（记者 王小明）新桥昨天通车。")
    assert (article.id, article.title, article.date) == ("a", "新桥通车", dt.date(2019, 3, 4))
    assert (article.publisher, article.source) == ("海湾晚报", "https://x.example/1")
    assert article.text == "本报讯（记者 王小明）新桥昨天通车。"
    assert [(a.name, a.role, a.span and a.span.of(article.text)) for a in article.authors] == [
        ("王小明", "记者", "王小明"),
        ("Anna Lee", "作者", None),
    ]


def test_dates(tmp_path: Path) -> None:
    option = ReadOptions(dt.date(2020, 1, 2), "海湾晚报")
    article = one(tmp_path, "---\ndate: 2019-02-30\n---\n新桥昨天通车。", options=option)
    assert article.date == dt.date(2020, 1, 2)
    assert article.publisher == "海湾晚报"
    assert any("2019-02-30" in warning for warning in article.warnings)
    assert one(tmp_path, STORY).date is None
    headed = one(tmp_path, "河口日报 2018年5月6日 星期日 A03版\n\n新桥通车\n\n新桥昨天通车，市民步行过江。")
    assert (headed.publisher, headed.date, headed.title) == ("河口日报", dt.date(2018, 5, 6), "新桥通车")
    agency = one(tmp_path, "新桥通车\n\n新华社海湾7月15日电（记者 王小明）新桥昨天通车。")
    assert (agency.publisher, agency.date) == (None, None)


def test_a_page_is_cut_into_items(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text(PAGE, encoding="utf-8")
    found = [item for item in articles(path) if isinstance(item, Article)]
    assert [(item.id, item.title, [author.name for author in item.authors]) for item in found] == [
        ("p#1", "旧码头变身滨水公园", ["陈一舟", "林可"]),
        ("p#2", "桂花开了", ["周小禾"]),
        ("p#3", "社区食堂有了新标准", ["何山"]),
        ("p#4", "新桥今天合龙", ["唐小雨"]),
    ]
    assert "每天接待游客约两万人次。" in found[0].text
    assert "桂花" not in found[0].text
    kinds = [(block.kind, block.span.of(found[0].text)) for block in found[0].blocks]
    assert [kind for kind, _ in kinds] == ["title", "subtitle", "body", "subtitle", "body", "byline"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("本报记者 沈一鸣", ["沈一鸣"]),
        ("记者 方清和 通讯员 田维仲", ["方清和", "田维仲"]),
        ("记者 方清和陈明山", ["方清", "陈明山"]),
        ("本报记者沈一鸣", ["沈一鸣"]),
        ("□记者 卞小初", ["卞小初"]),
        ("赵一 钱二二 孙三 制作", ["赵一", "钱二二", "孙三"]),
        ("陈小泽 摄影报道", ["陈小泽"]),
        ("（本报记者 文小满 通讯员 余舟）", ["文小满", "余舟"]),
        ("文/王小明 图/李默默", ["王小明", "李默默"]),
        ("摄影 时雨", ["时雨"]),
        ("本报记者 Grace Lin 实习生 唐可", ["Grace Lin", "唐可"]),
        ("本報記者　何嘉", ["何嘉"]),
        ("记者 李 默 王小明", ["李默", "王小明"]),
    ],
)
def test_bylines(tmp_path: Path, line: str, names: list[str]) -> None:
    article = one(tmp_path, f"新桥通车\n\n新桥昨天通车，市民步行过江。\n\n{line}")
    assert [author.name for author in article.authors] == names
    assert article.blocks[-1].kind == "byline"


@pytest.mark.parametrize(
    "start",
    ["本报讯（记者 何山）", "【本報訊】（記者　何山）", "新华社海湾7月15日电（记者 何山）", "本报讯 (记者 何山)"],
)
def test_leads(tmp_path: Path, start: str) -> None:
    article = one(tmp_path, f"新桥通车\n\n{start}新桥昨天通车，记者从市交通局获悉，全长三公里。")
    assert [(author.name, author.span and author.span.of(article.text)) for author in article.authors] == [
        ("何山", "何山")
    ]
    assert [block.kind for block in article.blocks] == ["title", "body"]


def test_quoted_persons_are_no_authors(tmp_path: Path) -> None:
    article = one(
        tmp_path, "记者从市交通局获悉，新桥昨天通车。\n\n“很高兴。”周小明告诉记者（他是司机）。\n\n记者 昨天 获悉"
    )
    assert article.authors == ()


@pytest.mark.parametrize(("encoding", "declared"), [("gbk", "gb2312"), ("gbk", "utf-8"), ("utf-8", "gb2312")])
def test_html(tmp_path: Path, encoding: str, declared: str) -> None:
    page = (
        f'<html><head><meta charset="{declared}"><title>新桥通车-海湾晚报</title>'
        '<script>var a="脚本，。";</script></head>'
        "<body><div>2019年3月4日 星期一 海湾晚报</div><div id=c><h1>新桥通车</h1><p>作者：王小明 来源：海湾晚报</p>"
        "<p>　　昨天，&#x7533;河新桥通车，市民步行过江。<p>新桥长三公里，预计年底全面开放。</div>"
        "<script>alert('恶意，。')</script></body></html>"
    )
    article = one(tmp_path, page.encode(encoding), "a.html")
    assert (article.title, article.date, article.publisher) == ("新桥通车", dt.date(2019, 3, 4), "海湾晚报")
    assert article.text == "昨天，申河新桥通车，市民步行过江。\n新桥长三公里，预计年底全面开放。"
    assert [author.name for author in article.authors] == ["王小明"]


@pytest.mark.parametrize("tags", ["<div>" * 100_000, "<p>" * 100_000, "<!--" * 1000 + "-->", "<" * 10_000])
def test_html_that_nests_and_never_ends(tmp_path: Path, tags: str) -> None:
    article = one(tmp_path, (tags + "<div><p>昨天，大桥通车，市民高兴。").encode(), "a.html")
    assert "昨天，大桥通车，市民高兴。" in article.text


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = {"id": "x1", "title": "新桥", "date": "2019-03-04", "authors": ["王小明"], "content": "新桥昨天通车。"}
    path.write_text(json.dumps(good) + "\n{broken\n\n" + json.dumps({"text": "市民很高兴。"}) + "\n", encoding="utf-8")
    first, second, third = articles(path)
    assert isinstance(first, Article) and (first.id, first.date) == ("x1", dt.date(2019, 3, 4))
    assert isinstance(second, Refusal) and "line 2" in second.source
    assert isinstance(third, Article) and third.id == "a#4"


def test_archives(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("b.txt", STORY)
        box.writestr("../../evil.txt", STORY)
        box.writestr("/abs.txt", STORY)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        box.writestr(link, "/etc/passwd")
    found = articles(path)
    assert [item.id for item in found if isinstance(item, Article)] == ["b"]
    assert len([item for item in found if isinstance(item, Refusal)]) == 3
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("b.txt", b"a" * (60 * 2**20))
    assert "times its size" in refused(tmp_path, bomb.getvalue(), "bomb.zip")
    assert "unpack" in refused(tmp_path, gzip.compress(b"a" * (60 * 2**20)), "b.txt.gz")
    assert one(tmp_path, gzip.compress(STORY.encode()), "c.txt.gz").id == "c"


def test_folders(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "1.txt", "3.txt"):
        (tmp_path / name).write_text(STORY, encoding="utf-8")
    (tmp_path / "notes.py").write_text("x")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = sources([tmp_path, tmp_path / "1.txt"])
    assert [item.stem for item in found if isinstance(item, Source)] == ["1", "2", "3"]
    assert len([item for item in found if isinstance(item, Refusal)]) == 2
    assert found == sources([tmp_path / "1.txt", tmp_path])
    assert pickle.loads(pickle.dumps(found)) == found
    assert isinstance(sources(["/dev/zero"])[0], Refusal)
    assert isinstance(sources([tmp_path / "none.txt"])[0], Refusal)


def test_odd_names(tmp_path: Path) -> None:
    for name in ("-x.txt", "a\nb.txt", "😀.txt", "好" * 80 + ".txt"):
        article = one(tmp_path, STORY, name)
        assert "\n" not in article.source + article.id
    raw = os.fsencode(tmp_path) + "/申能.txt".encode("gbk")
    Path(os.fsdecode(raw)).write_text(STORY, encoding="utf-8")
    (found,) = articles(Path(os.fsdecode(raw)))
    assert isinstance(found, Article)
    found.id.encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))))
def test_any_bytes_give_sound_articles_or_a_refusal(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(data)
    check(articles(path))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.sampled_from([*PAGE.split("\n"), "本报记者 王小明", "□记者 X", "（", "◀ 图为桥", "　"]), max_size=25
    )
)
def test_any_page_keeps_every_line_once(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = articles(path)
    check(found)
    if all(isinstance(item, Article) for item in found):
        kept = sorted("".join(item.text for item in found if isinstance(item, Article)).replace("\n", ""))
        assert [c for c in kept if not c.isspace()] == sorted(c for c in "".join(lines) if not c.isspace())


def check(found: list[Article | Refusal]) -> None:
    assert found
    for item in found:
        if isinstance(item, Refusal):
            assert item.reason and "\n" not in item.reason
            continue
        end = 0
        for block in item.blocks:
            assert end <= block.span.begin < block.span.end <= len(item.text)
            end = block.span.end
        for author in item.authors:
            assert author.span is None or author.span.of(item.text).replace(" ", "").replace("　", "")
        item.text.encode()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["page-20170421", "page-20180316", "page-20180921"])
def test_real_pages(name: str) -> None:
    gold = json.loads((SHARED / "gold" / f"{name}.gold.json").read_text(encoding="utf-8"))
    found = [item for item in articles(SHARED / "gold" / f"{name}.txt") if isinstance(item, Article)]
    assert len(found) == len(gold["items"])
    for item, want in zip(found, gold["items"], strict=True):
        assert (item.title, [author.name for author in item.authors]) == (want["title"], want["authors"])
        assert want["starts"] in item.text and want["ends"] in item.text
    for left, right in gold["joins"]:
        assert any(left + right in item.text for item in found)
