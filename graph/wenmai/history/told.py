"""Changes told: as lines for people, and as JSON for machines. The same changes give the same text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from wenmai import ontology
from wenmai.history.changes import Changes, Entity, Fact, Turn
from wenmai.history.lookup import Source

_MARKS = {"new": "+", "gone": "-", "changed": "~", "added": "+", "removed": "-", "replaced": "~", "reread": "≈"}
_SHOWN = 2
"""Sources of a fact that are printed; the rest is counted."""
_QUOTE = 90
"""Characters of a quote that are printed."""


def as_text(found: Changes, a: str, b: str) -> Iterator[str]:
    """Yield the lines, without line ends; `a` and `b` are what was compared, as typed."""
    if not any(found.quads):
        yield f"no difference: {a} and {b}"
        return
    yield f"--- {a}"
    yield f"+++ {b}"
    yield from _summary(found)
    if found.articles:
        yield ""
        for article in found.articles:
            yield f"{_MARKS[article.kind]} {article.date or '(no date)'}  {article.title}  [{article.identifier}]"
    for entity in found.entities:
        yield ""
        yield from _entity(entity)


def as_json(found: Changes, a: str, b: str) -> str:
    """Return all of it as one JSON object, UTF-8 as it is; `a` and `b` are what was compared."""
    entities = []
    for entity in found.entities:
        told = {key: value for key, value in asdict(entity).items() if value}
        told["status"] = told.pop("kind")
        entities.append(told)
    whole: dict[str, Any] = {
        "a": a,
        "b": b,
        "articles": [asdict(article) for article in found.articles],
        "entities": entities,
        "renumbered": found.renumbered,
        "followed": {"added": found.followed[0], "withdrawn": found.followed[1]},
        "quads": {"added": found.quads[0], "removed": found.quads[1]},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _summary(found: Changes) -> Iterator[str]:
    articles, entities = Counter(a.kind for a in found.articles), Counter(e.kind for e in found.entities)
    every = found.entities
    facts = [fact for entity in every for fact in entity.added if not fact.modality]
    withdrawn = [fact for entity in every for fact in entity.withdrawn if not fact.modality]
    lines = {
        "articles": _counts(articles, ("added", "removed", "replaced", "reread")),
        "entities": _counts(entities, ("new", "gone", "changed")),
        "facts": f"{len(facts)} added, {len(withdrawn)} withdrawn, {sum(len(e.changed) for e in every)} changed",
        "claims": f"{sum(len(e.modality) for e in every)} said otherwise, "
        f"{sum(bool(f.modality) for e in every for f in e.added)} others added, "
        f"{sum(bool(f.modality) for e in every for f in e.withdrawn)} withdrawn",
        "follows": f"{found.followed[0]} added, {found.followed[1]} withdrawn",
        "quads": f"{found.quads[0]} added, {found.quads[1]} removed",
    }
    for name, counts in lines.items():
        yield f"{name:<9} {counts}"
    if found.renumbered:
        yield f"{'same name':<9} {found.renumbered} entities of one class and name have another IRI; taken for the same"


def _counts(counter: Counter[str], kinds: Iterable[str]) -> str:
    return ", ".join(f"{counter[kind]} {'read otherwise' if kind == 'reread' else kind}" for kind in kinds)


def _entity(entity: Entity) -> Iterator[str]:
    yield f"{_MARKS[entity.kind]} {_label(entity.cls)} {entity.name}"
    if entity.renamed is not None:
        yield f"  ~ 名称  {entity.renamed.before} → {entity.renamed.after}"
    if entity.retyped is not None:
        yield f"  ~ 类型  {_label(entity.retyped.before)} → {_label(entity.retyped.after)}"
    for mark, names in (("+", entity.names_added), ("-", entity.names_withdrawn)):
        if names:
            yield f"  {mark} 又名  {'、'.join(names)}"
    for turn in entity.changed:
        yield f"  ~ {_label(turn.predicate)}  {_label(turn.before)} → {_label(turn.after)}"
        yield from _quotes(turn)
    for turn in entity.modality:
        yield f"  ~ {_label(turn.predicate)} {turn.object}  {_said(turn.before)} → {_said(turn.after)}"
        yield from _quotes(turn)
    for mark, facts in (("+", entity.added), ("-", entity.withdrawn)):
        for fact in facts:
            modality = f"  （{_said(fact.modality)}）" if fact.modality else ""
            yield f"  {mark} {_label(fact.predicate)}  {fact.object}{modality}"
            yield from _quotes(fact)


def _quotes(of: Fact | Turn) -> Iterator[str]:
    for source in of.sources[:_SHOWN]:
        yield f"      {_source(source)}"
    if len(of.sources) > _SHOWN:
        yield f"      … {len(of.sources) - _SHOWN} more"


def _source(source: Source) -> str:
    quote = source.quote if len(source.quote) <= _QUOTE else source.quote[: _QUOTE - 1] + "…"
    return f"{source.date or '(no date)'} [{source.article}] “{quote}”"


def _said(modalities: str) -> str:
    return "、".join(map(_label, modalities.split("、")))


def _label(term: str) -> str:
    """Return the Chinese label of a term of the vocabulary; other words as they are."""
    try:
        return ontology.label(term, "zh") if term else "（无）"
    except KeyError:
        return term
