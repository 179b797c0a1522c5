"""Across articles: the entities known so far, by id and by the forms of their names."""

from __future__ import annotations

from collections.abc import Iterable

from wenmai import ontology
from wenmai.records import Entity
from wenmai.resolve import keys
from wenmai.resolve.mint import family


class Registry:
    """What is known from earlier articles; every question is a look-up, whatever the number of entities."""

    def __init__(self, known: Iterable[Entity] = ()) -> None:
        self._ids: set[str] = set()
        self._forms: dict[tuple[str, str], set[str]] = {}
        self._fullest: dict[str, str] = {}
        self._classes: dict[str, str] = {}
        for entity in known:
            self.add(entity)

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._ids

    def add(self, entity: Entity) -> None:
        """Learn an entity and the forms of its name."""
        kind = family(entity.cls)
        self._ids.add(entity.id)
        before = self._classes.get(entity.id)
        if before is None or before in ontology.superclasses(entity.cls):
            self._classes[entity.id] = entity.cls
        if kind in ("Post", "Event", "OrganizationKind"):
            return
        for name in entity.names:
            made = form_key(kind, name)
            if made:
                self._forms.setdefault((kind, made), set()).add(entity.id)
                if len(made) > len(self._fullest.get(entity.id, "")):
                    self._fullest[entity.id] = made

    def having(self, kind: str, form: str) -> list[str]:
        """Return the ids of the known entities of family `kind` that some article calls so, sorted."""
        return sorted(self._forms.get((kind, form), ()))

    def fullest(self, entity_id: str) -> str:
        """Return the key of the fullest name known of an entity."""
        return self._fullest.get(entity_id, "")

    def cls(self, entity_id: str) -> str | None:
        """Return the most specific class known of an entity."""
        return self._classes.get(entity_id)


def form_key(kind: str, name: str) -> str:
    """Return the key under which a name is looked up; nothing for one that means another thing in every article."""
    made = keys.body_key(name) if kind == "Organization" else keys.key(name)
    if keys.is_pointer(name) or keys.is_bare(made) or (kind == "Organization" and keys.level_prefix(made)):
        return ""
    return made
