"""`wenmai why` as a reader of the graph uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Command
from wenmai.store import open_store

SYMMETRIC = "申能（集团）有限公司 partnerOf 深圳市腾讯计算机系统有限公司  ⇐ partnerOf is symmetric"


def test_a_fact_that_follows_is_told_with_axiom_and_words(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("why", "申能", "partnerOf", "腾讯", "--store", sample_store)
    assert done.returncode == 0, done.stderr
    first, second, third, *_ = done.stdout.splitlines()
    assert first == SYMMETRIC
    assert second == "  深圳市腾讯计算机系统有限公司 partnerOf 申能（集团）有限公司"
    assert third.startswith("    Asserted 0.9 in 2017-04-21-shenneng-tencent (2017-04-21): “申能（集团）有限公司")
    assert third.endswith("[11,80]")


@pytest.mark.parametrize("words", [("合作伙伴",), ("partner of",), ("wenmai:partnerOf",), ("PARTNEROF",)])
def test_a_property_goes_by_any_of_its_names(wenmai: Command, sample_store: Path, words: tuple[str, ...]) -> None:
    done = wenmai("why", "申能", *words, "腾讯", "--store", sample_store)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, SYMMETRIC)


def test_every_quote_is_in_its_article(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("why", "王坚", "affiliatedWith", "申能", "--store", sample_store, "--json")
    (told,) = json.loads(done.stdout)
    assert told["holds"] and told["proofs"][0]["axioms"] == ["affiliatedWith: holdsPost then postIn"]
    premises = told["proofs"][0]["premises"]
    assert [each["told"].split()[1] for each in premises] == ["holdsPost", "(王坚)"]
    evidence = [each for premise in premises for each in premise["evidence"]]
    assert evidence
    reader = open_store(sample_store)
    texts = {quad.object.value for quad in reader.match() if quad.predicate.value.endswith("isString")}  # type: ignore[union-attr]
    reader.close()
    for quote in (quote for each in evidence for quote in each["quotes"]):
        assert any(text[quote["begin"] : quote["end"]] == quote["quote"] for text in texts)


def test_all_proofs(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("why", "腾讯", "a", "Organization", "--store", sample_store, "--all")
    assert done.returncode == 0
    head = [line for line in done.stdout.splitlines() if "⇐" in line]
    assert head[0].endswith("is an Organization  ⇐ Company is a sub-class of Organization")
    assert any(line.endswith("⇐ the domain of partnerOf is Organization") for line in head)
    one = wenmai("why", "腾讯", "a", "Organization", "--store", sample_store)
    assert one.stdout.splitlines()[0] == head[0] and one.stdout.count("⇐") == 1


def test_what_is_denied_does_not_hold_and_the_denial_is_shown(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("why", "杭州云帆科技有限公司", "acquires", "苏州海蓝软件有限公司", "--store", sample_store)
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first == "杭州云帆科技有限公司 acquires 苏州海蓝软件有限公司 does not hold; it is said otherwise:"
    assert second.strip().startswith("Denied") and "云帆科技将收购苏州海蓝软件有限公司" in second


def test_what_nobody_says(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("why", "腾讯", "acquires", "申能", "--store", sample_store)
    assert done.returncode == 1
    assert done.stdout.strip().endswith("acquires 申能（集团）有限公司 does not hold, and no article says so")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("没有这家公司", "partnerOf", "腾讯"), "SUBJECT: nothing in the store is named '没有这家公司'"),
        (("腾讯", "befriends", "申能"), "PREDICATE: the ontology has no property 'befriends'"),
        (("腾讯", "partnerOf", "没有这家公司"), "OBJECT: nothing in the store is named '没有这家公司'"),
        (("腾讯", "a", "Firma"), "OBJECT: the ontology has no class 'Firma'"),
    ],
)
def test_names_that_nothing_bears(wenmai: Command, sample_store: Path, words: tuple[str, ...], complaint: str) -> None:
    done = wenmai("why", *words, "--store", sample_store)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("2017-04-21-shenneng-tencent", "publishedOn", "2017-04-21"),
        ("2017-04-21-shenneng-tencent", "a", "Article"),
        ("申能", "http://www.w3.org/2004/02/skos/core#prefLabel", "申能（集团）有限公司"),
        ("2017-04-21-shenneng-tencent", "mentions", "腾讯"),
        ("腾讯", "org:linkedTo", "申能"),
        ("腾讯", "类型", "Company"),
    ],
)
def test_articles_labels_and_terms_of_others(wenmai: Command, sample_store: Path, words: tuple[str, ...]) -> None:
    done = wenmai("why", *words, "--store", sample_store)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2017-04-21-shenneng-tencent" in done.stdout
