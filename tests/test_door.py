"""What breaks the shapes stays outside, is told with its article, and takes nothing else along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from conftest import Command
from wenmai.build import build
from wenmai.extract import default_extractor
from wenmai.reason import check
from wenmai.records import Article, Document
from wenmai.store import MemoryStore, open_store
from wenmai.triples import graph_iri, terms
from wenmai.triples.stored import stored_articles

TEXT = "本报讯 4月20日，云帆能源集团有限公司与蓝桥科技有限公司在上海市黄浦区签署战略合作协议。\n"


class Odd:
    """An extractor that is surer than sure of one claim in the articles named."""

    def __init__(self, *articles: str) -> None:
        self._articles = articles
        self.run = default_extractor().run

    def extract(self, article: Article) -> Document:
        document = default_extractor().extract(article)
        if article.id not in self._articles:
            return document
        claims = (replace(document.claims[0], confidence=1.5), *document.claims[1:])
        return replace(document, claims=claims)


def articles(folder: Path) -> Path:
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"---\ntitle: 合作\ndate: 2017-04-21\n---\n{TEXT}", "utf-8")
    return folder


def test_a_claim_that_breaks_the_shapes_is_left_out_and_told(tmp_path: Path) -> None:
    store = MemoryStore()
    report = build([articles(tmp_path)], store, extractor=Odd("a"))
    assert (report.built, report.dropped, report.refused) == (2, 1, ())
    (warning,) = report.warnings
    assert "(a)" in warning.source
    assert 'one confidence, a decimal from 0 to 1; it has "1.5"' in warning.reason
    assert list(stored_articles(store)) == ["a", "b"]
    graphs = [graph_iri(store.base, name) for name in ("a", "b")]
    left, whole = (len(list(store.match(None, terms.TYPE, terms.term("Claim"), graph))) for graph in graphs)
    assert (left, whole - left) == (whole - 1, 1)
    assert check(store) == []


def test_what_is_sound_goes_in_without_a_word(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("build", articles(tmp_path), "--store", tmp_path / "store")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(stored_articles(open_store(tmp_path / "store"))) == 2
