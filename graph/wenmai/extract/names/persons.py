"""Persons: a surname and one or two characters beside a title, a byline, a verb of saying or other persons."""

from __future__ import annotations

import re
from functools import cache

from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import rows

_HAN = "[\u4e00-\u9fff]"
_SAY = (
    "说道|表示|介绍|告诉|认为|透露|回应|坦言|指出|强调|解释|笑言|笑说|直言|补充|否认|答复|回忆|感慨|呼吁|提醒|坦承|澄清|"
    "谈到|致辞|致词|讲话|发言|到场|出席|参加|主持|宣读|担任|出任|兼任|当选|接任|受聘|现任|任职|获悉|履新|率队|一行|先生|女士|同志|教授|博士|"
    "院士|医生|老师|摄影|报道|逝世|接受采访|代表|共同|分别|受邀|应邀|专程|从|则说|则认为"
)
_STRONG = re.compile(rf"[，。；：！？、“”‘’《》（）\s0-9…—·/|】]|$|{_SAY}")
_WEAK = re.compile(r"[说称任为等在与和将还也已则向于因是曾又正被对到去来的以用把当兼率摄文图]")
_VERB = (
    "(?:说道|说|表示|介绍|告诉|认为|透露|回应|坦言|指出|强调|解释|笑言|笑说|直言|补充说|否认|答复|回忆|感慨|告诉记者|呼吁|建议|提醒|"
    "出席|主持|致辞|坦承|则说|则认为|则坦言|接受采访|澄清|还说|也说|当场|当选|兼任|出任|担任|现任|介绍说|当天宣布|宣布|连称|称)"
)
_REPORTER = (
    "记者|通讯员|实习生|实习记者|摄影(?!报道)|见习记者|特约撰稿人?|编辑|撰文|供图|编译|制图|校对|作者|文/|图/|摄影/"
)
_PEOPLE = (
    "设计师|元帅|将军|烈士|选手|运动员|球员|队员|冠军|演员|歌手|画家|作家|诗人|艺术家|收藏家|企业家|传承人|村民|市民|医师|护士|民警|司机|"
    "店主|老板|志愿者|嘉宾|读者|编剧|制片人|摄影师|评论家|经济学家|科学家|教育家|建筑师|翻译家|书法家|总编|总监|法人代表|嫌疑人|被告人|弟弟|哥哥|姐姐|妹妹|妻子|丈夫|儿子|女儿|父亲|母亲|爷爷|奶奶|孙子|业主代表|主角|队长|大学生|高中生|留学生|学生|球迷|导演|影星|歌星|明星|主演"
)
_DOTS = "·•・‧∙-"
_SURE = re.compile(r"[，。；：！？、”）\s等]|出席|到场|参加|表示|介绍|告诉|认为")
_POINT = re.compile(r"[，。；：！？、”）\s]")
_NEVER = frozenset("由从与及以并经为对在据和后将")
_BAD = frozenset("的了是在和或及被把使从由于这那该此也都还又就只不没有无很最更，。、们省市区县")
_JOINS = frozenset("等与将说称也已还曾")
_SOFT = frozenset("为向以其才让对与将说称任等到去来用当则已曾因正")


@cache
def surname_pattern() -> str:
    """Return the alternatives of a pattern for surnames, compound ones first."""
    table = [(r["surname"], r["kind"]) for r in rows("surnames")]
    compound = "|".join(s for s, kind in table if kind == "compound")
    return f"(?:{compound}|[{''.join(s for s, kind in table if kind == 'single')}])"


@cache
def _common_surnames() -> frozenset[str]:
    return frozenset(r["surname"] for r in rows("surnames") if r["strength"] == "common")


@cache
def _compound() -> frozenset[str]:
    return frozenset(r["surname"] for r in rows("surnames") if r["kind"] == "compound")


@cache
def _surnames() -> re.Pattern[str]:
    return re.compile(surname_pattern())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    sur = surname_pattern()
    clear = r"(?:(?<=[，。；：！？“”、\n\s（）])|^)"
    person = rf"{sur}{_HAN}{{1,3}}"
    return {
        "title": re.compile(rf"(?:{words.titles()}|先生|女士)[：:为是]?(?={_HAN})"),
        "people": re.compile(rf"(?:{_PEOPLE})(?={sur})"),
        "reporter": re.compile(rf"(?:{_REPORTER})[ :：/]*(?={_HAN}|[A-Z])"),
        "gap": re.compile(rf"[ 　、，]{{1,3}}(?:(?:{_REPORTER})[ :：/]*)?(?={_HAN}|[A-Z])"),
        "say": re.compile(rf"{clear}(?P<name>{sur}{_HAN}{{1,2}})(?={_VERB})"),
        "respect": re.compile(rf"{clear}(?P<name>{sur}{_HAN}{{1,2}})(?=先生|女士|同志|教授|院士)"),
        "foreign": re.compile(rf"{_HAN}{{1,6}}(?:[·•・‧∙-]{_HAN}{{1,7}}){{1,3}}"),
        "more": re.compile(rf"[、，和与及](?={sur})"),
        "by": re.compile(rf"[由请](?={sur})"),
        "credit": re.compile(
            rf"^[ 　]*(?P<names>{person}(?:[ 　、]+{person})*)[ 　]*(?:摄影报道|摄影|文[/／]摄|制作|制图|摄|文"
            rf"|图|报道)",
            re.M,
        ),
    }


