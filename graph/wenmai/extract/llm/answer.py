"""From a model's answer to a `Document`: what stands in the text and fits the ontology is kept, the rest counted.

Nothing of an answer is believed: every item is validated against its schema, every name and quote is looked up in the
article, ends and values are checked by what checks those of the rules.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from wenmai import ontology
from wenmai.extract.claims import Builder, values
from wenmai.extract.dates import DateMention, find_dates
from wenmai.extract.frames import Filler, Frame, merge
from wenmai.extract.groups import Groups
from wenmai.extract.llm import schema
from wenmai.extract.llm.client import BadAnswerError
from wenmai.extract.llm.days import read_date
from wenmai.extract.llm.names import Names, place_names
from wenmai.extract.llm.places import bare, find
from wenmai.extract.llm.prompt import orders
from wenmai.extract.posts import Held
from wenmai.extract.symbols import Node
from wenmai.records import Article, Document, Mention, Run, Span, Value

RULE = "llm"
CONFIDENCE = 0.8
"""Of a claim by a model whose words stand in the text; not calibrated."""
_LONGEST_QUOTE = 400
_MOST_ITEMS = 1000
Item: TypeAlias = dict[str, Any]


def parse(content: str) -> Item:
    """Return a model's answer as the object it is. Raises BadAnswerError for anything else (cut off, prose, a list)."""
    text = content.strip()
    if text.startswith("```"):
        text = text.partition("\n")[2].rpartition("```")[0]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadAnswerError("the model's answer is not JSON, or is cut off") from None
    if not isinstance(found, dict) or not any(isinstance(found.get(p), list) for p in schema.schema()["properties"]):
        raise BadAnswerError("the model's answer is not of the form asked for")
    return found


def read_answer(article: Article, answer: Item, run: Run) -> tuple[Document, Counter[str]]:
    """Return what of `answer` stands, as a document by `run`, and how many items were dropped, by reason.

    Reasons: `schema`, `name` (not in the text), `quote` (not in the text, too long, of something else), `order` (the
    text gives orders there), `entity` (unknown), `date`, `value`, `type` (domain, range, both ends one thing), `empty`.
    """
    reading = _Reading(article, answer)
    return reading.document(run), reading.dropped


