"""What goes wrong with inputs: one line that names it, the right exit status, and all else is built."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Command

pytestmark = pytest.mark.usefixtures("no_tagger")

GOOD = "本报讯 4月20日，云帆能源集团有限公司与蓝桥科技有限公司在上海市黄浦区签署战略合作协议。\n"


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the lines of standard error, of which each must be one of ours."""
    found = done.stderr.splitlines()
    assert all(line.startswith("wenmai: ") for line in found), done.stderr
    return found


def articles(wenmai: Command, store: Path) -> list[str]:
    text = "SELECT ?id { ?a a wenmai:Article ; dcterms:identifier ?id } ORDER BY ?id"
    done = wenmai("query", text, "--store", store, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[1:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one good article."""
    path = tmp_path / "news"
    path.mkdir()
    (path / "good.txt").write_text(GOOD, "utf-8")
    return path


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(4000)


REFUSED: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": "\n \u3000\t\r\n".encode(),
    "marks.txt": "——！！？？……。。。\n".encode(),
    "random.txt": random.Random(1).randbytes(200_000),
    "picture.txt": png(),
    "nothing.html": b"<html><head><script>var x = 1</script></head><body></body></html>",
    "broken.zip": b"PK\x03\x04 this is no archive",
    "broken.jsonl": b'{"id": "a", "text": \n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_input_is_refused_by_name_and_the_rest_is_built(
    name: str, folder: Path, tmp_path: Path, wenmai: Command
) -> None:
    (folder / name).write_bytes(REFUSED[name])
    done = wenmai("build", folder, "--date", "2017-04-21", "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    assert len([line for line in lines(done) if name in line]) == 1
    assert articles(wenmai, tmp_path / "store") == ["good"]


@pytest.mark.parametrize("name", ["empty.txt", "random.txt", "picture.txt"])
def test_nothing_to_build_makes_no_store_and_changes_none(name: str, tmp_path: Path, wenmai: Command) -> None:
    bad, good, store = tmp_path / name, tmp_path / "good.txt", tmp_path / "store"
    bad.write_bytes(REFUSED[name])
    assert wenmai("build", bad, "--store", store).returncode == 3
    assert not store.exists()
    good.write_text(GOOD, "utf-8")
    assert wenmai("build", good, "--store", store).returncode == 0
    before = wenmai("export", "--format", "nquads", "--store", store).stdout
    assert wenmai("build", bad, "--store", store).returncode == 3
    assert wenmai("export", "--format", "nquads", "--store", store).stdout == before


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_cut_within_a_character_is_read_with_a_warning(encoding: str, tmp_path: Path, wenmai: Command) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_bytes((GOOD.strip() * 5).encode(encoding)[:-1])
    done = wenmai("build", cut, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert len(lines(done)) == 1
    assert "cut.txt" in done.stderr


def test_a_day_that_does_not_exist_is_told_and_the_article_has_none(tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "no-such-day.txt").write_text(f"---\ntitle: 某日\ndate: 2017-02-30\n---\n{GOOD}", "utf-8")
    done = wenmai("build", tmp_path / "no-such-day.txt", "--store", tmp_path / "store")
    (line,) = lines(done)
    assert "no-such-day.txt" in line
    assert "2017-02-30" in line
    text = "ASK { ?a wenmai:publishedOn ?day }"
    assert wenmai("query", text, "--store", tmp_path / "store").stdout.strip() == "false"


def test_mojibake_is_not_taken_in_silently(tmp_path: Path, wenmai: Command) -> None:
    path = tmp_path / "mojibake.txt"
    path.write_bytes((GOOD * 5).encode("utf-8").decode("gbk", "replace").encode("utf-8"))
    done = wenmai("build", path, "--store", tmp_path / "store")
    assert len([line for line in lines(done) if "mojibake.txt" in line]) == 1


def test_control_and_direction_characters_leave_exports_readable(tmp_path: Path, wenmai: Command) -> None:
    path, store = tmp_path / "odd.txt", tmp_path / "store"
    path.write_text(GOOD.replace("云帆", "云\u200b帆") + "\u202e反\u0000转\u0007\ufffe。\n", "utf-8")
    done = wenmai("build", path, "--store", store)
    assert done.returncode == 0, done.stderr
    from rdflib import Dataset, Graph

    for format, name in (("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")):
        exported = wenmai("export", "--format", format, "--store", store)
        assert exported.returncode == 0, exported.stderr
        assert len(Graph().parse(data=exported.stdout, format=name)) > 10
    exported = wenmai("export", "--format", "trig", "--store", store)
    assert len(Dataset().parse(data=exported.stdout, format="trig")) > 10


def climbing(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.txt", GOOD)


def absolute(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{path.parent}/evil.txt", GOOD)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 80_000_000)


def cut(path: Path) -> None:
    whole = path.with_suffix(".whole")
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", GOOD * 100)
    path.write_bytes(whole.read_bytes()[:-40])
    whole.unlink()


@pytest.mark.parametrize("make", [climbing, absolute, bomb, cut])
def test_a_hostile_archive_is_refused_and_writes_nothing(
    make: Callable[[Path], None], folder: Path, tmp_path: Path, wenmai: Command
) -> None:
    make(folder / "bad.zip")
    before = sorted(tmp_path.rglob("*"))
    done = wenmai("build", folder, "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    assert any("bad.zip" in line for line in lines(done))
    assert articles(wenmai, tmp_path / "store") == ["good"]
    assert [path for path in sorted(tmp_path.rglob("*")) if tmp_path / "store" not in (path, *path.parents)] == before


def test_a_broken_line_of_json_is_named_and_the_others_are_built(tmp_path: Path, wenmai: Command) -> None:
    path = tmp_path / "day.jsonl"
    records = [json.dumps({"id": name, "title": "合作", "text": GOOD}, ensure_ascii=False) for name in ("a", "b")]
    path.write_text(f"{records[0]}\n{{broken\n{records[1]}\n", "utf-8")
    done = wenmai("build", path, "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    (line,) = lines(done)
    assert "day.jsonl" in line
    assert "2" in line
    assert articles(wenmai, tmp_path / "store") == ["a", "b"]


def test_links_in_a_circle_and_things_that_are_no_files_are_told(folder: Path, tmp_path: Path, wenmai: Command) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    os.mkfifo(folder / "pipe.txt")
    done = wenmai("build", folder, "--store", tmp_path / "store", timeout=60)
    assert done.returncode in (0, 3), done.stderr
    lines(done)
    assert articles(wenmai, tmp_path / "store") == ["good"]


def test_a_missing_source_is_told_and_the_others_are_built(folder: Path, tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("build", tmp_path / "nowhere.txt", folder, "--store", tmp_path / "store")
    assert done.returncode == 3
    assert len([line for line in lines(done) if "nowhere.txt" in line]) == 1
    assert articles(wenmai, tmp_path / "store") == ["good"]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_the_right_to_read_is_told(folder: Path, tmp_path: Path, wenmai: Command) -> None:
    (folder / "secret.txt").write_text(GOOD, "utf-8")
    (folder / "secret.txt").chmod(0)
    done = wenmai("build", folder, "--store", tmp_path / "store")
    assert done.returncode == 3
    assert any("secret.txt" in line for line in lines(done))


@pytest.mark.parametrize("name", ["新闻 一.txt", "-x.txt", "a\nb.txt", "表情😀.txt", "长" * 80 + ".txt"])
def test_odd_file_names_work_and_are_printed_on_one_line(
    name: str, folder: Path, tmp_path: Path, wenmai: Command
) -> None:
    (folder / name).write_text("", "utf-8")
    (folder / f"ok-{name}").write_text(GOOD, "utf-8")
    done = wenmai("build", folder, "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    assert len(lines(done)) == 1


def test_one_identifier_for_two_articles_is_refused_by_both_names(tmp_path: Path, wenmai: Command) -> None:
    for place, text in (("east", GOOD), ("west", GOOD.replace("蓝桥", "青山"))):
        (tmp_path / place).mkdir()
        (tmp_path / place / "same.txt").write_text(text, "utf-8")
    done = wenmai("build", tmp_path / "west", tmp_path / "east", "--store", tmp_path / "store")
    assert done.returncode == 3
    (line,) = lines(done)
    assert line.count("same.txt") == 2
    assert articles(wenmai, tmp_path / "store") == ["same"]


def packed(name: str, text: str = GOOD) -> bytes:
    """Return a zip archive of one file."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return box.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed("secret.txt"))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def nested() -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("inner.zip", packed("a.txt"))
    return box.getvalue()


HOSTILE: dict[str, bytes] = {
    "bomb.txt.gz": gzip.compress(b"0" * 80_000_000),
    "cut.txt.gz": gzip.compress(random.Random(3).randbytes(50_000))[:-3000],
    "encrypted.zip": encrypted(),
    "nested.zip": nested(),
    "nothing.zip": packed("picture.png"),
    "cut.zip": packed("a.txt", GOOD * 50)[:-30],
    "deep.jsonl": b"[" * 100_000,
    "deep2.jsonl": b'{"text": ' * 100_000,
    "numbers.jsonl": b"3\n",
    "constant.jsonl": b'{"text": NaN}\n',
    "bare.html": "<html><body><nav>首页，新闻。</nav></body></html>".encode(),
    "scrambled.html": b"<html><body><p>" + bytes(random.Random(4).choices(range(128, 255), k=4000)) + b"</p>",
}


def test_all_hostile_files_of_a_folder_are_named_once_each_and_the_rest_is_built(
    folder: Path, tmp_path: Path, wenmai: Command
) -> None:
    for name, data in HOSTILE.items():
        (folder / name).write_bytes(data)
    (folder / "zero.txt").symlink_to("/dev/zero")
    lying = f"<html><head><meta charset=utf-8></head><body><p>{GOOD}</p></body></html>".encode("gb18030")
    (folder / "lying.html").write_bytes(lying)
    (folder / "tags.html").write_text("<div>" * 100_000 + f"<p>{GOOD}</p>", "utf-8")
    done = wenmai("build", folder, "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    found = lines(done)
    for name in (*HOSTILE, "zero.txt"):
        assert len([line for line in found if f"/{name}" in line]) == 1, (name, found)
    assert (
        len([line for line in found if any(f"/{name}" in line for name in (*HOSTILE, "zero.txt"))]) == len(HOSTILE) + 1
    )
    assert articles(wenmai, tmp_path / "store") == ["good", "lying", "tags"]


def test_lines_that_are_no_articles_are_told_by_their_numbers(tmp_path: Path, wenmai: Command) -> None:
    path = tmp_path / "day.jsonl"
    good = json.dumps({"id": "a", "title": "合作", "text": GOOD}, ensure_ascii=False)
    twice = json.dumps({"id": "a", "title": "合作", "text": GOOD + GOOD}, ensure_ascii=False)
    path.write_text("\n".join([good, "[1]", "null", '{"text": 3}', good[:-9], twice]), "utf-8")
    done = wenmai("build", path, "--store", tmp_path / "store")
    assert done.returncode == 3, done.stderr
    found = lines(done)
    assert len(found) == 5
    assert [number for number in range(1, 8) if any(f"line {number}:" in line for line in found)] == [2, 3, 4, 5, 6]
    assert articles(wenmai, tmp_path / "store") == ["a"]


@pytest.mark.parametrize("data", ["", "。。。\n"])
def test_standard_input_without_a_word_is_refused(data: str, tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("build", "-", "--store", tmp_path / "store", input=data)
    assert done.returncode == 3, done.stderr
    assert len(lines(done)) == 1


def test_a_long_line_and_many_short_ones_are_read(tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "line.txt").write_text(GOOD.strip() * 500, "utf-8")
    (tmp_path / "short.txt").write_text("桥\n" * 20_000, "utf-8")
    done = wenmai("build", tmp_path / "line.txt", tmp_path / "short.txt", "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert articles(wenmai, tmp_path / "store") == ["line", "short"]