_SOUNDS = frozenset(
    "阿埃艾安奥巴白班邦包保鲍贝本比彼边别宾波博伯布蔡察查超楚达大戴丹当道德登狄迪蒂丁东杜顿多厄恩尔法范方菲费芬丰冯佛弗夫福盖甘冈高戈哥格根贡古瓜圭哈海汉豪赫黑亨洪侯胡华惠霍基吉季加贾简姜杰金津久卡凯坎康考科克肯孔库奎昆拉莱赖兰朗劳勒雷蕾黎里理利莉连列林琳隆卢鲁路伦罗洛吕马玛迈麦曼芒毛梅门蒙孟米密敏明缪莫默姆木穆拿纳娜南内尼年涅宁牛纽农努诺欧帕派潘庞佩彭皮平珀普奇齐恰乔切钦琼丘热让日荣茹儒瑞若撒萨塞赛桑瑟森沙莎珊山尚绍舍申圣施石史舒斯丝松苏孙索塔泰坦汤唐陶特腾提田铁廷图托瓦万旺威韦维魏温文沃乌吴武西希锡夏香肖谢辛欣兴雄修休许雪逊雅亚延扬杨耶叶伊因英尤于约泽扎詹章张珍芝治朱卓兹宗祖佐藤野柯盛麻翰约茵嘉倩茜汀伍屈邓葛敦逊廉姆士拜科詹密史夏尤渥登宾哲翠什杨妲娃根曼厄特蓓露丽薇妮黛芙娅琪茨缇翁璐绥钱奈喀"
)


def find_persons(notes: Notes) -> list[Candidate]:
    """Return the persons of an article: anchored ones first, then every other occurrence of their names."""
    text = notes.text
    patterns = _patterns()
    anchored: dict[tuple[int, int], float] = dict.fromkeys(_foreign(text), 0.9)
    _bylines(notes, anchored)
    for found in patterns["title"].finditer(text):
        span = _sounds(notes, found.end())
        if span is not None:
            anchored.setdefault(span, 0.85)
        else:
            _add(notes, found.end(), 0.95, anchored, strict=False)
    for found in patterns["people"].finditer(text):
        _add(notes, found.end(), 0.9, anchored, strict=True)
    for found in patterns["by"].finditer(text):
        if _VERB_AFTER.match(text, found.end()):
            _add(notes, found.end(), 0.85, anchored, strict=True)
    for kind, trust in (("say", 0.8), ("respect", 0.9)):
        for found in patterns[kind].finditer(text):
            span = found.span("name")
            if text[span[0]] in _common_surnames() and _possible(notes, *span, strict=True):
                anchored.setdefault(span, trust)
    _unanchored(notes, anchored)
    _listed(notes, anchored)
    return _everywhere(notes, anchored, _remembered(notes))


_VERB_AFTER = re.compile(rf"{_HAN}{{2,3}}(?:出任|担任|接任|兼任|任(?!务)|主编|创办|主持|执导|编剧|作曲)")


_SIGNED = re.compile(rf"(?:[A-Z][a-z]+(?: [A-Z][a-z]+)*|{_HAN}{{2,4}})(?=[\s、）/]|$)")
_REPORTERS = re.compile(_REPORTER)


def _sounds(notes: Notes, begin: int) -> tuple[int, int] | None:
    """Return a transliterated name without a dot behind a title (总统某某某某): a run of characters used for sounds."""
    text = notes.text
    end = begin
    while end < len(text) and end - begin < 9 and text[end] in _SOUNDS:
        end += 1
    while end - begin >= 3:
        if _ends(notes, end) >= 2 and (end - begin >= 4 or text[begin] not in _common_surnames()):
            return None if _word(text[begin:end]) or notes.areas_in(begin, end) else (begin, end)
        end -= 1
    return None


def _unanchored(notes: Notes, anchored: dict[tuple[int, int], float]) -> None:
    """Add names that nothing announces: a common surname and two usual given characters, with marks on both sides."""
    text = notes.text
    for found in _usual().finditer(text):
        begin, end = found.span()
        if (begin, end) in anchored or not (notes.barrier_ends_at(begin) or begin in notes.area_ends):
            continue
        if notes.areas_in(begin, end) or text[end - 1] in "山河湖江桥路街镇村庄":
            continue
        if _ends(notes, end) >= 1.8 and _possible(notes, begin, end, strict=True):
            anchored[begin, end] = 0.75