class _Reading:
    def __init__(self, article: Article, answer: Item) -> None:
        self.article, self.text, self.answer = article, article.text, answer
        self.dropped: Counter[str] = Counter()
        self.orders = orders(article.text)
        self.dates: list[DateMention] | None = None
        self.names: Names = place_names(article, list(self._items("entities")), self.orders, self.dropped)
        self.events = [(item, self._event_name(item, n)) for n, item in enumerate(self._items("events"), 1)]
        self.groups = Groups(self.names.mentions, self.names.ties)
        self.builder = Builder(article, self.names.mentions, self.groups.first)

    def document(self, run: Run) -> Document:
        for claim in self.names.bylines:
            self.builder.claim(claim.subject, claim.predicate, claim.object, claim.span, claim.rule)
        for item in self._items("relations"):
            self._relation(item)
        for item in self._items("attributes"):
            self._attribute(item)
        for item in self._items("posts"):
            self._post(item)
        frames = [f for item, name in self.events if (f := self._frame(item, name)) is not None]
        for frame in merge(sorted(frames, key=lambda f: f.trigger), self.article.date):
            self.builder.event(frame)
        self.dropped["type"] += len(self.builder.refused)
        claims = self.builder.claims
        mentions = tuple(replace(m, voice=RULE) if m.voice == "rule" else m for m in self.builder.spoken_of(claims))
        return Document(self.article, run, mentions, claims, tuple(sorted(self.names.ties)), self.dropped.total())

    def _items(self, part: str) -> Iterator[Item]:
        found = self.answer.get(part, [])
        items = found if isinstance(found, list) else [found]
        self.dropped["schema"] += max(0, len(items) - _MOST_ITEMS)
        for item in items[:_MOST_ITEMS]:
            if schema.fits(part, item):
                yield item
            else:
                self.dropped["schema"] += 1

    def _quote(self, words: str, within: Span | None = None) -> Span | None:
        """Return where a quote stands; None, counted, where it may not be evidence."""
        words = words.strip()
        span = find(self.text, words) if 0 < len(words) <= _LONGEST_QUOTE else within
        if span is None:
            self.dropped["quote"] += 1
        elif any(span.overlaps(order) for order in self.orders):
            self.dropped["order"] += 1
            span = None
        return span

    def _known(self, *ids: str) -> bool:
        """Tell whether all are entities that the text names; count it if not."""
        known = all(i in self.names.keys for i in ids)
        self.dropped["entity"] += not known
        return known

    def _speaks(self, quote: Span, *ids: str) -> bool:
        """Tell whether a quote names one of the entities; count it if not: it is evidence of something else."""
        speaks = any(self.names.stands(i, quote) for i in ids)
        self.dropped["quote"] += not speaks
        return speaks

    def _node(self, entity: str) -> Node:
        mention = self.names.first(entity)
        return Node(mention.cls, mention.span, (mention.key,), name=mention.name)

    def _relation(self, item: Item) -> None:
        one, other = item["subject"], item["object"]
        quote = self._quote(item["quote"])
        if quote is not None and self._known(one, other) and self._speaks(quote, one, other):
            self.builder.claim(
                self.names.first(one).key, item["property"], self.names.first(other).key, quote, RULE,
                modality=item["modality"], confidence=CONFIDENCE,
            )  # fmt: skip

    def _attribute(self, item: Item) -> None:
        quote = self._quote(item["quote"])
        if quote is None or not self._known(item["subject"]):
            return
        place = find(self.text, item["words"], quote.begin, quote.end)
        if place is None:
            self.dropped["value"] += 1
            return
        found: list[tuple[str | Value, bool]] = [(Value(bare(place.of(self.text))), False)]
        if set(ontology.range_(item["property"])) & schema.DATES:
            date = self._date(place, item["iso"])
            found = values(Node("Date", place, value=date), item["property"]) if date is not None else []
        for value, approximate in found:
            self.builder.claim(
                self.names.first(item["subject"]).key, item["property"], value, quote, RULE,
                modality=item["modality"], confidence=CONFIDENCE, approximate=approximate,
            )  # fmt: skip

    def _post(self, item: Item) -> None:
        person, body, title = item["person"], item["body"], item["title"].strip()
        quote = self._quote(item["quote"])
        if quote is None or not self._known(person, *([body] if body else [])) or not self._speaks(quote, person):
            return
        place = find(self.text, title, quote.begin, quote.end)
        owner = self._node(body) if body else None
        if place is None:
            self.dropped["value"] += 1
        elif self._node(person).cls != "Person" or (owner is not None and not _may_own(owner.cls)):
            self.dropped["type"] += 1
        else:
            words = bare(place.of(self.text))
            self.builder.post(Held(self._node(person), words, owner, quote, CONFIDENCE), RULE, item["modality"])

    def _event_name(self, item: Item, number: int) -> str | None:
        """Make a mention of an event's own name and return its key; the same name is the same event."""
        words = item["name"].strip("《》“”‘’\"' \n")
        span = find(self.text, words) if len(words) > 1 else None
        if span is None or any(span.overlaps(order) for order in self.orders):
            return None
        known = next((m for m in self.names.mentions if m.span == span and ontology.is_event(m.cls)), None)
        if known is None:
            known = Mention(f"n{number}", span, item["class"], bare(words), RULE, CONFIDENCE)
            self.names.mentions.append(known)
        return known.key

    def _frame(self, item: Item, name: str | None) -> Frame | None:
        quote = self._quote(item["quote"])
        if quote is None:
            return None
        trigger = find(self.text, item["trigger"].strip(), quote.begin, quote.end)
        if trigger is None:
            self.dropped["quote"] += 1
            return None
        frame = Frame(item["class"], trigger, quote.begin, RULE, CONFIDENCE, item["modality"], named=name)
        for slot in item["slots"]:
            place = self._quote(slot["quote"], quote)
            if place is not None and self._known(slot["entity"]):
                wide = place if place.overlaps(trigger) or self.names.stands(slot["entity"], place) else None
                if wide is None:
                    self.dropped["quote"] += 1
                elif not self._fits(slot["property"], self._node(slot["entity"]).cls):
                    self.dropped["type"] += 1
                else:
                    frame.add(slot["property"], Filler(self._node(slot["entity"]), "", wide, quote.begin))
        for told in item["dates"]:
            self._event_date(frame, told, quote)
        if not frame.slots and name is None:
            self.dropped["empty"] += 1
            return None
        return frame

    @staticmethod
    def _fits(slot: str, cls: str) -> bool:
        return any(c in ontology.range_(slot) for c in ontology.superclasses(cls))

    def _event_date(self, frame: Frame, told: Item, quote: Span) -> None:
        place = self._quote(told["quote"], quote)
        if place is None:
            return
        words = find(self.text, told["words"], place.begin, place.end)
        date = self._date(words, told["iso"]) if words is not None else None
        if words is None:
            self.dropped["date"] += 1
        elif date is not None:
            if told["property"] == "endDate" and date.end is not None:
                date = replace(date, value=date.end, end=None)
            frame.add(told["property"], Filler(Node("Date", words, value=date), "", place, quote.begin))

    def _date(self, words: Span, iso: str) -> DateMention | None:
        if self.dates is None:
            self.dates = find_dates(self.text, self.article.date)
        date = read_date(self.text, words, iso, self.dates)
        self.dropped["date"] += date is None
        return date


def _may_own(cls: str) -> bool:
    return any(c in ontology.range_("postIn") for c in ontology.superclasses(cls))


def reasons(dropped: Counter[str]) -> str:
    """Return the counts on one line, most first: `quote 3, type 1`."""
    return ", ".join(f"{reason} {count}" for reason, count in dropped.most_common() if count)
