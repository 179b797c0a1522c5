"""One page that holds the network: pyvis's nodes and edges, vis-network's code, our own script and style, nothing else.

pyvis renders our template in place of its own, which asks CDNs for Bootstrap even when its resources are in line.
A content security policy in the page names the two scripts and the style by their hashes and forbids all else, so that
no text of an article can run, load or send anything, whatever it holds.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenmai import __version__, ontology
from wenmai.view.facts import Evidence
from wenmai.view.picture import FONTS, Dot, Picture, draw, plain, wrap
from wenmai.view.style import GROUPS, LINES, TEXTS, Lang, class_label
from wenmai.view.svg import mark, sample

if TYPE_CHECKING:
    from wenmai.view.project import Graph

_HERE = Path(__file__).parent
_CROWDED = 400
"""Lines from which on some are hidden while the picture is dragged."""


@dataclass(slots=True)
class _Articles:
    """The articles quoted, each once: quotes name them by number."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def number(self, quote: Evidence) -> int:
        """Return the number of the quote's article."""
        row = (quote.article, quote.title, quote.date)
        if row not in self.numbers:
            self.numbers[row] = len(self.rows)
            self.rows.append(row)
        return self.numbers[row]

    def quotes(self, evidence: tuple[Evidence, ...]) -> list[list[object]]:
        """Return quotes as the page's script reads them."""
        return [[self.number(each), each.quote, each.modality, each.approximate] for each in evidence]


def page(graph: Graph, lang: Lang = "zh", title: str | None = None, notice: str = "") -> str:
    """Return the page as HTML text. `notice` is shown above the picture.

    The page needs no network and no other file. Names, quotes and titles are data in it and shown as text.
    """
    import jinja2
    import pyvis.network

    texts = TEXTS[lang]
    picture = draw(graph, lang)
    articles = _Articles()
    make: Any = pyvis.network.Network  # pyvis carries no types
    network = make(directed=True, cdn_resources="in_line")
    _fill(network, graph, picture, lang, articles)
    heading = plain(title or texts["title"])
    css, script, library = _read("page.css"), _read("page.js"), _library()
    environment = jinja2.Environment(autoescape=True, loader=jinja2.FileSystemLoader(_HERE))
    environment.globals["page"] = {
        "lang": "zh-Hans" if lang == "zh" else "en",
        "version": __version__,
        "policy": _policy(scripts=(library, script), style=css),
        "title": heading,
        "summary": texts["summary"].format(nodes=f"{len(graph):,}", edges=f"{graph.number_of_edges():,}"),
        "notice": notice or ("" if len(graph) else texts["empty"]),
        "texts": texts,
        "kinds": {line.key: line.zh if lang == "zh" else line.en for line in LINES},
        "articles": articles.rows,
        "options": _options(graph.number_of_edges()),
        "css": css,
        "script": script,
        "library": library,
        "groups": _legend_of_groups(picture, lang),
        "lines": _legend_of_lines(picture, lang),
    }
    network.templateEnv, network.path = environment, "page.html"
    html: str = network.generate_html()
    return html


def _fill(network: Any, graph: Graph, picture: Picture, lang: Lang, articles: _Articles) -> None:
    """Put dots and strokes into pyvis's network, with what the page's script shows of each."""
    for number, dot in enumerate(picture.dots):
        shown = _shown(graph.nodes[dot.iri], lang, articles)
        network.add_node(number, label="\n".join(dot.lines), iri=dot.iri, **_drawn(dot), **shown)
    for number, stroke in enumerate(picture.strokes):
        ends = picture.dots[stroke.source].iri, picture.dots[stroke.target].iri
        data = graph.edges[(*ends, stroke.key)]
        turn = "curvedCW" if stroke.bend > 0 else "curvedCCW"
        network.add_edge(
            stroke.source,
            stroke.target,
            id=number,
            label=stroke.label,
            color=stroke.line.colour,
            width=stroke.line.width,
            dashes=list(stroke.line.dashes) or False,
            arrows="to" if stroke.arrow else "",
            smooth={"enabled": True, "type": turn, "roundness": abs(stroke.bend)} if stroke.bend else False,
            kind=stroke.line.key,
            evidence=articles.quotes(data["evidence"]),
            stated=data["stated"],
        )


