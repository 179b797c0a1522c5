"""Articles as named graphs, and the default graph as a function of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.namespaces import DCTERMS, NIF, RDF, RDFS, SEM, SKOS, WENMAI
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Status, Value
from wenmai.triples import article_iri, article_quads, delta, entity_iri, graph_iri, merged

BASE = "http://localhost:8000/"
RUN = Run("rules", "0.1.0", "lexicon=1")
TEXT = "云帆科技有限公司（以下简称云帆科技）3月5日与海潮集团在青石镇签署协议，双方将建立合作关系。"


class Memory:
    """The smallest store there is: what delta needs and no more."""

    base = BASE

    def __init__(self) -> None:
        self.inner = ox.Store()

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        return self.inner.quads_for_pattern(subject, predicate, object, graph)

    def put(self, article_id: str, quads: list[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        add, remove = delta(self, BASE, article_id, quads)
        assert not set(add) & set(remove)
        for quad in remove:
            assert quad in self.inner
            self.inner.remove(quad)
        self.inner.extend(add)
        return add, remove


def article(article_id: str = "a1", text: str = TEXT, date: dt.date | None = dt.date(2021, 3, 6)) -> Article:
    return Article(id=article_id, title="云帆牵手海潮", text=text, source="a1.txt", sha256="0" * 64, date=date)


YUNFAN = Entity("org-000000000001", "Company", ("云帆科技有限公司", "云帆科技"), spans=(Span(0, 8),))
HAICHAO = Entity("org-000000000002", "Company", ("海潮集团",), spans=(Span(24, 28),))
TOWN = Entity("place-000000000003", "AdministrativeArea", ("青石镇",), code="310999", spans=(Span(29, 32),))
SIGNING = Entity(
    "event-000000000004",
    "Signing",
    label="签约: 云帆科技、海潮集团, 2021-03-05",
    label_en="Signing: 2021-03-05",
    status="Happened",
    spans=(Span(32, 34),),
)
WHOLE = Span(18, 46)


def resolution() -> Resolution:
    return Resolution(
        article(),
        RUN,
        (YUNFAN, HAICHAO, TOWN, SIGNING, Entity("org-000000000009", "MediaBody", ("青石晚报",))),
        (
            Claim(YUNFAN.id, "partnerOf", HAICHAO.id, WHOLE, "Planned", confidence=0.8, rule="partnerOf/1"),
            Claim(SIGNING.id, "onDate", Value("2021-03-05", "date"), WHOLE),
            Claim(SIGNING.id, "participant", YUNFAN.id, WHOLE, confidence=0.9),
            Claim(SIGNING.id, "participant", YUNFAN.id, Span(0, 8), confidence=0.7),
            Claim(SIGNING.id, "heldAt", TOWN.id, WHOLE, approximate=True),
        ),
        publisher="org-000000000009",
    )


def node(entity: Entity) -> ox.NamedNode:
    return entity_iri(BASE, entity.id)


def ask(store: Memory, pattern: str) -> bool:
    prefixes = {"wenmai": WENMAI, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "dcterms": DCTERMS, "nif": NIF, "sem": SEM}
    prefixes["id"] = BASE + "id/"
    head = "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items())
    return bool(store.inner.query(f"{head} ASK {{ {pattern} }}"))


@pytest.fixture
def store() -> Memory:
    memory = Memory()
    memory.put("a1", article_quads(Linked(resolution()), BASE))
    return memory


def test_the_article_stands_in_its_own_graph(store: Memory) -> None:
    graph, name = graph_iri(BASE, "a1"), article_iri(BASE, "a1")
    texts = list(store.match(name, ox.NamedNode(NIF + "isString"), None, None))
    assert [(q.object, q.graph_name) for q in texts] == [(ox.Literal(TEXT), graph)]
    assert ask(store, f'GRAPH {graph} {{ {name} a wenmai:Article ; dcterms:identifier "a1" ; wenmai:mentions ?x }}')
    assert not ask(store, f"GRAPH {graph} {{ {name} wenmai:mentions id:org-000000000009 }}")
    assert ask(store, f'{name} wenmai:publishedOn "2021-03-06"^^<http://www.w3.org/2001/XMLSchema#date>')
    assert ask(store, f"{name} wenmai:publishedIn id:org-000000000009 ; wenmai:mentions id:org-000000000001")


def test_claims_that_say_the_same_are_one_node_on_all_their_spans(store: Memory) -> None:
    found = store.inner.query(
        f"PREFIX wenmai: <{WENMAI}> PREFIX rdf: <{RDF}> PREFIX nif: <{NIF}>"
        "SELECT ?c ?conf ?quote { GRAPH ?g { ?c rdf:predicate wenmai:participant ; wenmai:confidence ?conf ;"
        " wenmai:evidence ?e . ?e nif:anchorOf ?quote ; nif:beginIndex ?b ; nif:referenceContext ?a ."
        " ?a nif:isString ?text FILTER(SUBSTR(?text, ?b + 1, STRLEN(?quote)) = ?quote) } }"
    )
    assert isinstance(found, ox.QuerySolutions)
    rows = list(found)
    assert len({row["c"] for row in rows}) == 1
    assert {row["conf"].value for row in rows} == {"0.9"}
    assert {row["quote"].value for row in rows} == {WHOLE.of(TEXT), "云帆科技有限公司"}


def test_a_planned_relation_is_a_claim_and_no_fact(store: Memory) -> None:
    assert not ask(store, "id:org-000000000001 wenmai:partnerOf ?x")
    assert ask(store, "GRAPH ?g { ?c rdf:predicate wenmai:partnerOf ; wenmai:modality wenmai:Planned }")


def test_the_default_graph_describes_each_entity(store: Memory) -> None:
    assert ask(
        store,
        'id:org-000000000001 a wenmai:Company ; skos:prefLabel "云帆科技有限公司"@zh ;'
        ' rdfs:label "云帆科技有限公司"@zh ; skos:altLabel "云帆科技"@zh',
    )
    assert ask(store, 'id:place-000000000003 skos:notation "310999"')
    assert ask(
        store, 'id:event-000000000004 skos:prefLabel "Signing: 2021-03-05"@en ; wenmai:eventStatus wenmai:Happened'
    )
    day = '"2021-03-05"^^<http://www.w3.org/2001/XMLSchema#date>'
    stamps = f"sem:hasEarliestBeginTimeStamp {day} ; sem:hasLatestEndTimeStamp {day}"
    assert ask(store, f"id:event-000000000004 wenmai:heldAt id:place-000000000003 ; {stamps}")
    assert not ask(store, "?s wenmai:nameAsPrinted ?o") and not ask(store, "GRAPH ?g { ?s skos:prefLabel ?o }")


def test_removing_the_only_article_leaves_nothing(store: Memory) -> None:
    store.put("a1", [])
    assert len(store.inner) == 0


def test_the_same_article_again_changes_nothing(store: Memory) -> None:
    assert delta(store, BASE, "a1", article_quads(Linked(resolution()), BASE)) == ([], [])


def test_a_fact_that_another_article_states_stays(store: Memory) -> None:
    other = Resolution(
        article("a2"), RUN, (SIGNING, YUNFAN), (Claim(SIGNING.id, "participant", YUNFAN.id, Span(0, 8), "Planned"),)
    )
    store.put("a2", article_quads(Linked(other), BASE))
    store.put("a1", [])
    assert ask(store, "id:event-000000000004 wenmai:participant id:org-000000000001")
    assert not ask(store, "?s wenmai:heldAt ?o") and not ask(store, "id:org-000000000002 ?p ?o")
    assert not ask(store, "id:event-000000000004 sem:hasEarliestBeginTimeStamp ?d")


@pytest.mark.parametrize("modality", ["Reported", "Denied"])
def test_hearsay_is_a_claim_and_never_a_fact(modality: Modality) -> None:
    law = Entity("policy-000000000005", "Policy", ("青石镇水网条例",), spans=(Span(0, 4),))
    claims = (
        Claim(YUNFAN.id, "partnerOf", HAICHAO.id, WHOLE, modality),
        Claim(SIGNING.id, "participant", YUNFAN.id, WHOLE, modality),
        Claim(SIGNING.id, "onDate", Value("2021-03-05", "date"), WHOLE, modality),
        Claim(law.id, "adoptedOn", Value("2021-03-01", "date"), WHOLE, modality),
    )
    store = Memory()
    store.put("a1", article_quads(Linked(Resolution(article(), RUN, (YUNFAN, HAICHAO, SIGNING, law), claims)), BASE))
    stated = "wenmai:partnerOf|wenmai:participant|wenmai:onDate|wenmai:adoptedOn|sem:hasEarliestBeginTimeStamp"
    assert not ask(store, f"?s {stated} ?o")
    assert ask(store, f"GRAPH ?g {{ ?claim rdf:predicate wenmai:onDate ; wenmai:modality wenmai:{modality} }}")


def test_an_asserted_triple_leaves_the_inferred_graph(store: Memory) -> None:
    fact = (node(HAICHAO), ox.NamedNode(WENMAI + "partnerOf"), node(YUNFAN))
    inferred = ox.NamedNode(BASE + "graph/inferred")
    store.inner.extend([ox.Quad(*fact, inferred), ox.Quad(*fact, ox.DefaultGraph())])
    claim = Claim(HAICHAO.id, "partnerOf", YUNFAN.id, Span(0, 8))
    store.put("a2", article_quads(Linked(Resolution(article("a2"), RUN, (YUNFAN, HAICHAO), (claim,))), BASE))
    assert ox.Quad(*fact, inferred) not in store.inner
    assert ox.Quad(*fact, ox.DefaultGraph()) in store.inner


def test_text_that_no_export_could_carry_keeps_its_length() -> None:
    odd = Article("a3", "题", "甲\x00乙\ud800丙\ufffe丁\x1f", "x", "0" * 64)
    claim = Claim("article", "author", "person-000000000001", Span(0, 3))
    person = Entity("person-000000000001", "Person", ("甲\x00乙",), spans=(Span(0, 3),))
    quads = article_quads(Linked(Resolution(odd, RUN, (person,), (claim,))), BASE)
    values = {quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}
    assert {"甲\ufffd乙\ufffd丙\ufffd丁\ufffd", "甲\ufffd乙"} <= values


# ---- any articles in any order ----

NAMES = ("云帆", "云帆科技", "Yunfan", "Yunfan Tech", "海潮", "海潮港", "T2", "甲乙")
LABELS = ("签约: 云帆", "签约: 云帆、海潮", "会议", "云帆")
CLASSES = {"org": ("Organization", "Company", "MediaBody"), "event": ("Event", "Signing", "Meeting"), "post": ("Post",)}
DATES = (
    Value("2021", "gYear"),
    Value("2021-03", "gYearMonth"),
    Value("2021-03-05", "date"),
    Value("2020-01-01", "date"),
)
STATUSES: tuple[Status, ...] = ("Happened", "Scheduled", "Cancelled", "Denied")
MODALITIES: tuple[Modality, ...] = ("Asserted", "Planned", "Reported", "Denied")


@st.composite
def resolutions(draw: st.DrawFn, article_id: str) -> Resolution:
    entities = []
    for kind, number in draw(st.sets(st.sampled_from([(k, n) for k in CLASSES for n in (1, 2)]), min_size=1)):
        has_label = kind != "org"
        entities.append(
            Entity(
                f"{kind}-{number:012}",
                draw(st.sampled_from(CLASSES[kind])),
                tuple(draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))),
                code=draw(st.sampled_from([None, "1", "2"])),
                label=draw(st.sampled_from((None, *LABELS))) if has_label else None,
                label_en=draw(st.sampled_from((None, "Signing", "Yunfan"))) if has_label else None,
                status=draw(st.sampled_from(STATUSES)) if kind == "event" else None,
            )
        )
    ids = [entity.id for entity in entities]
    claims = []
    for _ in range(draw(st.integers(0, 4))):
        subject = draw(st.sampled_from(ids))
        modality = draw(st.sampled_from(MODALITIES))
        if subject.startswith("event") and draw(st.booleans()):
            prop = draw(st.sampled_from(("onDate", "startDate", "endDate")))
            claims.append(Claim(subject, prop, draw(st.sampled_from(DATES)), Span(0, 2), modality))
        else:
            claims.append(Claim(subject, "partnerOf", draw(st.sampled_from(ids)), Span(0, 2), modality))
    return Resolution(article(article_id, "云帆与海潮"), RUN, tuple(entities), tuple(claims))


STEPS = st.lists(
    st.sampled_from(["a1", "a2", "a3"]).flatmap(lambda name: st.tuples(st.just(name), st.none() | resolutions(name))),
    min_size=1,
    max_size=7,
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_the_default_graph_follows_from_the_articles_alone(steps: list[tuple[str, Resolution | None]]) -> None:
    store = Memory()
    for name, found in steps:
        store.put(name, article_quads(Linked(found), BASE) if found else [])
        graphs = {quad for quad in store.inner if quad.graph_name != ox.DefaultGraph()}
        assert set(store.inner) - graphs == merged(graphs)


def test_the_votes_of_others_count_when_an_article_changes_its_class() -> None:
    store = Memory()
    for name, cls in (("a1", "Organization"), ("a2", "MediaBody"), ("a3", "MediaBody"), ("a1", "Company")):
        shown = Resolution(article(name), RUN, (Entity(HAICHAO.id, cls, ("海潮",)),))
        store.put(name, article_quads(Linked(shown), BASE))
    assert ask(store, "id:org-000000000002 a wenmai:MediaBody")
    assert not ask(store, "id:org-000000000002 a wenmai:Company")
