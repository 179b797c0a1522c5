"""Organizations that are named by their kind, as rules name them: 物业服务企业, 业主委员会, 水务主管部门."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import rows

_RULE = re.compile(r"条例|办法|规定|细则|应当|不得|立法|规约|法规|修订草案")
_DUTY = re.compile(
    r"(?:应当|不得|可以|应|须|必须|要|有权|有责任|负责|未|违反|履行|配合|对|在|发现|的|和|、|与|或|及|督促|接受"
    r"|依法|进行|监督|指导|（)"
)
_COMPOUND = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}(?:主管部门|行政部门|管理部门|执法部门|监管部门|监督部门|保障部门|建设部门"
    r"|服务企业|运营企业|生产企业|经营企业|销售企业|开发企业|物流企业|平台企业|管理单位|运营单位|"
    r"使用单位|产权单位|施工单位|建设单位|责任单位|经营单位|养护单位|收运单位|服务单位|服务机构"
    r"|检测机构|培训机构|救援机构|医疗机构|经营者))|[\u4e00-\u9fff]{2,8}等部门|消防部门|公安部门|教育部门"
    r"|民政部门|卫生部门|城管部门|环保部门|税务部门|交通部门|规划部门|住建部门"
)
_NOT = re.compile(
    r"^(?:该|本|这|此|其|各|有关|相关|多家|部分|两家|国内|一些|等|家|名|个|外资|其他|上述|所有|多个|当地|责令"
    r"|是|为|与|和|由|在|对|的|协调|督促|要求|会同|由于|如果|因)"
)


@cache
def _plain() -> tuple[re.Pattern[str], frozenset[str]]:
    table = {row["form"]: row["mode"] for row in rows("org_kinds")}
    forms = sorted(table, key=lambda f: (-len(f), f))
    return re.compile("|".join(map(re.escape, forms))), frozenset(f for f in forms if table[f] == "rule")


def find_kinds(notes: Notes) -> list[Candidate]:
    """Return kinds of organization; the ambiguous ones only in an article that speaks of a rule."""
    text = notes.text
    rules = len(_RULE.findall(text))
    pattern, ambiguous = _plain()
    result = []
    for found in pattern.finditer(text):
        word = found.group()
        if word in ambiguous and (rules < 3 or not _DUTY.match(text, found.end())):
            continue
        before = text[found.start() - 1 : found.start()]
        if "\u4e00" <= before <= "\u9fff" and not notes.barrier_ends_at(found.start()) and before not in "区县市镇":
            continue
        if text[found.end() : found.end() + 1] in ("法", "学"):
            continue
        result.append(Candidate(found.start(), found.end(), "OrganizationKind", "lexicon", 0.85, tier=6))
    if rules >= 3:
        result += _compounds(notes)
    return result


def _compounds(notes: Notes) -> list[Candidate]:
    text = notes.text
    result = []
    for found in _COMPOUND.finditer(text):
        begin, end = found.span()
        stop, start, strong = notes.barrier_before(end - 3)
        while not strong and stop > begin and text[start:stop] != "等":
            stop, start, strong = notes.barrier_before(start)
        begin = max(begin, stop)
        if cut := _NOT.match(text, begin, end - 4):
            begin = cut.end()
        if end - begin >= 4 and not notes.areas_in(begin, end):
            result.append(Candidate(begin, end, "OrganizationKind", "grammar", 0.75, tier=6))
    return result
