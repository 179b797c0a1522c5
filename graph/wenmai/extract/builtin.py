"""The extractor that ships with wenmai: lexicon, name grammars, dates and rule files; no model, no network.

names, dates, titles → passages of symbols → pronouns, posts, chunk rules → clause rules → event frames → claims
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from wenmai import __version__
from wenmai.extract import knowledge, tagger
from wenmai.extract.canon import canonical as to_canonical
from wenmai.extract.claims import Builder
from wenmai.extract.context import Context
from wenmai.extract.dates import DateMention, find_dates
from wenmai.extract.eventnames import find_nouns
from wenmai.extract.frames import Filler, Frame, Heading, date_for, during, merge, open_frame, share_days
from wenmai.extract.groups import Groups
from wenmai.extract.matching import Hit, candidates, hits
from wenmai.extract.modality import judge
from wenmai.extract.names import read_ahead
from wenmai.extract.nested import nested_claims
from wenmai.extract.posts import PostFinder, find_titles
from wenmai.extract.prepare import Found, find_all, marked
from wenmai.extract.rules import rule_book
from wenmai.extract.symbols import Node, Passage, passages, take_brackets
from wenmai.extract.trace import Trace
from wenmai.records import Article, Block, Claim, Document, Mention, Modality, Run, Span, Tie

_PROSE = ("body", "caption")
_LEAD = re.compile(
    r"\s*(?:【?(?:本[报刊网台社]|[\u4e00-\u9fff]{2,8}?[报刊社网])讯】?|【[^【】]{2,8}讯】|新华社[\u4e00-\u9fff]{1,10}[0-9]{1,2}月[0-9]{1,2}日电)"
    r"\s*(?:（[^（）\n]{0,60}）\s*){0,2}"
)


def _bare(name: str) -> str:
    return to_canonical(name).strip("《》“”‘’")


class BuiltinExtractor:
    """Reads an article by rules. One instance serves a process; `extract` keeps nothing between articles."""

    def __init__(self) -> None:
        """Load what names the run; raises UsageError for a tagger that is not to be had (`wenmai.extract.tagger`)."""
        self.run = Run("wenmai-rules", __version__, f"{knowledge.fingerprint()}, {tagger.fingerprint()}")

    def read_ahead(self, articles: Sequence[Article]) -> None:
        """Let the tagger read `articles`, which are to be extracted next, together: that takes half the time."""
        with suppress(Exception):  # whichever article it fails on is refused when its turn comes
            read_ahead(articles)

    def extract(self, article: Article) -> Document:
        """Return what `article` says: mentions, claims with evidence, ties."""
        return _Reading(article, find_all(article), self.run).document()

    def explain(self, article: Article) -> tuple[Document, Trace]:
        """Return what `article` says, and who spoke for its names, which rules fired or nearly, what was refused."""
        trace = Trace()
        return _Reading(article, find_all(article, trace.voices), self.run, trace).document(), trace

    def read_marked(self, article: Article, mentions: Sequence[Mention], ties: Sequence[Tie] = ()) -> Document:
        """Return what `article` says where its names are already known; the rules' examples are run by this."""
        return _Reading(article, marked(article, mentions, ties), self.run).document()


