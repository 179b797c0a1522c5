"""Searching sentences and names finds what looking at every text would find."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wenmai as package
from conftest import Command
from text_store import ARTICLES, LETTERS, TEXTS, asked, assert_as_made_anew, named, node, quads
from wenmai.errors import UsageError
from wenmai.folding import fold, found
from wenmai.query.search import names, search
from wenmai.store import MemoryStore, initials
from wenmai.store.grams import sentences


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
def test_the_command_finds_what_the_texts_hold(
    text: str, articles: list[str], texts_store: Path, wenmai: Command
) -> None:
    hits = asked(wenmai, texts_store, text)["sentences"]
    assert [hit["article"] for hit in hits] == articles
    with package.open(texts_store) as graph:
        rows = graph.query("SELECT ?id ?text { GRAPH ?g { ?a dcterms:identifier ?id ; nif:isString ?text } }")
        texts = {row["id"]: str(row["text"]) for row in rows}
        assert [hit["text"] for hit in hits] == [hit.text for hit in graph.search(text)]
    for hit in hits:
        whole = texts[str(hit["article"])]
        assert whole[int(str(hit["begin"])) : int(str(hit["end"]))] == hit["text"]
        assert hit["date"] == (ARTICLES[str(hit["article"])][0] or None)
        assert hit["title"] == ARTICLES[str(hit["article"])][1]


def test_the_table_marks_the_words(texts_store: Path, wenmai: Command) -> None:
    done = wenmai("search", "遠山航運", "--store", texts_store, "--limit", "1")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ["2021-03-06  a2  續報", "  23–32  **遠山航運**沒有回應。"]
    nothing = wenmai("search", "没有的词", "--store", texts_store)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "nothing holds 没有的词" in nothing.stderr


def test_the_command_finds_names(texts_store: Path, wenmai: Command) -> None:
    found_names = asked(wenmai, texts_store, "海棠能源集团", "--names")
    assert "sentences" not in found_names
    assert [(name["name"], name["class"]) for name in found_names["names"]][:1] == [
        ("海棠能源（集团）有限公司", "Company")
    ]
    assert asked(wenmai, texts_store, "云岭", "--limit", "1")["names"] != []


@pytest.mark.parametrize("text", ["", "   ", '""', "\u3000", "“”"])
def test_a_search_for_nothing_is_refused(text: str, texts_store: Path, wenmai: Command) -> None:
    done = wenmai("search", text, "--store", texts_store)
    assert done.returncode == 2
    assert "has no word to search for" in done.stderr
    with pytest.raises(UsageError):
        search(MemoryStore(), text)


def test_bytes_that_are_no_text_and_many_words_are_no_fault(texts_store: Path, wenmai: Command) -> None:
    assert wenmai("search", "海\udcff棠", "--store", texts_store).returncode == 0
    assert wenmai("search", "海棠", "--limit", "0", "--store", texts_store).returncode == 2
    done = wenmai("search", " ".join(chr(0x4E00 + n) for n in range(60)), "--store", texts_store)
    assert (done.returncode, "at most 50" in done.stderr) == (2, True)
    assert wenmai("search", "海棠", "--store", texts_store / "none").returncode == 4


# One search against looking at every sentence

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
    hits = names(store, text, 1000, initials=False)
    assert sorted(hit.name for hit in hits) == sorted(made)
    assert [rank[hit.name] for hit in hits] == sorted(rank[hit.name] for hit in hits)
    assert all(hit.cls == "Company" and hit.label == hit.name for hit in hits)


# Pinyin initials


def test_names_are_found_by_their_initials(texts_store: Path, wenmai: Command) -> None:
    store = MemoryStore()
    for number, label in enumerate(["申能集团", "上海申能集团", "长宁区", "单县", "ABC重工", "Shenneng", "山南"]):
        store.commit(named(f"org-{number:012x}", label))

    def asked_for(text: str) -> list[str]:
        return [hit.name for hit in names(store, text) if hit.by == "initials"]

    assert asked_for("snjt") == ["申能集团", "上海申能集团"]
    assert asked_for("SN") == ["山南", "申能集团", "上海申能集团"]
    assert asked_for("cnq") == asked_for("znq") == ["长宁区"]  # whichever reading is meant
    assert asked_for("sx") == ["单县"]
    assert asked_for("abczg") == ["ABC重工"]
    assert [asked_for(text) for text in ("s", "shenneng", "snx-", "申能jt", "ns", "jts", 's" OR "n')] == [[]] * 7
    assert [hit.by for hit in names(store, "she")] == ["name"]
    found_names = asked(wenmai, texts_store, "htny", "--names")["names"]
    assert ("海棠能源（集团）有限公司", "initials") in [(name["name"], name["by"]) for name in found_names]


READ = st.lists(st.sampled_from([*LETTERS, *"长宁单重行庆b"]), max_size=10).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(READ.filter(lambda text: text.strip() != ""), max_size=6, unique=True), st.text("sntjcznxb", max_size=4)
)
def test_initials_are_those_of_every_reading(labels: list[str], typed: str) -> None:
    """Each name is found whose characters can be read so, and stays found as others come and go."""
    from wenmai.folding import key

    def held(label: str) -> bool:
        groups = [c if c.isascii() else initials.of(c) for c in key(label)]
        if all(c.isascii() for c in key(label)) or not any(map(initials.of, key(label))):
            return False
        windows = (groups[at : at + len(typed)] for at in range(len(groups) - len(typed) + 1))
        return any(all(letter in group for letter, group in zip(typed, window, strict=True)) for window in windows)

    store = MemoryStore()
    store.index()
    for number, label in enumerate(labels):
        store.commit(named(f"org-{number:012x}", label))
        store.commit(named("org-9", label), remove=list(store.match(node("id/org-9"))))
    index = store.index()
    assert index is not None
    hits = {name.label for name in index.initials(typed)}
    assert hits == ({label for label in labels if held(label)} if len(typed) > 1 else set())
    assert_as_made_anew(store, [typed, "申"] if key(typed) else ["申"])
