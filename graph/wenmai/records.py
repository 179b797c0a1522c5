"""The records that flow through the house, room to room; no other module defines one.

bytes → `Article` → `Document` (mentions, claims) → `Resolution` (entities, claims) → `Linked` → quads.

Offsets everywhere are Unicode code points of `Article.text`, end exclusive. All records are frozen; sequences are
tuples. Classes, predicates, modalities and statuses are the local names of the vocabulary (`Company`, `partnerOf`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Modality = Literal["Asserted", "Planned", "Reported", "Denied"]
Status = Literal["Happened", "Scheduled", "Cancelled", "Denied"]
BlockKind = Literal["kicker", "title", "subtitle", "byline", "body", "caption", "note"]
Datatype = Literal["string", "date", "gYearMonth", "gYear"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: `begin` inclusive, `end` exclusive, in code points."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end:
            raise ValueError(f"not a span: {self.begin},{self.end}")

    def of(self, text: str) -> str:
        """Return the words at this span in `text`."""
        return text[self.begin : self.end]

    def covers(self, other: Span) -> bool:
        """Tell whether `other` lies within this span."""
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a character."""
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of an article and what it is there for; blocks are in order and do not overlap."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs an article. `span` is where the text prints the name; None if only metadata names them."""

    name: str
    role: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as read: decoded, columns joined, otherwise untouched.

    `id` is the input's identifier (a file's stem, a record's id, NAME#1 for the first item of a page), `source` the
    file name or URL, `sha256` the hex digest of the input bytes of this article's file or record.
    """

    id: str
    title: str
    text: str
    source: str
    sha256: str
    date: dt.date | None = None
    publisher: str | None = None
    lang: str = "zh"
    authors: tuple[Author, ...] = ()
    blocks: tuple[Block, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that could not be read, and why, in a sentence a person can act on."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """A literal object of a claim, in canonical lexical form (`2017-07-01`, `2017-04`, `2015`, or plain text)."""

    text: str
    datatype: Datatype = "string"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that speaks of something: a name, a kind of organization, an event's trigger, a post.

    `key` is unique in its document (`m3`, `e1`, `p2`). `name` is the name meant: the words without line breaks,
    zero-width characters and surrounding quotes; empty for an event that has none; a post's title for a `Post`.
    `voice` tells who found it (`lexicon`, `grammar`, `quoted`, `alias`, `rule`, `byline`, `metadata`). `code` is a
    GB/T 2260 code where the lexicon gives one without doubt. `status` is set for events only.
    """

    key: str
    span: Span
    cls: str
    name: str
    voice: str
    confidence: float = 1.0
    code: str | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact as one article states it. `span` is the clause or sentence that says it.

    In a `Document`, `subject` and `object` are keys of mentions; in a `Resolution` they are ids of entities.
    `rule` names the rule that made it (`partnerOf/2`).
    """

    subject: str
    predicate: str
    object: str | Value
    span: Span
    modality: Modality = "Asserted"
    approximate: bool = False
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """Two mentions of a document that are one thing, and why (`以下简称`, `该公司`)."""

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """What extracted a document: extractor, version, settings. Equal runs are one node in the graph."""

    extractor: str
    version: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An article with what was found in it.

    `dropped` counts claims that an extractor was told and did not take: their words are not in the text, or their ends
    do not fit.
    """

    article: Article
    run: Run
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    ties: tuple[Tie, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing the graph speaks of, as one article shows it.

    `id` is the local part of its IRI (`org-0123456789ab`, `event-…`, `post-…`, `person-…`, `place-…`, `policy-…`),
    ASCII, opaque, deterministic. `names` are the forms this article prints, the fullest first. `label` is the
    description of an event or post without a name of its own, in zh; `label_en` in en. `origins` are what its id may be
    minted from (family, key, context…; see `resolve.mint`), the first of them what it is: a person who holds posts in
    several bodies has one for each. A context may be the id of another entity of the article.
    """

    id: str
    cls: str
    names: tuple[str, ...] = ()
    code: str | None = None
    label: str | None = None
    label_en: str | None = None
    status: Status | None = None
    spans: tuple[Span, ...] = field(default=(), compare=False)
    origins: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """An article whose mentions have become entities, as the article alone tells them apart.

    `publisher` and `authors` are ids of entities; they hold what the metadata says as well as what the text prints.
    """

    article: Article
    run: Run
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    publisher: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Why an entity of one article is taken for one that others know, or might be: a candidate and what speaks for it.

    `own` is the id that the article alone gives, `target` that of the candidate, `score` in [0, 1]; `reasons` are short
    codes of `ontology/grammar/identity.toml` (`printed`, `one`, `place`…). `taken` tells that it is taken for it.
    """

    own: str
    target: str
    score: float
    reasons: tuple[str, ...]
    taken: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """An article whose entities are those of the whole archive: what the triples room writes.

    `ids` maps each id of `resolution` that another one stands for to that one. `retired` are pairs of an id that this
    article would give and the one that replaces it. `links` tell how the ids were found.
    """

    resolution: Resolution
    ids: Mapping[str, str] = field(default_factory=dict)
    retired: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about the graph, as the curation log keeps it.

    `number` counts from 1; `time` is an instant in UTC (`2026-11-29T08:30:00Z`). `do` is one of `merge` (`subject`
    becomes `object`), `split` (in `articles`, `subject` is `object`, a new entity), `apart` (`subject` and `object` are
    two), `rename` (to the name `object`), `retype` (to the class `object`), `match` (is the thing of the IRI `object`
    elsewhere), `reject` and `confirm` (the claim `subject`), `undo` (the decision of number `object`). Ids are local
    parts of IRIs.
    """

    number: int
    time: str
    who: str
    why: str
    do: str
    subject: str = ""
    object: str = ""
    articles: tuple[str, ...] = ()
