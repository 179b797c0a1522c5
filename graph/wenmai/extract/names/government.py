"""Organs of state and party: area or level, function, ending (names hold 和); congresses; 市委 and its departments."""

from __future__ import annotations

import re

from wenmai.extract.names.base import Candidate, Notes

_LEVEL = "[省市区县州镇乡]"
_ORDINAL = r"(?:第?[一二三四五六七八九十0-9]{1,4}届)?"
_CONGRESS = re.compile(
    _ORDINAL
    + r"(?:人民代表大会常务委员会|人大常委会|人民代表大会|人大(?!代表|附中|[学校师])|政协(?!委员))"
    + r"(?:[\u4e00-\u9fff]{2,10}?(?:工作委员会|工委|委员会|办公室))?"
)
_CORE = re.compile(_ORDINAL + r"(?:人民代表大会常务委员会|人大常委会|人民代表大会|人大|政协)")
_DEPARTMENT = re.compile(r"(?:组织部|宣传部|统战部|政法委|纪委)(?=部长|副部长|常务副部长|书记|副书记)")
_MISSION = re.compile(r"驻[\u4e00-\u9fff]{2,8}?(?:总领事馆|领事馆|大使馆|使馆|代表处|办事处|使团)")
_MINISTRY = re.compile(
    r"(?:联邦)?(?:外交|国防|财政|商务|商业|经济|经贸|卫生|司法|内政|教育|交通|能源|农业|环境|环保|文化|劳工"
    r"|劳动|贸易|工业|住房|移民|国土安全|科技|旅游|体育|内务|基础设施|通商产业|"
    r"经济产业|厚生劳动|国土交通|总务|文部科学)(?:与[\u4e00-\u9fff]{2,4})?(?:部|省)(?![门长队])|(?:国务院|央行"
    r"|警方|国会|众议院|参议院|议会|最高法院|总统府|白宫|国防军)"
)
_NATION = re.compile(r"(?:第?[一二三四五六七八九十0-9]{1,4}届)?全国$")
_PARTY = re.compile(
    r"(?:委组织部|委宣传部|委统战部|委政法委|委办公厅|委办公室|委党校|委研究室|委老干部局"
    r"|委[\u4e00-\u9fff]{2,6}(?:工作委员会|工委|工作领导小组办公室)"
    r"|委(?![员托派任会屈婉身])|纪委监委|纪委(?!书记会)|政府办公厅|政府办公室|政府新闻办|政府(?![部机采性间债])"
    r"|国资党委)"
)
_BUREAU = re.compile(
    r"(?:(?<![结格布全大僵开出饭战棋当书骗平])(?<![^财民邮行]政)局|(?<![餐客展舞歌门前大乐车机])厅"
    r"|(?<![签部联公])署|委员会|办公室|总队|支队|监委|发改委|国资委|建交委|建委|民委|住保办|经信委|经信局"
    r"|卫健委|卫计委|教委"
    r"|科委|商务委|农委|住建委|住建局|语委办|文明办|"
    r"金融办|法制办|信访办|外办|台办|侨办|规土局|工商局|中心|管理处|管理所|指挥部|管委会|领导小组|法院|检察院|档案馆)"
    r"(?![长势部面限级内])"
)
_FUNCTION = re.compile(
    r"^(?:人民|公共|中级|高级|第?[一二三四]?中级|政务|大数据|行政|城市|城乡|社会|国家|地方|出入境|生态|自然"
    r"|人力|市场|应急|银监|证监|保监|银保监|金管|房管|国土|规划|交通|公安|教育|科学|科技|民政|司法|财政|"
    r"住房|农业|水|商务|文化|卫生|审计|体育|统计|医疗|信访|林业|园林|绿化|城管|综合|规划|建设|国土|环境|环保"
    r"|旅游|民族|宗教|外事|侨务|机关|金融|粮食|物价|安全|"
    r"食品|药品|质量|知识|档案|地震|气象|税务|工商|海洋|渔业|能源|铁路|民航|邮政|烟草|海事|消防|公路|港|新闻"
    r"|广播|文广|文旅|文物|房|经济|发展|民防|人防|招商|投资|"
    r"退役|乡村|扶贫|移民|老龄|残|妇女|青年|街道|爱国|防汛|重大|重点|数据|营商|对外|合作|口岸|保密|密码|机要"
    r"|史志|地方志|供销|疾|血|急救|妇幼|学生|青少年|动物|植物|种子|畜|农|土地|不动产|公积金|公证|仲裁|劳动|人才"
    r"|就业|社保|医保|养老|慈善|殡|福利|救助|婚姻|博物|图书|群众|电化|招生|考试|职业|特种|计量|标准|纤维|节能"
    r"|核|辐射|散装|墙|燃气|热|排水|供水|节水|河道|水利|水文|水务|水库|航|船|客运|运管|路政|停车|轨道|地铁|公交)"
)


