"""Organizations by their endings: area and name and ending, the left end decided by barriers and areas.

Government organs, whose names hold 和 and whose prefix may be a bare level (市民政局), are in `government`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from wenmai.extract.names import words
from wenmai.extract.names.base import Area, Candidate, Notes

_LEGAL = ("有限责任公司", "股份有限公司", "有限公司", "集团有限公司", "株式会社", "合伙企业（有限合伙）")
_SUBUNIT = (
    "分行", "支行", "分公司", "子公司", "营业部", "分社", "分院", "分局", "分会", "代表处", "办事处", "附属医院",
    "医院",
    "学院", "研究院", "研究所", "研究中心", "实验室", "委员会", "频道", "党委", "党组", "纪委", "工会", "团委", "中心",
    "有限公司", "股份有限公司", "有限责任公司", "集团有限公司", "集团", "公司", "基金会", "俱乐部", "足球俱乐部",
    "编辑部",
    "合唱团", "艺术团", "秘书处", "出版社", "管理处", "管理所", "管理委员会", "附中", "附小", "幼儿园", "档案馆",
    "图书馆",
    "博物馆", "总领事馆", "办公室", "组织部", "宣传部", "统战部", "党校", "组委会", "校友会", "书院", "交易所",
    "中学", "小学",
)  # fmt: skip
_PARTY_TAIL = re.compile(r"(?:党委|党组|党支部|党总支|纪委|团委|工会)$")
_POST = re.compile(r"(?:书记|副书记|成员|委员|常委|主席|副主席)")
_WEAK = frozenset(
    (
        "中心",
        "公司",
        "集团",
        "学校",
        "大学",
        "学院",
        "协会",
        "学会",
        "银行",
        "医院",
        "剧团",
        "剧院",
        "组织",
        "总会",
        "频道",
        "联盟",
        "基地",
    )
)
_NOT_AFTER = frozenset("们性化型式制类界业届级")
_KIND_ONLY = ("居民委员会", "村民委员会", "业主委员会", "街道办事处", "居委会", "业委会", "村委会")
_BRACKET_BODY = re.compile(r"（[\u4e00-\u9fff]{2,6}）")
_MAX = 26


def find_organizations(notes: Notes) -> list[Candidate]:
    """Return the organizations whose name ends in a known ending."""
    text = notes.text
    result: list[Candidate] = []
    loose: list[Candidate] = []
    by_end: dict[int, Candidate] = {
        c.end: c
        for c in notes.found
        if c.cls in _BODIES and text[c.begin] != "《" and (c.voice != "lexicon" or c.end - c.begin > 3)
    }
    for begin, end, (kind, cls, mode) in words.suffixes().find(text):
        if kind != "org" or mode == "bureau":
            continue
        if text[end : end + 1] in _NOT_AFTER and text[end : end + 1]:
            continue
        found = _one(notes, begin, end, str(cls), str(mode), by_end)
        if found is None:
            continue
        candidate, certain = found
        by_end[candidate.end] = candidate
        (result if certain else loose).append(candidate)
    kept = [_own_level(notes, c) for c in trimmed(notes, result) + _repeated(text, result, loose)]
    return kept + find_halls(notes, kept)


_BODIES = frozenset(
    (
        "Organization", "GovernmentBody", "PartyBody", "Company", "CommunityBody", "EducationalBody", "MediaBody",
        "HealthBody", "CulturalBody",
    )
)  # fmt: skip


_OWNERS = ("大学", "学院", "公司", "集团", "银行", "委员会", "协会", "医院", "学校", "中心", "社", "局", "部")


def _own_level(notes: Notes, c: Candidate) -> Candidate:
    """Leave off the areas above a museum's, hospital's or school's own, where the article names it without them."""
    area = notes.area_begins.get(c.begin)
    if c.cls not in ("CulturalBody", "HealthBody", "EducationalBody"):
        return c
    while area is not None and (below := notes.area_begins.get(area.end)) is not None and below.end < c.end:
        if notes.count(notes.text[below.begin : c.end]) > notes.count(notes.text[c.begin : c.end]):
            c = replace(c, begin=below.begin)
        area = below
    return c