@cache
def _usual() -> re.Pattern[str]:
    given = "".join(r["character"] for r in rows("given_names"))
    single = "".join(sorted(s for s in _common_surnames() if len(s) == 1))
    return re.compile(f"[{single}][{given}]{{2}}")


def _bylines(notes: Notes, anchored: dict[tuple[int, int], float]) -> None:
    """Add reporters and photographers: 记者 甲 通讯员 乙, 甲 乙 摄影报道."""
    text = notes.text
    patterns = _patterns()
    for found in patterns["reporter"].finditer(text):
        position = found.end()
        spaced = text[position - 1] in " :：/"
        while True:
            signed = _SIGNED.match(text, position) if spaced else None
            if signed is not None and not _REPORTERS.match(text, position) and text[position : position + 2] != "摄影":
                span: tuple[int, int] | None = signed.span()
                anchored[signed.span()] = 0.95
            else:
                span = _add(notes, position, 0.95, anchored, strict=not spaced)
            gap = patterns["gap"].match(text, span[1]) if span is not None else None
            if gap is None or not (spaced or "、" in gap.group()):
                break
            position = gap.end()
    for found in patterns["credit"].finditer(text):
        for one in re.finditer(rf"{surname_pattern()}{_HAN}{{1,3}}", found.group("names")):
            begin = found.start("names") + one.start()
            if _possible(notes, begin, begin + len(one.group()), strict=True):
                anchored[begin, begin + len(one.group())] = 0.9


def _add(
    notes: Notes, begin: int, trust: float, anchored: dict[tuple[int, int], float], *, strict: bool
) -> tuple[int, int] | None:
    """Decide how long the name at `begin` is and add it; return its bounds, or None if there is none."""
    text = notes.text
    if not _surnames().match(text, begin):
        return None
    surname = 2 if text[begin : begin + 2] in _compound() else 1
    if strict and surname == 1 and text[begin] not in _common_surnames():
        return None
    best: tuple[float, int] | None = None
    for given in (1, 2, 3) if surname == 1 and text[begin + 3 : begin + 4] else (1, 2):
        end = begin + surname + given
        sure = not strict and given == 2 and bool(_SURE.match(text, end))
        if end > len(text) or not _possible(notes, begin, end, strict=strict, sure=sure):
            continue
        score = _ends(notes, end) + (0.5 if given == 2 else 0) - (4 if given == 3 else 0)
        if given == 2:
            score += 0.5 * min(notes.count(text[begin:end]) - 1, 3)
        if text[end - 1] in _SOFT:
            score -= (
                2.5
                if text[end - 1] in _JOINS
                else 0.5
                if text[end - 1] in "来正才"
                else 1
                if _POINT.match(text, end)
                else 1.5
            )
        if surname == 1 and text[begin] not in _common_surnames() and _ends(notes, end) < 1.8:
            continue
        if score > 1 and (best is None or score > best[0]):
            best = score, end
    if best is None:
        return None
    anchored.setdefault((begin, best[1]), trust)
    return begin, best[1]


@cache
def _title_start() -> re.Pattern[str]:
    return re.compile(f"(?:{words.titles()})")


def _ends(notes: Notes, end: int) -> float:
    """Tell how well a name may end at `end`, from 0 to 3."""
    if _STRONG.match(notes.text, end) or _title_start().match(notes.text, end):
        return 3
    length = notes.barrier_length(end)
    if length > 1:
        return 2.5
    if length == 1 or _WEAK.match(notes.text, end):
        return 1.8
    return 0.6


def _possible(notes: Notes, begin: int, end: int, *, strict: bool, sure: bool = False) -> bool:
    text = notes.text
    name = text[begin:end]
    given = name[2:] if name[:2] in _compound() else name[1:]
    if not given or any(not "\u4e00" <= c <= "\u9fff" for c in given) or any(c in _BAD for c in given):
        return False
    if name[0] in _NEVER or (strict and name[0] in "向于和") or given[-1] in "路街镇村乡":
        return False
    if _word(name) and not sure:
        return False
    if any((k := notes.lexicon_names.get(i)) is not None and k > begin for i in range(max(0, begin - 6), end)):
        return False
    return not any(
        (a.full and a.begin < end and begin < a.end) or (a.sure and begin < a.begin < end < a.end)
        for a in notes.areas_in(max(0, begin - 8), end + 8)
    )


_CARRIES = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:大学|大厦|学院|基金会|研究所|公司|医院|图书馆|机场|酒店|集团|纪念馆|博物馆|奖|杯"
    r"|大道|大街|街|号|银行|中心)"
)


