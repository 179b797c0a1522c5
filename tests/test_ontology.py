"""The ontology: whole, labelled, aligned, readable by OWL tools; and its tables in Python."""

from __future__ import annotations

import re
from typing import Any

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import namespace

from wenmai import ontology
from wenmai.namespaces import OWL, RDF, RDFS, WENMAI
from wenmai.resources import folder

FOLDER = folder("ontology")
ISO = ox.CanonicalizationAlgorithm.RDFC_1_0

CLASSES = """
Organization GovernmentBody PartyBody Company CommunityBody EducationalBody MediaBody HealthBody CulturalBody
OrganizationKind Place AdministrativeArea Road Building Site NaturalFeature Person Post Policy Agreement Event Signing
Adoption Opening Establishment Meeting Construction Appointment Release Acquisition Activity Article Claim
"""
PROPERTIES = """
partnerOf subOrganizationOf supervises operates founded investsIn acquires locatedIn address holdsPost postTitle postIn
affiliatedWith issuedBy adoptedOn effectiveFrom effectiveUntil appliesTo regulates implements party onDate startDate
endDate heldAt organizer participant subject author publishedIn publishedOn mentions administers eventStatus statedIn
evidence modality approximate confidence
"""
INDIVIDUALS = ("Asserted", "Planned", "Reported", "Denied", "Happened", "Scheduled", "Cancelled")
OURS = (*ontology.classes(), *ontology.properties(), *INDIVIDUALS)