def trimmed(notes: Notes, candidates: list[Candidate]) -> list[Candidate]:
    """Cut a candidate that another, better attested one ends: 占用X大厦 where X大厦 stands elsewhere by itself."""
    text = notes.text
    names: dict[str, bool] = {}
    for c in candidates:
        clear = notes.barrier_ends_at(c.begin) or c.begin in notes.area_ends or c.begin in notes.area_begins
        names[text[c.begin : c.end]] = names.get(text[c.begin : c.end], False) or clear
    by_tail: dict[str, list[str]] = {}
    for name, clear in names.items():
        if clear and len(name) >= 3:
            by_tail.setdefault(name[-3:], []).append(name)
    result = []
    for c in candidates:
        name = text[c.begin : c.end]
        shorter = [n for n in by_tail.get(name[-3:], ()) if n != name and name.endswith(n)]
        best = max(shorter, key=len, default=None)
        prefix = name[: len(name) - len(best or "")]
        if (
            best is not None
            and not prefix.endswith(_OWNERS)
            and c.begin not in notes.area_begins
            and notes.count(best) > 2 * notes.count(name)
        ):
            result.append(replace(c, begin=c.end - len(best)))
        else:
            result.append(c)
    return result


_HALL = re.compile(
    r"(?:(?:新馆|旧馆|老馆|分馆|[东西南北]馆|[\u4e00-\u9fff]{1,3}厅|大礼堂)"
    r"|(?:[东西南北新老旧]院区|[\u4e00-\u9fff]{0,3}校区|旧址|[东西南北]区))(?![长的])"
)


def find_halls(notes: Notes, bodies: list[Candidate]) -> list[Candidate]:
    """Return the halls and sites that carry a body's name: 某博物馆新馆, 某医院东院区."""
    result = []
    for c in bodies:
        if c.cls not in ("CulturalBody", "HealthBody", "EducationalBody"):
            continue
        found = _HALL.match(notes.text, c.end)
        if found is not None and not notes.barrier_length(c.end):
            cls = "Building" if found.group().endswith(("馆", "厅", "堂")) else "Site"
            result.append(Candidate(c.begin, found.end(), cls, "grammar", 0.85))
    return result


def _repeated(text: str, sure: list[Candidate], loose: list[Candidate]) -> list[Candidate]:
    """Keep candidates with an uncertain left end if they occur more than once or as a clear one."""
    names = {text[c.begin : c.end] for c in sure}
    by_tail: dict[str, list[str]] = {}
    for known in sorted(names):
        if len(known) >= 4:
            by_tail.setdefault(known[-4:], []).append(known)
    counts: dict[str, int] = {}
    for c in loose:
        counts[text[c.begin : c.end]] = counts.get(text[c.begin : c.end], 0) + 1
    kept = []
    for c in loose:
        name = text[c.begin : c.end]
        tails = [n for n in by_tail.get(name[-4:], ()) if name != n and name.endswith(n)]
        shorter = max(tails, key=len, default=None)
        if shorter is not None:
            kept.append(Candidate(c.end - len(shorter), c.end, c.cls, c.voice, 0.85))
        elif counts[name] > 1 or name in names or c.confidence >= 0.7:
            kept.append(c)
    return kept


def _one(
    notes: Notes, begin: int, end: int, cls: str, mode: str, by_end: dict[int, Candidate]
) -> tuple[Candidate, bool] | None:
    text = notes.text
    suffix = text[begin:end]
    stop = _stop(notes, begin, suffix)
    left = stop
    inner = _inner(notes, stop, begin, suffix, by_end)
    if inner is not None:
        left, certain = inner.begin, True
    else:
        left, certain = _left(notes, stop, begin, suffix)
    if left < 0 or end - left > _MAX + len(suffix):
        return None
    left = _trim(text, left, begin)
    body = text[left:begin]
    if not _names(notes, body, left, begin, suffix):
        return None
    if mode == "area" and (left not in notes.area_begins or len(body) < 4):
        return None
    if _PARTY_TAIL.search(suffix) and _POST.match(text, end) and not _LOCAL.search(_PARTY_TAIL.sub("", text[left:end])):
        return None
    if suffix in _PLACED and not _placed(notes, left, body):
        return None
    cls = inner.cls if inner is not None and suffix.startswith("分") else _class(notes, cls, suffix, begin, end)
    if suffix in ("大学", "学院") and (campus := _CAMPUS.match(text, end)):
        end = campus.end()
    return Candidate(left, end, cls, "grammar", 0.9 if certain else 0.7), certain