def _foreign(text: str) -> list[tuple[int, int]]:
    """Return transliterated names with a dot or hyphen: each part as far as its characters are used for sounds."""
    result = []
    for found in _patterns()["foreign"].finditer(text):
        begin, end = found.span()
        dot = min(i for i in range(begin, end) if text[i] in _DOTS)
        first = dot
        while first > begin and text[first - 1] in _SOUNDS:
            first -= 1
        last = max(i for i in range(begin, end) if text[i] in _DOTS) + 1
        stop = last
        while stop < end and text[stop] in _SOUNDS:
            stop += 1
        if text[stop - 1] in "大日" and text[stop : stop + 1] in tuple("学厦道前本街"):
            stop -= 1
        if dot - first >= 1 and stop - last >= 1 and not _CARRIES.match(text, stop):
            result.append((first, stop))
    return result


@cache
def _not_persons() -> re.Pattern[str]:
    forms = sorted((r["word"] for r in rows("person_decoys")), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, forms)))


def _word(name: str) -> bool:
    return bool(_not_persons().match(name)) or bool(
        re.search(r"(?:公司|集团|部门|单位|大学|银行|中心|企业|先生|女士)", name)
    )


def _listed(notes: Notes, anchored: dict[tuple[int, int], float]) -> None:
    """Add those that stand in a row with persons: 甲、乙和丙出席."""
    queue = sorted(anchored)
    begins = {b for b, _ in anchored}
    more = _patterns()["more"]
    while queue:
        _, end = queue.pop()
        found = more.match(notes.text, end)
        if found is None or found.end() in begins:
            continue
        span = _row(notes, found.end(), anchored)
        if span is not None:
            begins.add(span[0])
            queue.append(span)


_IN_ROW = re.compile(rf"[、和与及等]|{_STRONG.pattern}")


def _row(notes: Notes, begin: int, anchored: dict[tuple[int, int], float]) -> tuple[int, int] | None:
    """A name in a row must end clearly: nothing else shows that it is one."""
    for given in (2, 1):
        end = begin + 1 + given
        known = notes.area_begins.get(begin)
        if known is not None and known.end >= end - 1:
            return None
        if (
            notes.text[end - 1 : end] not in _JOINS
            and _IN_ROW.match(notes.text, end)
            and _possible(notes, begin, end, strict=True)
        ):
            if notes.text[begin] not in _common_surnames():
                return None
            anchored.setdefault((begin, end), 0.8)
            return begin, end
    return None


_MEMORIAL = (
    "墓|故居|纪念馆|纪念堂|纪念厅|纪念碑|铜像|塑像|雕像|诞辰|逝世|第[一二三四五六七八九十]+[世代]孙|之子|夫人|遗孀"
)


@cache
def _memorials() -> re.Pattern[str]:
    given = "".join(r["character"] for r in rows("given_names"))
    return re.compile(rf"({surname_pattern()}(?:[{given}]{_HAN}|{_HAN}[{given}]|[{given}]))(?:{_MEMORIAL})")


def _remembered(notes: Notes) -> set[str]:
    """Return the names that memorials carry (某某某纪念馆): persons wherever they stand by themselves."""
    found = set()
    for match in _memorials().finditer(notes.text):
        begin, end = match.span(1)
        clear = notes.barrier_ends_at(begin) or begin in notes.area_ends
        if clear and match.group(1)[0] in _common_surnames() and _possible(notes, begin, end, strict=True):
            found.add(match.group(1))
    return found


def _everywhere(notes: Notes, anchored: dict[tuple[int, int], float], remembered: set[str]) -> list[Candidate]:
    """Return every occurrence of the names; where two forms of one anchor compete, the one found more often wins."""
    text = notes.text
    names: dict[str, float] = dict.fromkeys(sorted(remembered), 0.8)
    for (begin, end), trust in anchored.items():
        name = text[begin:end]
        names[name] = max(names.get(name, 0), trust)
    order = sorted(names)
    for i, name in enumerate(order):
        for other in order[i + 1 :]:
            if not other.startswith(name):
                break
            if notes.count(name) > notes.count(other):
                names.pop(other, None)
    result = [Candidate(b, e, "Person", "grammar", t, tier=4) for (b, e), t in anchored.items() if text[b:e] in names]
    taken = set(anchored)
    if names:
        for begin, end, _ in words.Automaton(dict.fromkeys(names, ())).find(text):
            if (begin, end) not in taken and (end - begin > 2 or _alone(notes, begin, end)):
                result.append(
                    Candidate(begin, end, "Person", "grammar", min(0.88, names[text[begin:end]] + 0.08), tier=5)
                )
    return result


def _alone(notes: Notes, begin: int, end: int) -> bool:
    text = notes.text
    return (notes.barrier_ends_at(begin) or not "\u4e00" <= text[begin - 1] <= "\u9fff") and bool(_ends(notes, end) > 1)
