"""Persons: a surname and one or two characters beside a title, a byline, a verb of saying or other persons."""

from __future__ import annotations

import re
from functools import cache

from wenmai import lexicon
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.extract.names.foreigners import find_dotted
from wenmai.extract.names.tagged import sure_persons
from wenmai.lexicon import HAN, alternatives, character_set, characters, one_of, rows

_MARK = r"[，。；：！？、“”‘’《》（）\s0-9…—·/|】]|$"
_POINT = re.compile(r"[，。；：！？、”）\s]")
_UNSURE = 1.8  # how well a name must end of which nothing else is sure


@cache
def _strong() -> re.Pattern[str]:
    return re.compile(rf"{_MARK}|{one_of('persons', 'says', 'ends')}")


@cache
def _weak() -> re.Pattern[str]:
    return re.compile(f"[{characters('persons', 'ends_weakly')}]")


@cache
def _sure() -> re.Pattern[str]:
    return re.compile(rf"[，。；：！？、”）\s等]|{one_of('persons', 'ends_surely')}")


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
def compound_surnames() -> frozenset[str]:
    """Return the surnames of two characters."""
    return frozenset(r["surname"] for r in rows("surnames") if r["kind"] == "compound")


@cache
def _surnames() -> re.Pattern[str]:
    return re.compile(surname_pattern())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    sur = surname_pattern()
    clear = r"(?:(?<=[，。；：！？“”、\n\s（）])|^)"
    person = rf"{sur}{HAN}{{1,3}}"
    byline = one_of("persons", "bylines")
    titles = alternatives([*words.titles(), *lexicon.words("persons", "courtesy")])
    return {
        "title": re.compile(rf"{titles}(?:[：:为是]|[仍现即][为是])?(?={HAN})"),
        "folk": re.compile(rf"{one_of('persons', 'folk')}(?P<name>{sur}{HAN}{{2}})"),
        "people": re.compile(rf"{one_of('persons', 'callings')}(?={sur})"),
        "reporter": re.compile(rf"{byline}[ :：/]*(?={HAN}|[A-Z])"),
        "gap": re.compile(rf"[ 　、，]{{1,3}}(?:{byline}[ :：/]*)?(?={HAN}|[A-Z])"),
        "byline": re.compile(byline),
        "signed": re.compile(rf"(?:[A-Z][a-z]+(?: [A-Z][a-z]+)*|{HAN}{{2,4}})(?=[\s、）/]|$)"),
        "closed": re.compile(rf"{HAN}{{2,3}}[）、 ]"),
        "say": re.compile(rf"{clear}(?P<name>{sur}{HAN}{{1,2}})(?={one_of('persons', 'says', 'says_clearly')})"),
        "takes": re.compile(
            rf"{clear}(?P<name>{sur}{HAN}{{1,2}}?)(?:不再)?(?:{one_of('persons', 'taking_office')}|为|的)"
            rf"(?=[^，。；：、]{{0,18}}?{titles})"
        ),
        "given": re.compile(
            rf"{one_of('persons', 'appointing')}(?P<name>{sur}{HAN}{{1,2}}?){one_of('persons', 'appointed')}"
        ),
        "respect": re.compile(rf"{clear}(?P<name>{sur}{HAN}{{1,2}})(?={one_of('persons', 'courtesy', 'honours')})"),
        "more": re.compile(rf"[、，和与及](?={sur})"),
        "row": re.compile(rf"[、和与及等]|{_strong().pattern}"),
        "by": re.compile(rf"[由请](?={sur})"),
        "office": re.compile(rf"{HAN}{{2,3}}{one_of('persons', 'taking_office')}"),
        "credit": re.compile(
            rf"^[ 　]*(?P<names>{person}(?:[ 　、]+{person})*)[ 　]*{one_of('persons', 'credits')}", re.M
        ),
    }


