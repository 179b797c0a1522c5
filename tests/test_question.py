"""Questions in Chinese, asked of the sample articles: every template's own examples, and what is not understood."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Command
from serving import Served
from wenmai.errors import UsageError
from wenmai.query.ask import MOST_CHARACTERS, ask, period, templates, understand
from wenmai.query.ask.template import parse
from wenmai.store import Store, open_store

EXAMPLES = [(name, question) for name, each in templates().items() for question, _ in each.examples]
COUNTER = [(name, question) for name, each in templates().items() for question in each.counter]
ABOUT_ARTICLES = {"reported"}
"""Templates whose answers are articles, which are words themselves."""


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Iterator[Store]:
    with closing(open_store(sample_store)) as opened:
        yield opened


@pytest.mark.parametrize(("name", "question"), EXAMPLES)
def test_an_example_is_understood_and_answered_with_words(name: str, question: str, store: Store) -> None:
    reply = ask(store, question)
    assert reply.understood is not None
    assert reply.understood.template.name == name
    slots = next(slots for asked, slots in templates()[name].examples if asked == question)
    said = {slot: {value.text, *value.given} for slot, value in reply.understood.values.items()}
    assert all(text in said[slot] for slot, text in slots.items())
    assert reply.items
    assert name in ABOUT_ARTICLES or any(item.words for item in reply.items)


@pytest.mark.parametrize(("name", "question"), COUNTER)
def test_a_counter_example_is_another_question(name: str, question: str, store: Store) -> None:
    found = understand(store, question)
    assert found is None or found.template.name != name


def answers(store: Store, question: str) -> list[str]:
    return [item.text for item in ask(store, question).items]


def test_the_questions_of_the_start_have_their_answers(store: Store) -> None:
    assert answers(store, "谁是申能的合作方？") == ["深圳市腾讯计算机系统有限公司"]
    assert answers(store, "淮海中路街道有哪些党建服务中心？") == ["淮海中路社区党建服务中心"]
    assert answers(store, "2017年7月起实施的法规有哪些？") == ["上海市居民委员会工作条例"]
    assert answers(store, "马化腾担任什么职务？") == [
        "深圳市腾讯计算机系统有限公司 董事会主席",
        "深圳市腾讯计算机系统有限公司 首席执行官",
    ]


def test_the_words_are_those_of_the_articles(store: Store) -> None:
    (item,) = ask(store, "谁是申能的合作方？").items
    assert [words.date for words in item.words] == ["2017-04-21", "2017-05-02"]
    assert all("签署" in words.quote for words in item.words)


@pytest.mark.parametrize(
    "question",
    [
        "請問誰是申能的合作方",
        "谁是 申能 的合作方 ?",
        "申能的合作伙伴有哪些",
        "谁跟申能合作",
        "谁是申能集团的合作单位？！",
    ],
)
def test_script_spaces_and_wording_make_no_difference(question: str, store: Store) -> None:
    assert answers(store, question) == ["深圳市腾讯计算机系统有限公司"]


def test_the_longest_name_is_meant(store: Store) -> None:
    found = understand(store, "申能集团董事长是谁？")
    assert found is not None
    assert {slot: value.text for slot, value in found.values.items()} == {"org": "申能集团", "title": "董事长"}


def test_a_name_that_begins_so_alone_is_meant_and_that_is_told(store: Store) -> None:
    reply = ask(store, "云江轨道交通集团有哪些子公司？")
    assert [item.text for item in reply.items] == ["云江地铁运营有限公司"]
    assert any("云江轨道交通集团有限公司" in note for note in reply.notes)


def test_the_name_of_a_thing_of_another_class_is_no_unknown_name(store: Store) -> None:
    assert ask(store, "海棠市博物馆有哪些子公司").understood is not None
    assert ask(store, "王坚有哪些子公司").understood is None


def test_a_long_question_is_soon_given_up(store: Store) -> None:
    begun = time.process_time()
    ask(store, "谁是" + "申能的" * 60 + "是谁")
    assert time.process_time() - begun < 5


def test_what_a_question_holds_is_a_value_and_no_part_of_the_query(store: Store) -> None:
    reply = ask(store, '淮海中路街道有哪些中心"))}#')
    assert reply.understood is not None
    assert reply.items == ()
    assert '"中心\\"))}#"' in reply.sparql


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017年", "2017"),
        ("2017年7月", "2017-07"),
        ("2017年7月份", "2017-07"),
        ("2017年7月1日", "2017-07-01"),
        ("２０１７年７月", "2017-07"),
        ("2017-07", "2017-07"),
        ("7月", ""),
        ("去年", ""),
    ],
)
def test_a_period_is_as_precise_as_it_is_said(text: str, day: str) -> None:
    assert period(text) == day


def test_a_day_that_is_none_is_told(store: Store) -> None:
    with pytest.raises(UsageError, match="is not a date"):
        ask(store, "2017年13月发生了什么？")


@pytest.mark.parametrize("question", ["", " ？", "谁" * (MOST_CHARACTERS + 1)])
def test_no_question_and_one_too_long_are_refused(question: str, store: Store) -> None:
    with pytest.raises(UsageError):
        ask(store, question)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('patterns = ["{who}("]', "not well formed"),
        ('patterns = ["{what}"]', "no slot describes"),
        ('query = "none"', "no query"),
        ('parameters = { nobody = "{who}" }', "takes"),
        ("slots = 1", "questions/x.toml"),
        ("= =", "questions/x.toml"),
    ],
)
def test_a_template_that_is_not_well_formed_says_so(wrong: str, said: str) -> None:
    lines = {
        "title_zh": 'title_zh = "题"',
        "title_en": 'title_en = "title"',
        "query": 'query = "posts"',
        "answer": 'answer = ["person"]',
        "patterns": 'patterns = ["{who}"]',
        "parameters": 'parameters = { person = "{who}" }',
        "examples": "examples = []",
        "slots": 'slots = { who = { type = "entity" } }',
    }
    lines[wrong.partition(" ")[0]] = wrong
    with pytest.raises(UsageError, match=said):
        parse("x", "\n".join(lines.values()))


def test_the_command_answers_and_shows_the_query(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("ask", "谁是申能的合作方？", "--store", sample_store, "--sparql")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("深圳市腾讯计算机系统有限公司\n")
    assert "wenmai query partners --param" in done.stdout
    assert "SELECT DISTINCT ?partner" in done.stdout


def test_the_command_says_that_it_does_not_understand(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("ask", "申能的合作方赚了多少钱", "--store", sample_store)
    assert done.returncode == 2
    assert "not understood" in done.stderr
    assert "谁是申能的合作方？" in done.stdout


def test_the_command_says_that_a_name_is_not_known(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("ask", "谁是外星能源公司的合作方？", "--store", sample_store)
    assert done.returncode == 1
    assert "外星能源公司" in done.stderr


def test_nothing_found_is_told(wenmai: Command, sample_store: Path) -> None:
    done = wenmai("ask", "2031年发生了什么？", "--store", sample_store, "--json")
    assert done.returncode == 1
    assert "nothing answers" in done.stderr
    assert json.loads(done.stdout)["answers"] == []


def test_the_server_answers_with_the_query_and_the_words(sample_server: Served) -> None:
    got = sample_server.send("/ask.json?q=" + urllib.parse.quote("谁是申能的合作方？"))
    assert got.status == 200, got.text
    told = json.loads(got.text)
    assert told["understood"] is True
    assert [each["text"] for each in told["answers"]] == ["深圳市腾讯计算机系统有限公司"]
    assert told["answers"][0]["evidence"][0]["quote"]
    assert "wenmai:partnerOf" in told["query"]["sparql"]
    again = sample_server.send(told["query"]["path"], headers={"Accept": "application/json"})
    assert told["answers"][0]["iri"] in again.text


def test_the_server_says_what_it_understands(sample_server: Served) -> None:
    got = sample_server.send("/ask.json?q=" + urllib.parse.quote("今天天气怎么样"))
    told = json.loads(got.text)
    assert (got.status, told["understood"]) == (200, False)
    assert all(each["example"] for each in told["near"])
    listed = json.loads(sample_server.send("/ask.json").text)
    assert {each["name"] for each in listed["templates"]} == set(templates())
    assert sample_server.send("/ask.json?q=" + "a" * 300).status == 400