_CAMPUS = re.compile(r"（[\u4e00-\u9fff]{2,4}）(?!股份|有限)")
_LOCAL = re.compile(r"(?:街道|镇|乡|村|社区|[市区县州]|新区|园区|开发区)$")
_PLACED = frozenset(
    (
        "党校", "社区党校", "党建服务中心", "党建中心", "党群服务中心", "党建服务站", "党员服务中心",
        "社区服务中心", "居委会", "业委会",
        "村委会", "居民委员会", "业主委员会", "村民委员会",
    )
)  # fmt: skip
_PLACE_WORD = re.compile(r"街道|镇|乡|村|社区|园区|[路桥里坊苑弄]|小区|花园|家园|公寓|新区")
_BARE_PLACES = frozenset(("街道", "社区", "街道社区", "乡镇", "农村", "小区", "门口", "家门口"))
_HELD = re.compile(r"(?:召开|举行|举办|开幕|揭幕|拉开|启动|[一二三四五六七八九十0-9]+[楼层]|内)")


def _placed(notes: Notes, left: int, body: str) -> bool:
    """Tell whether a service centre's or committee's name says where: without a place it is a kind, not a name."""
    area = notes.area_begins.get(left)
    if area is not None and (area.full or area.sure):
        return not notes.text[left : area.end].endswith("城")
    return (bool(_PLACE_WORD.search(body)) and body not in _BARE_PLACES) or body in words.subdistricts()


def _class(notes: Notes, cls: str, suffix: str, begin: int, end: int) -> str:
    text = notes.text
    if suffix == "委员会" and text[max(0, begin - 2) : begin] in ("居民", "村民", "业主"):
        return "CommunityBody"
    if cls in ("Organization", "CulturalBody") and suffix.endswith("中心") and _HELD.match(text, end):
        return "Building"
    return cls


_IN_NAMES = frozenset("原家名位里上下前后来能之太想可尚亦比凡当分同外内")


def _stop(notes: Notes, begin: int, suffix: str) -> int:
    """Return where the stretch before the ending begins; weak barriers yield to an area before a legal ending."""
    text = notes.text
    end, start, strong = notes.barrier_before(begin)
    if not suffix.endswith(_LEGAL):
        area = notes.area_ends.get(start)
        anchored = not strong and area is not None and (area.sure or area.full) and begin - start <= 6
        return area.begin if anchored and area is not None else end
    if strong and text[start:end] in ("和", "与", "同", "为", "向"):
        before = notes.barrier_before(start)[0]
        owners = [a for a in notes.areas_in(before, start) if 1 <= start - a.end <= 3]
        if owners and end not in notes.area_begins:
            return owners[0].begin
    if strong:
        return notes.barrier_before(start)[0] if text[start - 1 : start] == "）" and text[start] > "\u4e00" else end
    if text[start:end] in _IN_NAMES:
        before, _, strong = notes.barrier_before(start)
        if strong and start - before <= 8:
            return before
    position = start
    while True:
        before_end, before_start, strong = notes.barrier_before(position)
        areas = [a for a in notes.areas_in(before_end, position) if a.sure or a.full]
        if areas and text[areas[0].begin - 1 : areas[0].begin] != "（":
            return areas[0].begin
        if strong or begin - before_start > 20:
            return end
        position = before_start


def _inner(notes: Notes, stop: int, begin: int, suffix: str, by_end: dict[int, Candidate]) -> Candidate | None:
    """Return the name that this one continues: 某某大学 for 某某大学附属第一医院."""
    if suffix not in _SUBUNIT:
        return None
    for position in range(begin, max(stop, begin - 14) - 1, -1):
        found = by_end.get(position)
        if found is not None and found.begin >= stop:
            between = notes.text[position:begin]
            split = [a for a in notes.areas_in(position, begin) if a.full]
            if split and suffix not in _SUBUNIT[:10]:
                return None
            if between[:1] in tuple("和与及、"):
                return None
            return found
    return None


