"""`explain`: why an article says, or does not say, something to wenmai."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, complain_of, printable
from wenmai.cli.parser import add_command, add_tagger, day
from wenmai.cli.status import REFUSED
from wenmai.errors import UsageError
from wenmai.records import Claim, Refusal, Span, Value

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.extract.names.voices import Voice
    from wenmai.extract.trace import Sentence, Trace
    from wenmai.records import Article, Document

_EXPLAIN = """\
  wenmai explain article.txt --date 2017-04-21
  wenmai explain page-20170421.txt --sentence 3
  echo '海棠公司昨天与远山公司签署合作协议。' | wenmai explain - --date 2017-04-21"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "explain", "show which names and rules were seen in an article, and why", _EXPLAIN)
    parser.add_argument("source", metavar="ARTICLE", help="a file, or - for input")
    parser.add_argument("--sentence", type=int, metavar="N", help="this sentence alone, counted from 1 in each article")
    parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="the day of articles that do not say theirs")
    add_tagger(parser)
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    from wenmai.extract.builtin import BuiltinExtractor
    from wenmai.read import ReadOptions, read, sources

    extractor, refused, shown = BuiltinExtractor(), False, 0
    for source in sources([options.source]):
        items = [source] if isinstance(source, Refusal) else read(source, ReadOptions(date=options.date))
        for item in items:
            if isinstance(item, Refusal):
                complain_of([item])
                refused = True
                continue
            document, trace = extractor.explain(item)
            shown += _print(item, document, trace, options.sentence)
    if options.sentence is not None and not shown and not refused:
        raise UsageError(f"{options.source}: there is no sentence {options.sentence}; without --sentence all are shown")
    return REFUSED if refused else 0


def _print(article: Article, document: Document, trace: Trace, only: int | None) -> int:
    """Print the sentences of an article, or one of them; return how many."""
    wanted = [(n, s) for n, s in enumerate(trace.sentences, 1) if only in (None, n)]
    if wanted:
        print(f"# {printable(article.id)}  {printable(article.title)}  {article.date or 'no date'}\n")
    if not trace.sentences:
        complain(f"{article.id}: no sentence is read in it: it has neither body nor captions")
    for number, sentence in wanted:
        print(f"{number:>3}  {printable(sentence.span.of(article.text))}")
        for kind, line in _lines(document, trace, sentence):
            print(f"     {kind:<9} {printable(line)}")
        print()
    return len(wanted)


def _lines(document: Document, trace: Trace, sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Give what is to be said of a sentence, line by line, each with what kind of thing it is."""
    place = sentence.span
    names = {mention.key: mention.name or f"({mention.cls})" for mention in document.mentions}
    for mention in document.mentions:
        if place.covers(mention.span) and mention.voice != "rule":
            yield "mention", f"{mention.name}  {mention.cls}  by {mention.voice}, {mention.confidence:.2f}"
            yield from (("voice", _heard(v)) for v in trace.voices if v.span.overlaps(mention.span))
    mentions = [mention.span for mention in document.mentions if mention.voice != "rule"]
    for voice in trace.voices:
        if place.covers(voice.span) and not any(voice.span.overlaps(span) for span in mentions):
            yield "no name", _heard(voice)
    yield "symbols", sentence.symbols
    for fired in trace.fired:
        if place.covers(fired.span):
            slots = "  ".join(f"{slot}={name}" for slot, name in fired.slots if slot)
            yield "fired", f"{fired.rule}  {fired.modality}  {slots}"
    for near in trace.near:
        if place.covers(near.span):
            yield "nearly", f"{near.rule}  {near.why}"
    for claim in document.claims:
        if _within(claim.span, place):
            about = " approximate" if claim.approximate else ""
            yield "claim", f"{_told(claim, names)}  {claim.rule}, {claim.modality}{about}, {claim.confidence:.2f}"
    for claim, why in trace.refused:
        if _within(claim.span, place):
            yield "refused", f"{_told(claim, names)}  {claim.rule}: {why}"


def _heard(voice: Voice) -> str:
    """Tell what a finder took for a name: a + where it stands, a - where another was better."""
    sign, cls = "+" if voice.stands else "-", voice.cls or "(no class)"
    return f"{sign} {voice.words}  {cls}  {voice.voice}, {voice.confidence:.2f}, tier {voice.tier}: {voice.why}"


def _within(span: Span, sentence: Span) -> bool:
    """Tell whether a claim belongs to a sentence: its words end there."""
    return sentence.begin < span.end <= sentence.end


def _told(claim: Claim, names: dict[str, str]) -> str:
    value = claim.object.text if isinstance(claim.object, Value) else names.get(claim.object, claim.object)
    return f"{names.get(claim.subject, claim.subject)} {claim.predicate} {value}".strip()
