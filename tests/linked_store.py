"""A small store whose texts and names try to break out of a page, and of which some went after it was shown."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Value
from wenmai.resolve.mint import mint
from wenmai.store import open_store
from wenmai.triples import article_quads, iris, merged, terms

SCRIPT = "</script><img src=x onerror=alert(1)>"
QUOTE = "\"><svg onload=alert(2)> '`{{7*7}}"
HUB, EVIL, LONE = (mint("Organization", key) for key in ("hub", "evil", "lone"))
EVENT = mint("Event", "signing")
PARTNERS = 30
GONE_ARTICLE, KEPT_ARTICLE = "short", "long"


def _org(key: str, name: str) -> Entity:
    return Entity(mint("Organization", key), "Company", (name,))


def resolutions() -> list[Resolution]:
    run = Run("test", "1")
    hub, evil, lone = _org("hub", "枢纽公司"), _org("evil", SCRIPT), _org("lone", QUOTE)
    partners = [_org(f"partner{n}", f"伙伴{n:02}公司") for n in range(PARTNERS)]
    text = f"{SCRIPT}与枢纽公司签约。\n\n枢纽公司否认投资{QUOTE}，拟收购它。\njavascript:alert(4)"
    first, second = Span(0, text.index("。")), Span(text.index("枢纽公司否认"), text.index("，"))
    across, inner = Span(first.begin + 3, second.end), Span(second.begin + 2, second.begin + 6)
    event = Entity(EVENT, "Signing", label=f"签约: {SCRIPT}", status="Happened")

    def said(
        subject: Entity, predicate: str, value: Entity | Value, span: Span, modality: Modality = "Asserted"
    ) -> Claim:
        end = value if isinstance(value, Value) else value.id
        return Claim(subject.id, predicate, end, span, modality=modality, confidence=0.8, rule=f"{predicate}/{SCRIPT}")

    claims = (
        said(hub, "partnerOf", evil, first),
        said(hub, "partnerOf", evil, inner, "Denied"),
        said(hub, "investsIn", lone, second, "Denied"),
        said(hub, "acquires", lone, across, "Planned"),
        said(hub, "address", Value(QUOTE), inner),
        said(event, "participant", hub, first),
        said(event, "onDate", Value("2019-03-04", "date"), first),
        *(said(hub, "partnerOf", each, second) for each in partners),
    )
    day = dt.date(2019, 3, 5)
    long = Article(KEPT_ARTICLE, SCRIPT, text, "javascript:alert(3)", "0" * 64, date=day)
    short = Article(GONE_ARTICLE, "短讯", "枢纽公司与甲。", "short.txt", "1" * 64, date=day)
    only = _org("only", "仅此公司")
    return [
        Resolution(long, run, (hub, evil, lone, event, *partners), claims),
        Resolution(short, run, (hub, only), (said(hub, "partnerOf", only, Span(0, 6)),)),
    ]


ONLY = mint("Organization", "only")


def quads() -> list[ox.Quad]:
    """Return the whole dataset, with a match that no page may link to."""
    found = [quad for each in resolutions() for quad in article_quads(Linked(each), DEFAULT_BASE)]
    match = ox.Quad(
        iris.entity_iri(DEFAULT_BASE, HUB),
        terms.EXACT_MATCH,
        ox.NamedNode("javascript:alert(5)"),
        iris.curation_iri(DEFAULT_BASE),
    )
    found.append(match)
    return [*found, *merged(found)]


def short_quads() -> list[ox.Quad]:
    """Return what the dataset has by its short article alone."""
    long = article_quads(Linked(resolutions()[0]), DEFAULT_BASE)
    kept = {*long, *merged(long)}
    return [quad for quad in quads() if quad not in kept and quad.predicate != terms.EXACT_MATCH]


def make(path: Path) -> None:
    """Make the store, show it, take the short article out, show that."""
    with closing(open_store(path, write=True, create=True)) as store:
        store.load(quads())
        store.publish()
        store.commit([], short_quads())
        store.publish()


def put_back(path: Path) -> None:
    """Put the short article in again and show it."""
    with closing(open_store(path, write=True)) as store:
        store.commit(short_quads())
        store.publish()
