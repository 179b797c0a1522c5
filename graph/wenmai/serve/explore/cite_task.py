"""What a worker does for a citation: of each claim for a fact its article, day, paper, words and IRI.

As text, BibTeX or RIS. What an article says is data: it is written so that no character of it ends a field or is a
command of TeX, and a line end in it is a space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wenmai.serve.answer import Answer
from wenmai.serve.explore.claims import claims_of
from wenmai.serve.explore.fact_task import asked_facts, named, shown
from wenmai.serve.html import Lang, Links
from wenmai.serve.linked.names import Names
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store

MEDIA = {
    "text": "text/plain; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
ENDINGS = {"text": "txt", "bibtex": "bib", "ris": "ris"}
MOST = 50
"""Articles of one citation."""
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    '"': "{''}",
    "@": "{@}",
}
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Source:
    """One article cited for a fact."""

    fact: str
    key: str
    title: str
    date: str
    paper: str
    quote: str
    iri: str
    modality: str


def cite(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the citation of a line by all its articles as `format`. Raises Problem 400, 404, 410."""
    lang: Lang = call["lang"]
    wanted = asked_facts(store, call)
    names = Names(store, Links(store.base), lang)
    said = [each for each in claims_of(store, wanted) if each.rejected is None]
    if not said:
        raise Problem(404, "no article says this; what is only inferred is cited by the facts it follows from")
    subject, target = (named(store, end, names)["label"] for end in (wanted[0][0], wanted[-1][2]))
    fact = f"{subject} {names.term(wanted[0][1])} {target}"
    sources: dict[str, Source] = {}
    for each in said:
        claim = shown(names, each)
        article = claim["article"]
        source = Source(
            fact,
            article["id"] + "-" + claim["iri"].rpartition("-")[2],
            article["title"],
            article["date"] or "",
            article["paper"] or "",
            claim["quote"],
            claim["span"] or article["iri"],
            claim["modality"],
        )
        sources.setdefault(source.iri, source)
    write: Callable[[Source], str] = {"text": _text, "bibtex": _bibtex, "ris": _ris}[call["format"]]
    kept = list(sources.values())[:MOST]
    body = ("\r\n" if call["format"] == "ris" else "\n").join(write(each) for each in kept)
    name = f'attachment; filename="wenmai-citation.{ENDINGS[call["format"]]}"'
    headers = {} if call["format"] == "text" else {"Content-Disposition": name}
    return Answer(body.encode(), MEDIA[call["format"]], headers=headers)


def plain(text: str) -> str:
    """Return text on one line, without what cannot be seen."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def tex(text: str) -> str:
    """Return text as TeX sets it, for a field in braces: braces match and nothing is a command."""
    return "".join(_TEX.get(char, char) for char in plain(text))


def _how(source: Source) -> str:
    """Return what tells that an article does not say it as so."""
    return "" if source.modality == "Asserted" else f" [{source.modality}]"


def _text(source: Source) -> str:
    where = ", ".join(filter(None, [plain(source.paper), source.date]))
    return f"{plain(source.title)}. {where}{'. ' if where else ''}“{plain(source.quote)}”{_how(source)} {source.iri}\n"


def _bibtex(source: Source) -> str:
    fields = {
        "title": tex(source.title),
        "journal": tex(source.paper),
        "date": source.date,
        "year": source.date[:4],
        "url": _url(source.iri),
        "note": tex(f"“{plain(source.quote)}” ({plain(source.fact)}){_how(source)}"),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{{source.key},\n{lines}}}\n"


def _ris(source: Source) -> str:
    """Return one record; its lines end as the format has them: CR LF."""
    fields = [
        ("TY", "NEWS"),
        ("TI", plain(source.title)),
        ("T2", plain(source.paper)),
        ("PY", source.date[:4]),
        ("DA", source.date.replace("-", "/") + "/" if source.date else ""),
        ("UR", source.iri),
        ("AB", plain(source.quote)),
        ("N1", plain(source.fact) + _how(source)),
        ("ID", source.key),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def _url(iri: str) -> str:
    """Return an IRI for BibTeX, whose url takes all but what ends a field or begins a comment."""
    return re.sub(r"[{}%\\\s]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), iri)
