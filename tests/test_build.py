"""Building: the same store whatever the order, the workers and the machine; again, and after an interruption."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pyoxigraph as ox

from conftest import Command, command_line, exported
from wenmai.build import build, remove
from wenmai.reason import refresh_inferred
from wenmai.store import MemoryStore, open_store
from wenmai.triples import inferred_iri
from wenmai.triples.stored import stored_articles

FIRMS = [
    "云帆能源",
    "蓝桥科技",
    "青山置业",
    "海纳物流",
    "星河传媒",
    "北辰医药",
    "东湖电子",
    "金穗食品",
    "远景船舶",
    "安澜水务",
]
AREAS = ["黄浦区", "徐汇区", "静安区", "普陀区", "虹口区", "杨浦区", "闵行区", "宝山区", "嘉定区", "松江区"]


def article(number: int) -> dict[str, str]:
    """Return a short article that differs from its neighbours in firms, place and day."""
    one, two = FIRMS[number % 10], FIRMS[(number * 3 + 1 + number // 10) % 10]
    area = AREAS[number * 7 % 10]
    text = (
        f"本报讯 4月{number % 28 + 1}日，{one}集团有限公司与{two}股份有限公司在上海市{area}签署战略合作协议。\n"
        f"{one}集团有限公司总部位于上海市{area}，双方将在人才培训等领域开展合作。\n"
    )
    return {"id": f"news-{number:04}", "title": f"{one}与{two}合作", "date": "2017-04-29", "text": text}


def write(path: Path, count: int) -> Path:
    lines = (json.dumps(article(number), ensure_ascii=False) + "\n" for number in range(count))
    path.write_text("".join(lines), "utf-8")
    return path


def test_the_sample_store_is_the_same_bytes_whatever_the_order_and_the_machine(
    samples: Path, sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    paths = [str(path) for path in samples.iterdir() if path.suffix != ".md"]
    ways = [
        (["--workers", "1"], {"PYTHONHASHSEED": "0", "TZ": "Asia/Shanghai", "LC_ALL": "C"}),
        (["--workers", "3"], {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"}),
        (["--workers", "2"], {"PYTHONHASHSEED": "random", "TZ": "UTC", "LC_ALL": "zh_CN.GBK"}),
    ]
    for number, (words, env) in enumerate(ways):
        random.Random(number).shuffle(paths)
        store = tmp_path / f"store{number}"
        done = wenmai("build", *paths, *words, "--store", store, env=env)
        assert done.returncode == 0, done.stderr
        for format in ("turtle", "trig", "nquads"):
            assert exported(wenmai, store, format) == exported(wenmai, sample_store, format)


def test_a_second_run_changes_nothing(samples: Path, tmp_path: Path, wenmai: Command) -> None:
    store = tmp_path / "store"
    assert wenmai("build", samples, "--store", store).returncode == 0
    before = exported(wenmai, store)
    done = wenmai("build", samples, "--store", store)
    assert done.returncode == 0, done.stderr
    assert "0 built" in done.stdout
    assert exported(wenmai, store) == before


def test_where_a_file_lies_is_no_part_of_the_graph(samples: Path, tmp_path: Path, wenmai: Command) -> None:
    store = tmp_path / "store"
    assert wenmai("build", ".", "--store", store, cwd=samples).returncode == 0
    assert str(samples) not in exported(wenmai, store)
    shutil.copytree(samples, tmp_path / "copy")
    done = wenmai("build", tmp_path / "copy", "--store", store)
    assert "0 built" in done.stdout


def test_items_that_a_page_has_no_longer_are_taken_out(tmp_path: Path, samples: Path, wenmai: Command) -> None:
    store, page, fresh = tmp_path / "store", tmp_path / "page.txt", tmp_path / "fresh"
    page.write_bytes((samples / "2020-10-28-page.txt").read_bytes())
    assert "3 built" in wenmai("build", page, "--store", store).stdout
    page.write_text(article(1)["text"], "utf-8")
    assert "1 built, 3 removed" in wenmai("build", page, "--store", store).stdout
    assert wenmai("build", page, "--store", fresh).returncode == 0
    assert exported(wenmai, store) == exported(wenmai, fresh)


def test_articles_added_one_by_one_give_the_store_built_at_once(tmp_path: Path, wenmai: Command) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert wenmai("build", write(tmp_path / "all.jsonl", 6), "--store", whole).returncode == 0
    for count in (2, 4, 6):
        assert wenmai("build", write(tmp_path / "all.jsonl", count), "--store", parts).returncode == 0
    assert exported(wenmai, parts) == exported(wenmai, whole)


def test_a_corrected_article_replaces_the_old_one(tmp_path: Path, wenmai: Command) -> None:
    store, path, fresh = tmp_path / "store", tmp_path / "news.txt", tmp_path / "fresh"
    path.write_text(article(1)["text"], "utf-8")
    assert wenmai("build", path, "--date", "2017-04-29", "--store", store).returncode == 0
    old = exported(wenmai, store)
    path.write_text(article(5)["text"], "utf-8")
    done = wenmai("build", path, "--date", "2017-04-29", "--store", store)
    assert "1 built (1 of them replaced)" in done.stdout
    assert wenmai("build", path, "--date", "2017-04-29", "--store", fresh).returncode == 0
    assert exported(wenmai, store) == exported(wenmai, fresh) != old


def test_other_metadata_makes_an_article_another(tmp_path: Path, wenmai: Command) -> None:
    store, path = tmp_path / "store", tmp_path / "news.txt"
    path.write_text(article(1)["text"], "utf-8")
    for words, told in (
        (["--date", "2017-04-29"], "1 built;"),
        (["--date", "2017-04-29"], "1 unchanged"),
        (["--date", "2018-04-29"], "1 built (1 of them replaced)"),
        (["--date", "2018-04-29", "--publisher", "新民晚报"], "1 built (1 of them replaced)"),
        (["--date", "2018-04-29", "--publisher", "新民晚报"], "1 unchanged"),
    ):
        assert told in wenmai("build", path, *words, "--store", store).stdout


def test_removal_leaves_what_others_speak_of(tmp_path: Path, wenmai: Command) -> None:
    store, rest = tmp_path / "store", tmp_path / "rest"
    assert wenmai("build", write(tmp_path / "news.jsonl", 6), "--store", store).returncode == 0
    done = wenmai("remove", "news-0004", "news-0005", "--store", store)
    assert (done.returncode, done.stdout.strip()) == (0, f"{store}: 2 removed")
    assert wenmai("build", write(tmp_path / "news.jsonl", 4), "--store", rest).returncode == 0
    assert exported(wenmai, store) == exported(wenmai, rest)
    done = wenmai("remove", "news-0004", "news-0003", "--store", store)
    assert done.returncode == 3
    assert "news-0004" in done.stderr
    assert wenmai("remove", "news-0000", "news-0001", "news-0002", "--store", store).returncode == 0
    assert exported(wenmai, store) == ""


def test_the_base_of_a_store_is_chosen_once(tmp_path: Path, wenmai: Command) -> None:
    store, path = tmp_path / "store", write(tmp_path / "news.jsonl", 1)
    assert wenmai("build", path, "--store", store, "--base", "https://news.example/").returncode == 0
    assert "<https://news.example/id/article-" in exported(wenmai, store)
    assert wenmai("build", path, "--store", store).returncode == 0
    done = wenmai("build", path, "--store", store, "--base", "https://other.example/")
    assert done.returncode == 2
    assert "https://news.example/" in done.stderr


def test_standard_input_is_a_source(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("build", "-", "--store", tmp_path / "store", input=article(1)["text"])
    assert done.returncode == 0, done.stderr
    assert "1 built" in done.stdout


def test_a_memory_store_is_built_like_one_on_disk(samples: Path, sample_store: Path) -> None:
    store = open_store("memory:")
    assert isinstance(store, MemoryStore)
    report = build([samples], store, workers=1)
    assert report.built >= 12
    assert not report.refused
    disk = open_store(sample_store)
    assert set(store.match()) == set(disk.match())
    disk.close()
    identifiers = stored_articles(store)
    assert remove(sorted(identifiers), store).removed == len(identifiers)
    assert not list(store.match())


def test_a_closure_that_was_cut_off_is_completed(samples: Path) -> None:
    store = open_store("memory:")
    build([samples], store, workers=1)
    whole = set(store.match())
    inferred = list(store.match(None, None, None, inferred_iri(store.base)))
    assert len(inferred) > 20
    store.commit((), [ox.Quad(*quad.triple) for quad in inferred])
    refresh_inferred(store)
    assert set(store.match()) == whole
    store.commit((), inferred[::2] + [ox.Quad(*quad.triple) for quad in inferred])
    refresh_inferred(store)
    assert set(store.match()) == whole


def test_a_store_on_a_server_is_built_like_one_on_disk(
    server: str, samples: Path, sample_store: Path, wenmai: Command
) -> None:
    for told in ("built", "unchanged"):
        done = wenmai("build", samples, "--store", server)
        assert (done.returncode, done.stderr) == (0, "")
        assert told in done.stdout
    assert exported(wenmai, server) == exported(wenmai, sample_store)


def start(source: Path, store: Path, workers: int) -> subprocess.Popen[str]:
    words = [*command_line(), "build", str(source), "--store", str(store), "--workers", str(workers)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def until(store: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the build has begun to write."""
    while not (store / "current").exists() and process.poll() is None:
        time.sleep(0.01)


