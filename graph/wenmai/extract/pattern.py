"""The pattern language of the rules: Chinese text with typed slots, compiled to one regular expression a pattern.

    {Company}              a mention of this class or a subclass, one symbol
    {subject:Person}       the same, bound to a slot; {participant/signer:Organization} gives the slot a role
    {a:Organization+}      one or several, joined by 、和与及 (甲昨天与乙 too); `++` allows commas and semicolons;
                           in a list of persons each may have its post before it (某局局长某某)
    {@subject:Policy}      takes no text: what the passage has been about, if it is of that class; classes joined
                           by | are in order of preference; @@ takes what opened the sentence
    (签署|签订)  (了)?  的?   alternatives, optional parts
    <签署>                  the trigger: where an event is anchored and modality is judged
    …                      anything within the clause     ……  anything within the sentence
    ~                      plain words and dates, no name
    ^ $                    the beginning and the end of a clause
    !(…)                   not followed by
    ![与和]                 not directly behind one of these characters
    {Date} {Duration}      a point or stretch of time (6月1日, 近日); a length of time (三天, 九年以来)
    {Number}               a figure with its unit (1.5亿, 三成, 51%)

White space in a pattern is ignored. Patterns are written in simplified characters with full-width punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

GAP = r"[^，。；：！？\n（）]{0,30}?"
LONG_GAP = r"[^。；！？\n]{0,60}?"
LIST_JOIN = "(?:、|和|与|及|以及|同|跟|暨|或|兼|联合|会同|携手)(?:[老新原]股东)?"
LONG_JOIN = "(?:、|和|与|及|以及|同|跟|，|；|，?以及|，?还有)(?:拆迁户|居民|群众|企业|职工|家长|学生)?(?:代表)?"
NUMBER = (
    r"(?:约|近|超|逾)?[0-9〇零一二两三四五六七八九十百千万亿.]+(?:余|多)?(?:万|亿)?"
    r"(?:%|元|欧元|美元|英镑|港元|成|股)?(?:人民币)?"
)


class PatternError(ValueError):
    """A pattern that does not follow the language; the message shows where."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot binds: the property or name, its role, the class asked for, and how it is filled."""

    name: str
    role: str
    cls: str
    many: bool
    topic: int


