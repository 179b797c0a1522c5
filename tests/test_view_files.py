"""The files of `wenmai view`: whole or absent, readable by other tools, article text never markup."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import view_store as sample
from wenmai.errors import UsageError
from wenmai.store import MemoryStore
from wenmai.view import FORMATS, project, render, view


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return sample.make(inferred=sample.INFERRED)


def page_data(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_holds_no_address_to_ask(store: MemoryStore, tmp_path: Path) -> None:
    view(store, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base|form)\b", text)
    assert not re.findall(r"<script[^>]*\bsrc", text)
    assert "cdn" not in text.replace("cdn_resources", "").lower()
    assert "sourceMappingURL" not in text
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy and policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy[1]


def test_article_text_is_data(store: MemoryStore, tmp_path: Path) -> None:
    view(store, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert text.count("</script>") == 3
    for hostile in (sample.HOSTILE_TITLE, sample.HOSTILE_QUOTE, "<img", "<svg onload"):
        assert hostile not in text.replace("<svg width", "")
    articles = page_data(tmp_path / "page.html")["articles"]
    assert sample.HOSTILE_TITLE in [article[1] for article in articles]


def test_nothing_moves_by_itself(store: MemoryStore, tmp_path: Path) -> None:
    view(store, tmp_path / "page.html")
    data = page_data(tmp_path / "page.html")
    assert data["options"]["physics"] == {"enabled": False}
    assert all(isinstance(node["x"], float) and isinstance(node["y"], float) for node in data["nodes"])


@pytest.mark.parametrize(("lang", "code", "label"), [("zh", "zh-Hans", "合作伙伴"), ("en", "en", "partner of")])
def test_languages(store: MemoryStore, tmp_path: Path, lang: str, code: str, label: str) -> None:
    view(store, tmp_path / "page.html", lang=lang, focus="海潮集团")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert f'<html lang="{code}">' in text and "海潮集团 · " in text
    assert label in [edge["label"] for edge in page_data(tmp_path / "page.html")["edges"]]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_twice(store: MemoryStore, tmp_path: Path, format: str) -> None:
    for name in ("one", "two"):
        view(store, tmp_path / name, format=format, inferred=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_networkx_reads_it_back(store: MemoryStore, tmp_path: Path, format: str) -> None:
    summary = view(store, tmp_path / "graph", format=format)
    read = nx.read_graphml if format == "graphml" else nx.read_gexf
    back = read(tmp_path / "graph")
    assert (len(back), back.number_of_edges()) == (summary.nodes, summary.edges)
    assert back.nodes[sample.iri(sample.YUNFAN)]["type"] == "Company"
    line = next(data for *_, data in back.edges(data=True) if data["label"] == "收购")
    assert (line["kind"], line["quotes"], line["dates"]) == ("denied", "海潮集团否认收购青石大学", "2021-03-06")


@pytest.mark.parametrize("format", ["graphml", "gexf", "svg"])
def test_characters_that_xml_cannot_hold_are_left_out(store: MemoryStore, format: str) -> None:
    graph = project(store)
    graph.nodes[sample.iri(sample.HAICHAO)]["zh"] = "铃\x07声\ufffe公司<&>"
    content = render(graph, format).decode()
    ET.fromstring(content)
    assert "铃声公司&lt;&amp;&gt;" in content


def test_svg_names_shapes_lines_and_quotes(store: MemoryStore, tmp_path: Path) -> None:
    view(store, tmp_path / "picture.svg", format="svg")
    root = ET.parse(tmp_path / "picture.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "海潮集团" in texts and "× 收购" in texts and "党政机关" in texts
    tips = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any("海潮集团否认收购青石大学 (云帆携手海潮, 2021-03-06)" in tip for tip in tips)
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_png(store: MemoryStore, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'wenmai[print]'")
    try:
        view(store, tmp_path / "picture.png", format="png")
    except UsageError as error:
        pytest.skip(str(error))
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_png_without_matplotlib_names_the_extra(
    store: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"wenmai\[print\]"):
        view(store, tmp_path / "picture.png", format="png")
    assert not list(tmp_path.iterdir())


def test_more_than_the_page_holds_is_said_in_it_and_in_the_notes(tmp_path: Path) -> None:
    summary = view(sample.crowd(1510), tmp_path / "page.html")
    assert (summary.nodes, summary.total, summary.truncated) == (1500, 1510, True)
    assert summary.notes[0].startswith("Only the 1,500 most connected of 1,510 are drawn")
    assert "图中只画出联系最多的 1,500 个实体（共 1,510 个）" in (tmp_path / "page.html").read_text("utf-8")
    assert view(sample.crowd(1510), tmp_path / "all.graphml", format="graphml").nodes == 1510


def test_an_empty_graph_is_a_page_that_says_so(tmp_path: Path) -> None:
    summary = view(MemoryStore(), tmp_path / "page.html")
    assert summary.nodes == 0 and summary.notes == ("Nothing to draw: no relation in the graph meets the conditions.",)
    assert "没有可画的实体" in (tmp_path / "page.html").read_text("utf-8")
    for format in FORMATS[1:4]:
        view(MemoryStore(), tmp_path / format, format=format)


@pytest.mark.parametrize(("key", "value"), [("format", "pdf"), ("lang", "fr"), ("focus", "无"), ("types", ["X"])])
def test_a_wrong_option_writes_nothing(store: MemoryStore, tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(UsageError):
        view(store, tmp_path / "page.html", **{key: value})
    assert not list(tmp_path.iterdir())


def test_a_place_where_nothing_can_be_written(store: MemoryStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="the picture cannot be written there"):
        view(store, tmp_path / "file" / "page.html")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="the picture cannot be written there"):
        view(store, tmp_path / "folder")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}
