"""Searching sentences and names: the same as looking at every text, whatever was built, replaced, killed or damaged."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import opencc
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wenmai as package
from conftest import Command
from wenmai.errors import UsageError
from wenmai.folding import fold, found
from wenmai.namespaces import DCTERMS, DEFAULT_BASE, NIF, RDF, SKOS, WENMAI, XSD
from wenmai.query.search import NameHit, SentenceHit, names, search
from wenmai.store import DEFAULT, MemoryStore, Store, open_store
from wenmai.store.grams import sentences

ARTICLES = {
    "a1": ("2021-03-05", "港区新闻", "海棠能源（集团）有限公司昨天与远山航运签署协议。双方说，海棠将在云岭港建码头。"),
    "a2": ("2021-03-06", "續報", "雲嶺港務局表示，海棠能源的ＡＢＣ碼頭下月開工！遠山航運沒有回應。"),
    "a3": ("", "无日期", "云岭的𠮷田先生说：“海棠能源　ABC 码头很好。”\n远山 Shipping  Line 也这样看"),
}
"""Each with its day, its title and its text; the names are invented."""


def node(local: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + local)


def term(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def quads(identifier: str, body: str, day: str = "", title: str = "") -> list[ox.Quad]:
    """Return the lines of an article's node in its graph."""
    subject, graph = node(f"id/article-{identifier}"), node(f"graph/article-{identifier}")
    lines: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (term(RDF + "type"), term(WENMAI + "Article")),
        (term(NIF + "isString"), ox.Literal(body)),
        (term(DCTERMS + "identifier"), ox.Literal(identifier)),
        (term(DCTERMS + "title"), ox.Literal(title, language="zh")),
    ]
    if day:
        lines.append((term(WENMAI + "publishedOn"), ox.Literal(day, datatype=term(XSD + "date"))))
    return [ox.Quad(subject, predicate, value, graph) for predicate, value in lines]


def named(local: str, name: str, *, preferred: bool = True, cls: str = "Company") -> list[ox.Quad]:
    predicate = SKOS + ("prefLabel" if preferred else "altLabel")
    subject = node(f"id/{local}")
    return [
        ox.Quad(subject, term(RDF + "type"), term(WENMAI + cls), DEFAULT),
        ox.Quad(subject, term(predicate), ox.Literal(name, language="zh"), DEFAULT),
    ]


def everything(store: Store, queries: Sequence[str]) -> dict[str, object]:
    """Return all that a store's index can be asked."""
    index = store.index()
    assert index is not None
    found_now: dict[str, object] = {query: search(store, query, 10_000) for query in queries}
    found_now |= {f"name {query}": names(store, query, 10_000) for query in queries}
    found_now["hits"] = {q: sorted(str(p) for p in index.sentences([q])) for q in queries}
    found_now["names"] = {q: sorted(str(n) for n in index.names(q)) for q in queries}
    found_now["tally"] = None if (tally := store.tally()) is None else tally.as_json()
    return found_now


def assert_as_made_anew(store: Store, queries: Sequence[str]) -> None:
    fresh = MemoryStore(store.base, store.match())
    assert everything(store, queries) == everything(fresh, queries)


def sources(folder: Path, articles: dict[str, tuple[str, str, str]] = ARTICLES) -> Path:
    folder.mkdir(exist_ok=True)
    for name, (day, title, body) in articles.items():
        head = f"title: {title}\n" + (f"date: {day}\n" if day else "")
        (folder / f"{name}.txt").write_text(f"---\n{head}---\n\n{body}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> Path:
    folder = tmp_path_factory.mktemp("search")
    done = wenmai("build", sources(folder / "in"), "--store", folder / "s", "--tagger", "none")
    assert done.returncode == 0, done.stderr
    return folder / "s"


def asked(wenmai: Command, store: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    done = wenmai("search", *words, "--format", "json", "--store", store)
    assert done.returncode == 0, done.stderr
    result: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("海棠", ["a2", "a1", "a1", "a3"]),
        ("雲嶺港", ["a2", "a1"]),
        ("云岭港", ["a2", "a1"]),
        ("abc码头", ["a2", "a3"]),
        ("ＡＢＣ 碼頭", ["a2", "a3"]),
        ("海棠 远山", ["a1"]),
        ('"shipping line"', ["a3"]),
        ("“远山 shipping”", ["a3"]),
        ("line shipping", ["a3"]),
        ('"line shipping"', []),
        ("𠮷田", ["a3"]),
        ("𠮷", ["a3"]),
        ("看", ["a3"]),
        ("!", ["a2"]),
        ('海棠" OR sentence MATCH "', []),
        ("海* NOT 远", []),
        ("没有的词", []),
    ],
)
def test_the_command_finds_what_the_texts_hold(text: str, articles: list[str], built: Path, wenmai: Command) -> None:
    hits = asked(wenmai, built, text)["sentences"]
    assert [hit["article"] for hit in hits] == articles
    with package.open(built) as graph:
        rows = graph.query("SELECT ?id ?text { GRAPH ?g { ?a dcterms:identifier ?id ; nif:isString ?text } }")
        texts = {row["id"]: str(row["text"]) for row in rows}
        assert [hit["text"] for hit in hits] == [hit.text for hit in graph.search(text)]
    for hit in hits:
        whole = texts[str(hit["article"])]
        assert whole[int(str(hit["begin"])) : int(str(hit["end"]))] == hit["text"]
        assert hit["date"] == (ARTICLES[str(hit["article"])][0] or None)
        assert hit["title"] == ARTICLES[str(hit["article"])][1]


