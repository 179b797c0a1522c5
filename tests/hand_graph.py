"""A small graph made by hand for the tests of queries: six articles, each clause of which states one claim."""

from __future__ import annotations

import datetime as dt
import hashlib

import pyoxigraph as ox

from wenmai.namespaces import RDF, WENMAI
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Value
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, entity_iri, inferred_iri, merged

BASE = "http://localhost:8000/"
RUN = Run("by hand", "1")
DATED = {"onDate", "adoptedOn", "effectiveFrom", "startDate", "endDate"}

ENTITIES = {
    "sn": ("Company", ("申能(集团)有限公司", "申能集团", "申能")),
    "rail": ("Company", ("云江轨道交通集团有限公司", "云江轨交集团")),
    "metro": ("Company", ("云江地铁运营有限公司",)),
    "line": ("Company", ("云江三号线维护公司",)),
    "solar": ("Company", ("合肥白鹿新能源股份有限公司", "白鹿新能源")),
    "motor": ("Company", ("芜湖长河电机有限公司",)),
    "gas": ("Company", ("申能燃气",)),
    "pipe": ("Company", ("申能管网",)),
    "tx": ("Company", ("深圳市腾讯计算机系统有限公司", "腾讯公司", "腾讯")),
    "tx2": ("Site", ("腾讯",)),
    "sh": ("AdministrativeArea", ("上海市",)),
    "hp": ("AdministrativeArea", ("黄浦区",)),
    "jd": ("AdministrativeArea", ("淮海中路街道",)),
    "dj": ("PartyBody", ("淮海中路社区党建服务中心",)),
    "wang": ("Person", ("王坚",)),
    "li": ("Person", ("李明达",)),
    "ma": ("Person", ("马化腾",)),
    "agr": ("Agreement", ("“互联网+能源”战略合作协议",)),
    "rd": ("GovernmentBody", ("市十四届人大常委会",)),
    "rule": ("Policy", ("《上海市居民委员会工作条例》",)),
    "jwh": ("OrganizationKind", ("居民委员会",)),
    "paper": ("MediaBody", ("新民晚报",)),
}
EVENTS = {"sign": ("Signing", "签约: 申能、腾讯", "Happened"), "open": ("Opening", "开业: 党建服务中心", "Scheduled")}
POSTS = {
    "p1": ("董事长", "申能董事长 (王坚)"),
    "p2": ("董事长", "申能董事长 (李明达)"),
    "p3": ("首席执行官", "腾讯首席执行官"),
}
PREFIX = {
    "Person": "person",
    "AdministrativeArea": "place",
    "Site": "place",
    "Policy": "policy",
    "Agreement": "agreement",
}


def entity_id(key: str) -> str:
    if key in EVENTS:
        prefix = "event"
    elif key in POSTS:
        prefix = "post"
    else:
        prefix = PREFIX.get(ENTITIES[key][0], "org")
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def entity(key: str) -> Entity:
    if key in EVENTS:
        cls, label, status = EVENTS[key]
        return Entity(entity_id(key), cls, label=label, status=status)  # type: ignore[arg-type]
    if key in POSTS:
        return Entity(entity_id(key), "Post", (POSTS[key][0],), label=POSTS[key][1])
    cls, names = ENTITIES[key]
    return Entity(entity_id(key), cls, names, spans=(Span(0, 1),))


def article(name: str, date: dt.date, *claims: tuple[str, str, str, Modality] | tuple[str, str, str]) -> Resolution:
    """Return an article whose every clause states one claim: subject, predicate, object, modality."""
    text, made, keys = "", [], dict.fromkeys(["paper"])
    for subject, predicate, value, *rest in claims:
        clause = f"{subject} {predicate} {value}。"
        span = Span(len(text), len(text) + len(clause))
        text += clause
        known = value in ENTITIES or value in EVENTS or value in POSTS
        kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
        literal = Value(value, kinds[len(value)] if predicate in DATED else "string")  # type: ignore[arg-type]
        keys |= dict.fromkeys([subject, value] if known else [subject])
        made.append(
            Claim(
                entity_id(subject),
                predicate,
                entity_id(value) if known else literal,
                span,
                rest[0] if rest else "Asserted",
                confidence=0.9,
            )
        )
    return Resolution(
        Article(name, f"标题 {name}", text, f"{name}.txt", "0" * 64, date=date),
        RUN,
        tuple(entity(key) for key in keys),
        tuple(made),
        publisher=entity_id("paper"),
        authors=(),
    )


