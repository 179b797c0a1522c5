"""`backup`, `restore`, `migrate`: a store that outlives its disk and its format."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from wenmai.cli.output import complain
from wenmai.cli.parser import Parser, add_command
from wenmai.errors import UsageError

if TYPE_CHECKING:
    from wenmai.cli.parser import Commands
    from wenmai.store.backup import Kept

_BACKUP = """\
  wenmai backup /mnt/disk2/news-2026-11-29
  wenmai backup before-curation --link     at once: hard links, no copy"""

_RESTORE = """\
  wenmai restore /mnt/disk2/news-2026-11-29 --store news
  wenmai restore before-curation --replace"""

_MIGRATE = """\
  wenmai migrate --dry-run                 what would be done; changes nothing
  wenmai migrate --store news"""


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = add_command(commands, "backup", "write a backup of the store, while it is in use", _BACKUP)
    parser.add_argument("folder", metavar="DIR", help="a folder that is not there yet, or empty")
    _add_folder(parser)
    parser.add_argument(
        "--link",
        action="store_true",
        help="hard links in place of copies: at once, on the same file system only, and no help against a bad disk",
    )
    parser.set_defaults(run=_backup)

    parser = add_command(commands, "restore", "make a store of a backup, every byte verified", _RESTORE)
    parser.add_argument("folder", metavar="DIR", help="the backup")
    _add_folder(parser)
    parser.add_argument("--replace", action="store_true", help="put it in the place of the store that is there")
    parser.set_defaults(run=_restore)

    parser = add_command(commands, "migrate", "bring a store of an older format up to date", _MIGRATE)
    _add_folder(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
    parser.set_defaults(run=_migrate)


def _add_folder(parser: Parser) -> None:
    from wenmai.cli.parser import DEFAULT_STORE

    parser.add_argument(
        "--store", default=DEFAULT_STORE, metavar="DIR", help="the store's folder (default: ./%(default)s)"
    )


def _folder(options: argparse.Namespace) -> Path:
    """Return the store's folder. Raises UsageError for a store that is none."""
    text = str(options.store)
    if text == "memory:" or "://" in text or Path(text).suffix in {".toml", ".json"}:
        raise UsageError(f"{text}: only a store in a folder can be kept this way; a server has backups of its own")
    return Path(text)


def _backup(options: argparse.Namespace) -> int:
    from wenmai.store.backup import backup

    kept = backup(_folder(options), Path(options.folder), link=options.link)
    for note in kept.notes:
        complain(f"{options.store}: {note}")
    links = ", tables by hard links: proof against mistakes, not against a bad disk" if kept.linked else ""
    print(f"{options.folder}: {_told(kept)}{links}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from wenmai.store.restore import restore

    kept = restore(Path(options.folder), _folder(options), replace=options.replace)
    how = "; every byte verified" if kept.summed else "; tables compared by size, the rest to the byte"
    print(f"{options.store}: restored {_told(kept)}{how}")
    return 0


def _told(kept: Kept) -> str:
    return f"snapshot {kept.snapshot}, {kept.files} files, {kept.bytes / 1e6:.1f} MB"


def _migrate(options: argparse.Namespace) -> int:
    from wenmai.store import open_store
    from wenmai.store.folder import FORMAT, Folder, is_new
    from wenmai.store.migrations import pending

    path = _folder(options)
    if not is_new(path):
        folder = Folder(path)
        steps = pending(folder)
        for step in steps:
            print(f"{path}: format {step.to - 1} to {step.to}: {step.about}")
        if options.dry_run or not steps:
            print(f"{path}: {'nothing was changed' if steps else f'format {FORMAT}, there is nothing to do'}")
            return 0
    open_store(path, write=True).close()
    print(f"{path}: format {FORMAT}")
    return 0
