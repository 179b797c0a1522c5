"""Short forms: those that the text introduces (以下简称) and those that come by use (申能集团 → 申能)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wenmai import lexicon, ontology
from wenmai.extract.names import words
from wenmai.extract.names.base import Candidate, Notes
from wenmai.lexicon import HAN, character_set, one_of, rows

_SHORT = r"[^“”‘’《》（），。；：、\n]{1,20}"
_BRACKET = re.compile(r"（([^（）\n]{1,90})）")
_LATIN = re.compile(r"[A-Z\u00c0-\u00de][A-Za-z0-9\u00c0-\u024f&.,'’ \-]{1,50}")
_CHINESE = re.compile(f"{HAN}{{2,8}}")
_WHOLE = re.compile(r"(?:的|，)?全称(?:为|是|叫)?")


@cache
def _introduced() -> re.Pattern[str]:
    quoted = rf"[“‘《](?P<quoted>{_SHORT})[”’》]"
    comma = f"[,，](?= ?{one_of('latin', 'legal_comma')})"
    latin = rf"(?P<latin>[A-Za-z](?:[A-Za-z0-9&.'’ \-]|{comma}){{1,60}}[A-Za-z0-9.])"
    plain = rf"(?P<plain>{HAN}{{2,8}})(?=[，。；：、）\n])"
    return re.compile(f"{one_of('short_forms', 'introduces')}(?:为|作|是|叫)?[:：]?(?:{quoted}|{latin}|{plain})")


@cache
def _legal() -> re.Pattern[str]:
    return re.compile(f"(?:（[^（）]{{1,8}}）)?(?:集团)?{one_of('companies', 'legal_words')}*公司$")


@cache
def _business() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'business')}+$")


@cache
def _founded() -> re.Pattern[str]:
    return re.compile(f"{one_of('companies', 'founded')}$")


@cache
def _level() -> re.Pattern[str]:
    return re.compile(f"{one_of('areas', 'stems')}$")


@cache
def _site_words() -> re.Pattern[str]:
    return re.compile(f"{one_of('short_forms', 'site_words')}+$")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"[，。；：！？、“”‘’《》（）\s…—]|$|{one_of('short_forms', 'after')}")


def introduced(notes: Notes, chosen: Iterable[Candidate]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """Return (full, bounds of the short form, reason) for every short form that the text introduces."""
    text = notes.text
    by_end: dict[int, Candidate] = {c.end: c for c in chosen if c.cls and c.cls != "Address"}
    result: list[tuple[Candidate, tuple[int, int], str]] = []
    for bracket in _BRACKET.finditer(text):
        full = by_end.get(bracket.start())
        if full is None and text[bracket.start() - 1 : bracket.start()] in ("”", "》"):
            full = by_end.get(bracket.start() - 1)
        if full is None:
            continue
        inner_begin = bracket.start(1)
        hits = list(_introduced().finditer(text, inner_begin, bracket.end(1)))
        for hit in hits:
            group = next(g for g in ("quoted", "latin", "plain") if hit.group(g))
            reason = re.match(f"{HAN}+", hit.group())
            result.append((full, _strip(text, *hit.span(group)), reason.group()[:4] if reason else "简称"))
        if not hits and full.cls != "Person":
            result += _bare(text, full, bracket)
    return result + _whole_names(text, by_end, {c.begin: c for c in by_end.values()})


def _whole_names(
    text: str, by_end: dict[int, Candidate], by_begin: dict[int, Candidate]
) -> list[tuple[Candidate, tuple[int, int], str]]:
    """甲全称乙有限公司: the short name stands first, outside brackets."""
    result = []
    for found in _WHOLE.finditer(text):
        short, full = by_end.get(found.start()), by_begin.get(found.end())
        if short is not None and full is not None:
            result.append((full, (short.begin, short.end), "全称"))
    return result


def _strip(text: str, begin: int, end: int) -> tuple[int, int]:
    while end > begin and text[end - 1] in " 　,，":
        end -= 1
    return begin, end


def _bare(text: str, full: Candidate, bracket: re.Match[str]) -> list[tuple[Candidate, tuple[int, int], str]]:
    """Siemens（西门子）, 青山精工株式会社（Aoyama Seiko）: a name in the other script."""
    inside = bracket.group(1)
    latin_full = text[full.begin : full.end].isascii() or bool(_LATIN.fullmatch(text[full.begin : full.end]))
    if (latin_full and _CHINESE.fullmatch(inside)) or (not latin_full and _LATIN.fullmatch(inside)):
        return [(full, bracket.span(1), "括注")]
    return []


def find_introduced(notes: Notes, chosen: list[Candidate]) -> list[Candidate]:
    """Return the introduced short forms and all their occurrences."""
    text = notes.text
    forms: dict[str, tuple[str, float]] = {}
    result = []
    for full, (begin, end), _ in introduced(notes, chosen):
        name = text[begin:end]
        forms.setdefault(name, (full.cls, 0.95))
        result.append(Candidate(begin, end, full.cls, "alias", 0.95, full.code, tier=2))
    if forms:
        for begin, end, _ in words.Automaton(dict.fromkeys(forms, ())).find(text):
            if not _cut(text, begin, end):
                cls, trust = forms[text[begin:end]]
                result.append(Candidate(begin, end, cls, "alias", trust, tier=5))
    return result


def _cut(text: str, begin: int, end: int) -> bool:
    """A Latin form inside a longer word is no occurrence."""
    return (
        text[begin].isascii()
        and text[begin].isalnum()
        and text[begin - 1 : begin].isascii()
        and text[begin - 1 : begin].isalnum()
        and begin > 0
    ) or (
        text[end - 1].isascii()
        and text[end - 1].isalnum()
        and text[end : end + 1].isascii()
        and text[end : end + 1].isalnum()
    )


_BRAND = 0.7  # how sure a company is that only its trade shows (`brands`)
_ORGANIZATIONS = frozenset(ontology.subclasses("Organization"))
_BODIES = ("EducationalBody", "HealthBody", "CulturalBody", "Organization", "CommunityBody", "PartyBody")


def short_forms(name: str, cls: str) -> list[str]:
    """Return the short forms that a full name lends itself to, the longest first; the text must use them."""
    forms: list[str] = []
    core = name[_area_length(name) :]
    if cls == "Company":
        forms = _of_company(name)
    elif cls in _BODIES and len(core) >= 5:
        forms = [core]
    elif cls == "GovernmentBody":
        rest = name
        while (length := _area_length(rest)) and len(rest) - length >= 4:
            rest = rest[length:]
            level = name[len(name) - len(rest) - 1]
            forms += [level + rest if level in "省市区县州" else ""]
    elif cls == "AdministrativeArea":
        forms = [_level().sub("", name)]
    elif cls == "Site":
        stem = _site_words().sub("", name)
        forms = [stem] if len(stem) >= 3 else []
    seen = dict.fromkeys(f for f in forms if 2 <= len(f) < len(name))
    return sorted(seen, key=lambda f: -len(f))


def _of_company(name: str) -> list[str]:
    plain = re.sub(r"（[^（）]*）", "", name)
    core = plain[_area_length(plain) :]
    area = re.sub("[省市]$", "", plain[: len(plain) - len(core)])
    stem = _legal().sub("", core)
    bare = _business().sub("", stem)
    forms = [re.sub(r"（([^（）]*)）", r"\1", name), plain, core, stem, stem + "公司"]
    if "集团" in name:
        forms.append(bare + "集团")
    if _founded().search(plain):
        forms += [bare, bare + "公司"]
    if area and len(bare) >= 2:
        forms += [area + bare, area + bare + "集团"]
    if bare:
        forms += [bare + line for line in lexicon.words("companies", "kept") if line in stem]
    return forms


def _area_length(name: str) -> int:
    for begin, end, value in words.areas().find(name):
        if begin == 0 and len(value) > 1 and end < len(name):
            return end
        break
    return 0


def find_by_use(notes: Notes, chosen: list[Candidate]) -> list[Candidate]:
    """Return the places where a full name of the article is said in a short form."""
    text = notes.text
    forms: dict[str, str] = {}
    known = {text[c.begin : c.end]: c.cls for c in chosen if c.voice != "alias"}
    people = {text[c.begin : c.end] for c in chosen if c.cls == "Person"}
    heard: dict[str, Candidate] = {}
    for full in chosen:
        if full.voice == "alias" or not full.cls:
            continue
        unsure = full.voice == "tagger" or (full.cls == "Company" and full.confidence <= _BRAND)
        if unsure and full.end - full.begin > 2 and full.cls in _ORGANIZATIONS:
            heard[text[full.begin : full.end]] = full  # what is a name at one place is one at others
        for form in short_forms(text[full.begin : full.end], full.cls):
            if _fit(form) and form not in people and known.get(form, full.cls) in (full.cls, "Road"):
                forms.setdefault(form, full.cls)
    forms = {name: c.cls for name, c in heard.items()} | forms
    result = _loose(notes, dict.fromkeys(name for name, cls in known.items() if cls == "Company"))
    for begin, end, _ in words.Automaton(dict.fromkeys(forms, ())).find(text) if forms else ():
        if (
            end - begin == 2
            and forms[text[begin:end]] == "Company"
            and text[begin - 1 : begin] in character_set("short_forms", "before")
        ):
            continue
        if end - begin == 2 and not (_open_left(notes, begin) and _open_right(text, end)):
            continue
        if end - begin > 2 and not (_open_left(notes, begin) or _open_right(text, end)):
            continue
        c = heard.get(text[begin:end])
        voice, trust = ("alias", 0.88) if c is None else (c.voice, c.confidence)
        result.append(Candidate(begin, end, forms[text[begin:end]], voice, trust))
    return result


def _loose(notes: Notes, companies: Iterable[str]) -> list[Candidate]:
    """Return where a company is called by two first characters of its name and two others (瑞丰耐火材料: 瑞丰耐材)."""
    rests: dict[str, list[str]] = {}
    for name in companies:
        plain = re.sub(r"（[^（）]*）", "", name)
        stem = _legal().sub("", plain[_area_length(plain) :])
        if len(stem) > 4 and _fit(stem[:2]):
            rests.setdefault(stem[:2], []).append(stem[2:])
    if not rests:
        return []
    return [
        Candidate(begin, end + 2, "Company", "alias", 0.8)
        for begin, end, _ in words.Automaton(dict.fromkeys(rests, ())).find(notes.text)
        if any(_skips(rest, notes.text[end : end + 2]) for rest in rests[notes.text[begin:end]])
        and _open_left(notes, begin)
        and _open_right(notes.text, end + 2)
    ]


def _skips(rest: str, tail: str) -> bool:
    """Tell whether the two characters `tail` stand in `rest` in this order, with something left out."""
    first = rest.find(tail[:1])
    return len(tail) == 2 and tail != rest[:2] and 0 <= first < rest.find(tail[1], first + 1)


def _fit(form: str) -> bool:
    table = words.area_table()
    if form in table and len(form) == 2 and not table[form][3]:
        return True
    return (
        form not in table
        and form not in words.organization_suffixes()
        and not words.plain().fullmatch(form)
        and form not in _decoys()
    )


@cache
def _decoys() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("short_form_decoys"))


def _open_left(notes: Notes, begin: int) -> bool:
    return notes.barrier_ends_at(begin) or begin in notes.area_ends or not "\u4e00" <= notes.text[begin - 1] <= "\u9fff"


def _open_right(text: str, end: int) -> bool:
    return bool(_after().match(text, end))