def find_government(notes: Notes) -> list[Candidate]:
    """Return organs of state and party."""
    return [*_congresses(notes), *_party(notes), *_bureaus(notes), *_abroad(notes), *_departments(notes)]


def _prefix(notes: Notes, end: int) -> int | None:
    """Return where the area or level that ends at `end` begins; a chain of areas is taken whole."""
    text = notes.text
    area = notes.area_ends.get(end)
    if area is not None and (area.full or area.sure):
        begin = area.begin
        while (before := notes.area_ends.get(begin)) is not None and (before.full or before.sure):
            begin = before.begin
        return begin
    if area is not None and not area.full:
        return area.begin
    grown = re.search(r"(?:[\u4e00-\u9fff]{2,5}(?:街道|镇|乡|开发区|新区|园区|县|区|市))$", text[max(0, end - 9) : end])
    if grown is not None and text[end - 1] in "道镇乡区县市":
        begin = max(end - len(grown.group()), notes.barrier_before(end)[0])
        for a in notes.areas_in(begin, end):
            begin = min(begin, a.begin)
        inner = [a for a in notes.areas_in(notes.barrier_before(end)[0], end) if a.full or a.sure]
        if inner:
            return inner[0].begin
        if end - begin >= 3 and "委" not in text[begin:end] and not text[begin:end].endswith("直辖市"):
            return begin
    if text[end - 1 : end] in ("省", "市", "区", "县", "州", "镇", "乡") and _free(notes, end - 1):
        return end - 1
    return None


def _free(notes: Notes, begin: int) -> bool:
    """Tell whether a bare level (市) may begin a name here: a mark or a function word stands before it."""
    return (
        notes.barrier_ends_at(begin)
        or notes.text[begin - 1] in "原该本据经由向从对请与和及、，。（“任报自"
        or (notes.text[begin - 2 : begin] in ("市委", "记者", "常委", "书记"))
    )


def _congresses(notes: Notes) -> list[Candidate]:
    result = []
    for found in _CONGRESS.finditer(notes.text):
        begin = _prefix(notes, found.start())
        if begin is None and (whole := _NATION.search(notes.text, max(0, found.start() - 8), found.start())):
            begin = whole.start()
        if begin is not None:
            end = found.end()
            if _holds_barrier(notes, found.start(), end):
                end = found.start() + len(_CORE.match(found.group()).group())  # type: ignore[union-attr]
            result.append(Candidate(begin, end, "GovernmentBody", "grammar", 0.95))
    return result


def _party(notes: Notes) -> list[Candidate]:
    text = notes.text
    result = []
    for found in _PARTY.finditer(text):
        words = found.group()
        begin = _prefix(notes, found.start())
        if begin is None:
            continue
        head = text[found.start() - 1]
        if words.startswith("委") and head not in "省市区县州旗盟":
            continue
        cls = "GovernmentBody" if words.startswith("政府") else "PartyBody"
        result.append(Candidate(begin, found.end(), cls, "grammar", 0.95))
    return result


