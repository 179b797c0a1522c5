from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai import ontology
from wenmai.extract.names import find_names, find_ties, inner_areas
from wenmai.records import Article, Author, Block, Mention, Span


def article(text: str, blocks: tuple[Block, ...] = ()) -> Article:
    return Article("a", "", text, "a.txt", "0" * 64, blocks=blocks)


def named(text: str) -> set[tuple[str, str]]:
    return {(m.name, m.cls) for m in find_names(article(text))}


SENTENCES: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "昨天，浙江海棠冷链物流有限公司与无锡市惠山区人民政府签署《冷链枢纽建设合作协议》。",
        [
            ("浙江海棠冷链物流有限公司", "Company"),
            ("无锡市惠山区人民政府", "GovernmentBody"),
            ("冷链枢纽建设合作协议", "Agreement"),
        ],
    ),
    (
        "市十五届人大常委会第3次会议通过《厦门市停车管理条例》。",
        [("市十五届人大常委会", "GovernmentBody"), ("厦门市停车管理条例", "Policy")],
    ),
    (
        "活动由江宁区文化和旅游局、镇江市绿化和园林管理局主办。",
        [("江宁区文化和旅游局", "GovernmentBody"), ("镇江市绿化和园林管理局", "GovernmentBody")],
    ),
    ("鼓楼区委组织部部长钱广生到会。", [("鼓楼区委组织部", "PartyBody"), ("钱广生", "Person")]),
    ("区教育局局长冯之远说，学校九月开学。", [("区教育局", "GovernmentBody"), ("冯之远", "Person")]),
    ("云雀集团党委书记、董事长程文等出席。", [("云雀集团", "Company"), ("程文", "Person")]),
    (
        "新馆设在青云街道松花路27号银杏大厦。",
        [("青云街道", "AdministrativeArea"), ("松花路27号", "Address"), ("银杏大厦", "Building")],
    ),
    (
        "展览在合肥市蜀山区的翠湖公园举行。",
        [("合肥市", "AdministrativeArea"), ("蜀山区", "AdministrativeArea"), ("翠湖公园", "Site")],
    ),
    ("本报讯（记者 丁一川 通讯员 米乐）昨天下午起风。", [("丁一川", "Person"), ("米乐", "Person")]),
    (
        "美国作家约翰·史密斯昨天抵达成都。",
        [("约翰·史密斯", "Person"), ("成都", "AdministrativeArea"), ("美国", "AdministrativeArea")],
    ),
    # a town behind its district, whose first character ends names elsewhere; a former county; a city abroad
    (
        "青禾储能产业园在苏州市相城区元和街道动工，另一处在海门市灵甸镇。",
        [
            ("相城区", "AdministrativeArea"),
            ("元和街道", "AdministrativeArea"),
            ("海门市", "AdministrativeArea"),
            ("灵甸镇", "AdministrativeArea"),
        ],
    ),
    ("青禾中学在宝应县射阳镇云坪南路61号揭牌。", [("射阳镇", "AdministrativeArea"), ("云坪南路61号", "Address")]),
    ("公司在日本横滨市设厂。", [("日本", "AdministrativeArea"), ("横滨市", "AdministrativeArea")]),
    ("电子工业部计算机司副司长魏仲平到会。", [("电子工业部计算机司", "GovernmentBody"), ("魏仲平", "Person")]),
    ("华东水利大学附属第二医院与安庆市立医院结对。", [("华东水利大学附属第二医院", "HealthBody")]),
    ("兴业银行苏州分行行长欧阳静说。", [("兴业银行苏州分行", "Company"), ("欧阳静", "Person")]),
    (
        "德国Baumgart Antriebe GmbH与瑞典Nordwind AB竞标。",
        [("Baumgart Antriebe GmbH", "Company"), ("Nordwind AB", "Company")],
    ),
    ("常州地铁7号线昨天开通，起点是花溪路站。", [("常州地铁7号线", "Road")]),
    ("申请由法国驻广州总领事馆受理。", [("法国驻广州总领事馆", "GovernmentBody")]),
    ("财政部社会保障司负责解释。", [("财政部社会保障司", "GovernmentBody")]),
    ("白鹭（厦门）数字科技有限公司昨天成立。", [("白鹭（厦门）数字科技有限公司", "Company")]),
    (
        "条例规定，业主委员会应当接受居民委员会的指导和监督。",
        [("业主委员会", "OrganizationKind"), ("居民委员会", "OrganizationKind")],
    ),
    ("晨光社区党群服务中心昨日启用。", [("晨光社区党群服务中心", "PartyBody")]),
]


