"""`publish`: the graph as a site of files, for any web server."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import progress
from wenmai.cli.parser import add_command
from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands

_PUBLISH = """\
  wenmai publish site && python3 -m http.server --directory site
  wenmai publish /var/www/news --public-base https://library.example/news/
  wenmai publish site --title 城市记忆 --publisher 某某图书馆 \\
      --licence https://creativecommons.org/licenses/by/4.0/"""

_SHARED = ("store", "public_base", "title", "publisher", "licence")
"""What a site has in common with `wenmai serve`, and `wenmai.toml` says for both."""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "publish", "write the graph as a site of files, for any web server", _PUBLISH)
    parser.add_argument("folder", metavar="FOLDER", help="the site's folder; what `publish` wrote there is replaced")
    parser.add_argument("--store", metavar="DIR", help="a folder, a SPARQL server's URL or its settings file")
    parser.add_argument("--public-base", metavar="URL", help="what IRIs begin with, in place of the store's base")
    parser.add_argument("--url", default="", metavar="URL", help="where the site is reached, if not at its IRIs")
    parser.add_argument("--title", help="what the dataset is called")
    parser.add_argument("--publisher", metavar="NAME", help="who publishes it: a name or an IRI")
    parser.add_argument("--licence", metavar="IRI", help="the licence the data is under")
    parser.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="of pages (default: %(default)s)")
    parser.add_argument("--no-dumps", action="store_true", help="leave out the dumps of the whole dataset")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: one a processor)")
    parser.set_defaults(run=_publish)


def _publish(options: argparse.Namespace) -> int:
    from wenmai.publish.site import Options, publish
    from wenmai.serve.config import load
    from wenmai.serve.html import LANGS, as_lang
    from wenmai.store.folder import checked_base

    if options.workers < 0:
        raise UsageError("--workers is a number of processes, 1 or more")
    flags = {name: value for name in _SHARED if (value := getattr(options, name)) is not None}
    settings = load(flags).settings
    given = Options(
        title=settings.title,
        publisher=settings.publisher,
        licence=settings.licence,
        published=_when(settings.store),
        public=checked_base(settings.public_base) if settings.public_base else "",
        url=checked_base(options.url) if options.url else "",
        langs=LANGS if options.lang == "both" else (as_lang(options.lang),),
        with_dumps=not options.no_dumps,
    )
    with progress() as show:
        site = publish(settings.store, Path(options.folder), given, options.workers, show)
    print(f"{options.folder}: {site.pages:,} pages; {site.files:,} files, {site.bytes / 1e6:,.1f} MB")
    return 0


def _when(store: str) -> str:
    """Return when the store was published, as ISO 8601, or the time that SOURCE_DATE_EPOCH says; empty if unknown."""
    import datetime as dt

    try:
        text = os.environ.get("SOURCE_DATE_EPOCH")
        posix = int(text) if text else int((Path(store) / "current").stat().st_mtime)
        return dt.datetime.fromtimestamp(posix, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OSError, ValueError, OverflowError):
        return ""
