"""Who and what an article names, by all its forms: extraction and resolution together, looked at from the outside."""

from __future__ import annotations

import datetime as dt

import pytest

from wenmai.extract import default_extractor
from wenmai.records import Article
from wenmai.resolve import resolve


def entities(text: str) -> dict[str, tuple[str, ...]]:
    """Return the entities of a text by class: forms of one entity are joined by =."""
    document = default_extractor().extract(Article("a", "", text, "a.txt", "0" * 64, dt.date(2021, 3, 6)))
    found: dict[str, list[str]] = {}
    for entity in resolve(document).entities:
        if entity.names:
            found.setdefault(entity.cls, []).append("=".join(entity.names))
    return {cls: tuple(names) for cls, names in found.items()}


PERSONS: list[tuple[str, tuple[str, ...]]] = [
    ("青阳市教育局副局长濮大海、云水区副区长库明远出席仪式。", ("濮大海", "库明远")),
    ("昨日，江宁市应急管理局党委书记、局长智远共同揭牌。", ("智远",)),
    ("市计划委员会主任仍为宾学文，副主任谭家圃留任。", ("宾学文", "谭家圃")),
    ("公司当日与自然人蒙家亮签订《股份转让协议》。", ("蒙家亮",)),
    ("牧业局副局长巴特尔图说，水利局副局长乌力吉木仁介绍了情况。", ("巴特尔图", "乌力吉木仁")),
    ("果农艾合买提·吐尔逊说，他家的杏树都开花了。", ("艾合买提·吐尔逊",)),
    ("老职工曲福海说，82岁的居民单玉兰说，都方便了。", ("曲福海", "单玉兰")),
    ("新华社昆明4月9日电（记者普艳红）省长会见了外宾。", ("普艳红",)),
    ("嫩水银行副行长赫连山受邀见证。厂长呼延庆到会。", ("赫连山", "呼延庆")),
    ("市长王明远出席开幕式。王市长说，项目明年完工。", ("王明远=王市长",)),
    ("首席科学家Pavel Dorak担任主任。Dorak此前在捷克工作。", ("Pavel Dorak=Dorak",)),
    ("董事长荣小丽（Alice Rong）介绍，公司成立于2010年。", ("荣小丽=Alice Rong",)),
    ("法国建筑师让·勒布伦主持设计。勒布伦说，他喜欢这座城。", ("让·勒布伦=勒布伦",)),
    # two of one surname: the text does not tell who is meant; a company's name is not the person's
    ("市长王明远、市委副书记王立出席。王市长致辞。", ("王明远", "王立")),
    ("Halden Marine AS首席执行官Erik Halden出席。Halden在上海设有工厂。", ("Erik Halden",)),
    # words, not names
    ("居民楼太近，职工宿舍也旧，游客高兴地说。", ()),
    ("总经理普遍认为，局长智能办公，主任步行上班。", ()),
    ("张院士认为，技术已经成熟。", ()),
]


@pytest.mark.parametrize(("text", "wanted"), PERSONS, ids=[p[0][:12] for p in PERSONS])
def test_persons_by_all_their_forms(text: str, wanted: tuple[str, ...]) -> None:
    assert entities(text).get("Person", ()) == wanted