def _drawn(dot: Dot) -> dict[str, object]:
    """Return how vis-network draws a dot."""
    chosen = {"background": dot.group.colour, "border": "#000000"}
    return {
        "shape": dot.group.shape,
        "x": dot.x,
        "y": dot.y,
        "size": dot.radius,
        "color": {
            "background": dot.group.colour,
            "border": dot.group.border,
            "highlight": chosen,
            "hover": chosen,
        },
        "borderWidth": 4 if dot.focus else 1.5,
        "shapeProperties": {"borderDashes": [4, 3] if dot.pending else False},
        "font": {"size": dot.font},
    }


def _shown(data: dict[str, Any], lang: Lang, articles: _Articles) -> dict[str, object]:
    """Return what the page's script shows of an entity: its names, class and facts with their quotes."""
    return {
        "name": data[lang],
        "short": wrap(data[lang], 9, 1)[0],
        "cls": class_label(data["cls"], lang),
        "names": [name for name in dict.fromkeys((data["zh"], *data["names"])) if name != data[lang]],
        "status": data["status"],
        "facts": [
            {
                "label": ontology.label(fact.prop, lang),
                "value": fact.value,
                "kind": fact.kind,
                "evidence": articles.quotes(fact.evidence),
                "stated": fact.stated,
            }
            for fact in data["facts"]
        ],
    }


def _options(edges: int) -> dict[str, object]:
    """Return vis-network's options (https://visjs.github.io/vis-network/docs/network/): nothing moves by itself."""
    face = ", ".join(FONTS) + ", sans-serif"
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "hideEdgesOnDrag": edges > _CROWDED, "hideEdgesOnZoom": edges > _CROWDED},
        "nodes": {
            "font": {"face": face, "color": "#111111", "strokeWidth": 3, "strokeColor": "#ffffff"},
            "scaling": {"label": {"drawThreshold": 10}},
        },
        "edges": {
            "smooth": False,
            "selectionWidth": 2,
            "hoverWidth": 1,
            "arrows": {"to": {"scaleFactor": 0.6}},
            "font": {"face": face, "size": 13, "color": "#333333", "strokeWidth": 4, "strokeColor": "#ffffff"},
            # Labels of lines are drawn only near: at a scale where their letters have this many pixels.
            "scaling": {"label": {"drawThreshold": 9}},
        },
    }


def _legend_of_groups(picture: Picture, lang: Lang) -> list[dict[str, object]]:
    drawn = {dot.group.key for dot in picture.dots}
    groups = [each for each in GROUPS if each.key in drawn]
    return [{"svg": mark(each, 8), "label": each.zh if lang == "zh" else each.en} for each in groups]


def _legend_of_lines(picture: Picture, lang: Lang) -> list[dict[str, object]]:
    drawn = {stroke.line.key for stroke in picture.strokes}
    lines = [each for each in LINES if each.key in drawn]
    return [{"svg": sample(each), "label": each.zh if lang == "zh" else each.en} for each in lines]


def _policy(scripts: tuple[str, ...], style: str) -> str:
    """Return the page's content security policy (https://www.w3.org/TR/CSP3/): only these scripts and this style."""
    allowed = " ".join(_digest(text) for text in scripts)
    rest = "img-src data:; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; {rest}"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def _library() -> str:
    """Return vis-network as pyvis carries it, with line ends as browsers hash them and without its source map."""
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    text = path.read_text("utf-8").replace("\r\n", "\n")
    return text.replace("//# sourceMappingURL=vis-network.min.js.map", "")
