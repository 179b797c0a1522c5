"""shapes.ttl on its own, as anyone with pyshacl would use it on an exported Turtle file."""

from __future__ import annotations

import io

import pyshacl
import pytest
import rdflib

from test_triples import BASE, Memory, resolution
from wenmai.records import Linked
from wenmai.resources import folder
from wenmai.triples import article_quads, export

SHAPES = rdflib.Graph().parse(folder("ontology") / "shapes.ttl")


def turtle() -> str:
    store = Memory()
    store.put("a1", article_quads(Linked(resolution()), BASE))
    output = io.BytesIO()
    export(store, "turtle", output)
    return output.getvalue().decode()


def messages(text: str) -> list[str]:
    data = rdflib.Graph().parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=SHAPES, inference="none")
    assert isinstance(report, rdflib.Graph)
    return sorted(str(o) for o in report.objects(None, rdflib.SH.resultMessage))


def test_the_shapes_are_shapes() -> None:
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_a_whole_export_conforms() -> None:
    assert messages(turtle()) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('skos:prefLabel "海潮集团"@zh', 'skos:prefLabel "海潮集团"@zh, "海潮"@zh', "one preferred label in Chinese"),
        ('skos:prefLabel "海潮集团"@zh', 'skos:prefLabel "Haichao"@en', "has a preferred label in Chinese"),
        ('skos:altLabel "云帆科技"@zh', 'skos:altLabel "云帆科技"@ja', "an alternative label is a name in zh or en"),
        ('"310999"', '"31x"', "a notation is a code of GB/T 2260"),
        ('onDate "2021-03-05"^^xsd:date', 'onDate "2021-03-05"', "a date is an xsd:date, xsd:gYearMonth or xsd:gYear"),
        ("eventStatus wenmai:Happened", "eventStatus wenmai:Planned", "an event has at most one status"),
        ('LatestEndTimeStamp "2021-03-05"', 'LatestEndTimeStamp "2021-03-01"', "at the latest on the day it ends"),
        ("wenmai:modality wenmai:Planned", "wenmai:modality wenmai:Likely", "one modality"),
        ("wenmai:confidence 0.8", "wenmai:confidence 1.8", "one confidence, a decimal from 0 to 1"),
        ("wenmai:confidence 0.8", 'wenmai:confidence "0.8"', "one confidence, a decimal from 0 to 1"),
        ("rdf:predicate wenmai:partnerOf", "rdf:predicate foaf:knows", "one predicate of the wenmai vocabulary"),
        ("nif:beginIndex 18", "nif:beginIndex 48", "before it ends"),
        ("nif:beginIndex 18", 'nif:beginIndex "18"^^xsd:nonNegativeInteger', "a span begins at one offset"),
        ('nif:anchorOf "云帆科技有限公司"', 'nif:anchorOf ""', "a span has its words"),
        ('dcterms:identifier "a1"', 'dcterms:identifier "a1", "a2"', "an article has one identifier"),
        ('sha256 "0', 'sha256 "X', "SHA-256"),
        ("wenmai:evidence <", "wenmai:rule <", "a claim stands on at least one span"),
        ('wenmai:extractorVersion "0.1.0"', 'rdfs:comment "0.1.0"', "a run names the version"),
    ],
)
def test_each_breach_is_named(old: str, new: str, message: str) -> None:
    text = turtle()
    assert old in text
    assert any(message in found for found in messages(text.replace(old, new, 1)))


def test_a_post_has_one_holder_title_and_place() -> None:
    head = turtle().split("\n# ----")[0]
    post = (
        'id:post-000000000001 a wenmai:Post ; skos:prefLabel "云帆科技董事长"@zh ; rdfs:label "云帆科技董事长"@zh ;'
        ' wenmai:postTitle "董事长", "总裁" ; wenmai:postIn id:org-1, id:org-2 .'
        " id:person-1 wenmai:holdsPost id:post-000000000001 . id:person-2 wenmai:holdsPost id:post-000000000001 ."
    )
    assert messages(head + post) == [
        "a post has one title, as printed",
        "a post is held by one person",
        "a post is held in one organization or area",
    ]
