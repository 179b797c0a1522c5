"""What a model may answer, as a JSON Schema made from the ontology: no class or property is typed here anew.

The schema keeps to what strict structured output allows: every property required, none besides, no lengths or counts.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from wenmai import ontology

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_LITERALS = frozenset({"string", "date", "gYearMonth", "gYear"})
_INFERRED = frozenset({"affiliatedWith"})
"""What the closure gives and no text needs to say."""
DATES = frozenset({"date", "gYearMonth", "gYear"})


@cache
def entity_classes() -> tuple[str, ...]:
    """Return the classes of what an article names: all that an event can be about."""
    return tuple(c for root in ontology.range_("subject") for c in ontology.subclasses(root))


@cache
def relations() -> tuple[str, ...]:
    """Return the properties between two things that an article names."""
    found = (p for p in ontology.properties() if p not in _INFERRED)
    return tuple(p for p in found if _among(ontology.domain(p)) and _among(ontology.range_(p)))


@cache
def attributes() -> tuple[str, ...]:
    """Return the properties of a named thing whose value is a date or a text."""
    return tuple(p for p in ontology.properties() if _among(ontology.domain(p)) and _literal(p))


@cache
def slots() -> tuple[str, ...]:
    """Return the properties of an event whose value is a named thing."""
    return tuple(p for p in ontology.properties() if ontology.domain(p) == ("Event",) and _among(ontology.range_(p)))


@cache
def event_dates() -> tuple[str, ...]:
    """Return the properties of an event that are dates."""
    return tuple(p for p in ontology.properties() if ontology.domain(p) == ("Event",) and _literal(p))


def _among(classes: tuple[str, ...]) -> bool:
    return bool(classes) and all(c in entity_classes() for c in classes)


def _literal(prop: str) -> bool:
    return bool(ontology.range_(prop)) and set(ontology.range_(prop)) <= _LITERALS


_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(names: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


@cache
def schema() -> dict[str, Any]:
    """Return the schema of a whole answer."""
    said = {"quote": _TEXT, "modality": _one_of(ontology.individuals("Modality"))}
    slot = _object(property=_one_of(slots()), entity=_TEXT, quote=_TEXT)
    date = _object(property=_one_of(event_dates()), words=_TEXT, iso=_TEXT, quote=_TEXT)
    return _object(
        entities=_list(_object(id=_TEXT, **{"class": _one_of(entity_classes())}, names=_list(_TEXT))),
        relations=_list(_object(subject=_TEXT, property=_one_of(relations()), object=_TEXT, **said)),
        attributes=_list(_object(subject=_TEXT, property=_one_of(attributes()), words=_TEXT, iso=_TEXT, **said)),
        posts=_list(_object(person=_TEXT, title=_TEXT, body=_TEXT, **said)),
        events=_list(
            _object(
                **{"class": _one_of(ontology.subclasses("Event"))},
                name=_TEXT,
                trigger=_TEXT,
                **said,
                slots=_list(slot),
                dates=_list(date),
            )
        ),
    )


@cache
def _validators() -> dict[str, Validator]:
    import jsonschema

    properties = schema()["properties"]
    return {name: jsonschema.Draft202012Validator(part["items"]) for name, part in properties.items()}


def fits(part: str, item: object) -> bool:
    """Tell whether `item` is what the list `part` of an answer may hold."""
    return _validators()[part].is_valid(item)


@cache
def described() -> str:
    """Return what the classes and properties mean, a line each, for the prompt."""
    lines = [f"{c}: {ontology.comment(c)}" for c in (*entity_classes(), *ontology.subclasses("Event"))]
    for prop in (*relations(), *attributes(), *slots(), *event_dates()):
        ends = f"{'|'.join(ontology.domain(prop))} → {'|'.join(ontology.range_(prop))}"
        lines.append(f"{prop} ({ends}): {ontology.comment(prop)}")
    return "\n".join(lines)


@cache
def text() -> str:
    """Return the schema as canonical JSON, for hashes."""
    return json.dumps(schema(), ensure_ascii=False, sort_keys=True)
