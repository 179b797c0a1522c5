"""What a worker does to hand out what is seen: for Gephi, for print, as data, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from wenmai.namespaces import PREFIXES, WENMAI
from wenmai.serve.answer import Answer
from wenmai.serve.api.queries_task import harmless
from wenmai.serve.explore.drawing import MODALITIES, OF_KIND, dates, edges, lines, local
from wenmai.serve.explore.picture_task import things
from wenmai.serve.html import Lang
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store
from wenmai.triples import terms
from wenmai.view import facts, render
from wenmai.view.links import Link

if TYPE_CHECKING:
    from wenmai.view.project import Graph

MEDIA = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "svg": "image/svg+xml",
    "turtle": "text/turtle; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
ENDINGS = {"graphml": "graphml", "gexf": "gexf", "svg": "svg", "turtle": "ttl", "csv": "csv"}
MOST_DRAWN = 1500
"""Things of a picture in SVG, as `wenmai view` draws."""
_BATCH = 300
_COLUMNS = (
    "subject", "subject_id", "relation", "predicate", "object", "object_id", "modality", "inferred", "confidence",
    "claims", "first", "last",
)  # fmt: skip
_NAMED = """CONSTRUCT { ?e ?p ?o } { VALUES ?e { %s } ?e ?p ?o
  FILTER(?p IN (%s) && (isLiteral(?o) || STRSTARTS(STR(?o), "%s"))) }"""
_BETWEEN = """CONSTRUCT { ?e ?p ?o } { VALUES ?e { %s } ?e ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?p), "%s")) }"""
_CLAIMS = f"""CONSTRUCT {{ ?c ?k ?v . ?v ?l ?w }} {{ VALUES ?c {{ %s }} GRAPH ?g {{ ?c ?k ?v
  OPTIONAL {{ ?v ?l ?w FILTER(?k = {terms.term("evidence")}) }} }} }}"""
_ARTICLES = "CONSTRUCT { ?a ?k ?v } { VALUES ?a { %s } ?a ?k ?v FILTER(?k IN (%s)) }"


def export(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the things `ids` and the lines between them as `format`, a file to keep. Raises Problem 404, 410."""
    lang: Lang = call["lang"]
    wanted = things(store, call["ids"])
    keep = _Kept(store, call)
    format = call["format"]
    if format == "csv":
        body = _table(store, wanted, keep, lang)
    elif format == "turtle":
        body = _turtle(store, wanted, keep)
    else:
        from wenmai.view.project import drawn

        graph: Graph = drawn(store, wanted, keep)
        body = render(graph, format, lang)
    headers = {"Content-Disposition": f'attachment; filename="wenmai.{ENDINGS[format]}"'}
    return Answer(body, MEDIA[format], headers=headers)


class _Kept:
    """Tells which lines are wanted: by the ids of edges, or by how they are said, how surely and when."""

    def __init__(self, store: Store, call: Mapping[str, Any]) -> None:
        self.store = store
        self.edges = frozenset(call["edges"])
        self.modalities = frozenset(call["modalities"] or MODALITIES)
        self.inferred, self.least = call["inferred"], call["confidence"]
        self.since, self.until = call["since"], call["until"]
        self._days: dict[str, str] = {}

    def __call__(self, link: Link) -> bool:
        if self.edges and "|".join((local(link.source), link.prop, local(link.target))) not in self.edges:
            return False
        if link.kind == "inferred":
            return bool(self.inferred)
        said = [each for each in link.statements if each.claim]
        return (
            OF_KIND[link.kind] in self.modalities
            and max((each.confidence for each in said), default=0) >= self.least
            and (not (self.since or self.until) or any(map(self._in_time, (each.article for each in said))))
        )

    def _in_time(self, article: str) -> bool:
        if article not in self._days:
            self._days |= {article: "", **dates(self.store, [article])}
        day = self._days[article]
        return bool(day) and (self.since or "") <= day <= (self.until or "9999")


def _table(store: Store, wanted: Collection[str], keep: _Kept, lang: Lang) -> bytes:
    """Return the lines as a table for people, as `/queries/…?download=spreadsheet` is one."""
    told = facts.describe(store, wanted)
    names = {local(iri): about.en if lang == "en" else about.zh for iri, about in told.items()}
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for edge in edges(store, lines(store, wanted, keep), lang):
        row = [
            names[edge["source"]], edge["source"], edge["label"], edge["predicate"],
            names[edge["target"]], edge["target"],
            edge["modality"], "true" if edge["inferred"] else "false", edge["confidence"], edge["claims"],
            edge["first"], edge["last"],
        ]  # fmt: skip
        table.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _turtle(store: Store, wanted: Collection[str], keep: _Kept) -> bytes:
    """Return names and classes of the things, the facts between them, and the claims of each line with their words."""
    kept = [(line, said) for line in lines(store, wanted, keep) for kind in line.kinds.values() for said in kind]
    posts = {end for _, said in kept for end in said.ends() if local(end).startswith("post-")}
    drawn = {(said.subject, said.predicate, str(said.object)) for _, said in kept}
    found: set[ox.Triple] = set()
    naming = ", ".join(map(str, (terms.TYPE, terms.PREF_LABEL, terms.ALT_LABEL, terms.term("postTitle"))))
    for some in _batches([*wanted, *posts]):
        found |= set(rows(store, _NAMED, some, naming, WENMAI))
        for triple in rows(store, _BETWEEN, some, WENMAI):
            ends = (
                triple.subject.value,
                triple.predicate.value.removeprefix(WENMAI),
                getattr(triple.object, "value", ""),
            )
            if ends in drawn or (ends[2], ends[1], ends[0]) in drawn:
                found.add(triple)
    for some in _batches(said.claim for _, said in kept if said.claim):
        found |= set(rows(store, _CLAIMS, some))
    heads = ", ".join(
        map(str, (terms.TYPE, terms.IDENTIFIER, terms.TITLE, terms.term("publishedOn"), terms.term("publishedIn")))
    )
    for some in _batches(said.article for _, said in kept if said.article):
        found |= set(rows(store, _ARTICLES, some, heads))
    order = sorted(found, key=lambda each: (str(each.subject), str(each.predicate), str(each.object)))
    prefixes = PREFIXES | {"id": store.base + "id/"}
    return ox.serialize(order, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""


def _batches(iris: Iterable[str]) -> list[str]:
    wanted = sorted(set(iris))
    return [
        " ".join(str(ox.NamedNode(iri)) for iri in wanted[at : at + _BATCH]) for at in range(0, len(wanted), _BATCH)
    ]
