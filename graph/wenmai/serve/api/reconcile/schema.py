"""Types and properties as the service names them: the local names of the ontology."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from wenmai import ontology
from wenmai.namespaces import SKOS, WENMAI

NAMES = {"prefLabel": "首选名称", "altLabel": "其他名称"}
"""The properties that give a thing its names."""
_NO_ENTITIES = {"Article", "Claim", "ExtractionRun", "Decision", "Modality", "EventStatus"}
_THROUGH = {"holdsPost": "Post"}
"""Properties whose value is a node that only holds what there is to say of its subject."""


@cache
def types() -> tuple[str, ...]:
    """Return the classes that things may be matched as."""
    return tuple(cls for cls in ontology.classes() if cls not in _NO_ENTITIES)


@cache
def properties() -> tuple[str, ...]:
    """Return the properties that things may have, the names of things first."""
    held = (name for name in ontology.properties() if set(ontology.domain(name)) & set(types()))
    return (*NAMES, *held)


def iri(prop: str) -> str:
    """Return the IRI of a property."""
    return (SKOS if prop in NAMES else WENMAI) + prop


def through(prop: str) -> str:
    """Return the property that leads from a thing to the node whose `prop` is meant; empty if it is its own."""
    if prop in NAMES:
        return ""
    return next((over for over, cls in _THROUGH.items() if cls in ontology.domain(prop)), "")


def properties_of(cls: str) -> tuple[str, ...]:
    """Return the properties that things of a class have, by themselves or through a post; all for no class."""
    if cls not in types():
        return properties()
    own = {*ontology.superclasses(cls), *(below for below in ontology.subclasses(cls))}
    over = {name for name in _THROUGH if set(ontology.domain(name)) & own}
    reached = own | {_THROUGH[name] for name in over}
    return tuple(name for name in properties() if name in NAMES or set(ontology.domain(name)) & reached)


def local(text: str, known: tuple[str, ...]) -> str:
    """Return which of the `known` names a client means: by itself, its IRI, `wenmai:…` or its label; else empty."""
    name = text.strip().removeprefix(WENMAI).removeprefix("wenmai:").removeprefix(SKOS).removeprefix("skos:")
    if name in known:
        return name
    return next((each for each in known if name in {label(each, "zh"), label(each, "en")}), "")


def near(text: str, known: tuple[str, ...]) -> list[str]:
    """Return up to three of the `known` names that are like what a client wrote."""
    return get_close_matches(text[:100], known, n=3, cutoff=0.5)


def label(term: str, lang: str = "zh") -> str:
    """Return the label of a class or a property in `zh` or `en`."""
    if term in NAMES:
        return NAMES[term] if lang == "zh" else {"prefLabel": "preferred name", "altLabel": "other name"}[term]
    return ontology.label(term, lang)


def type_(cls: str) -> dict[str, Any]:
    """Return a type as the API writes it, short."""
    return {"id": cls, "name": label(cls)}


def type_in_full(cls: str) -> dict[str, Any]:
    """Return a type with the ones directly above it."""
    above = [type_(name) for name in ontology.superclasses(cls)[1:2] if name in types()]
    return type_(cls) | ({"broader": above} if above else {})


def property_(prop: str) -> dict[str, Any]:
    """Return a property as the API writes it."""
    about = label(prop, "en") if prop in NAMES else f"{label(prop, 'en')}: {ontology.comment(prop, 'en')}"
    return {"id": prop, "name": label(prop), "description": about}