@dataclass(frozen=True)
class Compiled:
    """A compiled pattern: `regex` over symbols, `groups` from group names to slots, `topics` filled from context.

    `needs` are sets of literals: of each, one at least stands in every match; the one that tells most comes first.
    """

    source: str
    expression: str
    groups: dict[str, Slot]
    topics: tuple[Slot, ...]
    needs: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, made when it is first looked for: an article meets the needs of few patterns."""
        return re.compile(self.expression)

    @property
    def lists(self) -> int:
        """How many slots take a list of names."""
        return sum(slot.many for slot in self.groups.values())


_BODY_ENDS = "省市州区县旗镇乡村道社部委局处厅科室院校厂店行司会团组队心所站馆"
"""How the name of a body ends that is no known name, directly before a person whose post there was read already."""
Chars = Callable[[str], str]

_TOKEN = re.compile(
    r"\{(?P<slot>[^{}]*)\}|(?P<long>……)|(?P<gap>…)|(?P<plain>~)|(?P<not>!\()|!\[(?P<behind>[^\[\]]+)\]|(?P<open>\()|(?P<close>\))|(?P<or>\|)"
    r"|(?P<opt>\?)|(?P<trig>[<>])|(?P<anchor>[\^$])|(?P<space>\s+)|(?P<text>[^\s{}()|?<>^$~…!]+)"
)
_SLOT = re.compile(r"(?P<topic>@{0,2})(?:(?P<name>\w+)(?:/(?P<role>\w+))?:)?(?P<cls>\w+(?:\|\w+)*)(?P<many>\+{0,2})")


class _Compiler:
    """One pass over a pattern's tokens; keeps for each open group what its alternatives need."""

    def __init__(self, source: str, chars: Chars) -> None:
        self.source = source
        self.chars = chars
        self.out: list[str] = []
        self.groups: dict[str, Slot] = {}
        self.topics: list[Slot] = []
        # A stack of groups: each a list of alternatives, each a list of sets of literals that it needs.
        self.needs: list[list[list[frozenset[str]]]] = [[[]]]
        self.negative: list[bool] = []

    def compile(self) -> Compiled:
        position = 0
        while position < len(self.source):
            token = _TOKEN.match(self.source, position)
            if not token:
                raise PatternError(f"{self.source!r}: cannot read from {self.source[position:]!r}")
            kind = str(token.lastgroup)
            getattr(self, f"_{kind}")(token.group(kind))
            position = token.end()
        if len(self.needs) != 1:
            raise PatternError(f"{self.source!r}: a bracket is not closed")
        sets = _common(self.needs[0])
        needs = tuple(sorted(sets, key=lambda s: (-min(map(len, s)), len(s))))
        return Compiled(self.source, "".join(self.out), self.groups, tuple(self.topics), needs)

    def _slot(self, body: str) -> None:
        if body == "Number":
            self.out.append(NUMBER)
            return
        found = _SLOT.fullmatch(body)
        if not found:
            raise PatternError(f"{self.source!r}: {{{body}}} is no slot")
        name, role = found["name"] or "", found["role"] or ""
        slot = Slot(name, role, found["cls"], bool(found["many"]), len(found["topic"]))
        if slot.topic:
            self.topics.append(slot)
            return
        one = f"[{''.join(self.chars(c) for c in slot.cls.split('|'))}]"
        if slot.many:
            join = LIST_JOIN if found["many"] == "+" else LONG_JOIN
            lead = _lead(self.chars) if "Person" in slot.cls.split("|") else ""
            one = f"{one}(?:{self.chars('Date')}?{join}{lead}{one})*"
        if name:
            group = f"g{len(self.groups)}"
            self.groups[group] = slot
            self.out.append(f"(?P<{group}>{one})")
        else:
            self.out.append(one)

    def _text(self, text: str) -> None:
        self.out.append(re.escape(text))
        self.needs[-1][-1].append(frozenset([text]))

    def _open(self, _: str) -> None:
        self.out.append("(?:")
        self.needs.append([[]])
        self.negative.append(False)

    def _not(self, _: str) -> None:
        self.out.append("(?!")
        self.needs.append([[]])
        self.negative.append(True)

    def _behind(self, characters: str) -> None:
        self.out.append(f"(?<![{re.escape(characters)}])")

    def _or(self, _: str) -> None:
        self.out.append("|")
        self.needs[-1].append([])

    def _close(self, _: str) -> None:
        if len(self.needs) == 1:
            raise PatternError(f"{self.source!r}: a bracket too many")
        self.out.append(")")
        sets = _common(self.needs.pop())
        if not self.negative.pop():
            self.needs[-1][-1].extend(sets)
            self._last = len(sets)
        else:
            self._last = 0

    def _opt(self, _: str) -> None:
        if self.out[-1] == ")":
            self.out.append("?")
            del self.needs[-1][-1][len(self.needs[-1][-1]) - self._last :]
        elif self.out[-1].startswith(("(?P<", "[")):
            self.out[-1] = f"(?:{self.out[-1]})?"
        elif self.needs[-1][-1] and len(self.out[-1]) == 1:
            self.out[-1] += "?"
            self.needs[-1][-1].pop()
        else:
            raise PatternError(f"{self.source!r}: write (…)? for an optional part")

    def _trig(self, mark: str) -> None:
        if mark == "<":
            self.out.append("(?P<trigger>")
            self.needs.append([[]])
            self.negative.append(False)
        else:
            self._close(")")

    def _gap(self, _: str) -> None:
        self.out.append(GAP)

    def _long(self, _: str) -> None:
        self.out.append(LONG_GAP)

    def _plain(self, _: str) -> None:
        self.out.append(f"[^，。；：！？\\n（）{_names(self.chars)}]{{0,14}}?")

    def _anchor(self, mark: str) -> None:
        self.out.append(r"(?<![^，。；：！？\n（）])" if mark == "^" else r"(?![^，。；：！？\n（）])")

    def _space(self, _: str) -> None:
        pass


@cache
def _lead(chars: Chars) -> str:
    """Return what may stand before a further person of a list: posts in bodies of which not all are known names."""
    barred = f"，。；：！？\\n（）、说称认由把被让请对向和与{chars('Person')}{chars('Event')}{chars('Date')}"
    bodies = f"{chars('Organization')}{chars('Place')}"
    post = f"[^{barred}]{{0,16}}?{chars('Title')}"
    return f"(?:(?:{post}、){{0,3}}(?:[^{barred}]{{0,14}}?[{_BODY_ENDS}]|[{bodies}]))?"


@cache
def _names(chars: Chars) -> str:
    """Return as ranges all symbols but those of dates and durations, which are neighbours: no plain words."""
    first, last = ord(chars("Date")), ord(chars("Duration"))
    return f"\ue000-{chr(first - 1)}{chr(last + 1)}-\uf8ff"


def _common(alternatives: list[list[frozenset[str]]]) -> list[frozenset[str]]:
    """Return the sets of literals that a group needs: all of its only alternative's, or one union over all."""
    if len(alternatives) == 1:
        return alternatives[0]
    best = [max(sets, key=lambda s: min(map(len, s)), default=None) for sets in alternatives]
    chosen = [s for s in best if s is not None]
    return [frozenset().union(*chosen)] if len(chosen) == len(best) else []


def compile_pattern(source: str, chars: Chars) -> Compiled:
    """Compile `source`; `chars` gives for a class the symbols that stand for it and its subclasses.

    Raises PatternError with the place.
    """
    return _Compiler(source, chars).compile()
