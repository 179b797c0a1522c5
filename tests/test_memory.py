"""An archive remembers what it holds and what people decided, and nothing of the way it came to it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_link import alone, both, with_post
from test_resolve import Doc, plain
from wenmai.curate.curator import Curator
from wenmai.errors import UsageError
from wenmai.keeper import Keeper
from wenmai.reason import check, refresh_inferred
from wenmai.records import Decision
from wenmai.store import DEFAULT, MemoryStore, Store
from wenmai.triples import iris, terms

NOW = dt.datetime(2026, 11, 29, 8, 30, tzinfo=dt.UTC)
CLOUD, FOOD = "杭州市云图电子商务有限公司", "苏州云图食品有限公司"


def town(name: str, district: str, code: str) -> Doc:
    made = Doc(f"{district}新桥镇", name=name)
    parent = made.m(district, "AdministrativeArea", code=code)
    made.c(made.m("新桥镇", "AdministrativeArea"), "locatedIn", parent)
    return made


def partners(name: str, one: str, other: str, year: int = 2017, modality: str = "Asserted") -> Doc:
    made = Doc(f"{one}与{other}合作。", name=name, date=dt.date(year, 3, 1))
    made.c(made.m(one, "Company"), "partnerOf", made.m(other, "Company"), modality=modality)
    return made


def versions(name: str) -> list[Doc]:
    """Return what an article of this identifier may say; each plays into what others say."""
    return [
        both(name, CLOUD, "云图", date=dt.date(2017, 1, 1)),
        both(name, FOOD, "云图", date=dt.date(2019, 1, 1)),
        partners(name, "云图", "海澜集团"),
        partners(name, CLOUD, "海澜集团", 2016),
        partners(name, "云图", "新叶公司", 2040, "Denied"),
        both(name, "江州海澜(集团)有限公司", "海澜集团"),
        with_post(name, "李乐山", ("董事长", "云图"), ("董事", "海澜集团"), date=dt.date(2018, 5, 1)),
        with_post(name, "李乐山", ("总裁", CLOUD)),
        with_post(name, "李乐山", ("理事", "新叶公司"), date=dt.date(2015, 5, 1)),
        plain("海澜集团的李乐山说", [("海澜集团", "Company"), ("李乐山", "Person")], name=name),
        plain("苏州市的云图说", [("苏州市", "AdministrativeArea"), ("云图", "Company")], name=name),
        town(name, "松江区", "310117"),
        town(name, "石狮市", "350581"),
        plain("新桥镇说", [("新桥镇", "AdministrativeArea")], name=name),
        alone(name, "云图", "Organization"),
        renamed(name, FOOD, "云图"),
    ]


def renamed(name: str, new: str, old: str) -> Doc:
    made = Doc(f"{new}由{old}更名而来。", name=name)
    made.c(made.m(new, "Company"), "succeeds", made.m(old, "Company"))
    return made


def contents(store: Store) -> set[str]:
    return {str(quad) for quad in store.match()}


def entities(store: Store, *families: str) -> list[str]:
    shown = ids(store.match(None, terms.PREF_LABEL, None, DEFAULT))
    return sorted(each for each in shown if each.startswith(families or ("org", "person", "place")))


def claims(store: Store) -> list[str]:
    return sorted(ids(store.match(None, terms.TYPE, terms.term("Claim"))))


def decide(store: Store, what: random.Random) -> None:
    """Take a decision of any kind that the store allows."""
    curator = Curator(store, "周小禾", NOW)
    try:
        known = entities(store)
        do = what.choice(["merge", "merge", "split", "apart", "rename", "retype", "judge", "match", "undo", "undo"])
        if do == "undo":
            curator.undo(what.randint(1, max(1, len(curator.log))))
        elif do == "judge" and claims(store):
            curator.judge(what.choice(claims(store)), what.random() < 0.3, "误读")
        elif known:
            one = what.choice(known)
            if do == "merge":
                curator.merge(one, what.choice(entities(store, one.partition("-")[0])))
            elif do == "apart":
                curator.apart(one, what.choice(entities(store, one.partition("-")[0])))
            elif do == "split":
                curator.split(one, [what.choice("abcdef")])
            elif do == "rename":
                curator.rename(one, what.choice(["云图", "新的名称"]))
            elif do == "retype":
                curator.retype(one, what.choice(["Company", "MediaBody", "Site", "Person"]))
            else:
                curator.match([(one, f"http://www.wikidata.org/entity/Q{what.randint(1, 3)}")])
    except UsageError:
        pass  # what the store does not allow just now
    finally:
        curator.close()


def made_at_once(log: tuple[Decision, ...], articles: dict[str, Doc], what: random.Random) -> MemoryStore:
    """Return a new store of the decisions and the articles, in an order of its own."""
    store = MemoryStore()
    steps: list[object] = [*articles.values(), log]
    what.shuffle(steps)
    for step in steps:
        if isinstance(step, tuple):
            curator = Curator(store, "x", NOW)
            curator.take_over(step)
            curator.close()
        else:
            assert isinstance(step, Doc)
            with Keeper(store) as keeper:
                keeper.put(step.resolve())
    with Keeper(store) as keeper:
        keeper.settle()
    return store


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 14))
def test_any_way_to_the_same_articles_and_decisions_gives_the_same_dataset(seed: int, steps: int) -> None:
    what = random.Random(seed)
    store = MemoryStore()
    articles: dict[str, Doc] = {}
    keeper = Keeper(store)
    for _ in range(steps):
        name = what.choice("abcdef")
        step = what.random()
        if step < 0.6:
            articles[name] = what.choice(versions(name))
            keeper.put(articles[name].resolve())
            if what.random() < 0.5:
                keeper.settle()
        elif step < 0.75 and name in articles:
            del articles[name]
            keeper.remove(name)
        else:
            keeper.settle()
            keeper.close()
            decide(store, what)
            keeper = Keeper(store)  # as after a new start: all that is known is in the store
    keeper.settle()
    log = keeper.decisions.log
    keeper.close()
    assert contents(store) == contents(made_at_once(log, articles, what))
    assert refresh_inferred(store) == (0, 0)
    assert not [finding for finding in check(store) if finding.what in ("unfounded", "missing", "inferred", "dangling")]


@pytest.fixture
def archive() -> Store:
    store = MemoryStore()
    with Keeper(store) as keeper:
        for each in (
            partners("a", CLOUD, "海澜集团"),
            partners("b", FOOD, "海澜集团"),
            partners("c", "云图", "新叶公司"),
        ):
            keeper.put(each.resolve())
        keeper.settle()
    return store


def ids(quads: Iterable[ox.Quad]) -> set[str]:
    return {iris.local_id(quad.subject) for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def named(store: Store, name: str) -> str:
    (found,) = ids(store.match(None, terms.PREF_LABEL, terms.tagged(name, "zh"), DEFAULT))
    return found


def names(store: Store, entity: str) -> list[str]:
    found = store.match(iris.entity_iri(store.base, entity), terms.PREF_LABEL, None, DEFAULT)
    return [quad.object.value for quad in found]  # type: ignore[union-attr]


def test_what_is_merged_is_one_and_its_old_iri_leads_there(archive: Store) -> None:
    before = contents(archive)
    one, other = named(archive, FOOD), named(archive, CLOUD)
    curator = Curator(archive, "周小禾", NOW)
    taken = curator.merge(one, other, "同一家")
    node = iris.entity_iri(archive.base, other)
    assert [q.object for q in archive.match(iris.entity_iri(archive.base, one), None, None, DEFAULT)] == [node]
    assert len(list(archive.match(node, terms.term("partnerOf"), None, DEFAULT))) == 1
    (decision,) = {q.subject for q in archive.match(None, terms.term("decides"), None)}
    assert {q.object.value for q in archive.match(decision, None, None)} >= {"merge", "同一家", "2026-11-29T08:30:00Z"}  # type: ignore[arg-type, union-attr]
    curator.undo(taken.number)
    after = {line for line in contents(archive) if "graph/curation>" not in line}
    assert after == before
    curator.undo(2)
    assert names(archive, one) == []
    curator.close()


def test_a_rejected_claim_is_no_fact_and_stays_one_after_its_article_is_read_again(archive: Store) -> None:
    graph = iris.graph_iri(archive.base, "a")
    (claim,) = ids(archive.match(None, terms.TYPE, terms.term("Claim"), graph))
    curator = Curator(archive, "周小禾", NOW)
    curator.judge(claim, False, "误读")
    node = iris.entity_iri(archive.base, named(archive, CLOUD))
    for _ in range(2):
        assert not list(archive.match(node, terms.term("partnerOf"), None, DEFAULT))
        with Keeper(archive) as keeper:
            keeper.put(partners("a", CLOUD, "海澜集团").resolve())
    curator.close()
    with pytest.raises(UsageError, match="say why"):
        Curator(archive, "周小禾").judge(claim, False)


def test_names_classes_and_matches_that_people_choose(archive: Store) -> None:
    curator = Curator(archive, "周小禾", NOW)
    one = named(archive, CLOUD)
    curator.rename(one, "云图")
    curator.retype(one, "MediaBody")
    curator.match([(one, "http://www.wikidata.org/entity/Q1")])
    assert curator.match([(one, "http://www.wikidata.org/entity/Q1")]) == []
    node = iris.entity_iri(archive.base, one)
    shown = {str(q.object) for q in archive.match(node, None, None, DEFAULT)}
    assert {'"云图"@zh', f'"{CLOUD}"@zh', "<http://www.wikidata.org/entity/Q1>"} <= shown
    assert f"<{terms.term('MediaBody').value}>" in shown and f"<{terms.term('Company').value}>" not in shown
    # A later article adds a name and changes nothing that people chose.
    with Keeper(archive) as keeper:
        keeper.put(both("d", CLOUD, "云图网").resolve())
    assert names(archive, one) == ["云图"]
    curator.close()


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda c, a, b: c.merge(a, a), "one already"),
        (lambda c, a, b: c.merge(a, "org-000000000000"), "no such entity"),
        (lambda c, a, b: c.merge(a, "not an id"), "is no id"),
        (lambda c, a, b: c.split(a, ["nowhere"]), "no article of this identifier"),
        (lambda c, a, b: c.split(a, []), "name the articles"),
        (lambda c, a, b: c.rename(a, " \n"), "a name has"),
        (lambda c, a, b: c.retype(a, "Person"), "cannot be a Person"),
        (lambda c, a, b: c.retype(a, "Nothing"), "cannot be a Nothing"),
        (lambda c, a, b: c.judge("claim-000000000000", True), "no such claim"),
        (lambda c, a, b: c.undo(1), "no decision 1"),
    ],
)
def test_what_cannot_be_decided_is_told_and_changes_nothing(
    do: Callable[[Curator, str, str], object], message: str, archive: Store
) -> None:
    curator = Curator(archive, "周小禾", NOW)
    before = contents(archive)
    with pytest.raises(UsageError, match=message):
        do(curator, named(archive, CLOUD), named(archive, FOOD))
    assert contents(archive) == before
