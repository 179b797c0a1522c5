"""How names are compared: alike either way round, and never all with all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.review.blocking import LARGEST, pairs
from wenmai.review.likeness import exclude, relation, taken_apart

FAMILIES = st.sampled_from(["Organization", "Place", "Person", "Policy", "Event"])
NAMES = st.lists(
    st.sampled_from(
        ["上海市", "黄浦区", "檀溪", "鹤鸣", "苇塘", "东", "西", "第一", "二", "大学", "教育局", "有限公司", "A"]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(NAMES, NAMES, FAMILIES)
def test_two_names_lie_to_each_other_alike_either_way_round(one: str, other: str, family: str) -> None:
    left, right = taken_apart(one, family), taken_apart(other, family)
    assert (exclude(left, right, family) is None) == (exclude(right, left, family) is None)
    assert relation(left, right, family) == relation(right, left, family)
    assert exclude(left, left, family) is None
    assert relation(left, left, family) == "same name"


@settings(max_examples=200, deadline=None)
@given(st.text("东西南北一二三", min_size=2, max_size=4), st.data())
def test_names_whose_numbers_or_directions_differ_are_two_places(stem: str, data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.sampled_from("东西南北一二三"), min_size=2, max_size=2, unique=True))
    left, right = (taken_apart(f"檀溪{mark}路", "Place") for mark in (one, other))
    assert exclude(left, right, "Place") is not None
    assert exclude(taken_apart(f"{stem}路", "Place"), taken_apart(f"{stem}路", "Place"), "Place") is None


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 999).map(str), st.text("甲乙丙丁戊己", min_size=1, max_size=5), max_size=60))
def test_what_shares_a_key_is_paired_and_no_name_is_paired_with_itself(names: dict[str, str]) -> None:
    texts = {local: frozenset({name}) for local, name in names.items()}
    found = list(pairs(texts, texts, {}))
    assert found == sorted(set(found))
    assert all(one < other for one, other in found)
    blocks = [[local for local in sorted(names) if names[local] == name] for name in set(names.values())]
    for block in blocks:
        if len(block) <= LARGEST:
            assert {(a, b) for a in block for b in block if a < b} <= set(found)


def test_a_name_that_all_share_makes_no_pairs_but_within_a_neighbourhood() -> None:
    texts = {f"{number:05}": frozenset({"檀溪公司"}) for number in range(20_000)}
    assert list(pairs(texts, texts, {})) == []
    near = {local: frozenset({f"n{number // 4}"}) for number, local in enumerate(texts)}
    assert len(list(pairs(texts, texts, near))) == 20_000 // 4 * 6


def test_the_number_of_pairs_follows_the_number_of_names() -> None:
    syllables = "安邦昌德恩方国康利民宁平庆荣盛泰伟祥益永裕泽正中卓华信诚达丰和金凯隆明瑞顺通旺兴"

    def count(size: int) -> int:
        base = len(syllables)
        names = {
            f"{n:06}": frozenset({syllables[n % base] + syllables[n // base % base] + syllables[n * 7 % base] + "能源"})
            for n in range(size)
        }
        return sum(1 for _ in pairs(names, names, {}))

    # A name takes part in at most six blocks by pieces and in one by its whole.
    assert 0 < count(2_000) <= 2_000 * 7 * LARGEST / 2
    assert 0 < count(20_000) <= 20_000 * 7 * LARGEST / 2