ARTICLES = [
    article(
        "2017-04-21-shenneng-tencent",
        dt.date(2017, 4, 21),
        ("sn", "partnerOf", "tx"),
        ("agr", "party", "sn"),
        ("agr", "party", "tx"),
        ("sign", "subject", "agr"),
        ("sign", "participant", "sn"),
        ("sign", "participant", "tx"),
        ("sign", "participant", "wang"),
        ("sign", "participant", "ma"),
        ("sign", "onDate", "2017-04-21"),
        ("wang", "holdsPost", "p1"),
        ("p1", "postTitle", "董事长"),
        ("p1", "postIn", "sn"),
        ("ma", "holdsPost", "p3"),
        ("p3", "postTitle", "首席执行官"),
        ("p3", "postIn", "tx"),
        ("sn", "locatedIn", "sh"),
        ("gas", "subOrganizationOf", "sn"),
    ),
    article(
        "party-centre",
        dt.date(2017, 4, 21),
        ("dj", "locatedIn", "jd"),
        ("jd", "locatedIn", "hp"),
        ("hp", "locatedIn", "sh"),
        ("open", "subject", "dj"),
        ("open", "heldAt", "jd"),
        ("open", "onDate", "2017-05"),
        ("tx2", "locatedIn", "sh"),
    ),
    article(
        "committee-rule",
        dt.date(2017, 4, 21),
        ("rule", "issuedBy", "rd"),
        ("rule", "adoptedOn", "2017-04-20"),
        ("rule", "effectiveFrom", "2017-07-01"),
        ("rule", "regulates", "jwh"),
        ("rule", "appliesTo", "sh"),
    ),
    article(
        "later",
        dt.date(2018, 1, 5),
        ("tx", "partnerOf", "sn"),
        ("rule", "effectiveFrom", "2017-10-01"),
        ("sn", "acquires", "tx", "Denied"),
        ("sn", "investsIn", "dj", "Planned"),
        ("li", "holdsPost", "p2"),
        ("p2", "postTitle", "董事长"),
        ("p2", "postIn", "sn"),
        ("pipe", "subOrganizationOf", "gas"),
    ),
    article(
        "others",
        dt.date(2021, 4, 12),
        ("metro", "subOrganizationOf", "rail"),
        ("line", "subOrganizationOf", "metro"),
        ("solar", "acquires", "motor"),
        ("metro", "succeeds", "line", "Planned"),
    ),
    article("denial", dt.date(2018, 2, 1), ("sn", "partnerOf", "tx", "Denied"), ("rule", "effectiveFrom", "2017-07")),
]


def iri(key: str) -> ox.NamedNode:
    return entity_iri(BASE, entity_id(key))


def made_store() -> MemoryStore:
    """Return the graph of the articles with some of what the closure would add."""
    quads = [quad for each in ARTICLES for quad in article_quads(Linked(each), BASE)]
    quads += merged(quads)
    superclasses = {
        "Organization": ["Company", "PartyBody", "GovernmentBody", "MediaBody"],
        "Event": ["Signing", "Opening"],
    }
    superclasses["Place"] = ["AdministrativeArea", "Site"]
    inferred: list[ox.Triple] = []
    for quad in quads:
        if quad.graph_name == ox.DefaultGraph() and quad.predicate.value == RDF + "type":
            for upper, lowers in superclasses.items():
                if quad.object in [ox.NamedNode(WENMAI + lower) for lower in lowers]:
                    inferred.append(ox.Triple(quad.subject, quad.predicate, ox.NamedNode(WENMAI + upper)))
    for subject, predicate, value in [
        ("dj", "locatedIn", "hp"),
        ("dj", "locatedIn", "sh"),
        ("jd", "locatedIn", "sh"),
        ("tx", "partnerOf", "sn"),
        ("sn", "partnerOf", "tx"),
        ("wang", "affiliatedWith", "sn"),
        ("ma", "affiliatedWith", "tx"),
    ]:
        triple = ox.Triple(iri(subject), ox.NamedNode(WENMAI + predicate), iri(value))
        if ox.Quad(triple.subject, triple.predicate, triple.object) not in quads:
            inferred.append(triple)
    for triple in inferred:
        for graph in (ox.DefaultGraph(), inferred_iri(BASE)):
            quads.append(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
    return MemoryStore(BASE, quads)