def test_the_table_marks_the_words(built: Path, wenmai: Command) -> None:
    done = wenmai("search", "遠山航運", "--store", built, "--limit", "1")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ["2021-03-06  a2  續報", "  23–32  **遠山航運**沒有回應。"]
    nothing = wenmai("search", "没有的词", "--store", built)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "nothing holds 没有的词" in nothing.stderr


def test_the_command_finds_names(built: Path, wenmai: Command) -> None:
    found_names = asked(wenmai, built, "海棠能源集团", "--names")
    assert "sentences" not in found_names
    assert [(name["name"], name["class"]) for name in found_names["names"]][:1] == [
        ("海棠能源（集团）有限公司", "Company")
    ]
    assert asked(wenmai, built, "云岭", "--limit", "1")["names"] != []


@pytest.mark.parametrize("text", ["", "   ", '""', "\u3000", "“”"])
def test_a_search_for_nothing_is_refused(text: str, built: Path, wenmai: Command) -> None:
    done = wenmai("search", text, "--store", built)
    assert done.returncode == 2
    assert "has no word to search for" in done.stderr
    with pytest.raises(UsageError):
        search(MemoryStore(), text)


def test_bytes_that_are_no_text_and_many_words_are_no_fault(built: Path, wenmai: Command) -> None:
    assert wenmai("search", "海\udcff棠", "--store", built).returncode == 0
    assert wenmai("search", "海棠", "--limit", "0", "--store", built).returncode == 2
    done = wenmai("search", " ".join(chr(0x4E00 + n) for n in range(60)), "--store", built)
    assert (done.returncode, "at most 50" in done.stderr) == (2, True)
    assert wenmai("search", "海棠", "--store", built / "none").returncode == 4


# One search against looking at every sentence

LETTERS = [*"申能集腾騰云雲（(，。！!?*\"'^+-:{}ＡaAßﬁ㈱0０ \u3000\n\t", "𠮷", "e\u0301", "\u0301", "é", "ｶ", "ﾞ", "ガ"]
LETTERS += ["\u1112", "\u1161", "\u11ab", "한", "\ue021", "\ue0fe", "\ue0ff", "\u200b", "i\u0307", "İ"]
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=30).map("".join)
T2S = opencc.OpenCC("t2s")
UNSEEN = set("\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad")


def plain(text: str) -> str:
    """Return what is compared, made in the plainest way."""
    seen = [c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in UNSEEN]
    return "".join(T2S.convert(c) for c in "".join(seen).casefold())


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_folding_piece_by_piece_is_folding_the_whole(text: str) -> None:
    assert fold(text) == plain(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_sentences_cover_the_text(text: str) -> None:
    cut = list(sentences(text))
    covered = [at for begin, end in cut for at in range(begin, end)]
    assert covered == sorted(set(covered))
    assert not "".join(c for at, c in enumerate(text) if at not in set(covered)).strip()
    assert all(text[begin:end] == text[begin:end].strip() != "" for begin, end in cut)


def test_a_text_without_ends_of_sentences_is_cut() -> None:
    assert [end - begin for begin, end in sentences("字" * 2500)] == [1000, 1000, 500]
    assert [end - begin for begin, end in sentences("字" * 250 + "，" + "字" * 20)] == [251, 20]


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS, min_size=1, max_size=3))
def test_a_search_is_looking_at_every_sentence(bodies: list[str], asked_for: list[str]) -> None:
    store = MemoryStore()
    texts = {f"n{number}": body for number, body in enumerate(bodies)}
    for identifier, body in texts.items():
        store.commit(quads(identifier, body, "2020-01-01"))
    words = [word for text in asked_for for word in text.replace('"', " ").split() if plain(word)]
    if not words:
        return
    hits = search(store, " ".join(words), 1000)
    expected = [
        (identifier, begin, end)
        for identifier, body in texts.items()
        for begin, end in sentences(body)
        if all(plain(word) in plain(body[begin:end]) for word in words)
    ]
    assert [(hit.article, hit.span.begin, hit.span.end) for hit in hits] == expected
    for hit in hits:
        whole = texts[hit.article]
        assert whole[hit.span.begin : hit.span.end] == hit.text
        marked = [plain(whole[mark.begin : mark.end]) for mark in hit.marks]
        assert all(any(plain(word) in part for part in marked) for word in words)
        assert all(any(plain(word) in part for word in words) for part in marked)
        assert all(hit.span.begin <= mark.begin < mark.end <= hit.span.end for mark in hit.marks)


