"""One article in every encoding, line break and format; archives, pages and records as sites write them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Command
from wenmai.read import ReadOptions, read, sources
from wenmai.read.decode import UnreadableError, decode
from wenmai.records import Article, Refusal

TITLE = "云帆能源与蓝桥科技合作"
PARAGRAPHS = (
    "本报讯（记者 何山）4月20日，云帆能源集团有限公司与蓝桥科技有限公司在上海市黄浦区签署战略合作协议。",
    "云帆能源集团董事长周明远出席签约仪式，双方将共建实验室。",
)
TRADITIONAL_TITLE = "雲帆能源與藍橋科技合作"
TRADITIONAL = (
    "本報訊（記者 何山）4月20日，雲帆能源集團有限公司與藍橋科技有限公司在上海市黃浦區簽署戰略合作協議。",
    "雲帆能源集團董事長周明遠出席簽約儀式，雙方將共建實驗室。",
)
UNICODE = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "gb18030")
DAY = ReadOptions(dt.date(2017, 4, 21), "海湾晚报")

Paragraphs = tuple[str, ...]


def as_text(title: str, paragraphs: Paragraphs, end: str, encoding: str) -> bytes:
    return end.join(["---", f"title: {title}", "---", "", *paragraphs, ""]).encode(encoding)


def as_lines(title: str, paragraphs: Paragraphs, end: str, encoding: str) -> bytes:
    record = {"id": "a", "title": title, "content": "\n".join(paragraphs)}
    return (json.dumps(record, ensure_ascii=False) + end).encode(encoding)


def as_page(title: str, paragraphs: Paragraphs, end: str, encoding: str) -> bytes:
    story = end.join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body>{end}<div>{story}</div></body></html>".encode(encoding)


def as_archive(title: str, paragraphs: Paragraphs, end: str, encoding: str) -> bytes:
    return packed([("a.txt", as_text(title, paragraphs, end, encoding))])


FORMATS: dict[str, Callable[[str, Paragraphs, str, str], bytes]] = {
    "a.txt": as_text,
    "a.jsonl": as_lines,
    "a.html": as_page,
    "a.zip": as_archive,
}


def packed(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return box.getvalue()


def found_in(path: Path, data: bytes, options: ReadOptions = DAY) -> list[Article | Refusal]:
    path.write_bytes(data)
    found: list[Article | Refusal] = []
    for source in sources([path]):
        found += [source] if isinstance(source, Refusal) else list(read(source, options))
    return found


def articles_in(path: Path, data: bytes, options: ReadOptions = DAY) -> list[Article]:
    found = found_in(path, data, options)
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def refusals_in(path: Path, data: bytes) -> list[str]:
    return [f"{item.source}: {item.reason}" for item in found_in(path, data) if isinstance(item, Refusal)]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_encodings_line_breaks_and_formats_give_one_article(name: str, end: str, tmp_path: Path) -> None:
    (wanted,) = articles_in(tmp_path / "a.txt", as_text(TITLE, PARAGRAPHS, "\n", "utf-8"))
    for encoding in UNICODE:
        (found,) = articles_in(tmp_path / name, FORMATS[name](TITLE, PARAGRAPHS, end, encoding))
        assert replace(found, source=wanted.source, sha256=wanted.sha256) == wanted, encoding
    (wanted,) = articles_in(tmp_path / "a.txt", as_text(TRADITIONAL_TITLE, TRADITIONAL, "\n", "utf-8"))
    for encoding in (*UNICODE, "big5"):
        (found,) = articles_in(tmp_path / name, FORMATS[name](TRADITIONAL_TITLE, TRADITIONAL, end, encoding))
        assert replace(found, source=wanted.source, sha256=wanted.sha256) == wanted, encoding


def test_exports_differ_in_nothing_but_source_and_digest(tmp_path: Path, wenmai: Command) -> None:
    seen: dict[str, set[str]] = {}
    for number, (name, end, encoding) in enumerate(
        [
            ("a.txt", "\n", "utf-8"),
            ("a.jsonl", "\r\n", "gb18030"),
            ("a.html", "\r", "utf-16"),
            ("a.zip", "\n", "utf-16-be"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(FORMATS[name](TITLE, PARAGRAPHS, end, encoding))
        words = ("--date", "2017-04-21", "--publisher", "海湾晚报", "--store", folder / "store")
        done = wenmai("build", folder / name, *words)
        assert done.returncode == 0, done.stderr
        for format in ("nquads", "trig", "turtle"):
            text = wenmai("export", "--format", format, "--store", folder / "store").stdout
            text = (
                re.sub(r'"[0-9a-f]{64}"', '"digest"', text)
                .replace(f'"{name}/a.txt"', '"a"')
                .replace(f'"{name}"', '"a"')
            )
            seen.setdefault(format, set()).add(text)
    assert {format: len(texts) for format, texts in seen.items()} == {"nquads": 1, "trig": 1, "turtle": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "big5"])
@pytest.mark.parametrize("name", ["申能.txt", "市/今天.txt"])
def test_names_in_an_archive_without_the_flag(name: str, encoding: str, tmp_path: Path) -> None:
    raw = name.encode(encoding)
    data = packed([("x" * len(raw), as_text(TITLE, PARAGRAPHS, "\n", "utf-8"))]).replace(b"x" * len(raw), raw)
    found = found_in(tmp_path / "z.zip", data)
    assert all("\n" not in (item.source if isinstance(item, Refusal) else item.id) for item in found)
    if encoding != "big5":  # a name of two characters is too short to tell Big5 from GBK
        assert [item.id for item in found if isinstance(item, Article)] == [Path(name).stem]


def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path) -> None:
    story = as_text(TITLE, PARAGRAPHS, "\n", "utf-8")
    path = tmp_path / "z.zip"
    whole = packed([("a.txt", story), ("b.txt", story)])
    for cut in (1, 30, 90, len(whole) - 10):
        assert "broken zip archive" in refusals_in(path, whole[:-cut])[0]
    assert "no file" in refusals_in(path, packed([]))[0]
    assert "nothing to read" in refusals_in(path, packed([("a.png", b"x")]))[0]
    assert "archive within an archive" in refusals_in(path, packed([("in.zip", whole), ("a.txt", story)]))[0]
    assert "zip" in refusals_in(tmp_path / "z.zip.gz", gzip.compress(whole))[0]
    (line,) = refusals_in(path, packed([("a.txt", b"0" * 2**20 * 40), ("b.txt", b"0" * 2**20 * 40)]))
    assert "200 times" in line
    secret = bytearray(packed([("a.txt", story)]))
    secret[6] |= 1
    secret[secret.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusals_in(path, bytes(secret))[0]
    flipped = bytearray(packed([("a.txt", story)], zipfile.ZIP_STORED))
    flipped[80] ^= 1
    assert "a.txt" in refusals_in(path, bytes(flipped))[0]
    for name in ("..\\a.txt", "C:\\a.txt", "/a.txt", "x/../../a.txt"):
        (line,) = refusals_in(path, packed([(name, story)]))
        assert "leads out" in line


P1, P2, P3 = "昨天，申河新桥通车，市民步行过江。", "新桥长三公里，预计年底全面开放。", "负责人说，明年还要再建两座桥。"


def page(tmp_path: Path, body: str, head: str = "", encoding: str = "utf-8") -> list[Article]:
    data = f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)
    return articles_in(tmp_path / "a.html", data, ReadOptions())


@pytest.mark.parametrize("filler", ["<script>var a = 'b';</script>", "<style>.a {b: c}</style>"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_story_far_below_scripts_is_decoded_right(filler: str, encoding: str, tmp_path: Path) -> None:
    (found,) = page(tmp_path, filler * 5000 + f"<h1>新桥</h1><div><p>{P1}</p></div>", encoding=encoding)
    assert (found.title, found.text) == ("新桥", P1)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="publishdate" content="2019-03-04"><meta name="author" content="记者 王小明">'
        '<meta name="source" content="海湾晚报">',
        '<meta name="PubDate" content="2019-03-04 08:00">'
        '<meta name="ContentSource" content="海湾晚报"><meta name="Author" content="王小明">',
        '<meta property="article:published_time" content="2019-03-04T08:00:00+08:00"><meta property="og:site_name" '
        'content="海湾晚报"><meta property="article:author" content="王小明">',
    ],
)
def test_day_author_and_paper_in_meta_tags(head: str, tmp_path: Path) -> None:
    (found,) = page(tmp_path, f"<h1>新桥</h1><p>{P1}</p><p>{P2}</p>", head)
    assert (found.date, found.publisher) == (dt.date(2019, 3, 4), "海湾晚报")
    assert [author.name for author in found.authors] == ["王小明"]


def test_only_the_story_of_a_page_is_kept(tmp_path: Path) -> None:
    (found,) = page(
        tmp_path,
        f"<nav>首页，新闻。</nav><h1>新桥</h1><div>2019年03月04日 08:21 | 来源：海湾晚报 | 作者：王小明</div>"
        f"<div>　　{P1}<br>"
        f'<br>&emsp;{P2}<p style="display:none">不见，不见。</p><p hidden>不见，二。</p><p>分享到：微信</p></div>'
        "<aside>相关，相关，相关。</aside><footer>版权，所有。</footer><style>.a{}</style><script>甲，乙，丙。</script>",
    )
    assert found.text == f"{P1}\n{P2}"
    assert (found.title, found.publisher, found.date) == ("新桥", "海湾晚报", dt.date(2019, 3, 4))
    (found,) = page(tmp_path, f"<p>{P1}海\n  湾<b>市</b> two\nwords&ldquo;好&rdquo;&#x7533;。</p>")
    assert found.text == f"{P1}海湾市 two words“好”申。"
    (found,) = articles_in(tmp_path / "b.txt", f"<!-- x --><html><body><p>{P1}</body>".encode("gbk"))
    assert found.text == P1


def test_several_stories_of_one_page_are_told_apart_and_subheads_are_not(tmp_path: Path) -> None:
    lead = "本报讯（记者 王小明）"
    first, second = page(
        tmp_path,
        f"<h2>新桥通车</h2><p>{lead}{P1}</p><p>{P2}</p><h2>公园开放</h2><p>本报讯（记者 李默）{P3}</p>",
    )
    assert [(x.id, x.title, [a.name for a in x.authors]) for x in (first, second)] == [
        ("a#1", "新桥通车", ["王小明"]),
        ("a#2", "公园开放", ["李默"]),
    ]
    (found,) = page(tmp_path, f"<h1>新桥</h1><p>{lead}{P1}</p><h2>全长三公里</h2><p>{P2}</p><h2>再建</h2><p>{P3}</p>")
    assert [block.kind for block in found.blocks] == ["body", "subtitle", "body", "subtitle", "body"]


@pytest.mark.parametrize(
    "record",
    [
        {"id": "a", "text": P1, "date": "2019-03-04", "source": "海湾晚报", "authors": ["王小明", "李默"]},
        {"ID": "a", "Content": P1, "publishDate": "2019-03-04 08:00:00", "media": "海湾晚报", "author": "王小明 李默"},
        {"id": "a", "正文": P1, "发布时间": "2019年3月4日", "来源": "来源：海湾晚报", "作者": "作者：王小明、李默"},
        {
            "_id": "a",
            "body": [P1],
            "pub_time": "20190304",
            "source": "海湾晚报",
            "author": [{"name": "王小明"}, {"name": "李默"}],
        },
        {
            "id": "a",
            "content": f"<div><p>{P1}</p></div>",
            "pubDate": "2019-03-04T08:00:00Z",
            "source": "海湾晚报",
            "byline": "王小明/李默",
        },
    ],
)
def test_records_as_sites_name_their_fields(record: dict[str, object], tmp_path: Path) -> None:
    (found,) = articles_in(tmp_path / "d.jsonl", json.dumps(record, ensure_ascii=False).encode(), ReadOptions())
    assert (found.id, found.text, found.date, found.publisher) == ("a", P1, dt.date(2019, 3, 4), "海湾晚报")
    assert [author.name for author in found.authors] == ["王小明", "李默"]


def test_records_that_are_none(tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "text": P1}, ensure_ascii=False)
    bad = [
        "[1, 2]",
        '"text"',
        "3",
        "null",
        "{",
        '{"text": NaN}',
        '{"text": 3}',
        '{"text": {"a": 1}}',
        '{"x": ' + "9" * 5000,
    ]
    bad += ["[" * 100_000, '{"text": "。"}', good + "}"]
    found = found_in(tmp_path / "d.jsonl", "\n".join([*bad, good, good.replace("{", '{"n": NaN, ', 1)]).encode())
    refused = [item for item in found if isinstance(item, Refusal)]
    assert [f"line {number}" in item.source for number, item in enumerate(refused, 1)] == [True] * len(bad)
    assert all("\n" not in item.reason and len(item.reason) < 300 for item in refused)
    assert [item.id for item in found if isinstance(item, Article)] == ["good", "good"]
    (long,) = articles_in(tmp_path / "d.jsonl", json.dumps({"id": "l", "text": P1 * 60_000}).encode())
    assert len(long.text) == len(P1) * 60_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@given(tail=st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"]), max_size=40))
def test_decoding_what_was_encoded_gives_it_back(encoding: str, tail: str) -> None:
    text = "".join(PARAGRAPHS) * 3 + tail
    assert decode(text.encode(encoding)).text == text


@settings(deadline=None)
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except UnreadableError as error:
        assert "\n" not in str(error)
    else:
        decoded.text.encode("utf-8")
        assert "\r" not in decoded.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["a.html", "a.jsonl", "a.zip", "a.json", "a.gz"]),
    data=st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(["<p>", "</p>", "<div", ">", "<br>", "&#x", "{", '"text"', ":", P1, "\n", "<h2>", "]"])
        ).map(lambda parts: "".join(parts).encode()),
        st.integers(0, 400).map(lambda at: packed([("a.txt", b"abc" * 40)])[:at]),
    ),
)
def test_any_bytes_of_any_format_give_sound_articles_or_refusals(name: str, data: bytes, tmp_path: Path) -> None:
    for item in found_in(tmp_path / name, data):
        if isinstance(item, Refusal):
            assert "\n" not in item.reason
            continue
        end = 0
        for block in item.blocks:
            assert end <= block.span.begin < block.span.end <= len(item.text)
            end = block.span.end
