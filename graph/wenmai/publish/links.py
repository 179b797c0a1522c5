"""Links between the files of a site: relative, so that they lead on below any path and in the file system."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass, field, replace

from wenmai.serve.html import Lang, Links

FORMATS = (("ttl", "Turtle"), ("jsonld", "JSON-LD"))
"""The formats in which a site has the data of a page."""


@dataclass(frozen=True, slots=True)
class SiteLinks(Links):
    """Links of one page; `prefix` leads up to the root of the site.

    `other` is the same page in the other language. `parts` are the rests of long lists that the page leads to, each
    with its part and start: they are pages to be written too.
    """

    other: str = ""
    parts: set[tuple[str, int]] = field(default_factory=set, compare=False)

    def to(self, path: str, **query: str | int) -> str:
        """Return the link to a page of the site; the root is a file too."""
        found = path if path.endswith(self.ending) else f"{'/index' if path == '/' else path}{self.ending}"
        asked = {name: str(value) for name, value in query.items() if value not in ("", 0)}
        return self.prefix + found + (f"?{urllib.parse.urlencode(asked)}" if asked else "")

    def switch(self, lang: Lang) -> str:
        """Return the link to the same page in the other language; empty where there is none."""
        return self.other

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """The endings and names of the formats in which the data of a page is there."""
        return FORMATS

    def part(self, iri: str, part: str, start: int = 0) -> str:
        """Return the link to the rest of one list, and note that it is wanted."""
        self.parts.add((part, start))
        return f"{self.prefix}/doc/{part_name(iri.rpartition('/')[2], part, start)}{self.ending}"

    def at(self, ending: str, other: str) -> SiteLinks:
        """Return the links of a page whose name ends with `ending`, and that is at `other` in the other language."""
        return replace(self, ending=ending, other=other, parts=set())


def part_name(local: str, part: str, start: int) -> str:
    """Return the name of the file, without its ending, that has the rest of a list of a page."""
    return f"{local}.{part}" + (f"-{start}" if start else "")