def test_an_interrupted_build_is_whole_and_goes_on(tmp_path: Path, wenmai: Command) -> None:
    source, store, whole = write(tmp_path / "news.jsonl", 100), tmp_path / "store", tmp_path / "whole"
    process = start(source, store, 2)
    until(store, process)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert len([line for line in told.splitlines() if line.startswith("wenmai: interrupted")]) == 1
    assert "Traceback" not in told
    done = wenmai("build", source, "--store", store)
    assert done.returncode == 0, done.stderr
    assert wenmai("build", source, "--store", whole).returncode == 0
    assert exported(wenmai, store) == exported(wenmai, whole)


def test_hearsay_is_told_apart_from_what_is_so(wenmai: Command, tmp_path: Path) -> None:
    text = (
        "坊间传闻，云岭海棠能源股份有限公司与远山航运有限公司昨天签署战略合作协议。\n"
        "昨天，云岭海棠能源股份有限公司与临溪理工大学签署战略合作协议。\n"
    )
    record = {"id": "rumour", "title": "市场动向", "date": "2020-06-11", "text": text}
    (tmp_path / "a.jsonl").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    store = tmp_path / "store"
    assert wenmai("build", tmp_path / "a.jsonl", "--store", store).returncode == 0

    def ask(pattern: str) -> str:
        return wenmai("query", f"ASK {{ {pattern} }}", "--store", store).stdout.strip()

    ends = '?a skos:prefLabel "云岭海棠能源股份有限公司"@zh . ?b skos:prefLabel "{}"@zh . '
    rumoured, stated = ends.format("远山航运有限公司"), ends.format("临溪理工大学")
    said = "GRAPH ?g {{ ?c rdf:subject ?a; rdf:predicate wenmai:partnerOf; rdf:object ?b; wenmai:modality wenmai:{} }}"
    assert ask(stated + "?a wenmai:partnerOf ?b") == "true"
    assert ask(rumoured + "?a wenmai:partnerOf ?b") == "false"
    assert ask(rumoured + "?b wenmai:partnerOf ?a") == "false"
    assert ask(rumoured + "?event wenmai:participant ?b") == "false"
    assert ask(rumoured + said.format("Reported")) == "true"
    assert ask(rumoured + said.format("Asserted")) == "false"
    assert wenmai("check", "--store", store).returncode == 0
    assert "wenmai:Reported" in wenmai("query", "planned-denied", "--store", store).stdout
