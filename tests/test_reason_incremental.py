"""The closure kept up commit by commit is the closure of the whole, whatever came and went before."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies import DEFAULT, THINGS, axioms, facts, ontology, owlrl_closure, quad
from test_triples import BASE, RUN, article
from wenmai import ontology as ours
from wenmai.reason import closure, refresh_inferred, with_inferred
from wenmai.reason.rules import Rules, compiled
from wenmai.records import Claim, Entity, Linked, Resolution, Span
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, delta, graph_iri, merged

INFERRED = ox.NamedNode(BASE + "graph/inferred")
Fact = tuple[str, str, str]


@settings(max_examples=60, deadline=None)
@given(axioms, st.lists(facts, min_size=1, max_size=8))
def test_any_ontology_closes_as_with_owlrl(drawn: list[tuple[str, ...]], asserted: list[Fact]) -> None:
    schema, quads = ontology(drawn), [quad(fact) for fact in asserted]
    ours = {(t.subject.value, t.predicate.value, t.object.value) for t in closure(quads, compiled(schema))}  # type: ignore[union-attr]
    assert ours == owlrl_closure(schema, quads)


def closed(asserted: set[ox.Quad], rules: Rules | None = None) -> set[ox.Quad]:
    """Return the asserted facts with what follows, as a store that is closed holds them."""
    follows = closure(asserted, rules)
    return asserted | {ox.Quad(t.subject, t.predicate, t.object, g) for t in follows for g in (DEFAULT, INFERRED)}


def contents(store: MemoryStore) -> set[ox.Quad]:
    return set(store.match(None, None, None, DEFAULT)) | set(store.match(None, None, None, INFERRED))


class Articles:
    """A store of articles that state facts, replaced one by one, with the closure kept up or left behind."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.store = MemoryStore(BASE)
        self.articles: dict[int, set[ox.Quad]] = {}

    def replace(self, name: int, new: set[ox.Quad], *, together: bool = True) -> None:
        """Put an article in the place of one of this name. Its facts are added even if another article states them."""
        old = self.articles.pop(name, set())
        elsewhere = set().union(*self.articles.values())
        self.articles[name] = new
        graph = ox.NamedNode(f"{BASE}graph/article-{name}")
        add = [*(new - old), *(ox.Quad(q.subject, q.predicate, q.object, graph) for q in new - old)]
        remove = [*(old - new - elsewhere), *(ox.Quad(q.subject, q.predicate, q.object, graph) for q in old - new)]
        completed = with_inferred(self.store, BASE, add, remove, self.rules) if together else (add, remove)
        assert not set(completed[0]) & set(completed[1])
        self.store.commit(*completed)

    def expected(self) -> set[ox.Quad]:
        return closed(set().union(*self.articles.values()), self.rules)


changes = st.lists(st.tuples(st.integers(0, 3), st.sets(facts, max_size=6)), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(axioms, changes)
def test_any_changes_leave_the_closure_of_what_is_left(
    drawn: list[tuple[str, ...]], changed: list[tuple[int, set[Fact]]]
) -> None:
    articles = Articles(compiled(ontology(drawn)))
    for name, stated in changed:
        articles.replace(name, {quad(fact) for fact in stated})
        assert contents(articles.store) == articles.expected()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["TransitiveProperty", "SymmetricProperty"]), unique=True, min_size=1),
    st.lists(st.tuples(st.sampled_from(THINGS), st.sampled_from(THINGS)), min_size=4, max_size=12),
    st.lists(st.integers(0, 11), min_size=1, max_size=8),
)
def test_edges_taken_out_of_a_net_one_by_one(kinds: list[str], edges: list[tuple[str, str]], order: list[int]) -> None:
    articles = Articles(compiled(ontology([(kind, "p0") for kind in kinds])))
    for number, (start, end) in enumerate(edges):
        articles.replace(number, {quad((start, "p0", end))})
    for number in order:
        articles.replace(number, set())
        assert contents(articles.store) == articles.expected()


def test_a_store_in_which_nothing_was_inferred_is_closed_as_a_whole() -> None:
    rules = compiled(
        ontology([("TransitiveProperty", "p0"), ("http://www.w3.org/2000/01/rdf-schema#domain", "p0", "C0")])
    )
    articles = Articles(rules)
    articles.replace(0, {quad(("n0", "p0", "n1")), quad(("n1", "p0", "n2"))}, together=False)
    articles.replace(1, {quad(("n2", "p0", "n3"))})
    assert contents(articles.store) == articles.expected()
    assert quad(("n0", "p0", "n3")) in contents(articles.store)