# Terms of vocabularies that rdflib does not carry, as their own files have them.
OTHERS = {
    "http://semanticweb.cs.vu.nl/2009/11/sem/": """
        Event hasActor hasPlace hasTimeStamp hasBeginTimeStamp hasEndTimeStamp
        hasEarliestBeginTimeStamp hasLatestEndTimeStamp""",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#": """Context Phrase isString anchorOf beginIndex
        endIndex referenceContext OffsetBasedString""",
    "http://purl.org/vocab/vann/": "preferredNamespacePrefix preferredNamespaceUri",
    "http://data.europa.eu/eli/ontology#": """LegalResource passed_by date_document first_date_entry_in_force
        date_applicability""",
    "http://linkedevents.org/ontology/": "Event",
    "http://purl.org/NET/c4dm/event.owl#": "Event",
    "http://www.cidoc-crm.org/cidoc-crm/": "E7_Activity E74_Group",
    "http://purl.org/ontology/bibo/": "Article Newspaper",
    "http://www.wikidata.org/entity/": "Q43229 Q4830453 Q56061 Q5 Q4164871 Q1656682 Q5707594",
    "http://www.w3.org/ns/oa#": "hasSelector",
}
CARRIED: dict[str, type[namespace.DefinedNamespace]] = {
    "http://www.w3.org/ns/org#": namespace.ORG,
    "http://schema.org/": namespace.SDO,
    "http://www.w3.org/ns/prov#": namespace.PROV,
    "http://www.opengis.net/ont/geosparql#": namespace.GEO,
    "http://www.w3.org/2004/02/skos/core#": namespace.SKOS,
    "http://purl.org/dc/terms/": namespace.DCTERMS,
    "http://xmlns.com/foaf/0.1/": namespace.FOAF,
}


def parsed(name: str) -> list[ox.Quad]:
    return list(ox.parse(path=str(FOLDER / name)))


def test_every_term_of_the_vocabulary_is_there() -> None:
    assert set(CLASSES.split()) <= set(ontology.classes())
    assert set(PROPERTIES.split()) <= set(ontology.properties())
    assert set(INDIVIDUALS) == {*ontology.individuals("Modality"), *ontology.individuals("EventStatus")}


@pytest.mark.parametrize("term", OURS)
def test_every_term_is_labelled_and_explained_in_both_languages(term: str) -> None:
    for lang in ("zh", "en"):
        assert ontology.label(term, lang) and ontology.comment(term, lang)
    assert ontology.label(term, "zh") != ontology.label(term, "en")
    by = ox.Triple(ox.NamedNode(WENMAI + term), ox.NamedNode(RDFS + "isDefinedBy"), ox.NamedNode(WENMAI[:-1]))
    assert by in ontology.triples()


@pytest.mark.parametrize("name", ["wenmai.ttl", "alignments.ttl"])
def test_every_term_of_others_exists(name: str) -> None:
    for quad in parsed(name):
        for term in (quad.subject, quad.predicate, quad.object):
            if not isinstance(term, ox.NamedNode):
                continue
            cut = max(term.value.rfind("#"), term.value.rfind("/")) + 1
            space, local = term.value[:cut], term.value[cut:]
            if space in CARRIED and local:
                assert local in CARRIED[space], term
            elif space in OTHERS and local:
                assert local in OTHERS[space].split(), term
            assert not term.value.startswith("https://schema.org")


def test_nothing_is_imported() -> None:
    for name in ("wenmai.ttl", "alignments.ttl", "shapes.ttl"):
        assert not [quad for quad in parsed(name) if quad.predicate.value == OWL + "imports"]


def test_every_term_of_others_is_declared_again() -> None:
    quads = parsed("wenmai.ttl")
    declared = {quad.subject for quad in quads if quad.predicate.value == RDF + "type"}
    for quad in quads:
        if quad.predicate.value in (RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "inverseOf"):
            assert quad.object in declared, quad.object


def test_rdf_xml_is_the_same_graph() -> None:
    turtle, xml = ox.Dataset(parsed("wenmai.ttl")), ox.Dataset(parsed("wenmai.rdf"))
    turtle.canonicalize(ISO)
    xml.canonicalize(ISO)
    assert turtle == xml
    assert (FOLDER / "wenmai.rdf").read_bytes() == ontology.rdf_xml(), "run python -m wenmai.ontology"
    graph = rdflib.Graph().parse(FOLDER / "wenmai.rdf")
    assert len(graph) == len(turtle)


def test_owlready2_loads_it_offline() -> None:
    library: Any = owlready2  # it carries no types
    world = library.World()
    loaded = world.get_ontology((FOLDER / "wenmai.rdf").as_uri()).load(only_local=True)
    names = {item.name for kind in (loaded.classes(), loaded.properties(), loaded.individuals()) for item in kind}
    assert set(OURS) <= names


def test_classes_have_their_places() -> None:
    assert ontology.superclasses("Company") == ("Company", "Organization")
    assert ontology.subclasses("Place") == ("Place", "AdministrativeArea", "Road", "Building", "Site", "NaturalFeature")
    tops = {ontology.coarse(cls) for cls in CLASSES.split()}
    assert tops == {"Organization", "Place", "Person", "Post", "Policy", "Agreement", "Event", "Article", "Claim"}
    assert ontology.coarse("OrganizationKind") == "Organization" and ontology.coarse("Agreement") == "Agreement"
    assert ontology.is_event("Signing") and not ontology.is_event("Post")
    assert ontology.most_specific(frozenset({"Organization", "Company", "Event"})) == ("Company", "Event")
    with pytest.raises(KeyError):
        ontology.superclasses("Firm")


def test_properties_have_their_ends() -> None:
    assert ontology.domain("locatedIn") == ("Organization", "Place")
    assert ontology.range_("postIn") == ("Organization", "AdministrativeArea")
    assert ontology.range_("onDate") == ("date", "gYearMonth", "gYear")
    assert ontology.range_("address") == ("string",)
    assert ontology.domain("partnerOf") == ontology.range_("partnerOf") == ("Organization",)
    assert ontology.range_("mentions") == ()


def test_the_header_says_what_it_is() -> None:
    text = (FOLDER / "wenmai.ttl").read_text("utf-8")
    header = text[text.index("a owl:Ontology") :]
    for part in ("dcterms:license", "owl:versionInfo", "owl:versionIRI", 'dcterms:creator "wenmai"', "文脉本体"):
        assert part in header
    assert not re.search(r"\bxsd:date\b(?! *,| *;)", header.split("rangeIncludes")[0])