@pytest.mark.parametrize(("text", "wanted"), SENTENCES, ids=[s[0][:14] for s in SENTENCES])
def test_names_in_clear_sentences(text: str, wanted: list[tuple[str, str]]) -> None:
    assert set(wanted) <= named(text)


NOTHING = [
    "他在大型国有银行工作，喜欢逛市场、看大学生比赛。",
    "公司的产品在国内外市场上很受欢迎。",
    "这条道路很长，过路的车辆不多。",
    "记者从现场了解到，居民区转移了重心。",
    "专家解读政策，强调安全生产。",
    "双方没有签署合作协议。",
    "资金安排到位，省直管县改革继续。",
    "美国大学的学费不低，中国人也去。",
]


@pytest.mark.parametrize("text", NOTHING)
def test_common_words_are_no_names(text: str) -> None:
    bodies = {(n, c) for n, c in named(text) if c not in ("AdministrativeArea",)}
    assert bodies == set()


def test_introduced_short_forms_are_mentions_and_ties() -> None:
    text = "宁波赤橙动力股份有限公司（以下简称“赤橙动力”）昨天公告，"
    text += "赤橙动力与Falk Marine AS（法克海事，下称“法克”）合作，法克出资。"
    found = find_names(article(text))
    names = {m.key: m.name for m in found}
    assert [m.name for m in found].count("赤橙动力") == 2
    assert {m.cls for m in found if m.name in ("赤橙动力", "法克")} == {"Company"}
    ties = {(names[t.left], names[t.right], t.reason) for t in find_ties(article(text), found)}
    assert ("宁波赤橙动力股份有限公司", "赤橙动力", "以下简称") in ties
    assert ("Falk Marine AS", "法克", "下称") in ties


def test_short_forms_by_use() -> None:
    text = "丹霞（集团）有限公司昨天宣布扩产。丹霞集团说，丹霞与三家客户签约。"
    names = [(m.name, m.cls) for m in find_names(article(text))]
    assert names == [("丹霞（集团）有限公司", "Company"), ("丹霞集团", "Company"), ("丹霞", "Company")]


def test_inner_areas_stand_where_the_name_says_them() -> None:
    text = "据悉，南京市秦淮区梧桐街道社区党校昨天开课。"
    found = find_names(article(text))
    school = next(m for m in found if m.cls == "PartyBody")
    assert school.name == "南京市秦淮区梧桐街道社区党校"
    inner = inner_areas(school)
    assert [m.name for m in inner] == ["南京市", "秦淮区", "梧桐街道"]
    assert [m.span.of(text) for m in inner] == ["南京市", "秦淮区", "梧桐街道"]
    assert inner[0].code == "320100"


def test_a_subdistrict_in_a_centres_name_is_known_by_its_stem() -> None:
    mention = Mention("m1", Span(0, 13), "PartyBody", "南京东路社区党建服务中心", "grammar")
    shorter = Mention("m1", Span(0, 12), "PartyBody", "南京东路社区党建服务中心", "grammar")
    assert inner_areas(mention) == []
    assert [(m.name, m.span) for m in inner_areas(shorter)][-1] == ("南京东路街道", Span(0, 4))


def test_traditional_script_keeps_its_words() -> None:
    text = "臺灣省雲林縣的綠原貿易有限公司（下稱「綠原」）昨日與廣州市天河區人民政府簽署《農產貿易合作協議》。"
    found = {(m.name, m.cls) for m in find_names(article(text))}
    assert ("綠原貿易有限公司", "Company") in found
    assert ("廣州市天河區人民政府", "GovernmentBody") in found
    assert ("農產貿易合作協議", "Agreement") in found
    assert ("綠原", "Company") in found


