"""The entities of an answer as mentions: every form they are given, wherever it stands in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wenmai.extract.llm.places import bare, find_all
from wenmai.records import Article, Claim, Mention, Span, Tie

_CONFIDENCE = 0.8
_SHORTEST, _LONGEST = 2, 80
_TITLED = ("Policy", "Agreement")


@dataclass
class Names:
    """`mentions` with what ties them; `keys` are those of an entity's mentions, by the id that the answer gave it."""

    mentions: list[Mention] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    bylines: list[Claim] = field(default_factory=list)
    by_key: dict[str, Mention] = field(default_factory=dict)

    def first(self, entity: str) -> Mention:
        """Return an entity's first mention."""
        return self.by_key[self.keys[entity][0]]

    def stands(self, entity: str, place: Span) -> bool:
        """Tell whether an entity is named at `place`."""
        return any(self.by_key[key].span.overlaps(place) for key in self.keys[entity])


class _Board:
    """Which characters of a text are taken."""

    def __init__(self, length: int, closed: Sequence[Span]) -> None:
        self._taken = bytearray(length)
        for span in closed:
            self.take(span)

    def free(self, span: Span) -> bool:
        return not any(self._taken[span.begin : span.end])

    def take(self, span: Span) -> None:
        self._taken[span.begin : span.end] = b"\1" * (span.end - span.begin)


def place_names(
    article: Article, entities: Sequence[dict[str, Any]], closed: Sequence[Span], dropped: Counter[str]
) -> Names:
    """Return the mentions of `entities` outside the `closed` stretches; longer forms go before those within them.

    A form that does not stand in the text is counted as `name` among the `dropped`, and so is an entity without any.
    """
    text = article.text
    board, signed = _Board(len(text), closed), _Board(len(text), closed)
    found: list[tuple[Span, str, str, str]] = []
    classes: dict[str, str] = {}
    forms: dict[tuple[str, str], str] = {}
    for entity in entities:
        if entity["id"] in classes:
            dropped["schema"] += 1
            continue
        classes[entity["id"]] = entity["class"]
        for name in entity["names"]:
            words = bare(name.strip("《》“”‘’\"' \n"))
            if _SHORTEST <= len(words) <= _LONGEST:
                forms.setdefault((words, entity["id"]), entity["class"])
            else:
                dropped["name"] += 1
    nested: dict[str, tuple[Span, str]] = {}
    owners: dict[str, str] = {}
    for (words, entity_id), cls in sorted(forms.items(), key=lambda f: (-len(f[0][0]), f[0][0], forms_order(f[0][1]))):
        if owners.setdefault(words, entity_id) != entity_id:
            dropped["name"] += 1  # two things of one name: it is the first one's
            continue
        places = [span for span in find_all(text, words) if signed.free(span)]
        dropped["name"] += not places
        for span in places:
            if board.free(span):
                wide = _with_brackets(text, span) if cls in _TITLED else span
                board.take(wide)
                found.append((wide, entity_id, cls, words))
            else:
                nested.setdefault(entity_id, (span, words))
    named = {entity_id for _, entity_id, _, _ in found}
    # 某市 that the text names only within 某市博物馆 is still what a claim may speak of.
    found += [(span, i, classes[i], words) for i, (span, words) in nested.items() if i not in named]
    return _names(article, sorted(found))


def forms_order(entity_id: str) -> tuple[int, str]:
    """Order ids as the answer does: E2 before E10."""
    return len(entity_id), entity_id


def _names(article: Article, found: list[tuple[Span, str, str, str]]) -> Names:
    names = Names()
    for number, (span, entity_id, cls, words) in enumerate(found, 1):
        mention = Mention(f"l{number}", span, cls, words, "llm", _CONFIDENCE)
        names.mentions.append(mention)
        names.keys.setdefault(entity_id, []).append(mention.key)
    names.ties = [Tie(keys[0], key, "llm") for keys in names.keys.values() for key in keys[1:]]
    for number, author in enumerate(article.authors, 1):
        if author.span is None:
            continue
        known = next((m for m in names.mentions if m.span == author.span and m.cls == "Person"), None)
        if known is None:
            known = Mention(f"a{number}", author.span, "Person", author.name, "byline")
            names.mentions.append(known)
        names.bylines.append(Claim("article", "author", known.key, author.span, rule="byline"))
    names.by_key = {mention.key: mention for mention in names.mentions}
    return names


def _with_brackets(text: str, span: Span) -> Span:
    """《…》 around a title belong to its mention."""
    if span.begin and text[span.begin - 1] == "《" and text[span.end : span.end + 1] == "》":
        return Span(span.begin - 1, span.end + 1)
    return span