def test_a_fact_moves_between_asserted_and_inferred() -> None:
    articles = Articles(compiled(ontology([("TransitiveProperty", "p0")])))
    for number, (start, end) in enumerate([("n0", "n1"), ("n1", "n2"), ("n0", "n2")]):
        articles.replace(number, {quad((start, "p0", end))})
    whole = quad(("n0", "p0", "n2"))
    inferred = ox.Quad(whole.subject, whole.predicate, whole.object, INFERRED)
    assert whole in contents(articles.store) and inferred not in contents(articles.store)
    articles.replace(2, set())
    assert {whole, inferred} <= contents(articles.store)
    articles.replace(1, set())
    assert not {whole, inferred} & contents(articles.store)


# ---- with the articles of wenmai and its own ontology ----

PARTS = {
    "org": ("Company", "GovernmentBody", "Organization"),
    "place": ("AdministrativeArea", "Site", "Place"),
    "person": ("Person",),
    "post": ("Post",),
    "event": ("Signing", "Opening"),
    "policy": ("Policy",),
}
RELATIONS = [
    ("org", "partnerOf", "org"),
    ("org", "subOrganizationOf", "org"),
    ("org", "locatedIn", "place"),
    ("place", "locatedIn", "place"),
    ("person", "holdsPost", "post"),
    ("post", "postIn", "org"),
    ("person", "affiliatedWith", "org"),
    ("event", "participant", "person"),
    ("event", "heldAt", "place"),
    ("policy", "regulates", "org"),
]


@st.composite
def resolutions(draw: st.DrawFn, number: int) -> Resolution:
    """Return an article of up to six claims among few entities, whose classes it may see in its own way."""
    claims = []
    entities: dict[str, Entity] = {}

    def one(part: str) -> str:
        key = f"{part}-{draw(st.integers(0, 2)):012x}"
        cls = draw(st.sampled_from(PARTS[part]))
        entities.setdefault(key, Entity(key, cls, (f"名{key[-1]}{part}",), label="说明", status="Happened"))
        return key

    for _ in range(draw(st.integers(0, 6))):
        start, predicate, end = draw(st.sampled_from(RELATIONS))
        modality = draw(st.sampled_from(["Asserted", "Asserted", "Planned", "Denied"]))
        claims.append(Claim(one(start), predicate, one(end), Span(0, 8), modality))  # type: ignore[arg-type]
    return Resolution(article(f"a{number}"), RUN, tuple(entities.values()), tuple(claims))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_articles_leave_the_closure_of_what_they_say(data: st.DataObject) -> None:
    store = MemoryStore(BASE)
    for _ in range(data.draw(st.integers(1, 7))):
        number = data.draw(st.integers(0, 3))
        gone = data.draw(st.booleans()) and data.draw(st.booleans())
        quads = [] if gone else article_quads(Linked(data.draw(resolutions(number))), BASE)
        store.commit(*with_inferred(store, BASE, *delta(store, BASE, f"a{number}", quads)))
        graphs = [q for n in range(4) for q in store.match(None, None, None, graph_iri(BASE, f"a{n}"))]
        assert contents(store) == closed(merged(graphs))
        assert refresh_inferred(store) == (0, 0)


def test_nothing_changes_where_nothing_is_said() -> None:
    store = MemoryStore(BASE)
    assert with_inferred(store, BASE, [], []) == ([], [])
    store.commit(*with_inferred(store, BASE, [quad(("n0", "a", "C0"))], []))
    assert contents(store) == {quad(("n0", "a", "C0"))}


@pytest.mark.parametrize("prop", ours.properties())
def test_every_property_of_ours_comes_and_goes(prop: str) -> None:
    store = MemoryStore(BASE)
    first = ox.Quad(quad(("n0", "p0", "n1")).subject, ox.NamedNode(ours_iri(prop)), quad(("n1", "p0", "n1")).subject)
    other = ox.Quad(first.subject, ox.NamedNode(ours_iri("partnerOf")), ox.NamedNode(BASE + "id/other"))
    store.commit(*with_inferred(store, BASE, [other], []))
    before = contents(store)
    store.commit(*with_inferred(store, BASE, [first], []))
    assert contents(store) == closed({first, other})
    store.commit(*with_inferred(store, BASE, [], [first]))
    assert contents(store) == before


def ours_iri(local: str) -> str:
    return "https://w3id.org/wenmai/ns#" + local
