"""Who is who across articles: the same in whatever order they come, and as they come and go."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

import pytest

from test_resolve import Doc, plain
from wenmai.keeper import Keeper
from wenmai.records import Tie
from wenmai.store import DEFAULT, MemoryStore
from wenmai.triples import iris, terms


class Archive:
    """A store in memory with a keeper; `who` tells the IRIs that an article's graph has for a name."""

    def __init__(self, *documents: Doc) -> None:
        self.store = MemoryStore()
        self.keeper = Keeper(self.store)
        for each in documents:
            self.put(each)
        self.keeper.settle()

    def put(self, made: Doc) -> None:
        self.keeper.put(made.resolve())

    def who(self, article: str, name: str) -> str:
        graph = iris.graph_iri(self.store.base, article)
        found = {str(q.subject) for q in self.store.match(None, terms.NAME_AS_PRINTED, terms.string(name), graph)}
        (one,) = found
        return one.rpartition("/")[2].strip(">")

    def quads(self) -> set[str]:
        return {str(quad) for quad in self.store.match()}


def both(name: str, full: str, short: str, cls: str = "Company", **article: Any) -> Doc:
    """Return a document that names something in full and introduces its short form."""
    made = Doc(f"{full}（简称{short}）发布消息。", name=name, **article)
    one = made.m(full, cls)
    made.ties.append(Tie(one, made.m(short, cls), "简称"))
    return made


def alone(name: str, short: str, cls: str = "Company", text: str = "{}说", **article: Any) -> Doc:
    return plain(text.format(short), [(short, cls)], name=name, **article)


def in_any_order(*documents: Doc) -> list[Archive]:
    archives = [Archive(*order) for order in permutations(documents)]
    assert len({frozenset(archive.quads()) for archive in archives}) == 1
    return archives


def test_a_short_form_alone_is_the_one_known_by_it() -> None:
    full = both("a", "杭州市云图电子商务有限公司", "云图")
    for archive in in_any_order(full, alone("b", "云图"), alone("c", "云图")):
        assert archive.who("b", "云图") == archive.who("c", "云图") == archive.who("a", "云图")
        old = iris.entity_iri(archive.store.base, alone("b", "云图").resolve().entities[0].id)
        (told,) = archive.store.match(old, terms.REPLACED_BY, None, DEFAULT)
        assert str(told.object) == f"<{archive.store.base}id/{archive.who('a', '云图')}>"


def test_of_two_that_are_called_so_none_is_meant_and_facts_come_back() -> None:
    one, two = both("a", "杭州市云图电子商务有限公司", "云图"), both("c", "苏州云图食品有限公司", "云图")
    short = alone("b", "云图")
    for archive in in_any_order(one, short, two):
        assert len({archive.who(name, "云图") for name in "abc"}) == 3
        archive.keeper.remove("c")
        archive.keeper.settle()
        assert archive.who("b", "云图") == archive.who("a", "云图")
        assert archive.quads() == Archive(one, short).quads()


def test_the_place_that_an_article_names_tells_which_of_two_is_meant() -> None:
    one, two = both("a", "杭州市云图电子商务有限公司", "云图"), both("c", "苏州市云图食品有限公司", "云图")
    text = "杭州市的云图说"
    short = plain(text, [("杭州市", "AdministrativeArea"), ("云图", "Company")], name="b")
    for archive in in_any_order(one, two, short):
        assert archive.who("b", "云图") == archive.who("a", "云图")


def test_what_came_of_another_is_not_that_one() -> None:
    full = both("a", "杭州市云图电子商务有限公司", "云图公司")
    renamed = plain("云图公司更名为海澜公司", [("云图公司", "Company"), ("海澜公司", "Company")], name="b")
    short = alone("c", "云图公司")
    for archive in in_any_order(full, renamed, short):
        assert archive.who("c", "云图公司") == archive.who("a", "云图公司")
    same = plain("海澜公司", [("海澜公司", "Company")], name="d")
    renamed.c("m1", "succeeds", "m0")
    known = both("e", "江州市海澜电子商务有限公司", "海澜公司")
    apart = Doc("江州市海澜电子商务有限公司由海澜公司更名而来", name="f")
    apart.c(apart.m("江州市海澜电子商务有限公司", "Company"), "succeeds", apart.m("海澜公司", "Company"))
    for archive in in_any_order(same, known):
        assert archive.who("d", "海澜公司") == archive.who("e", "海澜公司")
        archive.put(apart)
        archive.keeper.settle()
        assert archive.who("d", "海澜公司") != archive.who("e", "海澜公司")


