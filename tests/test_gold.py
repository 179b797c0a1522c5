"""Articles of our own: their annotations are sound, and the graph made of them keeps to what a careful reader takes."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import ROOT
from gold_graph import gold_graph
from wenmai import ontology
from wenmai.store import MemoryStore

GOLD = sorted((ROOT / "tests" / "gold").glob("*.gold.json"))
_LABELS = "{ ?e skos:prefLabel ?name } UNION { ?e skos:altLabel ?name }"


def load(path: Path) -> tuple[dict[str, Any], str]:
    return json.loads(path.read_text("utf-8")), path.with_name(path.name.replace(".gold.json", ".txt")).read_text(
        "utf-8"
    )


def plain(name: str) -> str:
    """Return a name as names are compared: without marks and spaces, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c not in "《》“”‘’" and not c.isspace())


def cut_in_two(name: str, text: str) -> bool:
    """Tell whether a name is broken at the end of a column, with another item between its halves."""
    lines = [plain(line) for line in text.splitlines() if line.strip()]
    return any(
        any(line.endswith(name[:at]) for line in lines) and any(line.startswith(name[at:]) for line in lines)
        for at in range(1, len(name))
    )


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.name.split(".")[0])
def test_annotations_speak_of_what_is_there(path: Path) -> None:
    gold, text = load(path)
    ids = {entity["id"] for entity in gold["entities"]} | {item["id"] for item in gold.get("items", ())}
    words = plain(text)
    dt.date.fromisoformat(gold["date"])
    for entity in gold["entities"]:
        assert entity["type"] in ontology.classes(), entity
        for name in entity["names"]:
            assert plain(name) in words or (gold.get("joins") and cut_in_two(plain(name), text)), name
    for subject, predicate, value in (*gold["facts"], *gold.get("not_facts", ())):
        assert subject in ids, (subject, predicate, value)
        assert predicate in ontology.properties(), predicate
        if isinstance(value, dict):
            assert set(value) <= {"title", "in"} and value.get("in", subject) in ids, value


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> MemoryStore:
    """A store of all the articles, each read with its date."""
    made = MemoryStore("http://localhost:8000/")
    made.inner.load(path=gold_graph(tmp_path_factory), format=ox.RdfFormat.N_QUADS)
    return made


def relations(path: Path, key: str) -> Iterator[tuple[frozenset[str], str, frozenset[str]]]:
    """Give the relations between two things with names, each end by its names."""
    gold = load(path)[0]
    names = {e["id"]: frozenset(map(plain, e["names"])) for e in gold["entities"]}
    for subject, predicate, value in gold.get(key, ()):
        if isinstance(value, str) and names.get(subject) and names.get(value):
            yield names[subject], predicate, names[value]


def stated(store: MemoryStore) -> set[tuple[str, str, str]]:
    """Return the relations of the graph, each end by each of its names."""
    query = f"""SELECT ?a ?p ?b WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(wenmai:)))
      {_LABELS.replace("?e", "?s").replace("?name", "?a")} {_LABELS.replace("?e", "?o").replace("?name", "?b")} }}"""
    prefixes = "PREFIX wenmai: <https://w3id.org/wenmai/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    rows = store.query(prefixes + query)
    assert isinstance(rows, ox.QuerySolutions)
    return {(plain(a.value), p.value.rpartition("#")[2], plain(b.value)) for a, p, b in rows}


def holds(found: set[tuple[str, str, str]], fact: tuple[frozenset[str], str, frozenset[str]]) -> bool:
    return any((a, fact[1], b) in found for a in fact[0] for b in fact[2])


def test_half_of_the_relations_are_found_and_few_traps_are_fallen_into(store: MemoryStore) -> None:
    found = stated(store)
    facts = [fact for path in GOLD for fact in relations(path, "facts")]
    traps = [trap for path in GOLD for trap in relations(path, "not_facts")]
    assert sum(holds(found, fact) for fact in facts) >= len(facts) / 2
    fallen = [trap for trap in traps if holds(found, trap)]
    assert len(fallen) <= len(traps) * 0.05, fallen