class _Reading:
    """One article being read, passage by passage."""

    def __init__(self, article: Article, found: Found, run: Run, trace: Trace | None = None) -> None:
        self.trace = trace
        self.article = article
        self.run = run
        self.found = found
        self.canonical = found.canonical
        self.groups = Groups(found.mentions, found.ties)
        self.builder = Builder(article, [*found.mentions, *found.inner], self.groups.first)
        self.context = Context()
        self.posts = PostFinder(self.context, found, article.text)
        self.frames: list[Frame] = []
        self.heading = Heading()

    def document(self) -> Document:
        for claim in (*self.found.bylines, *nested_claims(self.found, self.groups)):
            self.builder.claim(claim.subject, claim.predicate, claim.object, claim.span, claim.rule)
        queue = passages(self.canonical, self._nodes(), self._blocks())
        for number, passage in enumerate(queue):
            following = queue[number + 1].symbols if number + 1 < len(queue) else ""
            self._passage(passage, following)
        today = self.article.date
        for frame in share_days(merge(self._placed(self.frames), today), today):
            if why := self._worthless(frame):
                self.builder.refused.append((Claim("", "a", frame.cls, frame.trigger, rule=frame.rule), why))
                continue
            self.builder.event(frame)
            for derivation in rule_book().derivations:
                if derivation.event == frame.cls:
                    self.builder.derived(derivation, frame)
        if self.trace is not None:
            self.trace.refused = self.builder.refused
        claims, dropped = self._standing()
        mentions = self.builder.spoken_of(claims)
        return Document(self.article, self.run, mentions, claims, tuple(sorted(self.found.ties)), dropped)

    def _blocks(self) -> list[tuple[str, Span]]:
        blocks = self.article.blocks
        if not blocks and self.article.text:
            blocks = (Block("body", Span(0, len(self.article.text))),)
        return [(b.kind, self._without_lead(b.span)) for b in blocks if b.kind in _PROSE]

    def _without_lead(self, block: Span) -> Span:
        """本报讯（记者 某某） says who writes, not what happened."""
        lead = _LEAD.match(self.canonical, block.begin, block.end)
        return Span(lead.end(), block.end) if lead and lead.end() < block.end else block

    def _nodes(self) -> list[Node]:
        taken = sorted(m.span for m in self.found.mentions)
        begins = [s.begin for s in taken]

        def free(begin: int, end: int) -> bool:
            i = bisect.bisect_left(begins, end)
            return i == 0 or taken[i - 1].end <= begin

        nodes = [self._node(m) for m in self.found.mentions]
        for date in find_dates(self.article.text, self.article.date):
            if free(date.span.begin, date.span.end):
                nodes.append(Node("Duration" if date.kind == "duration" else "Date", date.span, value=date))
        nodes.extend(find_titles(self.article.text, self.canonical, taken))
        for span, cls in find_nouns(self.canonical):
            if free(span.begin, span.end):
                nodes.append(Node(cls, span, value="noun"))
        nodes.sort(key=lambda n: (n.span.begin, -n.span.end))
        result: list[Node] = []
        for node in nodes:
            if not result or node.span.begin >= result[-1].span.end:
                result.append(node)
        return result

    def _node(self, mention: Mention) -> Node:
        if mention.cls == "Address":
            return Node("Address", mention.span, value=mention.name)
        return Node(mention.cls, mention.span, (mention.key,), name=_bare(mention.name))

    def _passage(self, passage: Passage, following: str) -> None:
        if self.trace is not None:
            self.trace.sentence(passage)
        asides = take_brackets(passage)
        self.context.point_back(passage)
        for held in self.posts.read(passage):
            self.builder.post(held, "posts")
        self._chunks(passage)
        self._clauses(passage, following)
        self.context.remember(passage)
        self.heading.follow(passage)
        for before, aside in asides:
            self._aside(before, aside)

    def _aside(self, before: Node | None, aside: Passage) -> None:
        """An aside speaks of what stands before its bracket: 甲(乙公司的顾问)."""
        if before is not None and before.keys:
            self.context.attend(before)
        self.context.point_back(aside)
        for held in self.posts.read(aside):
            self.builder.post(held, "posts")
        self._chunks(aside)
        self._clauses(aside, "")

    def _chunks(self, passage: Passage) -> None:
        """Apply the chunk rules until none matches: each states facts of neighbours and keeps one of them."""
        for _ in range(12):
            hit = next((h for h in hits(passage, "chunk", self.context) if h.rule.keep), None)
            if hit is None:
                return
            if self.trace is not None:
                self.trace.hit(hit, passage, "Asserted")
            kept = hit.fill(hit.rule.keep or "")
            if hit.rule.facts:
                self.builder.relation(hit, passage, "Asserted")
            node = kept[-1][1]
            passage.reduce(hit.begin, hit.end, replace(node, span=passage.span(hit.begin, hit.end)))

    def _clauses(self, passage: Passage, following: str) -> None:
        found = self._hits(passage)
        triggers = sorted({h.trigger for h in found if h.rule.event})
        for hit in found:
            modality: Modality = hit.rule.modality or judge(  # type: ignore[assignment]  # checked when rules are read
                passage, hit.begin, hit.trigger, hit.end, following
            )
            if self.trace is not None:
                self.trace.hit(hit, passage, modality)
            if hit.rule.event is not None:
                self._frame(hit, passage, modality, triggers)
            if hit.rule.facts:
                self.builder.relation(hit, passage, modality)

    def _hits(self, passage: Passage) -> list[Hit]:
        trace = self.trace
        if trace is None:
            return list(hits(passage, "clause", self.context))
        earlier = len(trace.near)
        found = list(hits(passage, "clause", self.context, lambda miss: trace.miss(miss, passage)))
        matched = {hit.rule.name for hit in found} | {near.rule for near in trace.near[earlier:]}
        trace.unmatched([r for r in candidates(passage, "clause") if r.name not in matched], passage)
        return found

    def _frame(self, hit: Hit, passage: Passage, modality: Modality, triggers: list[int]) -> None:
        if hit.rule.event == "Event" and modality in ("Denied", "Reported"):
            return  # who did not come says nothing against what took place
        frame = open_frame(hit, passage, modality)
        for filler in frame.slots.pop("event", ()):
            frame.cls = filler.node.cls
            frame.refers = True
            frame.named = filler.node.keys[0] if filler.node.keys else None
        frame.refers = frame.refers or hit.rule.refers
        if hit.rule.dated and not frame.dates():
            node = date_for(passage, hit.begin, hit.trigger, [t for t in triggers if t != hit.trigger])
            node = node or self.heading.day
            frame.during = during(passage, hit.trigger)
            if node is not None and isinstance(node.value, DateMention) and self._may_be(modality, node.value):
                slot = {"until": "endDate", "from": "startDate"}.get(node.value.boundary or "", "onDate")
                span = passage.span(*passage.clause(hit.trigger))
                wide = Span(min(span.begin, node.span.begin), max(span.end, node.span.end))
                frame.add(slot, Filler(node, "", wide, passage.number))
        self.frames.append(frame)

    def _may_be(self, modality: Modality, date: DateMention) -> bool:
        """What is planned is not of a day gone by."""
        today = self.article.date
        if modality != "Planned" or today is None or date.value is None:
            return True
        return (date.end or date.value).text >= today.isoformat()[: len((date.end or date.value).text)]

    def _placed(self, frames: list[Frame]) -> list[Frame]:
        """Put frames in the order of the text and speak of things by their first mention."""
        for frame in frames:
            for slot, fillers in frame.slots.items():
                frame.slots[slot] = [
                    replace(f, node=replace(f.node, keys=tuple(self.groups.first(k) for k in f.node.keys)))
                    for f in fillers
                ]
            if frame.named:
                frame.named = self.groups.first(frame.named)
        return sorted(frames, key=lambda f: (f.trigger.begin, f.rule))

    def _worthless(self, frame: Frame) -> str:
        """Say why an event is not told; empty if it has someone, and a date or, if not planned, a subject or two."""
        if frame.cls == "Event":
            return "people came, and the text names nothing that they came to"
        if frame.cls in rule_book().dated and not frame.dates():
            return f"{frame.cls} is told with a date only"
        if not (any(frame.slots.get(s) for s in ("participant", "subject", "heldAt", "organizer")) or frame.named):
            return "it has no name, participant, place or subject"
        if frame.modality in ("Planned", "Reported"):
            return "" if frame.dates() else "it is planned or hearsay and has no date"
        if frame.dates() or frame.slots.get("subject") or frame.named or len(frame.keys("participant", "signer")) > 1:
            return ""
        return "it has neither date nor subject nor two who signed"

    def _standing(self) -> tuple[tuple[Claim, ...], int]:
        """Return the claims whose evidence stands in the text, and the number of those that do not."""
        text = self.article.text
        good = tuple(c for c in self.builder.claims if c.span.end <= len(text) and c.span.of(text).strip())
        return good, len(self.builder.claims) - len(good)
