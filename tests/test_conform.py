"""What is said to conform surely does, by pyshacl; and articles as they come are sure."""

from __future__ import annotations

from contextlib import closing
from functools import cache

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.reason.conform import compiled, conforms, surely_conforms
from wenmai.reason.shapes import _told
from wenmai.records import Linked, Resolution
from wenmai.resources import folder
from wenmai.store import open_store
from wenmai.triples import article_quads, iris, terms
from wenmai.triples.merge import DEFAULT, DESCRIPTION, Fact, plain

XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = [
    ox.Literal(value, datatype=ox.NamedNode(XSD + kind))
    for kind, values in {
        "string": ("", "310101", "31", "0" * 64),
        "integer": ("0", "7", "-1", "900"),
        "decimal": ("0.5", "1.5", "x"),
        "date": ("2020-02-29", "2021-02-29", "2021-02-30", "2020-12-31", "0000-01-01"),
        "gYear": ("2020", "20"),
        "gYearMonth": ("2020-13", "2020-12"),
        "boolean": ("true", "yes"),
    }.items()
    for value in values
] + [ox.Literal("云帆", language=tag) for tag in ("zh", "en", "zh-Hant", "fr")]


@cache
def lines() -> tuple[Fact, ...]:
    """A small graph in which every shape has a focus node: an article's, and the descriptions that `check` looks at."""
    from wenmai.extract import default_extractor
    from wenmai.read import ReadOptions, Source, read, sources
    from wenmai.resolve import resolve
    from wenmai.store import MemoryStore
    from wenmai.triples import delta

    store = MemoryStore()
    for name in ("2018-03-02-lingjiang-health.txt", "2020-09-08-ebike-rule.txt"):
        (source,) = sources([folder("samples") / name])
        assert isinstance(source, Source)
        (article,) = read(source, ReadOptions())
        made: Resolution = resolve(default_extractor().extract(article))  # type: ignore[arg-type]  # it can be read
        store.commit(*delta(store, store.base, article.id, article_quads(Linked(made), store.base)))  # type: ignore[union-attr]
    entities = [line for line in plain(store.match(None, None, None, DEFAULT)) if iris.is_entity(line[0])]
    articles = [q for q in store.match() if q.graph_name != DEFAULT]
    return tuple(
        dict.fromkeys([*entities, *(f for f in plain(articles) if f[1] not in DESCRIPTION or not iris.is_entity(f[0]))])
    )


def test_articles_as_they_come_are_sure(sample_store: object) -> None:
    with closing(open_store(str(sample_store))) as store:
        graphs = {quad.graph_name for quad in store.match(None, terms.TYPE, terms.term("Article"))} - {DEFAULT}
        assert len(graphs) > 12
        for graph in graphs:
            found = [line for line in plain(store.match(None, None, None, graph)) if not iris.is_entity(line[0])]  # type: ignore[arg-type]
            assert surely_conforms(found), graph
    assert surely_conforms(lines())
    assert not _told(lines())


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_said_to_conform_does(data: st.DataObject) -> None:
    changed = list(lines())
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(changed) - 1))
        subject, predicate, value = changed[at]
        how = data.draw(st.sampled_from(["drop", "value", "more", "subject", "predicate"]))
        other = data.draw(st.sampled_from([*LITERALS, changed[data.draw(st.integers(0, len(changed) - 1))][2]]))
        if how == "drop":
            del changed[at]
        elif how == "subject":
            changed[at] = (changed[data.draw(st.integers(0, len(changed) - 1))][0], predicate, value)
        elif how == "predicate":
            changed[at] = (subject, changed[data.draw(st.integers(0, len(changed) - 1))][1], value)
        elif how == "value":
            changed[at] = (subject, predicate, other)
        else:
            changed.append((subject, predicate, other))
    if surely_conforms(changed):
        assert not _told(changed)


@pytest.mark.parametrize(
    "more",
    [
        "shape:Claim sh:closed true .",
        "shape:Claim sh:property [ sh:path ( rdf:subject rdf:object ) ; sh:minCount 1 ] .",
        "shape:Other a sh:NodeShape ; sh:targetNode wenmai:x ; sh:nodeKind sh:IRI .",
        "shape:Claim sh:nodeKind sh:BlankNode .",
    ],
)
def test_shapes_with_something_unknown_give_no_verdict(more: str) -> None:
    ours = (folder("ontology") / "shapes.ttl").read_text("utf-8")
    assert conforms(lines(), compiled(ours.encode()))
    assert not conforms(lines(), compiled(f"{ours}\n{more}".encode()))
