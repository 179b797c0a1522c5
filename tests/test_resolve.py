"""Who is who, from the outside: documents built by hand, entities and claims looked at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.records import Article, Author, Block, Claim, Document, Entity, Mention, Resolution, Run, Span, Tie, Value
from wenmai.resolve import resolve

RUN = Run("hand", "1")


class Doc:
    """Builds a document: `m` finds a form in the text, from where the last one of it ended on."""

    def __init__(self, text: str, name: str = "a", **article: Any) -> None:
        self.article = Article(name, "题", text, "a.txt", "0" * 64, **article)
        self.mentions: list[Mention] = []
        self.claims: list[Claim] = []
        self.ties: list[Tie] = []
        self._from: dict[str, int] = {}

    def m(self, form: str, cls: str, name: str | None = None, **more: Any) -> str:
        begin = self.article.text.index(form, self._from.get(form, 0))
        self._from[form] = begin + len(form)
        key = f"m{len(self.mentions)}"
        span = Span(begin, begin + len(form))
        self.mentions.append(Mention(key, span, cls, form if name is None else name, "grammar", **more))
        return key

    def c(self, subject: str, predicate: str, target: str | Value, **more: Any) -> None:
        span = more.pop("span", Span(0, len(self.article.text)))
        self.claims.append(Claim(subject, predicate, target, span, **more))

    def post(self, person: str, title: str, body: str) -> str:
        post = self.m(title, "Post")
        self.c(person, "holdsPost", post)
        self.c(post, "postTitle", Value(title))
        self.c(post, "postIn", body)
        return post

    def resolve(self) -> Resolution:
        mentions, claims, ties = tuple(self.mentions), tuple(self.claims), tuple(self.ties)
        return resolve(Document(self.article, RUN, mentions, claims, ties))


def called(found: Resolution, name: str, cls: str | None = None) -> Entity:
    (entity,) = [e for e in found.entities if name in e.names and cls in (None, e.cls)]
    return entity


def names(found: Resolution) -> list[set[str]]:
    return sorted((set(entity.names) for entity in found.entities), key=sorted)


def facts(found: Resolution) -> set[tuple[str, str, str]]:
    shown = {e.id: (e.names[0] if e.names else e.label or "") for e in found.entities}
    return {
        (
            shown.get(c.subject, c.subject),
            c.predicate,
            c.object.text if isinstance(c.object, Value) else shown[c.object],
        )
        for c in found.claims
    }


def plain(text: str, forms: Sequence[tuple[str, str]], **article: Any) -> Doc:
    made = Doc(text, **article)
    for form, cls in forms:
        made.m(form, cls)
    return made


def test_full_and_short_forms_of_a_company_are_one() -> None:
    text = "海澜(集团)有限公司昨天开会。海澜集团说，海澜与云图公司合作，云图来自杭州市云图电子商务有限公司。"
    made = plain(
        text,
        [
            ("海澜(集团)有限公司", "Company"),
            ("海澜集团", "Company"),
            ("海澜与", "Company"),
            ("云图公司", "Company"),
            ("云图来", "Company"),
            ("杭州市云图电子商务有限公司", "Company"),
        ],
    )
    made.mentions[2] = Mention("m2", made.mentions[2].span, "Company", "海澜", "alias")
    made.mentions[4] = Mention("m4", made.mentions[4].span, "Company", "云图", "alias")
    found = made.resolve()
    assert {"海澜(集团)有限公司", "海澜集团", "海澜"} in names(found)
    assert called(found, "海澜").names[0] == "海澜(集团)有限公司"
    # The short form came before its full one was printed, so only the exact short forms of the name join it.
    assert called(found, "云图公司") == called(found, "云图")


def test_a_short_form_printed_after_the_full_one_joins_it() -> None:
    text = "杭州市云图电子商务有限公司签约，云图公司说。"
    found = plain(text, [("杭州市云图电子商务有限公司", "Company"), ("云图公司", "Company")]).resolve()
    assert len(found.entities) == 1


def test_full_names_with_different_distinctive_parts_stay_apart() -> None:
    text = "青松东路街道与青松西路街道，青松东路街道办事处，苏州新叶股份有限公司，苏州旧叶股份有限公司"
    forms = [
        ("青松东路街道", "AdministrativeArea"),
        ("青松西路街道", "AdministrativeArea"),
        ("青松东路街道办事处", "GovernmentBody"),
        ("苏州新叶股份有限公司", "Company"),
        ("苏州旧叶股份有限公司", "Company"),
    ]
    made = plain(text, forms)
    made.ties.append(Tie("m3", "m4", "以下简称"))  # even a wrong tie does not make them one
    assert len(made.resolve().entities) == 5


def test_an_ambiguous_short_form_goes_to_the_one_it_was_introduced_for() -> None:
    text = "上海青禾咨询有限公司(简称青禾)与同样简称的青禾律师事务所有限公司(简称青禾)，青禾说"
    made = Doc(text)
    first = made.m("上海青禾咨询有限公司", "Company")
    short = made.m("青禾)", "Company", "青禾")
    second = made.m("青禾律师事务所有限公司", "Company")
    other = made.m("青禾)", "Company", "青禾")
    made.m("青禾说", "Company", "青禾")
    made.ties += [Tie(first, short, "简称"), Tie(second, other, "简称")]
    found = made.resolve()
    assert len(found.entities) == 2
    assert len(called(found, "青禾律师事务所有限公司").spans) == 3  # the last one is the nearest before


def test_areas_and_their_short_forms() -> None:
    text = "上海市虹口区青石桥街道，青石桥很热闹，上海和申城，本市"
    made = Doc(text)
    made.m("上海市", "AdministrativeArea", code="310000")
    made.m("虹口区", "AdministrativeArea", code="310109")
    made.m("青石桥街道", "AdministrativeArea")
    made.m("青石桥很", "AdministrativeArea", "青石桥")
    made.m("上海和", "AdministrativeArea", "上海", code="310000")
    made.m("申城", "AdministrativeArea", code="310000")
    made.m("本市", "AdministrativeArea")
    found = made.resolve()
    assert {"青石桥街道", "青石桥"} in names(found)
    shanghai = called(found, "上海市")
    assert set(shanghai.names) == {"上海市", "上海", "申城"}  # 本市 points, it is no name
    assert len(shanghai.spans) == 4
    assert shanghai.code == "310000"
    assert len(found.entities) == 3


def test_a_deictic_takes_the_city_that_only_its_district_shows() -> None:
    made = Doc("本市黄浦区，本市")
    first = made.m("本市", "AdministrativeArea")
    made.m("黄浦区", "AdministrativeArea", code="310101")
    made.m("本市", "AdministrativeArea")
    made.c(first, "locatedIn", "m1")
    found = made.resolve()
    assert called(found, "上海市").code == "310000"
    assert len(found.entities) == 2


def test_bodies_named_by_their_level_are_the_citys() -> None:
    text = "上海市人民政府与市政府办公厅，市政府，市委，市第九届人大常委会，上海市人大常委会"
    forms = [
        ("上海市", "AdministrativeArea"),
        ("上海市人民政府", "GovernmentBody"),
        ("市政府，", "GovernmentBody"),
        ("市委", "PartyBody"),
        ("市第九届人大常委会", "GovernmentBody"),
        ("上海市人大常委会", "GovernmentBody"),
    ]
    made = plain(text, forms)
    made.mentions[0] = Mention("m0", Span(0, 3), "AdministrativeArea", "上海市", "lexicon", code="310000")
    made.mentions[2] = Mention("m2", made.mentions[2].span, "GovernmentBody", "市政府", "grammar")
    found = made.resolve()
    assert {"上海市人民政府", "市政府"} in names(found)
    assert {"上海市人大常委会", "市第九届人大常委会"} in names(found)
    # Another article that has the full name only gets the same id, whatever was read before.
    other = plain("上海市委", [("上海市委", "PartyBody")], name="b").resolve()
    assert called(other, "上海市委").id == called(found, "市委").id


def test_level_bodies_of_no_known_city_stay_with_their_article() -> None:
    one = plain("市委说", [("市委", "PartyBody")], name="a").resolve()
    two = plain("市委说", [("市委", "PartyBody")], name="b").resolve()
    assert one.entities[0].id != two.entities[0].id


def test_a_place_and_a_body_of_one_name_stay_apart_unless_one_is_a_guess() -> None:
    made = Doc("云台美术馆开放，云台美术馆说")
    made.m("云台美术馆", "CulturalBody")
    made.m("云台美术馆", "Building", confidence=0.9)
    assert len(made.resolve().entities) == 2
    made.mentions[1] = Mention("m1", made.mentions[1].span, "Building", "云台美术馆", "grammar", confidence=0.3)
    (only,) = made.resolve().entities
    assert only.cls == "CulturalBody"


def test_the_most_specific_class_wins() -> None:
    made = Doc("云图，云图")
    made.m("云图", "Organization", confidence=0.9)
    made.m("云图", "Company", confidence=0.6)
    (only,) = made.resolve().entities
    assert only.cls == "Company"


def test_traditional_and_simplified_forms_are_one_and_both_are_kept() -> None:
    made = plain(
        "廣州雲圖大學與广州云图大学", [("廣州雲圖大學", "EducationalBody"), ("广州云图大学", "EducationalBody")]
    )
    (only,) = made.resolve().entities
    assert set(only.names) == {"廣州雲圖大學", "广州云图大学"}


def test_branches_departments_and_halls_are_not_their_wholes() -> None:
    text = "华岭大学商学院、华岭大学，中海银行洛城分行、中海银行，云谷公园二期、云谷公园，新馆、旧馆"
    forms = [
        ("华岭大学商学院", "EducationalBody"),
        ("华岭大学，", "EducationalBody"),
        ("中海银行洛城分行", "Company"),
        ("中海银行，", "Company"),
        ("云谷公园二期", "Site"),
        ("云谷公园，", "Site"),
        ("新馆", "Building"),
        ("旧馆", "Building"),
    ]
    made = plain(text, forms)
    made.mentions = [Mention(m.key, m.span, m.cls, m.name.rstrip("，"), m.voice) for m in made.mentions]
    assert len(made.resolve().entities) == 8


def test_pronouns_join_by_ties_and_are_no_names() -> None:
    made = Doc("云图科技有限公司成立，该公司位于柳桥路8号，双方合作")
    company = made.m("云图科技有限公司", "Company")
    pronoun = made.m("该公司", "Company")
    both = made.m("双方", "Organization")
    made.ties.append(Tie(company, pronoun, "该公司"))
    made.c(pronoun, "address", Value("柳桥路8号"))
    made.c(both, "operates", company)
    found = made.resolve()
    (only,) = found.entities
    assert only.names == ("云图科技有限公司",)
    assert facts(found) == {("云图科技有限公司", "address", "柳桥路8号")}


def test_claims_are_rewritten_once_and_never_about_oneself() -> None:
    made = Doc("海澜集团有限公司与海澜集团、云图公司合作")
    full = made.m("海澜集团有限公司", "Company")
    short = made.m("海澜集团、", "Company", "海澜集团")
    other = made.m("云图公司", "Company")
    made.c(full, "partnerOf", other, confidence=0.5)
    made.c(short, "partnerOf", other, confidence=0.9)
    made.c(other, "partnerOf", full, confidence=0.4)
    made.c(full, "partnerOf", short)
    made.c(full, "partnerOf", other, modality="Denied")
    made.c("m99", "partnerOf", other)
    found = made.resolve()
    assert sorted((c.modality, c.confidence) for c in found.claims) == [("Asserted", 0.9), ("Denied", 1.0)]


def test_posts_are_person_title_and_body() -> None:
    made = Doc("云图公司董事长李乐山，董事长李乐山说")
    body = made.m("云图公司", "Company")
    person = made.m("李乐山", "Person")
    again = made.m("李乐山", "Person")
    made.post(person, "董事长", body)
    made.post(again, "董事长", body)
    found = made.resolve()
    (post,) = [e for e in found.entities if e.cls == "Post"]
    assert post.label == "云图公司董事长 (李乐山)"
    assert post.names == ()
    assert ("李乐山", "holdsPost", post.label) in facts(found)


def _with_post(name: str, person: str, title: str, body: str, more: tuple[str, str] | None = None) -> Doc:
    made = Doc(f"{body}{title}{person}" + ("".join(more) if more else ""), name=name)
    holder = made.m(person, "Person")
    made.post(holder, title, made.m(body, "Company"))
    if more:
        made.post(holder, more[1], made.m(more[0], "Company"))
    return made


def test_reporters_are_the_papers() -> None:
    def by(name: str, paper: str, text: str = "本报记者 周小禾") -> Resolution:
        author = Author("周小禾", "记者", Span(5, 8))
        made = Doc(text, name=name, publisher=paper, authors=(author,), date=dt.date(2019, 1, 1))
        made.c("article", "author", made.m("周小禾", "Person"))
        return made.resolve()

    one, two, other = by("a", "江州晚报"), by("b", "江州晚报"), by("c", "河州日报")
    assert one.authors == two.authors != other.authors
    assert one.publisher == two.publisher != other.publisher
    assert called(one, "江州晚报").cls == "MediaBody"
    assert called(one, "江州晚报").spans == ()
    assert [(c.subject, c.predicate) for c in one.claims] == [("article", "author")]


def test_authors_of_the_metadata_alone() -> None:
    made = Doc("无名", publisher="江州晚报", authors=(Author("周小禾", "记者", None), Author("周小禾", "摄影", None)))
    found = made.resolve()
    assert [e.names for e in found.entities] == [("江州晚报",), ("周小禾",)]
    assert len(found.authors) == 1


def test_the_paper_that_the_text_names_is_the_papers_entity() -> None:
    made = plain("江州晚报讯", [("江州晚报", "MediaBody")], publisher="江州晚报")
    found = made.resolve()
    assert len(found.entities) == 1
    assert found.publisher == found.entities[0].id


def test_areas_are_one_by_code_whatever_they_are_called() -> None:
    one, two = Doc("上海"), Doc("上海市", name="b")
    one.m("上海", "AdministrativeArea", code="310000")
    two.m("上海市", "AdministrativeArea", code="310000")
    assert one.resolve().entities[0].id == two.resolve().entities[0].id


def _town(name: str, district: str, code: str) -> Entity:
    made = Doc(f"{district}新桥镇", name=name)
    area, town = made.m(district, "AdministrativeArea", code=code), made.m("新桥镇", "AdministrativeArea")
    made.c(town, "locatedIn", area)
    return called(made.resolve(), "新桥镇")


def test_towns_of_one_name_need_their_district() -> None:
    assert _town("a", "松江区", "310117").id == _town("b", "松江区", "310117").id
    assert _town("a", "松江区", "310117").id != _town("b", "石狮市", "350581").id


def test_places_of_one_name_in_two_cities_are_two() -> None:
    def park(name: str, city: str, code: str) -> str:
        made = Doc(f"{city}人民公园", name=name)
        made.m(city, "AdministrativeArea", code=code)
        made.m("人民公园", "Site")
        return called(made.resolve(), "人民公园").id

    assert park("a", "上海市", "310000") == park("b", "上海市", "310000")
    assert park("a", "上海市", "310000") != park("b", "广州市", "440100")


def test_events_have_ids_of_their_article_and_labels_of_their_slots() -> None:
    def signing(name: str) -> Resolution:
        made = Doc("云图公司与海澜集团有限公司（海澜集团）签约，签约", name=name)
        event = made.m("签约", "Signing", "", status="Happened")
        again = made.m("签约", "Signing", "", status="Happened")
        one, two = made.m("云图公司", "Company"), made.m("海澜集团有限公司", "Company")
        made.m("海澜集团）", "Company", "海澜集团")
        for each in (event, again):
            made.c(each, "participant", one)
            made.c(each, "participant", two)
        made.c(event, "onDate", Value("2017-04-21", "date"))
        return made.resolve()

    found = signing("a")
    (event,) = [e for e in found.entities if e.cls == "Signing"]  # told twice, one event
    assert event.label == "签约: 云图公司、海澜集团, 2017-04-21"
    assert event.label_en == "Signing: 云图公司, 海澜集团, 2017-04-21"
    assert event.status == "Happened"
    assert event.id == next(e.id for e in signing("a").entities if e.cls == "Signing")
    assert event.id != next(e.id for e in signing("b").entities if e.cls == "Signing")


def test_events_at_different_times_stay_apart() -> None:
    made = Doc("云图馆开馆，云图馆又开馆")
    hall = made.m("云图馆", "Building")
    for day in ("2017-04", "2018"):
        made.c(made.m("开馆", "Opening", ""), "onDate", Value(day, "gYear"))
    made.c("m1", "subject", hall)
    made.c("m2", "subject", hall)
    assert len([e for e in made.resolve().entities if e.cls == "Opening"]) == 2


def test_agreements_of_no_distinctive_name_stay_with_their_article() -> None:
    def agreement(name: str, words: str) -> str:
        return plain(words, [(words, "Agreement")], name=name).resolve().entities[0].id

    assert agreement("a", "战略合作框架协议") != agreement("b", "战略合作框架协议")
    assert agreement("a", "《长河流域联合治理协议》") == agreement("b", "《长河流域联合治理协议》")


def test_a_kind_of_organization_is_one_in_all_cities_unless_its_name_says_its_level() -> None:
    def kind(name: str, city: str, code: str, form: str) -> str:
        made = Doc(f"{city}{form}", name=name)
        made.m(city, "AdministrativeArea", code=code)
        made.m(form, "OrganizationKind")
        return called(made.resolve(), form).id

    assert kind("a", "上海市", "310000", "居民委员会") == kind("b", "上海市", "310000", "居委会")
    assert kind("a", "上海市", "310000", "居委会") == kind("b", "广州市", "440100", "居委会")
    assert kind("a", "上海市", "310000", "区城管部门") != kind("b", "广州市", "440100", "区城管部门")


def test_bodies_of_a_level_belong_to_the_area_the_text_shows() -> None:
    text = "长宁区教育局，区教育局，青石街道党工委，街道党工委，外地虹口区教育局"
    made = Doc(text)
    made.m("长宁区", "AdministrativeArea", code="310105")
    made.m("长宁区教育局", "GovernmentBody")
    made.m("，区教育局", "GovernmentBody", "区教育局")
    made.m("青石街道党工委", "PartyBody")
    made.m("，街道党工委", "PartyBody", "街道党工委")
    made.m("虹口区教育局", "GovernmentBody")
    found = made.resolve()
    assert {"长宁区教育局", "区教育局"} in names(found)
    assert {"青石街道党工委", "街道党工委"} in names(found)
    assert {"虹口区教育局"} in names(found)


def test_the_subdistrict_named_last_is_the_one_meant() -> None:
    text = "青石街道与柳林街道都有，柳林街道老年学校，柳林街道，在街道老年学校"
    made = Doc(text)
    made.m("青石街道", "AdministrativeArea")
    made.m("柳林街道", "AdministrativeArea")
    made.m("柳林街道老年学校", "PartyBody")
    made.m("在街道老年学校", "PartyBody", "街道老年学校")
    assert {"柳林街道老年学校", "街道老年学校"} in names(made.resolve())


def test_a_name_in_another_script_in_brackets_is_the_same_thing() -> None:
    text = "云图公司（Yuntu Labs），柳桥科技有限公司（英文名Willow Bridge Co., Ltd.，以下简称柳桥）"
    forms = [("云图公司", "Company"), ("Yuntu Labs", "Company"), ("柳桥科技有限公司", "Company")]
    made = plain(text, [*forms, ("Willow Bridge Co., Ltd.", "Company")])
    assert names(made.resolve()) == [{"柳桥科技有限公司", "Willow Bridge Co., Ltd."}, {"云图公司", "Yuntu Labs"}]


def test_what_a_web_page_leaves_in_brackets_is_no_other_name() -> None:
    made = plain("Yuntu Labs(微博)与美国国务院、国务院", [("Yuntu Labs", "Company"), ("微博", "Company")])
    made.m("美国国务院", "GovernmentBody")
    made.m("、国务院", "GovernmentBody", "国务院")
    assert len(made.resolve().entities) == 4


def test_the_end_of_a_name_means_it_where_only_one_ends_so() -> None:
    text = "云城湿地林场管护站昨天说，林场管护站的人来了。"
    forms = [("云城湿地林场管护站", "GovernmentBody"), ("林场管护站", "GovernmentBody")]
    made = plain(text, forms)
    made.mentions[1] = Mention("m1", Span(14, 20), "GovernmentBody", "林场管护站", "grammar")
    assert len(made.resolve().entities) == 1
    other = plain("柳河林场管护站与" + text, [("柳河林场管护站", "GovernmentBody"), *forms])
    other.mentions[2] = Mention("m2", Span(23, 29), "GovernmentBody", "林场管护站", "grammar")
    assert len(other.resolve().entities) == 3


def test_a_short_form_in_the_headline_may_stand_before_the_full_one() -> None:
    text = "昆城通达签约\n昆山市昆城通达零件有限公司签约"
    blocks = (Block("title", Span(0, 6)), Block("body", Span(7, len(text))))
    made = plain(text, [("昆城通达", "Company"), ("昆山市昆城通达零件有限公司", "Company")], blocks=blocks)
    assert len(made.resolve().entities) == 1
    # Of two that it fits, a headline means the one that the text names first.
    text = "云麓山开园\n云麓山遗址公园今天开园，云麓山植物公园也将开园"
    blocks = (Block("title", Span(0, 5)), Block("body", Span(6, len(text))))
    made = plain(text, [("云麓山", "Site"), ("云麓山遗址公园", "Site"), ("云麓山植物公园", "Site")], blocks=blocks)
    assert {"云麓山", "云麓山遗址公园"} in names(made.resolve())


def test_public_bodies_are_one_whatever_areas_stand_before_their_own() -> None:
    def body(name: str, words: str) -> str:
        return plain(words, [(words, "GovernmentBody")], name=name).resolve().entities[0].id

    assert body("a", "成都市武侯区教育局") == body("b", "武侯区教育局")
    assert body("a", "武侯区教育局") != body("b", "成都市教育局")


def test_a_name_that_several_cities_have_takes_the_code_of_the_articles_city() -> None:
    made = Doc("上海市的普陀区，鼓楼区")
    made.m("上海市", "AdministrativeArea", code="310000")
    made.m("普陀区", "AdministrativeArea")
    made.m("鼓楼区", "AdministrativeArea")
    found = made.resolve()
    assert called(found, "普陀区").code == "310107"
    assert called(found, "鼓楼区").code is None


def test_this_festival_is_the_one_spoken_of() -> None:
    text = "2018江城荷花节开幕，本届荷花节很热闹，首届荷花节"
    made = plain(text, [("2018江城荷花节", "Activity"), ("本届荷花节", "Activity"), ("首届荷花节", "Activity")])
    found = made.resolve()
    assert names(found) == [{"2018江城荷花节"}, {"首届荷花节"}]
    assert len(called(found, "2018江城荷花节").spans) == 2


def test_a_policys_last_word_means_it_where_only_one_ends_so() -> None:
    text = "《江城老树保护规定》出台，《规定》说，原《江城老树管理办法》废止，《规定》"
    forms = [("《江城老树保护规定》", "Policy"), ("《规定》", "Policy"), ("《江城老树管理办法》", "Policy")]
    made = plain(text, [*forms, ("《规定》", "Policy")])
    assert names(made.resolve()) == [{"《江城老树保护规定》", "《规定》"}, {"《江城老树管理办法》"}]


def test_party_centers_and_rivers_have_their_own_short_forms() -> None:
    text = "松林街道社区服务中心揭牌，松林党建中心热闹。清沅江边，沅江"
    made = plain(text, [("松林街道社区服务中心", "PartyBody"), ("松林党建中心", "PartyBody")])
    made.m("清沅江", "NaturalFeature")
    begin = len(text) - 2
    made.mentions.append(Mention("m9", Span(begin, len(text)), "NaturalFeature", "沅江", "lexicon"))
    assert names(made.resolve()) == [{"松林街道社区服务中心", "松林党建中心"}, {"清沅江", "沅江"}]


NAMES = st.sampled_from(
    [
        "云图公司",
        "云图",
        "杭州云图有限公司",
        "市委",
        "上海市",
        "上海",
        "本市",
        "该公司",
        "李乐山",
        "中心",
        "“”",
        "新桥镇",
        "Ａcme",
        "𠮷野家",
    ]
)
CLASSES = st.sampled_from(
    [
        "Company",
        "Organization",
        "AdministrativeArea",
        "Site",
        "Person",
        "Policy",
        "Agreement",
        "Signing",
        "Post",
        "OrganizationKind",
    ]
)
MENTIONS = st.lists(
    st.tuples(NAMES, CLASSES, st.floats(0.1, 1.0), st.sampled_from([None, None, "310000"])), max_size=14
)
LINKS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=6)


@given(MENTIONS, LINKS, LINKS)
@settings(max_examples=300, deadline=None)
def test_any_document_resolves_and_the_same_way_every_time(
    found: list[tuple[str, str, float, str | None]], ties: list[tuple[int, int]], links: list[tuple[int, int]]
) -> None:
    text = "".join(name for name, *_ in found) or "空"
    mentions, position = [], 0
    for number, (name, cls, confidence, code) in enumerate(found):
        span = Span(position, position + len(name))
        position = span.end
        given = code if cls == "AdministrativeArea" else None
        mentions.append(Mention(f"m{number}", span, cls, name, "rule", confidence, given))
    claims = tuple(Claim(f"m{a}", "partnerOf", f"m{b}", Span(0, 1)) for a, b in links)
    made = tuple(Tie(f"m{a}", f"m{b}", "t") for a, b in ties)
    article = Article("a", "题", text, "a", "0" * 64)
    one = resolve(Document(article, RUN, tuple(mentions), claims, made))
    two = resolve(Document(article, RUN, tuple(reversed(mentions)), claims[::-1], made[::-1]))
    assert one == two
    ids = [entity.id for entity in one.entities]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+-[0-9a-f]{12}", entity_id) for entity_id in ids)
    assert {claim.subject for claim in one.claims} | {claim.object for claim in one.claims} <= set(ids)


def test_thousands_of_mentions_take_time_in_proportion() -> None:
    made = Doc("云图公司" * 20000)
    for number in range(20000):
        made.mentions.append(Mention(f"m{number}", Span(4 * number, 4 * number + 4), "Company", "云图公司", "rule"))
    assert len(made.resolve().entities[0].spans) == 20000
