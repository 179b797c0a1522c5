"""HermiT on individuals: what contradicts the ontology is found, with a smallest set of facts and their claims."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Command
from test_triples import BASE, HAICHAO, RUN, SIGNING, TOWN, WHOLE, YUNFAN, article
from wenmai.namespaces import RDF, WENMAI
from wenmai.reason import with_inferred
from wenmai.reason.clashes import clashes
from wenmai.reason.hermit import contradictions, sample
from wenmai.reason.view import Line
from wenmai.records import Claim, Entity, Linked, Resolution
from wenmai.store import MemoryStore, Store, open_store
from wenmai.triples import article_quads, delta

LIN = Entity("person-000000000031", "Person", ("林栖",))
PARK = Entity("place-000000000032", "Site", ("青石园",))


def line(subject: Entity, predicate: str, value: Entity | str) -> Line:
    end = BASE + "id/" + value.id if isinstance(value, Entity) else WENMAI + value
    return BASE + "id/" + subject.id, RDF + "type" if predicate == "a" else WENMAI + predicate, end


def put(store: Store, name: str, entities: tuple[Entity, ...], *claims: Claim) -> None:
    quads = article_quads(Linked(Resolution(article(name), RUN, entities, claims)), BASE)
    store.commit(*with_inferred(store, BASE, *delta(store, BASE, name, quads)))


def crowd(store: Store) -> None:
    """Put in twelve companies that say nothing wrong."""
    others = [Entity(f"org-{number:012x}", "Company", (f"云帆{number}号",)) for number in range(100, 112)]
    put(store, "crowd", (*others, TOWN), *(Claim(one.id, "locatedIn", TOWN.id, WHOLE) for one in others))


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    made = MemoryStore(BASE)
    crowd(made)
    put(made, "right", (YUNFAN, HAICHAO, SIGNING), Claim(YUNFAN.id, "partnerOf", HAICHAO.id, WHOLE))
    yield made
    made.close()


def test_classes_that_exclude_each_other_with_the_facts_behind_them() -> None:
    facts = [line(YUNFAN, "partnerOf", TOWN), line(TOWN, "locatedIn", PARK), line(TOWN, "a", "AdministrativeArea")]
    (clash,) = clashes(facts)
    assert clash.node == BASE + "id/" + TOWN.id and clash.classes == ("Organization", "Place")
    assert set(clash.facts) == {facts[0], facts[2]}
    assert clashes(facts[1:]) == []


def test_an_end_that_can_be_none_of_the_classes_it_may_be() -> None:
    facts = [line(LIN, "locatedIn", TOWN), line(LIN, "a", "Person")]
    (clash,) = clashes(facts)
    assert clash.classes == ("Person", "Organization or Place") and set(clash.facts) == set(facts)
    assert clashes(facts[:1]) == []


def test_the_sample_is_connected_and_the_same_every_time(store: MemoryStore) -> None:
    facts = sample(store, 5)
    assert facts == sample(store, 5)
    assert len({subject for subject, _, _ in facts}) <= 5
    assert sum(predicate == RDF + "type" for _, predicate, _ in facts) == 5
    assert any(predicate == WENMAI + "locatedIn" for _, predicate, _ in facts)
    every = sample(store, 10_000)
    asserted = {line for line in every if line[1] != RDF + "type"}
    assert line(YUNFAN, "partnerOf", HAICHAO) in asserted and line(HAICHAO, "partnerOf", YUNFAN) not in asserted


@pytest.mark.java
def test_nothing_is_wrong_with_a_sound_store(store: MemoryStore) -> None:
    assert list(contradictions(store)) == []


@pytest.mark.java
def test_the_culprits_among_many(store: MemoryStore) -> None:
    put(store, "wrong", (YUNFAN, TOWN, LIN), Claim(YUNFAN.id, "partnerOf", TOWN.id, WHOLE))
    put(store, "odd", (LIN, TOWN), Claim(LIN.id, "locatedIn", TOWN.id, WHOLE))
    found = list(contradictions(store))
    assert {each.classes for each in found} == {("Organization", "Place"), ("Person", "Organization or Place")}
    by_class = {each.classes: set(each.facts) for each in found}
    assert line(YUNFAN, "partnerOf", TOWN) in by_class["Organization", "Place"]
    assert by_class["Person", "Organization or Place"] == {line(LIN, "locatedIn", TOWN), line(LIN, "a", "Person")}


@pytest.mark.java
def test_what_only_hermit_sees_is_narrowed_down(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "odd", (LIN, TOWN), Claim(LIN.id, "locatedIn", TOWN.id, WHOLE))
    monkeypatch.setattr("wenmai.reason.hermit.clashes", lambda facts: [])  # as if the closure knew nothing of it
    (found,) = contradictions(store)
    assert set(found.facts) == {line(LIN, "locatedIn", TOWN), line(LIN, "a", "Person")}
    assert found.node == BASE + "id/" + LIN.id and found.classes == ()


@pytest.mark.java
def test_the_command_tells_individual_classes_and_claims(tmp_path: Path, wenmai: Command) -> None:
    made = open_store(tmp_path / "store", write=True, create=True)
    crowd(made)
    put(made, "wrong", (YUNFAN, TOWN), Claim(YUNFAN.id, "partnerOf", TOWN.id, WHOLE))
    made.publish()
    made.close()
    done = wenmai("check", "--hermit", "--store", tmp_path / "store")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    (head,) = (number for number, text in enumerate(lines) if "HermiT" in text)
    assert "青石镇 is Organization and Place, which exclude each other" in lines[head]
    assert any("云帆科技有限公司 partnerOf 青石镇" in text for text in lines[head:])
    assert any("in wrong (2021-03-06): “" in text and "[18,46]" in text for text in lines[head:])
    assert ox.NamedNode(lines[head].split()[1].removesuffix(":"))


def test_without_java_the_command_says_what_to_install(sample_store: Path, wenmai: Command) -> None:
    done = wenmai("check", "--hermit", "--store", sample_store, env={"PATH": "/nonexistent"})
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "wenmai: HermiT needs a Java runtime; install one (apt install default-jre-headless)"
    )


def test_a_sample_without_hermit_and_one_of_nothing(sample_store: Path, wenmai: Command) -> None:
    alone = wenmai("check", "--sample", "5", "--store", sample_store)
    assert (alone.returncode, alone.stdout) == (2, "") and "give --hermit too" in alone.stderr
    none = wenmai("check", "--hermit", "--sample", "0", "--store", sample_store)
    assert none.returncode == 2 and "'0' is not a whole number above 0" in none.stderr