def test_marks_are_exact() -> None:
    assert found("腾讯、騰訊和ﾃﾝｾﾝﾄ", ["腾讯"]) == [(0, 2), (3, 5)]
    assert found("㈱海棠与e\u0301a", ["株", "éa"]) == [(0, 1), (4, 7)]
    assert found("海 棠", ["海棠"]) == [(0, 3)]
    assert found("海棠", ["海棠", "远山"]) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS.filter(lambda text: text.strip() != ""), max_size=8, unique=True), TEXTS)
def test_names_are_found_the_best_first(labels: list[str], text: str) -> None:
    from wenmai.folding import key

    store = MemoryStore()
    for number, label in enumerate(labels):
        store.commit(named(f"org-{number:012x}", label))
    if not key(text):
        return
    made = {label: key(label) for label in labels if key(text) in key(label)}
    rank = {name: (m != key(text), not m.startswith(key(text)), len(m)) for name, m in made.items()}
    hits = names(store, text, 1000)
    assert sorted(hit.name for hit in hits) == sorted(made)
    assert [rank[hit.name] for hit in hits] == sorted(rank[hit.name] for hit in hits)
    assert all(hit.cls == "Company" and hit.label == hit.name for hit in hits)


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
from test_text_index import named, quads
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


def test_a_damaged_missing_or_foreign_file_is_made_anew(built: Path, tmp_path: Path) -> None:
    with package.open(built) as graph:
        expected = graph.search("海棠"), graph.names("云岭")
    other = open_store(tmp_path / "other", write=True, create=True)
    other.commit(quads("z", "海棠在别处。"))
    other.publish()
    other.close()
    content = (built / "index.db").read_bytes()
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
        copy = shutil.copytree(built, tmp_path / how)
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


def test_a_flipped_byte_gives_no_error_and_nothing_wrong(built: Path, tmp_path: Path) -> None:
    with package.open(built) as graph:
        right, right_names = set(graph.search("海棠")), set(graph.names("云岭"))
    copy = shutil.copytree(built, tmp_path / "s")
    content = bytearray((built / "index.db").read_bytes())
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
def test_a_folder_that_may_not_be_written_is_searched(built: Path, tmp_path: Path, writing: bool) -> None:
    path = shutil.copytree(built, tmp_path / "s")
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
    with package.open(built) as graph:
        assert json.loads(done.stdout) == [hit.text for hit in graph.search("海棠")]
    for folder in [path, *path.rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)
    if writer is not None:
        writer.close()


def test_a_store_without_an_index_is_asked_in_sparql(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(built, tmp_path / "s")
    (copy / "index.db").unlink()
    for text in ("海棠", "雲嶺", "abc", '"shipping  line"', "海棠 远山", "𠮷"):
        with package.open(built) as with_index, package.open(copy) as without:
            assert without.store.index() is None
            assert [h.text for h in without.search(text)] == [h.text for h in with_index.search(text)], text
            assert {h.iri for h in without.names(text)} == {h.iri for h in with_index.names(text)}, text


def test_a_name_that_is_unknown_is_told_with_those_near_it(built: Path, wenmai: Command) -> None:
    done = wenmai("query", "partners", "--param", "org=海棠能源集团有限公私", "--store", built)
    assert done.returncode == 2
    assert "near it: 海棠能源（集团）有限公司" in done.stderr
    again = wenmai("query", "partners", "--param", "org=海棠能源（", "--store", built)
    assert again.returncode == 0, again.stderr
    assert "whose name alone begins so" in again.stderr


def test_records_are_frozen() -> None:
    store = MemoryStore(quads=[*quads("a", "海棠。"), *named("org-1", "海棠")])
    hit, name = search(store, "海棠")[0], names(store, "海棠")[0]
    assert (type(hit), type(name)) == (SentenceHit, NameHit)
    with pytest.raises(AttributeError):
        hit.text = "x"  # type: ignore[misc]
