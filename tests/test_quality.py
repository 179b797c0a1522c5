"""The measure of quality: what it counts as right, wrong, missed and trapped, on graphs made by hand and by wenmai."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from quality.gold import read
from quality.graph import Graph
from quality.report import compared, measure, told

from conftest import ROOT, SHARED
from gold_graph import ARTICLES, gold_graph

NS = "https://w3id.org/wenmai/ns#"
GOLD = {
    "article": "alpha",
    "date": "2020-06-11",
    "entities": [
        {"id": "c1", "type": "Company", "names": ["海棠能源集团", "海棠能源"]},
        {"id": "c2", "type": "Company", "names": ["远山航运公司"]},
        {"id": "c3", "type": "Company", "names": ["云岭电力公司"]},
        {"id": "p1", "type": "Person", "names": ["沈一鸣"]},
        {"id": "r1", "type": "Policy", "names": ["《港口办法》"]},
        {"id": "l1", "type": "AdministrativeArea", "names": ["东溪区"]},
        {"id": "l2", "type": "AdministrativeArea", "names": ["临溪市"]},
        {"id": "l3", "type": "AdministrativeArea", "names": ["云岭省"]},
        {"id": "v1", "type": "Signing", "names": []},
        {"id": "v2", "type": "Opening", "names": []},
    ],
    "facts": [
        ["c1", "partnerOf", "c2"],
        ["c1", "acquires", "c3"],
        ["p1", "holdsPost", {"title": "董事长", "in": "c1"}],
        ["r1", "effectiveFrom", "~2020-07-01"],
        ["l1", "locatedIn", "l2"],
        ["l2", "locatedIn", "l3"],
        ["v1", "participant", "c1"],
        ["v1", "participant", "c2"],
        ["v1", "startDate", "2020-06-10"],
        ["v2", "subject", "c3"],
    ],
    "not_facts": [["c2", "acquires", "c1"], ["p1", "holdsPost", {"title": "总经理", "in": "c1"}]],
}
NAMES = {
    "c1": ("Company", "海棠能源"),
    "c2": ("Company", "远山航运公司"),
    "c3": ("Organization", "云岭电力公司"),
    "p1": ("Person", "沈一鸣"),
    "r1": ("Policy", "港口办法"),
    "l1": ("AdministrativeArea", "东溪区"),
    "l2": ("AdministrativeArea", "临溪市"),
    "l3": ("AdministrativeArea", "云岭省"),
    "x9": ("Company", "别家公司"),
    "s1": ("Signing", ""),
    "m1": ("Meeting", ""),
}


def quads(claims: list[tuple[str, str, str, str, float]]) -> str:
    """Return a graph in N-Quads: the entities of `NAMES`, a post, and claims of the article alpha."""
    rdf, skos = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2004/02/skos/core#"
    lines = ['<urn:a> <http://purl.org/dc/terms/identifier> "alpha"']
    for entity, (cls, name) in NAMES.items():
        lines.append(f"<urn:{entity}> <{rdf}type> <{NS}{cls}>")
        lines += [f'<urn:{entity}> <{skos}prefLabel> "{name}"@zh'] if name else []
    lines += [f'<urn:post> <{NS}postTitle> "董事长"', f"<urn:post> <{NS}postIn> <urn:c1>"]
    lines += [f'<urn:boss> <{NS}postTitle> "总经理"', f"<urn:boss> <{NS}postIn> <urn:c1>"]
    for number, (subject, predicate, value, modality, confidence) in enumerate(claims):
        claim = f"<urn:claim{number}>"
        said = {"statedIn": "<urn:a>", "modality": f"<{NS}{modality}>", "confidence": f'"{confidence}"'}
        lines += [f"{claim} <{rdf}type> <{NS}Claim>", f"{claim} <{rdf}subject> <urn:{subject}>"]
        lines += [f"{claim} <{rdf}predicate> <{NS}{predicate}>", f"{claim} <{rdf}object> {value}"]
        lines += [f"{claim} <{NS}{key}> {term}" for key, term in said.items()]
    return "".join(f"{line} .\n" for line in lines)


def scored(tmp_path: Path, *claims: tuple[str, str, str, str, float]) -> dict[tuple[str, str], int]:
    """Return how many outcomes there are of each (verdict, relation)."""
    (tmp_path / "alpha.gold.json").write_text(json.dumps(GOLD), "utf-8")
    (tmp_path / "graph.nq").write_text(quads(list(claims)), "utf-8")
    _, outcomes = measure(Graph(tmp_path / "graph.nq"), read(tmp_path))
    counts: dict[tuple[str, str], int] = {}
    for o in outcomes:
        counts[o.verdict, o.relation] = counts.get((o.verdict, o.relation), 0) + 1
    return counts


def test_an_empty_graph_misses_everything_and_falls_into_no_trap(tmp_path: Path) -> None:
    counts = scored(tmp_path)
    assert {verdict for verdict, _ in counts} == {"missed", "avoided"}
    assert (
        sum(n for (verdict, _), n in counts.items() if verdict == "missed") == len(GOLD["facts"]) + 2
    )  # and two events


def test_a_partner_is_one_either_way_round_and_a_buyer_is_not(tmp_path: Path) -> None:
    counts = scored(
        tmp_path,
        ("c2", "partnerOf", "<urn:c1>", "Asserted", 0.9),
        ("c1", "partnerOf", "<urn:x9>", "Asserted", 0.9),
        ("c3", "acquires", "<urn:c1>", "Asserted", 0.9),
        ("c2", "acquires", "<urn:c1>", "Asserted", 0.9),
    )
    assert (counts["right", "partnerOf"], counts["wrong", "partnerOf"]) == (1, 1)
    assert (counts["missed", "acquires"], counts["wrong", "acquires"], counts["trap", "acquires"]) == (1, 2, 1)


def test_what_is_planned_or_denied_is_not_said_but_a_planned_date_is(tmp_path: Path) -> None:
    counts = scored(
        tmp_path,
        ("c1", "partnerOf", "<urn:c2>", "Planned", 0.9),
        ("c1", "acquires", "<urn:c3>", "Denied", 0.9),
        ("r1", "effectiveFrom", '"2020-07-01"', "Planned", 0.9),
    )
    assert counts["missed", "partnerOf"] == counts["missed", "acquires"] == counts["right", "effectiveFrom"] == 1


def test_posts_are_compared_by_person_title_and_body(tmp_path: Path) -> None:
    counts = scored(
        tmp_path,
        ("p1", "holdsPost", "<urn:post>", "Asserted", 0.9),
        ("p1", "holdsPost", "<urn:boss>", "Asserted", 0.9),
    )
    assert (counts["right", "holdsPost"], counts["wrong", "holdsPost"], counts["trap", "holdsPost"]) == (1, 1, 1)


def test_a_place_in_a_place_further_up_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    counts = scored(tmp_path, ("l1", "locatedIn", "<urn:l3>", "Asserted", 0.9))
    assert counts["missed", "locatedIn"] == 2
    assert ("wrong", "locatedIn") not in counts


def test_events_are_paired_by_what_they_share_and_a_lone_start_is_the_day(tmp_path: Path) -> None:
    counts = scored(
        tmp_path,
        ("s1", "participant", "<urn:c1>", "Asserted", 0.9),
        ("s1", "participant", "<urn:x9>", "Asserted", 0.9),
        ("s1", "onDate", '"2020-06-10"', "Asserted", 0.9),
        ("m1", "participant", "<urn:c2>", "Asserted", 0.9),
    )
    assert (counts["right", "event"], counts["missed", "event"], counts["wrong", "event"]) == (1, 1, 1)
    assert (counts["right", "participant"], counts["wrong", "participant"], counts["missed", "participant"]) == (
        1,
        1,
        1,
    )
    assert counts["right", "onDate"] == 1


def test_calibration_counts_by_the_best_confidence_of_a_fact(tmp_path: Path) -> None:
    (tmp_path / "alpha.gold.json").write_text(json.dumps(GOLD), "utf-8")
    claims = [
        ("c1", "partnerOf", "<urn:c2>", "Asserted", 0.7), ("c2", "partnerOf", "<urn:c1>", "Asserted", 0.92),
        ("c1", "partnerOf", "<urn:x9>", "Asserted", 0.92),
    ]  # fmt: skip
    (tmp_path / "graph.nq").write_text(quads(claims), "utf-8")
    quality, _ = measure(Graph(tmp_path / "graph.nq"), read(tmp_path))
    assert quality.calibration == {"0.90–0.95": (2, 1)}
    assert quality.entities["Company"] == (3, 3, 2)
    assert json.loads(json.dumps(asdict(quality)))["traps"] == [0, 2]
    assert any(line.startswith("partnerOf") for line in told(quality))
    assert compared(quality, quality)[-1].split()[-1] == "+0.000"


def test_the_command_measures_an_article_and_writes_json(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "quality", "--set", "a01", "--errors", "--json", str(figures)],
        cwd=ROOT / "benchmarks", capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "all facts" in done.stdout and "characters a second" in done.stdout
    assert json.loads(figures.read_text("utf-8"))["articles"] == 1


@pytest.mark.shared
@pytest.mark.parametrize("gold", [ARTICLES, SHARED / "gold"], ids=["own", "development"])
def test_it_agrees_with_the_score_that_others_take(gold: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    graph = gold_graph(tmp_path_factory, gold)
    ours, _ = measure(Graph(graph), read(gold))
    done = subprocess.run(
        [sys.executable, str(SHARED / "score" / "score.py"), str(gold), str(graph), "--json"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    theirs = json.loads(done.stdout)
    assert ours.total.f1 == pytest.approx(theirs["facts"]["f1"], abs=0.01)
    assert ours.traps[0] == theirs["entities"]["violations"]
    for relation, figure in theirs["relations"].items():
        if figure["gold"] >= 20:
            assert ours.relations[relation].f1 == pytest.approx(figure["f1"], abs=0.01), relation
