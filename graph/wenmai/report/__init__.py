"""A quality report on a store: one HTML file, without a script and without a network.

Takes an open store, gives the page. What an article says is text in it and nothing else; a content security policy
allows its one style sheet and forbids all else. The same store gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai import __version__, ontology
from wenmai.report.charts import bars, columns, histogram
from wenmai.report.figures import Figures, gather, labelled
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["page", "report"]

_HERE = Path(__file__).parent
_MOST_BARS = 18
_TENTHS = [number / 20 for number in range(21)]


def report(store: Store) -> str:
    """Return the report on a store as HTML text. Raises StoreError; UsageError without matplotlib."""
    return page(gather(store))


def page(figures: Figures) -> str:
    """Return the page that shows `figures`."""
    import jinja2
    from markupsafe import Markup

    style = (_HERE / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(
        autoescape=True, loader=jinja2.FileSystemLoader(_HERE), undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["plain"] = _plain
    environment.filters["term"] = _term
    return environment.get_template("page.html").render(
        version=__version__,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704 - our own file
        charts={name: Markup(svg) for name, svg in _charts(figures).items()},  # noqa: S704 - our own drawing
        it=figures,
        share=_share,
    )


def _charts(figures: Figures) -> dict[str, str]:
    counted, coverage = figures.counted, figures.coverage
    return {
        "claims": histogram(
            coverage.claims_an_article,
            _edges(coverage.claims_an_article),
            "claims",
            "每篇报道的陈述数 Claims an article",
            "陈述数 claims",
        ),
        "months": columns(coverage.months, "months", "每月报道数 Articles a month"),
        "classes": bars(labelled(counted.classes, _MOST_BARS), "classes", "各类实体 Entities by class"),
        "relations": bars(
            labelled({k: v for k, v in counted.properties.items() if k not in _OF_ARTICLES}, _MOST_BARS),
            "relations",
            "各种关系 Facts by relation",
        ),
        "modality": bars(labelled(counted.claims, _MOST_BARS), "modality", "情态 Claims by modality"),
        "confidence": histogram(
            figures.confidence, _TENTHS, "confidence", "置信度 Claims by confidence", "置信度 confidence"
        ),
    }


_OF_ARTICLES = ("mentions", "author", "publishedIn", "publishedOn", "eventStatus")


def _edges(values: Sequence[int]) -> list[float]:
    """Return the edges of at most some thirty bins of whole numbers, from 0 to the largest value."""
    step = max(1, -(-(max(values, default=0) + 1) // 30))
    return [edge - 0.5 for edge in range(0, max(values, default=0) + step + 1, step)]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _plain(text: str) -> str:
    """Return `text` without control characters and those that turn the direction of writing."""
    from wenmai.review.output import plain

    return plain(text)


def _term(name: str) -> str:
    try:
        return f"{ontology.label(name, 'zh')} {name}"
    except KeyError:
        return name