def test_a_name_broken_by_a_line_is_one_name() -> None:
    text = "昨天，金陵云杉科技有\n限公司与青\u200b松医院签约。"
    found = find_names(article(text, (Block("body", Span(0, len(text))),)))
    company = next(m for m in found if m.cls == "Company")
    assert company.name == "金陵云杉科技有限公司"
    assert company.span.of(text) == "金陵云杉科技有\n限公司"
    assert ("青松医院", "HealthBody") in {(m.name, m.cls) for m in found}


def test_persons_end_where_the_verb_begins() -> None:
    text = "院长王坚为新楼揭牌，副院长李文说：“好。”主任周以明、陈向阳和赵立等出席，由孙小禾担任顾问。"
    people = [m.name for m in find_names(article(text)) if m.cls == "Person"]
    assert people == ["王坚", "李文", "周以明", "陈向阳", "赵立", "孙小禾"]


def test_party_organs_of_companies_are_part_of_a_title() -> None:
    assert ("青峰镇党委", "PartyBody") in named("青峰镇党委书记韦一鸣说。")
    assert not any(c == "PartyBody" for _, c in named("云雀集团党委书记韦一鸣说。"))


def test_other_works_hide_the_names_inside() -> None:
    assert named("他写了小说《上海的早晨》。") == set()


def test_words_that_hold_a_short_area_are_no_area() -> None:
    assert named("资金安排和北美的文化。") <= {("北美", "Place")}
    assert ("沪", "AdministrativeArea") not in named("沪江网校")


def test_no_text_no_names() -> None:
    for text in ("", "。", "\n\n", "（（（《《", "😀" * 50, "A", "\x00"):
        assert find_names(article(text)) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["上海市", "王", "坚", "公司", "有限公司", "（", "）", "《", "》", "“", "”", "以下简称", "与", "，",
             "。", "\n", " ", "路", "12号", "书记",
             "說", "Abc Ltd", "\u200b", "😀", "委员会", "区", "、", "市委", "·", "協議", "条例"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_mentions_are_ordered_disjoint_and_clean(parts: list[str]) -> None:
    text = "".join(parts)
    blocks = (Block("body", Span(0, len(text))),) if text else ()
    found = find_names(article(text, blocks))
    assert [m.key for m in found] == [f"m{i}" for i in range(1, len(found) + 1)]
    classes = {*ontology.classes(), "Address"}
    for mention in found:
        assert mention.span.end <= len(text)
        assert mention.cls in classes
        assert mention.name
        assert "\n" not in mention.name
        assert "\u200b" not in mention.name
        assert 0 < mention.confidence <= 1
        for inner in inner_areas(mention):
            assert mention.span.covers(inner.span)
    for left, right in pairwise(found):
        assert left.span.end <= right.span.begin
    keys = {m.key for m in found}
    assert all({t.left, t.right} <= keys for t in find_ties(article(text, blocks), found))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    one = Article("a", "", text, "a.txt", "0" * 64, authors=(Author("甲", "记者", None),))
    assert find_names(one) == find_names(one)


def test_memorials_name_their_person_elsewhere() -> None:
    text = "韩建国故居昨天开放。韩建国是本地人，韩建国纪念馆也在修。"
    names = [(m.name, m.cls) for m in find_names(article(text))]
    assert ("韩建国", "Person") in names
    assert ("韩建国纪念馆", "CulturalBody") in names


def test_a_full_name_told_after_the_short_one_is_tied() -> None:
    text = "青鸾航运昨天停牌。青鸾航运全称青岛青鸾航运（集团）有限公司，成立于1998年。"
    found = find_names(article(text))
    names = {m.key: m.name for m in found}
    assert ("青岛青鸾航运（集团）有限公司", "青鸾航运", "全称") in {
        (names[t.left], names[t.right], t.reason) for t in find_ties(article(text), found)
    }


def test_titles_of_films_are_no_policies() -> None:
    assert named("影片《迷城计划》和《开心魔法》上映。") == set()
    assert ("长三角人才发展计划", "Policy") in named("会议通过《长三角人才发展计划》。")
