"""The index is what one made anew would be, whatever was built, replaced, killed or damaged."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import wenmai as package
from conftest import Command
from text_store import ARTICLES, TEXTS, asked, assert_as_made_anew, named, node, quads, sources, term
from wenmai.namespaces import DEFAULT_BASE, NIF
from wenmai.query.search import NameHit, SentenceHit, names, search
from wenmai.statistics import count
from wenmai.store import DEFAULT, MemoryStore, open_store

# In step with the store

QUERIES = ["申", "能", "申能", "𠮷", "e", "a"]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.none(), TEXTS),
        st.sampled_from(["", "2019-05-01", "2020-01-01"]),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@example([(1, "申申", "", False), (1, "申", "", True)], 1)  # two texts of one article, of which one was loaded
@given(STEPS, st.integers(0, 8))
def test_after_any_commits_it_is_what_one_made_anew_is(
    steps: list[tuple[int, str | None, str, bool]], from_then: int
) -> None:
    store = MemoryStore()
    for number, (which, body, day, load) in enumerate(steps):
        if number == from_then:
            store.index()
        old = [
            *store.match(graph=node(f"graph/article-n{which}")),
            *store.match(node(f"id/org-{which}"), graph=DEFAULT),
        ]
        new = quads(f"n{which}", body, day) + named(f"org-{which}", body or "申", preferred=bool(day)) if body else []
        extra = quads("never", "申能不在", "2001-01-01")
        if load:
            store.load(new)
        else:
            store.commit(new + new[:2], remove=[*old, *extra, *new[:1]])
    assert_as_made_anew(store, QUERIES)
    assert search(store, "不在") == []


def test_replaced_and_removed_articles_leave_no_hits(tmp_path: Path, wenmai: Command) -> None:
    store, folder = tmp_path / "s", sources(tmp_path / "in")
    assert wenmai("build", folder, "--store", store, "--tagger", "none").returncode == 0
    sources(folder, {"a1": ("2022-01-01", "改", "青石桥剧院明天开门。")})
    assert wenmai("build", folder, "--store", store, "--tagger", "none").returncode == 0
    assert [hit["article"] for hit in asked(wenmai, store, "海棠")["sentences"]] == ["a2", "a3"]
    assert [hit["date"] for hit in asked(wenmai, store, "青石桥")["sentences"]] == ["2022-01-01"]
    assert wenmai("remove", "a1", "a3", "--store", store).returncode == 0
    assert asked(wenmai, store, "青石桥") == {"names": [], "sentences": []}
    assert [hit["article"] for hit in asked(wenmai, store, "海棠")["sentences"]] == ["a2"]
    writer = open_store(store, write=True)
    assert_as_made_anew(writer, ["海棠", "云岭", "青石桥", "山"])
    writer.close()


def test_a_reader_finds_only_what_its_snapshot_holds(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    writer.commit([*quads("a", "海棠能源很好。"), *named("org-1", "海棠能源")])
    writer.publish()
    before = open_store(tmp_path / "s")
    writer.commit(
        [*quads("a", "远山航运很好，海棠也好。"), *quads("b", "海棠能源也好。"), *named("org-2", "海棠")],
        remove=[*quads("a", "海棠能源很好。"), *named("org-1", "海棠能源")],
    )
    assert [hit.text for hit in search(before, "海棠")] == ["海棠能源很好。"]
    writer.publish()
    after = open_store(tmp_path / "s")
    assert [hit.text for hit in search(after, "海棠")] == ["远山航运很好，海棠也好。", "海棠能源也好。"]
    assert [hit.name for hit in names(after, "海棠")] == ["海棠"]
    assert search(before, "远山") == []
    assert [hit.article for hit in search(before, "海棠")] in ([], ["a"])
    assert [hit.iri for hit in names(before, "海棠")] in ([], [DEFAULT_BASE + "id/org-1"])
    assert [hit.text for hit in search(writer, "海棠")] == [hit.text for hit in search(after, "海棠")]
    writer.close()
    assert [hit.text for hit in search(after, "海棠")] == ["远山航运很好，海棠也好。", "海棠能源也好。"]
    assert [path.name for path in (tmp_path / "s").glob("index.db*")] == ["index.db"]


def test_newest_first_then_by_identifier_then_undated() -> None:
    store = MemoryStore()
    store.index()
    for identifier, day in (("b", "2020-01-01"), ("u", ""), ("c", "2021-01-01"), ("a", "2020-01-01")):
        store.commit(quads(identifier, "海棠一。海棠二。", day))
    assert [hit.article for hit in search(store, "海棠")] == ["c", "c", "a", "a", "b", "b", "u", "u"]
    assert [hit.date for hit in search(store, "海棠", 1)] == [dt.date(2021, 1, 1)]
    changed = [quad for quad in quads("c", "海棠一。海棠二。", "2021-01-01") if "publishedOn" in str(quad.predicate)]
    store.commit([], remove=changed)
    assert [hit.article for hit in search(store, "海棠")] == ["a", "a", "b", "b", "c", "c", "u", "u"]


# What may go wrong

WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from text_store import named, quads
from wenmai.store import open_store
store = open_store(sys.argv[1], write=True, create=True)
n = 0
while True:
    store.commit(quads(f"n{n}", f"海棠能源的第{n}条。远山航运。", "2020-01-01") + named(f"org-{n % 7}", f"海棠{n}"),
                 remove=quads(f"n{n - 3}", f"海棠能源的第{n - 3}条。远山航运。", "2020-01-01") if n % 5 == 0 else [])
    if n % 20 == 19:
        store.publish()
    print(n, flush=True)
    n += 1
"""