def find_persons(notes: Notes) -> list[Candidate]:
    """Return the persons of an article: anchored ones first, then every other occurrence of their names."""
    text = notes.text
    patterns = _patterns()
    anchored: dict[tuple[int, int], float] = dict.fromkeys(find_dotted(text), 0.9)
    _bylines(notes, anchored)
    for found in patterns["title"].finditer(text):
        if text[found.start() - 1 : found.start() + 1] in lexicon.words("posts", "swallows"):
            continue
        span = _by_sound(notes, found.end())
        if span is not None:
            anchored.setdefault(span, 0.85)
        else:
            _add(notes, found.end(), 0.95, anchored, strict=False)
    for found in patterns["people"].finditer(text):
        _add(notes, found.end(), 0.9, anchored, strict=True)
    for found in patterns["folk"].finditer(text):
        if _clearly(notes, *found.span("name")):
            anchored.setdefault(found.span("name"), 0.85)
    for found in patterns["by"].finditer(text):
        if patterns["office"].match(text, found.end()):
            _add(notes, found.end(), 0.85, anchored, strict=True)
    for kind, trust in (("say", 0.8), ("takes", 0.8), ("given", 0.85), ("respect", 0.9)):
        for found in patterns[kind].finditer(text):
            span = found.span("name")
            if (text[span[0]] in _common_surnames() or kind == "given") and _possible(notes, *span, strict=True):
                anchored.setdefault(span, trust)
    _heard(notes, anchored)
    _unanchored(notes, anchored)
    _listed(notes, anchored)
    return _everywhere(notes, anchored, _remembered(notes))


def _heard(notes: Notes, anchored: dict[tuple[int, int], float]) -> None:
    """Add those that the tagger is sure of; where it hears other bounds than a weak announcement, it is believed."""
    for (begin, end), trust in sure_persons(notes).items():
        beside = [span for span in anchored if span[0] < end and begin < span[1]]
        cut = any(a.begin < at < a.end for a in notes.areas_in(begin - 8, end + 8) for at in (begin, end))
        area = notes.area_begins.get(begin)
        if cut or (area is not None and area.end == end) or _word(notes.text[begin:end]):
            continue
        if any(anchored[span] > trust or (span[0] <= begin and end <= span[1]) for span in beside):
            continue
        for span in beside:
            del anchored[span]
        anchored[begin, end] = trust


def _by_sound(notes: Notes, begin: int) -> tuple[int, int] | None:
    """Return a transliterated name without a dot behind a title (总统某某某某): a run of characters used for sounds."""
    text, sounds = notes.text, character_set("persons", "sounds")
    end = begin
    while end < len(text) and end - begin < 9 and text[end] in sounds:
        end += 1
    whole = end
    while end - begin >= 3:
        enough = _UNSURE if end == whole else 2
        if _ends(notes, end) >= enough and (end - begin >= 4 or text[begin] not in _common_surnames()):
            return None if _word(text[begin:end]) or notes.areas_in(begin, end) else (begin, end)
        end -= 1
    return None


def _clearly(notes: Notes, begin: int, end: int) -> bool:
    """Tell whether a name behind a word for anybody (居民, 职工) is one: it ends clearly, or is made as names are."""
    says = notes.text.startswith("说", end)
    if not (says or _ends(notes, end) >= (_UNSURE if _usual().match(notes.text, begin, end) else 3)):
        return False
    return _possible(notes, begin, end, strict=True)


def _unanchored(notes: Notes, anchored: dict[tuple[int, int], float]) -> None:
    """Add names that nothing announces: a common surname and two usual given characters, with marks on both sides."""
    text = notes.text
    for found in _usual().finditer(text):
        begin, end = found.span()
        if (begin, end) in anchored or not (notes.barrier_ends_at(begin) or begin in notes.area_ends):
            continue
        if notes.areas_in(begin, end) or text[end - 1] in character_set("persons", "of_places"):
            continue
        if _ends(notes, end) >= _UNSURE and _possible(notes, begin, end, strict=True):
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
    walked: set[tuple[int, bool]] = set()
    for found in patterns["reporter"].finditer(text):
        position = found.end()
        bracket = text[found.start() - 1 : found.start()] == "（" and patterns["closed"].match(text, position)
        spaced = text[position - 1] in " :：/" or bool(bracket)
        while (position, spaced) not in walked:
            walked.add((position, spaced))
            signed = patterns["signed"].match(text, position) if spaced else None
            label = patterns["byline"].match(text, position) or text.startswith(("摄影", "报道", "整理"), position)
            if signed is not None and not label:
                span: tuple[int, int] | None = signed.span()
                anchored[signed.span()] = 0.95
            else:
                span = _add(notes, position, 0.95, anchored, strict=not spaced)
            gap = patterns["gap"].match(text, span[1]) if span is not None else None
            if gap is None or not (spaced or "、" in gap.group()):
                break
            position = gap.end()
    for found in patterns["credit"].finditer(text):
        for one in re.finditer(rf"{surname_pattern()}{HAN}{{1,3}}", found.group("names")):
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
    surname = 2 if text[begin : begin + 2] in compound_surnames() else 1
    if strict and surname == 1 and text[begin] not in _common_surnames():
        return None
    best: tuple[float, int] | None = None
    for given in (1, 2, 3) if surname == 1 and text[begin + 3 : begin + 4] else (1, 2):
        end = begin + surname + given
        sure = not strict and given == 2 and bool(_sure().match(text, end))
        if end > len(text) or not _possible(notes, begin, end, strict=strict, sure=sure):
            continue
        score = _ends(notes, end) + (0.5 if given == 2 else 0) - (4 if given == 3 else 0)
        if given == 2:
            score += 0.5 * min(notes.count(text[begin:end]) - 1, 3)
        score -= _clings(text, end)
        if surname == 1 and text[begin] not in _common_surnames() and _ends(notes, end) < _UNSURE:
            continue
        if score > 1 and (best is None or score > best[0]):
            best = score, end
    if best is None:
        return None
    anchored.setdefault((begin, best[1]), trust)
    return begin, best[1]


