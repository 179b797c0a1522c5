"""The sample articles: in every format the reader takes, read without a refusal, saying what their README says."""

from __future__ import annotations

import pytest

from wenmai.extract import default_extractor
from wenmai.read import ReadOptions, read, sources
from wenmai.records import Article, Value
from wenmai.resources import folder


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found: dict[str, Article] = {}
    for source in sources([folder("samples")]):
        for article in read(source, ReadOptions()):  # type: ignore[arg-type]  # no refusal among the samples
            assert isinstance(article, Article), article
            found[article.id] = article
    return found


def said(article: Article) -> set[tuple[str, str, str, str]]:
    document = default_extractor().extract(article)
    names = {m.key: m.name or m.cls for m in document.mentions}
    return {
        (
            names.get(c.subject, c.subject),
            c.predicate,
            c.object.text if isinstance(c.object, Value) else names[c.object],
            c.modality,
        )
        for c in document.claims
    }


def test_the_formats_of_the_reader_are_there() -> None:
    endings = {path.suffix for path in folder("samples").iterdir()}
    assert {".txt", ".html", ".jsonl", ".zip"} <= endings
    (folder("samples") / "2023-10-19-reading-festival.txt").read_bytes().decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        (folder("samples") / "2017-04-21-tilanqiao.html").read_bytes().decode("utf-8")


def test_every_article_has_a_title_a_date_and_text(articles: dict[str, Article]) -> None:
    assert len(articles) >= 18
    for article in articles.values():
        assert article.title
        assert article.text.strip()
        assert article.date is not None or article.id.startswith("2020-10-28-page")


def test_the_page_is_three_items(articles: dict[str, Article]) -> None:
    items = [a for name, a in articles.items() if name.startswith("2020-10-28-page#")]
    assert len(items) == 3
    assert "沿街的老茶馆全部保留了下来" in items[0].text
    assert [a.name for a in items[0].authors] == ["秦欢"]


def test_shenneng_and_tencent_are_partners(articles: dict[str, Article]) -> None:
    facts = said(articles["2017-04-21-shenneng-tencent"])
    pair = {"申能（集团）有限公司", "深圳市腾讯计算机系统有限公司"}
    assert any({s, o} == pair and p == "partnerOf" and m == "Asserted" for s, p, o, m in facts)
    assert ("王坚", "holdsPost", "董事长", "Asserted") in facts


def test_a_denied_purchase_is_denied(articles: dict[str, Article]) -> None:
    facts = said(articles["2018-03-02-lingjiang-health"])
    assert {m for s, p, o, m in facts if p == "acquires"} == {"Denied"}


def test_a_planned_joint_venture_is_planned(articles: dict[str, Article]) -> None:
    facts = said(articles["2017-05-02-shenneng-tencent-follow-up"])
    assert {m for s, p, o, m in facts if p == "founded"} <= {"Planned"}
