"""A Sphinx extension: pages whose text is made of wenmai itself, at each build, so that it cannot fall behind.

Where a page has a line `<!-- wenmai: NAME -->`, the text of the part NAME stands in its place: Markdown, made of the
ontology, the rules, the queries, the command line, the settings or the server's routes. None of it is kept as a file.

In a table of contents `<!-- wenmai: page NAME -->` is that page if there is one, `<!-- wenmai: pages -->` all that
no line of its own names: whoever writes a page need not do more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai_reference import (
    commands,
    diagram,
    modules,
    options,
    queries,
    questions,
    rules,
    search,
    shapes,
    vocabulary,
    web,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

PARTS: Mapping[str, Callable[[], str]] = {
    "modules": modules.text,
    "classes": diagram.classes,
    "relations": diagram.relations,
    "vocabulary-classes": vocabulary.classes,
    "vocabulary-properties": vocabulary.properties,
    "vocabulary-values": vocabulary.values,
    "shapes": shapes.text,
    "rules": rules.text,
    "queries": queries.text,
    "questions": questions.text,
    "commands": commands.text,
    "options": options.text,
    "web": web.text,
}
_PLACE = re.compile(r"^<!-- wenmai: ([\w-]+) -->$", re.MULTILINE)
_REST = "<!-- wenmai: pages -->"
_PAGE = re.compile(r"^<!-- wenmai: page ([\w/-]+) -->$", re.MULTILINE)


def filled(text: str) -> str:
    """Return the text of a page with what its places name. Raises KeyError for a part that there is not."""
    return _PLACE.sub(lambda found: PARTS[found[1]](), text)


def _read(app: Sphinx, docname: str, source: list[str]) -> None:
    pages = app.env.found_docs
    text = _PAGE.sub(lambda found: found[1] if found[1] in pages else "", source[0])
    if _REST in text:
        named = set(text.splitlines())
        text = text.replace(_REST, "\n".join(sorted(page for page in pages if page != docname and page not in named)))
    source[0] = filled(text)


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Return the pages that are made anew each time: what they are made of is no file that Sphinx watches."""
    pages = (name for name in env.found_docs if "<!-- wenmai: " in Path(env.doc2path(name)).read_text("utf-8"))
    return sorted(set(pages) - removed)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension."""
    app.add_search_language(search.BothLanguages)
    app.connect("source-read", _read)
    app.connect("env-get-outdated", _outdated)
    app.connect("autodoc-process-docstring", modules.tidied)
    app.connect("missing-reference", modules.resolved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