def _clings(text: str, end: int) -> float:
    """Tell how much speaks against a name's last character: 将 and 说 rather begin what follows."""
    last = text[end - 1]
    if last not in character_set("persons", "soft"):
        return 0
    if last in character_set("persons", "joins"):
        return 2.5
    if last in "来正才":
        return 0.5
    return 1 if _POINT.match(text, end) else 1.5


@cache
def _title_start() -> re.Pattern[str]:
    return re.compile(alternatives(words.titles()))


def _ends(notes: Notes, end: int) -> float:
    """Tell how well a name may end at `end`, from 0 to 3."""
    if _strong().match(notes.text, end) or _title_start().match(notes.text, end):
        return 3
    length = notes.barrier_length(end)
    if length > 1:
        return 2.5
    if length == 1 or _weak().match(notes.text, end):
        return _UNSURE
    return 0.6


@cache
def _address() -> frozenset[str]:
    """Return the words by which somebody is called behind a surname: 张院士 is no full name."""
    return frozenset((*words.titles(), *lexicon.words("persons", "courtesy"), *lexicon.words("persons", "honours")))


def _possible(notes: Notes, begin: int, end: int, *, strict: bool, sure: bool = False) -> bool:
    text = notes.text
    name = text[begin:end]
    given = name[2:] if name[:2] in compound_surnames() else name[1:]
    if not given or given in _address() or any(not "\u4e00" <= c <= "\u9fff" for c in given):
        return False
    if not character_set("persons", "never_given").isdisjoint(given):
        return False
    if (
        name[0] in character_set("persons", "never_first")
        or (strict and name[0] in "向于和")
        or given[-1] in "路街镇村乡"
    ):
        return False
    if _word(name) and not sure:
        return False
    if any((k := notes.lexicon_names.get(i)) is not None and k > begin for i in range(max(0, begin - 6), end)):
        return False
    return not any(
        (a.full and a.begin < end and begin < a.end) or (a.sure and begin < a.begin < end < a.end)
        for a in notes.areas_in(max(0, begin - 8), end + 8)
    )


@cache
def _decoys() -> frozenset[str]:
    return frozenset(r["word"] for r in rows("person_decoys"))


@cache
def _never_in() -> re.Pattern[str]:
    return re.compile(one_of("persons", "never_in"))


def _word(name: str) -> bool:
    decoys = _decoys()
    return any(name[:end] in decoys for end in range(1, len(name) + 1)) or bool(_never_in().search(name))


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


def _row(notes: Notes, begin: int, anchored: dict[tuple[int, int], float]) -> tuple[int, int] | None:
    """A name in a row must end clearly: nothing else shows that it is one."""
    for given in (2, 1):
        end = begin + 1 + given
        known = notes.area_begins.get(begin)
        if known is not None and known.end >= end - 1:
            return None
        if (
            notes.text[end - 1 : end] not in character_set("persons", "joins")
            and _patterns()["row"].match(notes.text, end)
            and _possible(notes, begin, end, strict=True)
        ):
            if notes.text[begin] not in _common_surnames() and (given == 1 or _ends(notes, end) < 3):
                return None
            anchored.setdefault((begin, end), 0.8)
            return begin, end
    return None


@cache
def _memorials() -> re.Pattern[str]:
    given = "".join(r["character"] for r in rows("given_names"))
    carrier = f"{one_of('persons', 'memorials')}|第[一二三四五六七八九十]+[世代]孙"
    return re.compile(rf"({surname_pattern()}(?:[{given}]{HAN}|{HAN}[{given}]|[{given}]))(?:{carrier})")


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
        for j in range(i + 1, len(order)):
            other = order[j]
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