def _abroad(notes: Notes) -> list[Candidate]:
    """Return missions (法国驻广州总领事馆), ministries of other countries, and departments named with their head."""
    result = []
    for pattern in (_MISSION, _MINISTRY):
        for found in pattern.finditer(notes.text):
            area = notes.area_ends.get(found.start())
            if area is None:
                continue
            abroad = area.code is None and not notes.text[area.begin : area.end].startswith("中")
            if abroad or pattern is _MISSION:
                result.append(Candidate(area.begin, found.end(), "GovernmentBody", "grammar", 0.9))
    for found in _DEPARTMENT.finditer(notes.text):
        if notes.barrier_ends_at(found.start()):
            result.append(Candidate(*found.span(), "PartyBody", "grammar", 0.8))
    return result


_SECTION = re.compile(r"[\u4e00-\u9fff]{2,5}(?:[与和][\u4e00-\u9fff]{2,4})?(?:司|局|厅)(?![长令法机])")


def _departments(notes: Notes) -> list[Candidate]:
    """Return the departments of ministries: a known ministry and what stands right behind it (某部某某司)."""
    result = []
    for c in notes.found:
        if c.cls != "GovernmentBody" or notes.text[c.end - 1] not in "部委署局院":
            continue
        found = _SECTION.match(notes.text, c.end)
        if found is not None and not _holds_barrier(notes, c.end, found.end()):
            result.append(Candidate(c.begin, found.end(), "GovernmentBody", "grammar", 0.9))
    return result


def _bureaus(notes: Notes) -> list[Candidate]:
    result = []
    for found in _BUREAU.finditer(notes.text):
        begin = _bureau_begin(notes, found.start(), found.group())
        if begin is not None:
            cls = "GovernmentBody"
            if found.group() == "中心" and _abroad_area(notes, begin):
                cls = "Organization"
            if found.group() == "档案馆":
                cls = "CulturalBody"
            result.append(Candidate(begin, found.end(), cls, "grammar", 0.92))
    return result


def _abroad_area(notes: Notes, begin: int) -> bool:
    area = notes.area_begins.get(begin)
    return area is not None and area.code is None and not area.full


_CUT = re.compile(r"[，。；：！？、“”‘’《》（）\s0-9…—的是在将了被把给对]")


def _bureau_begin(notes: Notes, end: int, suffix: str) -> int | None:
    """Scan left over the function (和 and 与 included) to an area or a bare level."""
    text = notes.text
    floor = max(0, end - 18)
    for i in range(end - 1, floor - 1, -1):
        if _CUT.match(text[i]):
            floor = i + 1
            break
    best: int | None = None
    for i in range(end - 2 if len(suffix) == 1 else end, floor, -1):
        function = text[i:end]
        if i < end and not _FUNCTION.match(function):
            continue
        begin = _prefix(notes, i)
        if begin is None:
            if text[max(0, i - 2) : i] == "国家" and i < end:
                begin = i - 2
            else:
                continue
        if len(suffix) == 1 and (len(function) < 2 or _OTHER.search(function)):
            continue
        if suffix in ("委员会", "办公室", "中心", "管理处", "管理所", "总队", "支队", "指挥部") and len(function) < 2:
            continue
        if _holds_barrier(notes, i, end):
            break
        best = begin
        if text[begin : begin + 1] not in _LEVEL or begin != i - 1:
            break
    return best


_OTHER = re.compile("馆|公司|大学|学院|医院|集团|银行")


def _holds_barrier(notes: Notes, begin: int, end: int) -> bool:
    """Tell whether a barrier other than 和, 与, 及 stands between."""
    position = end
    while True:
        stop, start, strong = notes.barrier_before(position)
        if start < begin or stop <= begin:
            return False
        if strong and notes.text[start:stop] not in ("和", "与", "及") and not _official(notes.text[start:stop]):
            return True
        position = start


def _official(word: str) -> bool:
    return word in (
        "监督",
        "检查",
        "登记",
        "审批",
        "促进",
        "推进",
        "服务",
        "合作",
        "保障",
        "执行",
        "审查",
        "审计",
        "调查",
        "指导",
        "推动",
        "接待",
        "市民",
    )
