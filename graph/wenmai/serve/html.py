"""What every page shares: the templates, the words of the interface, and links.

Text that comes from a store is data: templates escape it, links lead to pages of this server or to http and https, and
no page has a script or a style in it. `Links` is the one place where a path becomes the value of an `href`.
"""

from __future__ import annotations

import json
import re
import tomllib
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from wenmai import __version__
from wenmai.namespaces import WENMAI
from wenmai.serve.assets import assets

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
HTML = "text/html; charset=utf-8"

_HERE = Path(__file__).parent
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_OURS = {"id": "doc", "graph": "graph"}
_FORMATS = (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML"), ("trig", "TriG"))


@dataclass(frozen=True, slots=True)
class Links:
    """Where things are. `base` is what the store's IRIs begin with, `prefix` the path that stands before all of ours.

    `lang` is the language that the reader asked for by hand, which links keep; `ending` is put after the path of a page
    where pages are files (`.html`).
    """

    base: str
    prefix: str = ""
    lang: str = ""
    ending: str = ""

    def to(self, path: str, **query: str | int) -> str:
        """Return the link to a path of this server, which begins with a slash; the last argument may be empty."""
        asked = {name: str(value) for name, value in query.items() if value not in ("", 0)}
        if self.lang:
            asked.setdefault("lang", self.lang)
        return self.prefix + path + (f"?{urllib.parse.urlencode(asked)}" if asked else "")

    def in_other(self, lang: Lang) -> Links:
        """Return the links to pages in the language of the interface that is not `lang`."""
        return replace(self, lang="en" if lang == "zh" else "zh")

    def of(self, iri: str) -> str:
        """Return the link that opens an IRI, or an empty one: a page of ours, a term of the ontology, the web."""
        if iri.startswith(self.base):
            kind, _, rest = iri[len(self.base) :].partition("/")
            local, mark, fragment = rest.partition("#")
            if kind not in _OURS or not _LOCAL.fullmatch(local):
                return ""
            return self.to(f"/{_OURS[kind]}/{local}{self.ending}") + mark + urllib.parse.quote(fragment, safe="=,")
        if iri.startswith(WENMAI):
            return self.to(f"/ns{self.ending}") + "#" + urllib.parse.quote(iri[len(WENMAI) :])
        return iri if iri.startswith(("https://", "http://")) else ""

    def part(self, iri: str, part: str, start: int = 0) -> str:
        """Return the link to the rest of one list of a page, from its entry `start` on."""
        return replace(self, ending="").to(f"/doc/{iri.rpartition('/')[2]}", part=part, start=start)

    def file(self, iri: str, ending: str) -> str:
        """Return the link to what is at an IRI in one format (`ttl`, `jsonld`…)."""
        kind, _, local = iri.removeprefix(self.base).partition("/")
        return f"{self.prefix}/{_OURS.get(kind, kind)}/{local}.{ending}"

    def switch(self, lang: Lang) -> str:
        """Return the link to the same page in the language that it is not in."""
        return f"?lang={'en' if lang == 'zh' else 'zh'}"

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """The endings and names of the formats in which the data of a page is there."""
        return _FORMATS

    def static(self, name: str) -> str:
        """Return the link to a file of `static/`; its name has a sum of its content. Raises KeyError."""
        return f"{self.prefix}/static/{assets()[name].served}"


def forms(links: Links, lang: Lang) -> dict[str, object]:
    """Return what the script of forms is told: where suggestions are, and its words."""
    return {"suggest": f"{links.prefix}/search/suggest", "base": links.base, "texts": words(lang, "form_")}


def as_lang(text: str) -> Lang:
    """Return a language of the interface: Chinese for all that is not English."""
    return "en" if text == "en" else "zh"


def language(asked: str, accept: str | None) -> Lang:
    """Return the language a reader wants: by `?lang=`, else by Accept-Language (RFC 9110, 12.5.4), else Chinese."""
    if asked in LANGS:
        return as_lang(asked)
    best: tuple[float, Lang] = (0.0, "zh")
    for each in (accept or "").lower().split(",")[:32]:
        name, _, weight = each.partition(";")
        primary = name.strip().partition("-")[0]
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            continue
        if primary in LANGS and best[0] < quality <= 1:
            best = quality, as_lang(primary)
    return best[1]


@cache
def texts(lang: Lang) -> dict[str, str]:
    """Return the words of the interface by key: those of `texts.toml` and of the files in `texts/`.

    Raises ValueError where two files have one key.
    """
    found: dict[str, str] = {}
    for path in (_HERE / "texts.toml", *sorted((_HERE / "texts").glob("*.toml"))):
        table = tomllib.loads(path.read_text("utf-8"))
        if again := found.keys() & table.keys():
            raise ValueError(f"{path.name}: {', '.join(sorted(again))}: is in another file of texts too")
        found |= {key: words[lang] for key, words in table.items()}
    return found


def words(lang: Lang, prefix: str) -> dict[str, str]:
    """Return the words whose keys begin with `prefix`, without it: what a script is given, by `data_block`."""
    return {key.removeprefix(prefix): text for key, text in texts(lang).items() if key.startswith(prefix)}


@cache
def environment() -> Environment:
    """Return the templates, all of them compiled: a worker has them before the first request."""
    import jinja2

    made = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["number"] = lambda number: f"{number:,}"
    made.filters["plain"] = plain
    for name in made.list_templates():
        made.get_template(name)
    return made


def render(template: str, links: Links, lang: Lang, values: Mapping[str, Any]) -> bytes:
    """Return a page. Templates see `values`, the links as `links`, the words of the interface as `t`."""
    page = environment().get_template(template)
    shown = {
        "links": links,
        "lang": lang,
        "t": texts(lang),
        "version": __version__,
        "home": False,
        "path": "/",
        **values,
    }
    return page.render(shown).encode()


def plain(text: str) -> str:
    """Return text without what turns the direction of writing or cannot be seen; line ends stay."""
    return "".join(c for c in text if c in "\n\t\u3000" or c.isprintable())


def data_block(value: object) -> Markup:
    """Return JSON that may stand within a `script` element of a data type: nothing in it can end the element."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for found in "<>&\u2028\u2029":
        text = text.replace(found, f"\\u{ord(found):04x}")
    return Markup(text)  # noqa: S704 - made safe above
