"""Bodies that were renamed or merged: linked by `wenmai:succeeds`, never made one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Command
from wenmai.namespaces import PROV, WENMAI
from wenmai.store import DEFAULT, open_store

HEAD = "---\ntitle: 更名\ndate: 2021-03-06\n---\n\n"


def successions(done_stdout: str) -> set[tuple[str, str, str]]:
    return {
        (row["newer_name"], row["older_name"], row["modality"].rpartition(":")[2].rpartition("#")[2])
        for row in csv.DictReader(io.StringIO(done_stdout))
    }


def test_the_sample_tells_what_came_of_what(sample_store: Path, wenmai: Command) -> None:
    done = wenmai("query", "successions", "--store", sample_store, "--format", "csv")
    assert successions(done.stdout) == {
        ("云江港务集团有限公司", "云江轮渡有限公司", "Asserted"),
        ("云江港务集团有限公司", "云江码头装卸有限公司", "Asserted"),
        ("云江轮渡有限公司", "云江轮渡管理所", "Asserted"),
        ("云江航运职业学院", "云江航运学校", "Asserted"),
        ("云江航运职业学院", "云江船舶修理学校", "Planned"),
        ("云江大学", "云江航运职业学院", "Denied"),
    }
    one = wenmai("query", "successions", "--param", "org=云江轮渡有限公司", "--store", sample_store, "--format", "csv")
    assert {(newer, older) for newer, older, _ in successions(one.stdout)} == {
        ("云江港务集团有限公司", "云江轮渡有限公司"),
        ("云江轮渡有限公司", "云江轮渡管理所"),
    }


def test_only_what_is_so_is_a_fact_and_follows_prov(sample_store: Path) -> None:
    store = open_store(sample_store)
    facts = list(store.match(None, ox.NamedNode(WENMAI + "succeeds"), None, DEFAULT))
    assert len(facts) == 4
    for quad in facts:
        assert list(store.match(quad.subject, ox.NamedNode(PROV + "wasDerivedFrom"), quad.object, DEFAULT))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "newer", "older"),
    [
        # Names of which one is the end of the other, or the other with its area before it, would else be one.
        ("3月5日，临溪市第一医院更名为云岭省临溪市第一医院。", "云岭省临溪市第一医院", "临溪市第一医院"),
        ("3月5日，云岭省临溪市第一医院更名为临溪市第一医院。", "临溪市第一医院", "云岭省临溪市第一医院"),
        ("海棠燃气有限公司（现更名为海棠能源有限公司）昨天开会。", "海棠能源有限公司", "海棠燃气有限公司"),
        ("海棠能源有限公司（原海棠燃气有限公司）昨天开会。", "海棠能源有限公司", "海棠燃气有限公司"),
    ],
)
def test_old_and_new_stay_two(text: str, newer: str, older: str, tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}{text}{newer}位于临溪市。{older}成立于1956年。\n", "utf-8")
    assert wenmai("build", "a.txt", cwd=tmp_path).returncode == 0
    done = wenmai("query", "successions", "--format", "csv", cwd=tmp_path)
    assert successions(done.stdout) == {(newer, older, "Asserted")}
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["newer"] != row["older"]
    names = wenmai(
        "query",
        "SELECT ?name { ?x a wenmai:Organization ; skos:prefLabel ?name }",
        "--format",
        "csv",
        cwd=tmp_path,
    )
    assert {newer, older} <= set(names.stdout.split())