def _left(notes: Notes, stop: int, begin: int, suffix: str) -> tuple[int, bool]:
    floor = max(stop, begin - _MAX)
    areas = notes.areas_in(floor, begin)
    chosen = _chosen_area(notes, areas, floor, begin, suffix)
    if chosen is not None:
        return chosen, True
    certain = floor == stop and (stop == 0 or _clear(notes, stop))
    return floor, certain and begin - floor <= (16 if suffix.endswith(_LEGAL) else 11)


def _chosen_area(notes: Notes, areas: list[Area], floor: int, begin: int, suffix: str) -> int | None:
    text = notes.text
    trusted = [a for a in areas if a.full or a.begin == floor or (a.sure and not a.county)]
    for area in trusted:
        before = text[floor : area.begin]
        if not before:
            return area.begin
        if area.begin >= 1 and text[area.begin - 1] == "（":
            continue
        if before.endswith("（"):
            continue
        if (
            not area.full
            and begin - area.end == 0
            and suffix.endswith(("有限公司", "公司", "集团"))
            and len(before) <= 6
        ):
            return floor
        if len(before) <= 6 and suffix in ("分行", "支行", "分公司", "分社", "代表处", "营业部", "分局", "分会"):
            return floor
        return area.begin
    return None


def _clear(notes: Notes, stop: int) -> bool:
    """Tell whether the barrier that ends at `stop` is a strong one."""
    end, _, strong = notes.barrier_before(stop)
    return end == stop and strong


_LEAD = re.compile(
    r"(?:国有|国内|国际知名|知名|著名|大型|中型|民营|全资|老牌|本土|当地|我国|全国|一家|这家|那家|某|新|原|前"
    r"|各|多家|企业|公司|集团旗下"
    r"|中外合资|合资|外资|央企|国企|民企|上市|银团|主体|单位|机构|平台|媒体|自媒体|网站|院校|高校|学府|房企"
    r"|券商|车企|药企|酒企"
    r"|[省市区县]属|地处|以及|级)+(?=[\u4e00-\u9fff]{2})"
)


def _trim(text: str, left: int, begin: int) -> int:
    found = _LEAD.match(text, left, begin)
    if found is None or begin - found.end() < 2:
        return left
    if found.group() in ("新", "原", "前", "各", "级", "国际", "企业", "公司", "单位", "平台", "媒体", "主体"):
        return left if found.group() in ("新", "前", "原") else found.end()
    return found.end()


_OF_ANY = frozenset(
    (
        "大学",
        "学院",
        "中学",
        "小学",
        "高中",
        "医院",
        "诊所",
        "研究所",
        "研究中心",
        "实验室",
        "出版社",
        "电视台",
        "画廊",
        "剧团",
        "媒体",
        "书店",
        "频道",
    )
)
_DESCRIBES = frozenset(("公司", "中心", "组织", "酒店集团", "百货", "超市", "商城", "集团", "学校", "企业"))


_REGIONS = (
    "中央",
    "国家",
    "中国",
    "全国",
    "华东",
    "华北",
    "华南",
    "华中",
    "东北",
    "西北",
    "西南",
    "东南",
    "北方",
    "南方",
    "中南",
)


def _names(notes: Notes, body: str, left: int, begin: int, suffix: str) -> bool:
    """Tell whether `body` names something and does not only describe it."""
    bare = _BRACKET_BODY.sub("", body)
    if body[-1:] in ("为", "是", "以"):
        return False
    if not bare or "，" in bare or (len(bare) == 1 and not ("A" <= bare <= "Z")):
        return False
    area = notes.area_begins.get(left)
    if area is not None and area.end <= begin:
        rest = notes.text[area.end : begin]
        if not rest:
            abroad = notes.text[area.begin : area.end] in words.countries()
            return suffix not in _DESCRIBES and not (abroad and suffix in _OF_ANY)
        if suffix in ("公司", "银行", "企业") and words.plain().fullmatch(rest) and len(rest) <= 4:
            return suffix == "银行"
        return not rest.startswith(("各", "多", "两", "部分", "某"))
    if words.plain().fullmatch(bare):
        return (
            len(bare) >= 4 and bare.startswith(_REGIONS) and (suffix not in _WEAK or suffix in ("大学", "学院", "医院"))
        )
    return len(bare) >= (4 if suffix == "组织" else 2)
