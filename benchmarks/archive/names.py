"""The names of a made-up archive: the n-th organization, person, place and rule, each always the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from wenmai.lexicon import rows

BRANDS = "安邦昌德恩方国海嘉康利宁平庆荣盛泰伟祥益永裕泽正中卓华信诚达丰和金凯隆明瑞顺通旺兴源远云岭溪松柏岚汀澜"
GIVEN = "文斌志远晓明雨桐思齐静怡建国海峰子涵一鸣若水春兰嘉禾立新向东亦凡书瑶清扬"
TRADES = ("能源", "科技", "医药", "物流", "置业", "文化传播", "机械", "食品", "纺织", "环保", "软件", "建筑工程")
FORMS = ("集团有限公司", "有限公司", "股份有限公司", "有限责任公司")
BODIES = ("教育局", "水务局", "交通运输局", "文化和旅游局", "民政局", "人民政府", "图书馆", "博物馆", "人民医院")
SITES = ("湿地公园", "文化广场", "体育中心", "科技园", "客运站", "少年宫", "老街", "码头")
MATTERS = ("河道保护", "养老服务", "停车", "垃圾分类", "古树保护", "夜市", "校园安全", "物业", "湿地保护", "租赁住房")
POLICIES = ("条例", "管理办法", "实施细则", "管理规定")
TITLES = ("董事长", "总经理", "副总经理", "党委书记", "总工程师")
OFFICES = ("局长", "副局长", "主任", "馆长", "院长")


@dataclass(frozen=True, slots=True)
class Organization:
    """A company, or a public body of a city."""

    name: str
    city: str
    public: bool


def drawn(chance: random.Random, size: int, shift: float = 12.0) -> int:
    """Return a rank from 0 to `size` - 1 that follows Zipf's law with exponent 1, flattened at the top by `shift`.

    Benoit Mandelbrot, "An informational theory of the statistical structure of language" (1953).
    """
    return min(size - 1, int(shift * ((size + shift) / shift) ** chance.random() - shift))


def known(article: int, scale: float) -> int:
    """Return how many names there are when that many articles were written: Heaps' law with exponent 0.75."""
    return 60 + int(scale * article**0.75)


@lru_cache(maxsize=1)
def cities() -> tuple[str, ...]:
    """Return the cities of the People's Republic of China, as the lexicon has them."""
    return tuple(sorted({row["name"] for row in rows("areas") if row["name"].endswith("市") and len(row["name"]) == 3}))


def _chance(kind: str, number: int) -> random.Random:
    return random.Random(f"{kind} {number}")


def _brand(chance: random.Random) -> str:
    return "".join(chance.sample(BRANDS, 2))


@lru_cache(maxsize=200_000)
def organization(number: int) -> Organization:
    """Return the n-th organization: three of four are companies."""
    chance = _chance("organization", number)
    city = chance.choice(cities())
    if chance.random() < 0.25:
        return Organization(city + chance.choice(BODIES), city, True)
    place = city.removesuffix("市") if chance.random() < 0.6 else ""
    return Organization(place + _brand(chance) + chance.choice(TRADES) + chance.choice(FORMS), city, False)


@lru_cache(maxsize=200_000)
def person(number: int) -> tuple[str, str]:
    """Return the n-th person's name and title; the same number is the organization."""
    chance = _chance("person", number)
    surname = chance.choice(rows("surnames"))["surname"]
    name = surname + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2))))
    return name, chance.choice(OFFICES if organization(number).public else TITLES)


def site(number: int) -> tuple[str, str]:
    """Return the n-th place to go to, and its city."""
    chance = _chance("site", number)
    return _brand(chance) + chance.choice(SITES), chance.choice(cities())


def policy(number: int) -> tuple[str, str]:
    """Return the n-th rule, and its city."""
    chance = _chance("policy", number)
    city = chance.choice(cities())
    return f"《{city}{chance.choice(MATTERS)}{chance.choice(POLICIES)}》", city


def agreement(number: int) -> str:
    """Return the title of the n-th agreement."""
    return f"《{_chance('agreement', number).choice(TRADES)}战略合作协议》"
