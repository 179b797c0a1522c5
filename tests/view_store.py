"""A small store made by hand for the tests of pictures: invented companies and places, one hostile article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE, WENMAI
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Value
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, entity_iri, inferred_iri, merged

RUN = Run("rules", "0.1.0")
HOSTILE_TITLE = "</script><img src=x onerror=alert(1)>"
HOSTILE_QUOTE = "双方与</script><script>alert(2)</script>公司“<b>合作</b>”"

YUNFAN = Entity("org-000000000001", "Company", ("云帆科技有限公司", "云帆科技"))
HAICHAO = Entity("org-000000000002", "Company", ("海潮集团",))
BUREAU = Entity("org-000000000003", "GovernmentBody", ("青石镇人民政府",))
CENTER = Entity("org-000000000004", "PartyBody", ("青石镇党群服务中心",))
SCHOOL = Entity("org-000000000005", "EducationalBody", ("青石大学",))
TOWN = Entity("place-000000000001", "AdministrativeArea", ("青石镇",))
CITY = Entity("place-000000000002", "AdministrativeArea", ("白鹭市",))
PERSON = Entity("person-000000000001", "Person", ("林晓舟",))
POST = Entity("post-000000000001", "Post", label="海潮集团董事长", label_en="海潮集团董事长")
POLICY = Entity("policy-000000000001", "Policy", ("《白鹭市志愿服务条例》",))
SIGNING = Entity(
    "event-000000000001",
    "Signing",
    label="签约: 云帆科技、海潮集团, 2021-03-05",
    label_en="Signing: 云帆科技, 海潮集团, 2021-03-05",
    status="Happened",
)
FORUM = Entity("event-000000000002", "Meeting", ("白鹭创新论坛",), status="Scheduled")
HOSTILE = Entity("org-00000000000a", "Company", ('<img src=x onerror="alert(3)">', "\u202e反向公司"))

_Row = tuple[Entity, str, Entity | str, str, Modality]


def resolution(article_id: str, title: str, date: dt.date | None, rows: Iterable[_Row]) -> Resolution:
    """Return an article whose text is its claims' quotes, each on a line of its own."""
    rows = list(rows)
    text, spans = title + "\n", []
    for row in rows:
        spans.append(Span(len(text), len(text) + len(row[3])))
        text += row[3] + "\n"
    claims, entities = [], {}
    for (subject, predicate, target, _, modality), span in zip(rows, spans, strict=True):
        entities[subject.id] = subject
        if isinstance(target, Entity):
            entities[target.id] = target
        value: str | Value = target.id if isinstance(target, Entity) else _value(target)
        claims.append(Claim(subject.id, predicate, value, span, modality))
    article = Article(article_id, title, text, f"{article_id}.txt", "0" * 64, date)
    return Resolution(article, RUN, tuple(entities.values()), tuple(claims))


def _value(text: str) -> Value:
    return Value(text, "date" if text[:4].isdigit() else "string")


ARTICLES = (
    resolution(
        "news-1",
        "云帆携手海潮",
        dt.date(2021, 3, 6),
        [
            (YUNFAN, "partnerOf", HAICHAO, "云帆科技有限公司昨天与海潮集团建立合作关系", "Asserted"),
            (SIGNING, "participant", YUNFAN, "云帆科技有限公司昨天与海潮集团签约", "Asserted"),
            (SIGNING, "participant", HAICHAO, "云帆科技有限公司昨天与海潮集团签约", "Asserted"),
            (SIGNING, "heldAt", TOWN, "签约仪式在青石镇举行", "Asserted"),
            (SIGNING, "onDate", "2021-03-05", "云帆科技有限公司昨天与海潮集团签约", "Asserted"),
            (PERSON, "holdsPost", POST, "海潮集团董事长林晓舟出席", "Asserted"),
            (POST, "postIn", HAICHAO, "海潮集团董事长林晓舟出席", "Asserted"),
            (POST, "postTitle", "董事长", "海潮集团董事长林晓舟出席", "Asserted"),
            (HAICHAO, "acquires", SCHOOL, "海潮集团否认收购青石大学", "Denied"),
            (YUNFAN, "investsIn", HAICHAO, "云帆科技有限公司拟入股海潮集团", "Planned"),
        ],
    ),
    resolution(
        "news-2",
        "党群服务中心启用",
        dt.date(2022, 5, 1),
        [
            (CENTER, "locatedIn", TOWN, "位于青石镇的党群服务中心昨天启用", "Asserted"),
            (CENTER, "address", "柳荫路18号", "柳荫路18号的党群服务中心", "Asserted"),
            (TOWN, "locatedIn", CITY, "白鹭市青石镇", "Asserted"),
            (BUREAU, "administers", TOWN, "青石镇人民政府", "Asserted"),
            (HAICHAO, "partnerOf", YUNFAN, "海潮集团与云帆科技合作一年来", "Asserted"),
            (POLICY, "issuedBy", BUREAU, "青石镇人民政府印发《白鹭市志愿服务条例》", "Asserted"),
            (FORUM, "heldAt", CITY, "白鹭创新论坛将在白鹭市举行", "Asserted"),
            (FORUM, "organizer", SCHOOL, "论坛由青石大学主办", "Asserted"),
            (FORUM, "startDate", "2023-06-01", "论坛6月1日开幕", "Asserted"),
        ],
    ),
    resolution(
        "news-3",
        HOSTILE_TITLE,
        dt.date(2022, 6, 1),
        [
            (YUNFAN, "investsIn", SCHOOL, "据称云帆科技投资青石大学", "Reported"),
            (YUNFAN, "supervises", HOSTILE, HOSTILE_QUOTE, "Asserted"),
            (HOSTILE, "address", "javascript:alert(4)//<svg onload=alert(5)>", HOSTILE_QUOTE, "Asserted"),
        ],
    ),
)


def iri(entity: Entity) -> str:
    """Return the entity's IRI in the store."""
    return entity_iri(DEFAULT_BASE, entity.id).value


def make(articles: Iterable[Resolution] = ARTICLES, inferred: Iterable[tuple[Entity, str, Entity]] = ()) -> MemoryStore:
    """Return a store in memory with these articles and inferred triples."""
    quads: set[ox.Quad] = set()
    for each in articles:
        quads |= set(article_quads(Linked(each), DEFAULT_BASE))
    quads |= merged(quads)
    for subject, predicate, target in inferred:
        triple = ox.NamedNode(iri(subject)), ox.NamedNode(WENMAI + predicate), ox.NamedNode(iri(target))
        quads |= {ox.Quad(*triple), ox.Quad(*triple, inferred_iri(DEFAULT_BASE))}
    return MemoryStore(quads=quads)


INFERRED = (
    (HAICHAO, "partnerOf", YUNFAN),
    (CENTER, "locatedIn", CITY),
    (PERSON, "affiliatedWith", HAICHAO),
)


def crowd(size: int) -> MemoryStore:
    """Return a store with `size` companies: each a partner of a hub, or of its neighbour."""
    companies = [Entity(f"org-{number:012x}", "Company", (f"第{number}公司",)) for number in range(1000, 1000 + size)]
    rows: list[_Row] = [
        (each, "partnerOf", companies[number // 3], f"第{number}公司合作", "Asserted")
        for number, each in enumerate(companies)
        if number
    ]
    return make([resolution("crowd", "许多公司", dt.date(2020, 1, 1), rows)])
