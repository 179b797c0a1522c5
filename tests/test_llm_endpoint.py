"""The LLM extractor and its endpoint: broken answers, failures, waits, budget, cache, key, command line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from conftest import Command
from llm_server import GOOD, KEY, TEXT, WHOLE, Model, Reply, answers, article, drips, extractor, says, silent, status
from wenmai.errors import ExtractionError, UsageError
from wenmai.extract.llm import LlmExtractor
from wenmai.extract.llm.settings import Settings, from_environment
from wenmai.records import Document
from wenmai.workers import extract_all, itself


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    played = Model()
    yield played
    played.stop()


# ---- broken answers ----


@pytest.mark.parametrize(
    "broken",
    [
        says(WHOLE[: len(WHOLE) // 2]),
        says(""),
        says("[]"),
        says("{}"),
        says("[" * 100_000),
        status(200, b"<html>502</html>"),
        status(200, b'{"choices": []}'),
        status(200, b"[1, 2]"),
    ],
    ids=["truncated", "empty", "list", "no-parts", "deep", "html", "no-choice", "array"],
)
def test_a_broken_answer_is_asked_for_once_more(model: Model, broken: Reply) -> None:
    model.replies = [broken, answers(GOOD)]
    assert len(extractor(model).extract(article()).claims) == 11
    assert len(model.requests) == 2
    model.replies = [broken]
    with pytest.raises(ExtractionError):
        extractor(model).extract(article())
    assert len(model.requests) == 4


def test_an_answer_in_a_code_fence_is_read(model: Model) -> None:
    model.replies = [says(f"```json\n{WHOLE}\n```")]
    assert len(extractor(model).extract(article()).claims) == 11


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(says(WHOLE[:100], "length"), "cut off"), (says("", refusal="I cannot"), "declined")],
)
def test_what_would_be_so_again_is_not_asked_again(model: Model, reply: Reply, reason: str) -> None:
    model.replies = [reply]
    with pytest.raises(ExtractionError, match=reason):
        extractor(model).extract(article())
    assert len(model.requests) == 1


def test_articles_that_are_too_much_do_not_end_the_asking(model: Model) -> None:
    model.replies = [*(says("", "length") for _ in range(4)), answers(GOOD)]
    asked = extractor(model)
    found = list(extract_all([article(identifier=str(n)) for n in range(5)], 1, asked, itself))
    assert [isinstance(item, Document) for item in found] == [False] * 4 + [True]


# ---- failures, waits, limits ----


def test_429_is_waited_for_as_long_as_the_server_asks(model: Model) -> None:
    model.replies = [status(429, Retry_After="1"), answers(GOOD)]
    began = time.monotonic()
    assert extractor(model).extract(article()).claims
    assert time.monotonic() - began >= 1
    assert len(model.requests) == 2


@pytest.mark.parametrize("after", ["0", "Mon, 01 Jan 2018 00:00:00 GMT", "soon", "-1"])
def test_a_wait_that_is_over_or_cannot_be_read_holds_nobody_up(model: Model, after: str) -> None:
    model.replies = [status(503, Retry_After=after), answers(GOOD)]
    assert extractor(model).extract(article()).claims
    assert len(model.requests) == 2


def test_a_wait_beyond_the_cap_is_not_waited_for(model: Model) -> None:
    model.replies = [status(429, Retry_After="86400")]
    with pytest.raises(ExtractionError, match="86400 s"):
        extractor(model).extract(article())
    assert len(model.requests) == 1


def test_a_server_that_fails_is_asked_four_times(model: Model) -> None:
    model.replies = [status(500), status(503), answers(GOOD)]
    assert extractor(model).extract(article()).claims
    model.replies = [status(500)]
    with pytest.raises(ExtractionError, match="status 500"):
        extractor(model).extract(article())
    assert len(model.requests) == 3 + 4


@pytest.mark.parametrize(
    ("reply", "times", "reason"),
    [(drips, {"whole": 0.5, "read": 10}, "in full within"), (silent, {"read": 0.3}, "in time")],
    ids=["slow stream", "silence"],
)
def test_a_slow_answer_is_given_up(model: Model, reply: Reply, times: dict[str, float], reason: str) -> None:
    model.replies = [reply]
    began = time.monotonic()
    with pytest.raises(ExtractionError, match=reason):
        extractor(model, attempts=2, **times).extract(article())
    assert time.monotonic() - began < 4
    assert len(model.requests) == 2


def test_a_connection_that_is_refused_and_an_answer_without_end(model: Model) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" " * (1 << 20))

    model.replies = [endless]
    with pytest.raises(ExtractionError, match="no end"):
        extractor(model, attempts=1).extract(article())
    model.stop()
    with pytest.raises(ExtractionError, match="connection to 127"):
        extractor(model, attempts=2).extract(article())


def test_a_key_that_is_not_accepted_ends_the_asking(model: Model) -> None:
    model.replies = [status(401, json.dumps({"error": {"message": f"bad key {KEY}"}}).encode())]
    asked = extractor(model)
    for _ in range(3):
        with pytest.raises(ExtractionError, match="WENMAI_LLM_KEY") as caught:
            asked.extract(article())
        assert KEY not in str(caught.value)
    assert len(model.requests) == 1


def test_a_refused_request_says_why_without_the_key_and_three_in_a_row_are_enough(model: Model) -> None:
    model.replies = [status(400, json.dumps({"error": {"message": f"no json_schema\nfor {KEY}"}}).encode())]
    asked = extractor(model)
    reasons = []
    for number in range(5):
        with pytest.raises(ExtractionError) as caught:
            asked.extract(article(identifier=str(number)))
        reasons.append(str(caught.value))
    assert "no json_schema for ***" in reasons[0]
    assert "3 articles in a row" in reasons[4]
    assert len(model.requests) == 3


def test_redirects_are_not_followed(model: Model) -> None:
    model.replies = [status(307, Location=model.url + "/elsewhere")]
    with pytest.raises(ExtractionError, match="status 307"):
        extractor(model).extract(article())
    assert len(model.requests) == 1


def test_the_budget_of_requests_refuses_the_rest(model: Model) -> None:
    model.replies = [answers(GOOD)]
    articles = [article(TEXT + "。" * n, f"a-{n}") for n in range(6)]
    found = list(extract_all(articles, 3, extractor(model, max_requests=4), itself))
    refused = [item for item in found if not isinstance(item, Document)]
    assert len(refused) == 2
    assert all("budget of 4 requests" in item.reason for item in refused)
    assert len(model.requests) == 4


def test_the_budget_of_tokens_counts_what_the_server_says(model: Model) -> None:
    model.replies = [says(WHOLE, tokens=40_000)]
    asked = extractor(model, max_tokens=50_000)
    asked.extract(article())
    assert asked.client.budget.tokens == 40_000
    model.replies = [says(WHOLE, tokens=None)]
    asked.extract(article(TEXT + "！"))
    with pytest.raises(ExtractionError, match="budget of 50000 tokens"):
        for number in range(9):
            asked.extract(article(TEXT + "？" * (number + 1)))


def test_documents_come_in_the_order_of_the_articles_whatever_answers_first(model: Model) -> None:
    def late(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        answers(GOOD)(handler)

    model.replies = [late, answers(GOOD)]
    articles = [article(TEXT + "。" * n, f"a-{n}") for n in range(12)]
    found = list(extract_all(articles, 4, extractor(model), itself))
    assert [d.article.id for d in found if isinstance(d, Document)] == [a.id for a in articles]


def test_closing_early_sends_no_more(model: Model) -> None:
    model.replies = [answers(GOOD)]
    found = extract_all((article(TEXT + "。" * n, f"a-{n}") for n in range(100)), 2, extractor(model), itself)
    next(found)
    found.close()
    time.sleep(0.3)
    assert len(model.requests) < 10


# ---- the cache ----


def test_a_second_reading_asks_nothing(model: Model, tmp_path: Path) -> None:
    model.replies = [answers(GOOD)]
    first = extractor(model, cache=tmp_path / "c").extract(article())
    again = extractor(model, cache=tmp_path / "c").extract(article())
    assert first == again
    assert len(model.requests) == 1
    extractor(model, cache=tmp_path / "c").extract(article(TEXT + "。"))
    LlmExtractor(Settings(model.url, "play-2", KEY, cache=tmp_path / "c")).extract(article())
    assert len(model.requests) == 3


def test_a_cache_file_that_is_cut_off_is_asked_for_again(model: Model, tmp_path: Path) -> None:
    model.replies = [answers(GOOD)]
    first = extractor(model, cache=tmp_path).extract(article())
    (kept,) = tmp_path.rglob("*.json")
    kept.write_text(kept.read_text("utf-8")[:50], "utf-8")
    assert extractor(model, cache=tmp_path).extract(article()) == first
    assert len(model.requests) == 2
    assert json.loads(kept.read_text("utf-8")) == GOOD


def test_broken_answers_and_keys_are_not_kept(model: Model, tmp_path: Path) -> None:
    model.replies = [says("no"), answers({**GOOD, "note": f"Authorization: Bearer {KEY}"})]
    extractor(model, cache=tmp_path).extract(article())
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert KEY not in kept.read_text("utf-8")


def test_a_cache_that_cannot_be_written_costs_no_article(model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    model.replies = [answers(GOOD)]
    assert extractor(model, cache=tmp_path / "file").extract(article()).claims


# ---- configuration and the command line ----


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "WENMAI_LLM_URL and WENMAI_LLM_MODEL"),
        ({"URL": "http://127.0.0.1/v1"}, "set WENMAI_LLM_MODEL"),
        ({"URL": "ftp://x", "MODEL": "m"}, "http:// or https://"),
        ({"URL": "http://u:secret@x/", "MODEL": "m"}, "WENMAI_LLM_KEY"),
        ({"URL": "http://x", "MODEL": "m", "KEY": "se cret"}, "WENMAI_LLM_KEY"),
        ({"URL": "http://x", "MODEL": "m", "MAX_TOKENS": "many"}, "WENMAI_LLM_MAX_TOKENS"),
    ],
)
def test_a_configuration_that_is_not_right_says_what_to_set(environment: dict[str, str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        from_environment({f"WENMAI_LLM_{name}": value for name, value in environment.items()})
    assert "secret" not in str(caught.value)
    assert "se cret" not in str(caught.value)


def environment(model: Model, cache: Path | str, **more: str) -> dict[str, str]:
    clean = {name: "" for name in os.environ if name.startswith("WENMAI_LLM_")}
    return {
        **clean, "NO_PROXY": "127.0.0.1", "WENMAI_LLM_URL": model.url, "WENMAI_LLM_MODEL": "play-1",
        "WENMAI_LLM_KEY": KEY, "WENMAI_LLM_CACHE": str(cache), **more,
    }  # fmt: skip


def write(folder: Path, *texts: str) -> Path:
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        (folder / f"a{number}.txt").write_text(f"---\ntitle: 签约\ndate: 2020-06-11\n---\n\n{text}\n", "utf-8")
    return folder


@pytest.mark.parametrize("which", ["llm", "both"])
def test_nothing_is_sent_unless_configured(which: str, wenmai: Command, tmp_path: Path) -> None:
    news = write(tmp_path / "news", TEXT)
    cleared = dict.fromkeys(("WENMAI_LLM_URL", "WENMAI_LLM_MODEL", "WENMAI_LLM_KEY"), "")
    done = wenmai("build", news, "--store", tmp_path / "s", "--extractor", which, env=cleared)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "WENMAI_LLM_URL" in done.stderr
    assert not (tmp_path / "s").exists()


def test_a_build_asks_once_an_article_and_leaves_no_key_anywhere(model: Model, wenmai: Command, tmp_path: Path) -> None:
    news = write(tmp_path / "news", TEXT, TEXT + "。")
    model.replies = [answers(GOOD)]
    words = ("build", news, "--store", tmp_path / "s", "--extractor", "both")
    done = wenmai(*words, "--debug", env=environment(model, tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert len(model.requests) == 2
    again = wenmai(*words, env=environment(model, tmp_path / "cache"))
    assert "2 unchanged" in again.stdout
    assert len(model.requests) == 2
    assert wenmai("check", "--store", tmp_path / "s").returncode == 0
    export = wenmai("export", "--store", tmp_path / "s", "--format", "nquads")
    assert "wenmai-rules+wenmai-llm" in export.stdout
    assert '"llm"' in export.stdout
    shown = done.stdout + done.stderr + export.stdout
    assert KEY not in shown
    files = [path for place in ("s", "cache") for path in (tmp_path / place).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_spent_budget_refuses_by_name_and_builds_the_rest(model: Model, wenmai: Command, tmp_path: Path) -> None:
    news = write(tmp_path / "news", TEXT, TEXT + "。", TEXT + "！")
    model.replies = [answers(GOOD)]
    env = environment(model, "off", WENMAI_LLM_MAX_REQUESTS="2")
    done = wenmai("build", news, "--store", tmp_path / "s", "--extractor", "llm", "--workers", "1", env=env)
    assert done.returncode == 3
    assert "2 built, 1 refused" in done.stdout
    (line,) = done.stderr.splitlines()
    assert "a3" in line
    assert "budget of 2 requests" in line


def test_extract_prints_what_the_model_found(model: Model, wenmai: Command, tmp_path: Path) -> None:
    news = write(tmp_path / "news", TEXT)
    model.replies = [answers(GOOD)]
    done = wenmai("extract", news, "--extractor", "llm", env=environment(model, "off"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["claims"]) == 11
    assert all(claim["quote"] == found["text"][claim["begin"] : claim["end"]] for claim in found["claims"])


def test_a_server_that_refuses_the_key_shows_none(model: Model, wenmai: Command, tmp_path: Path) -> None:
    news = write(tmp_path / "news", TEXT)
    model.replies = [status(401, f'{{"error": "{KEY}"}}'.encode())]
    done = wenmai("extract", news, "--extractor", "llm", env=environment(model, "off"))
    assert done.returncode == 3
    assert KEY not in done.stdout + done.stderr
    assert "WENMAI_LLM_KEY" in done.stderr