def with_post(name: str, person: str, *posts: tuple[str, str], **article: Any) -> Doc:
    text = person + "".join(f"任{body}{title}，" for title, body in posts) or person
    made = Doc(text, name=name, **article)
    holder = made.m(person, "Person")
    for title, body in posts:
        made.post(holder, title, made.m(body, "Company"))
    return made


def test_people_of_one_name_are_one_only_where_a_body_says_so() -> None:
    first = with_post("a", "李乐山", ("董事长", "云图公司"), ("董事", "海澜集团"))
    same = with_post("b", "李乐山", ("总裁", "云图公司"))
    by_body = with_post("c", "李乐山", ("董事", "海澜集团"))
    other = with_post("d", "李乐山", ("董事长", "新叶公司"))
    for archive in in_any_order(first, same, by_body, other):
        assert archive.who("a", "李乐山") == archive.who("b", "李乐山") == archive.who("c", "李乐山")
        assert archive.who("d", "李乐山") != archive.who("a", "李乐山")
        archive.keeper.remove("a")
        archive.keeper.settle()
        assert archive.who("b", "李乐山") != archive.who("c", "李乐山")
        assert archive.quads() == Archive(same, by_body, other).quads()


def test_a_person_of_no_post_is_the_one_of_a_body_that_the_article_speaks_of() -> None:
    known, namesake = with_post("a", "李乐山", ("董事长", "云图公司")), with_post("b", "李乐山", ("主任", "新叶公司"))
    here = plain("云图公司的李乐山说", [("云图公司", "Company"), ("李乐山", "Person")], name="c")
    nowhere = plain("李乐山来了", [("李乐山", "Person")], name="d")
    for archive in in_any_order(known, namesake, here, nowhere):
        assert archive.who("c", "李乐山") == archive.who("a", "李乐山")
        assert len({archive.who(name, "李乐山") for name in "abd"}) == 3


def test_people_follow_their_bodies_to_the_fuller_name() -> None:
    full = both("a", "杭州市云图电子商务有限公司", "云图公司")
    short, long = (
        with_post("b", "李乐山", ("总裁", "云图公司")),
        with_post("c", "李乐山", ("总裁", "杭州市云图电子商务有限公司")),
    )
    for archive in in_any_order(full, short, long):
        assert archive.who("b", "李乐山") == archive.who("c", "李乐山")


def test_a_town_without_its_district_is_the_one_known() -> None:
    def town(name: str, district: str, code: str) -> Doc:
        made = Doc(f"{district}新桥镇", name=name)
        parent = made.m(district, "AdministrativeArea", code=code)
        made.c(made.m("新桥镇", "AdministrativeArea"), "locatedIn", parent)
        return made

    known, bare = town("a", "松江区", "310117"), plain("新桥镇说", [("新桥镇", "AdministrativeArea")], name="b")
    for archive in in_any_order(known, bare):
        assert archive.who("b", "新桥镇") == archive.who("a", "新桥镇")
    for archive in in_any_order(known, bare, town("c", "石狮市", "350581")):
        assert len({archive.who(name, "新桥镇") for name in "abc"}) == 3


@pytest.mark.parametrize("year", [2016, 2048])
def test_reasons_are_kept(year: int) -> None:
    one, two = (
        both("a", "杭州市云图电子商务有限公司", "云图", date=dt.date(2017, 1, 1)),
        both("c", "苏州云图食品有限公司", "云图"),
    )
    archive = Archive(one, two, alone("b", "云图", date=dt.date(year, 1, 1)))
    links = archive.keeper.registry.links("b")
    assert len(links) == 2 and not any(link.taken for link in links)
    assert any("past" in link.reasons for link in links) == (year == 2048)
    assert all(link.score < 0.8 for link in links)