@pytest.mark.parametrize("told", [1, 27, 60])
def test_a_killed_writer_is_repaired_after(tmp_path: Path, told: int) -> None:
    path = tmp_path / "s"
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(told):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    reader = open_store(path)
    published = len({quad.subject for quad in reader.match(predicate=term(NIF + "isString"))})
    assert len(search(reader, "远山", 1000)) == published
    reader.close()
    store = open_store(path, write=True)
    assert_as_made_anew(store, ["海棠", "远山", "1", "条", "海棠1"])
    assert len(search(store, "远山", 1000)) >= told - told // 5 - 1
    assert "index.db was unclean" in (path / "log.jsonl").read_text("utf-8")
    store.publish()
    store.close()
    lines = (path / "log.jsonl").read_text("utf-8").count("index.db was")
    open_store(path, write=True).close()
    assert (path / "log.jsonl").read_text("utf-8").count("index.db was") == lines


def test_a_damaged_missing_or_foreign_file_is_made_anew(texts_store: Path, tmp_path: Path) -> None:
    with package.open(texts_store) as graph:
        expected = graph.search("海棠"), graph.names("云岭")
    other = open_store(tmp_path / "other", write=True, create=True)
    other.commit(quads("z", "海棠在别处。"))
    other.publish()
    other.close()
    content = (texts_store / "index.db").read_bytes()
    damages = {
        "gone": None,
        "empty": b"",
        "text": "不是数据库".encode() * 1000,
        "cut": content[: len(content) // 2],
        "head": b"\0" * 100 + content[100:],
        "middle": content[:4096] + os.urandom(len(content) - 8192) + content[-4096:],
        "foreign": (tmp_path / "other" / "index.db").read_bytes(),
    }
    for how, bytes_now in damages.items():
        copy = shutil.copytree(texts_store, tmp_path / how)
        (copy / "index.db").unlink()
        if bytes_now is not None:
            (copy / "index.db").write_bytes(bytes_now)
        with package.open(copy) as graph:
            if how != "foreign":
                assert [hit.text for hit in graph.search("海棠")] == [hit.text for hit in expected[0]], how
                assert [hit.iri for hit in graph.names("云岭")] == [hit.iri for hit in expected[1]], how
            assert not any("别处" in hit.text for hit in graph.search("海棠"))
        writer = open_store(copy, write=True)
        if how != "middle":
            assert "index.db was" in (copy / "log.jsonl").read_text("utf-8"), how
            assert_as_made_anew(writer, ["海棠", "云岭"])
        writer.publish()
        writer.close()
        with package.open(copy) as graph:
            assert ([hit.text for hit in graph.search("海棠")]) == [hit.text for hit in expected[0]], how


def test_a_flipped_byte_gives_no_error_and_nothing_wrong(texts_store: Path, tmp_path: Path) -> None:
    with package.open(texts_store) as graph:
        right, right_names = set(graph.search("海棠")), set(graph.names("云岭"))
    copy = shutil.copytree(texts_store, tmp_path / "s")
    content = bytearray((texts_store / "index.db").read_bytes())
    for at in range(0, len(content), max(1, len(content) // 50)):
        content[at] ^= 0xFF
        (copy / "index.db").write_bytes(content)
        content[at] ^= 0xFF
        with package.open(copy) as graph:
            assert set(graph.search("海棠")) <= right, at
            assert set(graph.names("云岭")) <= right_names, at


READER = """
import json, sys
import wenmai
with wenmai.open(sys.argv[1]) as graph:
    assert graph.store.index() is not None
    print(json.dumps([hit.text for hit in graph.search("海棠")], ensure_ascii=False))
"""


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may write anywhere")
@pytest.mark.parametrize("writing", [False, True])
def test_a_folder_that_may_not_be_written_is_searched(texts_store: Path, tmp_path: Path, writing: bool) -> None:
    path = shutil.copytree(texts_store, tmp_path / "s")
    writer = open_store(path, write=True) if writing else None
    if writer is not None:
        writer.commit(quads("z", "海棠不在快照里。"))
    for folder in [path, *path.rglob("*")]:
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    for parent in [tmp_path, *list(tmp_path.parents)[:-1]]:
        if parent.stat().st_uid == os.geteuid() and str(parent) != "/tmp":
            parent.chmod(parent.stat().st_mode | 0o055)
    command = [sys.executable, "-c", READER, str(path)]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with package.open(texts_store) as graph:
        assert json.loads(done.stdout) == [hit.text for hit in graph.search("海棠")]
    for folder in [path, *path.rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)
    if writer is not None:
        writer.close()


def test_a_store_without_an_index_is_asked_in_sparql(texts_store: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(texts_store, tmp_path / "s")
    (copy / "index.db").unlink()
    for text in ("海棠", "雲嶺", "abc", '"shipping  line"', "海棠 远山", "𠮷"):
        with package.open(texts_store) as with_index, package.open(copy) as without:
            assert without.store.index() is None
            assert [h.text for h in without.search(text)] == [h.text for h in with_index.search(text)], text
            assert {h.iri for h in without.names(text)} == {h.iri for h in with_index.names(text)}, text


def test_a_server_is_searched_in_sparql(server: str) -> None:
    remote, here = open_store(server, write=True), MemoryStore()
    for identifier, (day, title, body) in ARTICLES.items():
        for store in (remote, here):
            store.commit([*quads(identifier, body, day, title), *named(f"org-{identifier}", title)])
    assert remote.index() is None
    assert remote.tally() is None
    for text in ("海棠", "雲嶺", "abc", "海棠 远山", '"shipping  line"', "没有的词"):
        assert search(remote, text) == search(here, text), text
    assert names(remote, "续报") == names(here, "续报") != []
    assert count(remote) == count(here)


def test_a_reader_is_not_broken_by_a_writer_at_work(tmp_path: Path) -> None:
    path = tmp_path / "s"
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number in range(60):
            process.stdout.readline()
            reader = open_store(path)
            texts = {getattr(q.object, "value", "") for q in reader.match(predicate=term(NIF + "isString"))}
            hits = search(reader, "海棠", 1000)
            assert all(any(hit.text in text for text in texts) for hit in hits), number
            assert reader.index() is not None
            assert len({hit.article for hit in hits}) <= len(texts)
            reader.close()
        process.kill()


def test_a_name_that_is_unknown_is_told_with_those_near_it(texts_store: Path, wenmai: Command) -> None:
    done = wenmai("query", "partners", "--param", "org=海棠能源集团有限公私", "--store", texts_store)
    assert done.returncode == 2
    assert "near it: 海棠能源（集团）有限公司" in done.stderr
    again = wenmai("query", "partners", "--param", "org=海棠能源（", "--store", texts_store)
    assert again.returncode == 0, again.stderr
    assert "whose name alone begins so" in again.stderr


def test_records_are_frozen() -> None:
    store = MemoryStore(quads=[*quads("a", "海棠。"), *named("org-1", "海棠")])
    hit, name = search(store, "海棠")[0], names(store, "海棠")[0]
    assert (type(hit), type(name)) == (SentenceHit, NameHit)
    with pytest.raises(AttributeError):
        hit.text = "x"  # type: ignore[misc]
