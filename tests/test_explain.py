"""`wenmai explain` as whoever adds a rule uses it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

from conftest import Command
from wenmai.extract.builtin import BuiltinExtractor
from wenmai.records import Article
from wenmai.resources import folder

TEXT = """---
title: 海棠与远山签约
date: 2021-03-06
---
海棠能源集团有限公司昨天与远山航运有限公司签署《港口合作协议》。
海棠能源集团有限公司否认将收购远山航运有限公司。
两家公司没有谈到持股。
"""


def write(folder: Path) -> str:
    path = folder / "harbour.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def kinds(text: str, kind: str) -> list[str]:
    return [line.split(maxsplit=1)[1] for line in text.splitlines() if line.strip().startswith(kind + " ")]


def test_a_sentence_with_its_names_rules_and_claims(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("explain", write(tmp_path), "--sentence", "1")
    assert done.returncode == 0, done.stderr
    assert any(line.startswith("远山航运有限公司  Company  by grammar") for line in kinds(done.stdout, "mention"))
    assert any(line.startswith("Signing/") and "Asserted" in line for line in kinds(done.stdout, "fired"))
    assert any(" partnerOf " in line for line in kinds(done.stdout, "claim"))
    assert "{Company}{Date}与{Company}签署{Agreement}。" in done.stdout
    assert "否认" not in done.stdout


def test_the_voices_for_a_name_and_why_one_stands(tmp_path: Path, wenmai: Command) -> None:
    text = "临溪市海棠能源集团有限公司（以下简称“海棠能源”）昨天签署《港口合作协议》，他们谈起《云岭的上海人》。\n"
    (tmp_path / "voices.txt").write_text(text, encoding="utf-8")
    done = wenmai("explain", str(tmp_path / "voices.txt"))
    voices, unnamed = kinds(done.stdout, "voice"), kinds(done.stdout, "no")
    assert any(v.startswith("+ 临溪市海棠能源集团有限公司  Company  grammar, 0.90, tier 5: over ") for v in voices)
    shorter = [v for v in voices if v.startswith("- 海棠能源  Company  alias")]
    assert any(v.endswith("shorter than Company: 临溪市海棠能源集团有限公司") for v in shorter), voices
    assert any("tier 1 goes before 5: 《港口合作协议》" in v for v in voices)
    assert any(v.startswith("name   + 《云岭的上海人》  (no class)  quoted") for v in unnamed), unnamed


def test_every_mention_has_a_voice_that_stands() -> None:
    extractor = BuiltinExtractor()
    for path in sorted((folder("samples")).glob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="ignore").split("---", 2)[-1]
        document, trace = extractor.explain(Article(path.stem, "", text, path.name, "0" * 64, dt.date(2019, 5, 9)))
        standing = {v.span: v for v in trace.voices if v.stands}
        for one, other in pairwise(sorted(standing)):
            assert one.end <= other.begin
        for voice in trace.voices:
            assert voice.words == voice.span.of(text) and voice.why
            assert voice.stands or any(voice.span.overlaps(span) for span in standing)
        for mention in document.mentions:
            if mention.key.startswith("m") and mention.voice != "inner":
                assert any(span.covers(mention.span) for span in standing), mention


def test_what_is_denied_and_what_nearly_matched(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("explain", write(tmp_path))
    first, second, third = done.stdout.split("\n\n")[1:4]
    assert "否认" in second and any("acquires" in line and "Denied" in line for line in kinds(second, "claim"))
    assert any(line.startswith("investsIn/") for line in kinds(third, "nearly")), third
    assert "签署" in first


def test_a_sentence_that_is_not_there_and_a_file_that_is_not_there(tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("explain", write(tmp_path), "--sentence", "9")
    assert done.returncode == 2 and "no sentence 9" in done.stderr
    assert wenmai("explain", str(tmp_path / "nothing.txt")).returncode == 3


def test_a_trace_changes_nothing() -> None:
    extractor = BuiltinExtractor()
    for path in sorted((folder("samples")).glob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="ignore").split("---", 2)[-1]
        article = Article(path.stem, "", text, path.name, "0" * 64, dt.date(2019, 5, 9))
        document, trace = extractor.explain(article)
        assert document == extractor.extract(article)
        assert {claim.rule for claim in document.claims if "/" in claim.rule and "/d" not in claim.rule} <= {
            fired.rule for fired in trace.fired
        }
