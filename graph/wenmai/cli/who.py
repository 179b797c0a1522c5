"""`who`: which entity a name is, across articles, and why."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from wenmai.cli.output import complain, printable
from wenmai.cli.parser import add_command, add_store
from wenmai.errors import UsageError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from wenmai.cli.parser import Commands
    from wenmai.records import Link
    from wenmai.store import Store

_WHO = """\
  wenmai who 申能                what bears the name, what was taken for it and why, what may be
  wenmai who org-0123456789ab"""

_SHOWN = 20


def register(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "who", "show which entity a name is in which article, and why", _WHO)
    parser.add_argument("name", metavar="NAME", help="a name, an id or an IRI")
    add_store(parser)
    parser.set_defaults(run=_who)


def _who(options: argparse.Namespace) -> int:
    import pyoxigraph as ox

    from wenmai.query.bind import meant
    from wenmai.query.library import Parameter
    from wenmai.store import open_store
    from wenmai.triples import local_id

    with closing(open_store(options.store)) as store:
        notes: list[str] = []
        nodes = [
            n for n in meant(Parameter("NAME", "entity"), options.name, store, notes) if isinstance(n, ox.NamedNode)
        ]
        for note in notes:
            complain(note)
        for node in nodes:
            _tell(store, node, _links(store, local_id(node)))
    return 0


def _links(store: Store, entity: str) -> list[tuple[str, Link]]:
    """Return how articles' names were taken for the entity, or might be."""
    from wenmai.resolve.known import Known
    from wenmai.resolve.registry import FILE, VERSION
    from wenmai.store.sidecar import reading

    path = store.beside(FILE)
    if path is None:
        raise UsageError(f"{store.location}: reasons are kept in a store's folder; there is none here")
    with reading(path, VERSION) as db:
        return list(Known(db).links_of(entity)) if db is not None else []


def _tell(store: Store, node: ox.NamedNode, links: list[tuple[str, Link]]) -> None:
    import pyoxigraph as ox

    from wenmai.store import DEFAULT
    from wenmai.triples import local_id, terms

    def values(predicate: ox.NamedNode) -> list[str]:
        found = (quad.object for quad in store.match(node, predicate, None, DEFAULT))
        return sorted({v.value for v in found if isinstance(v, (ox.Literal, ox.NamedNode))}, key=lambda v: (-len(v), v))

    new = values(terms.REPLACED_BY)
    head = " · ".join(values(terms.PREF_LABEL)[:1]) or "(replaced)"
    print(printable(f"{local_id(node)}  {head}"))
    for title, found in (("names", values(terms.ALT_LABEL)), ("same elsewhere", values(terms.EXACT_MATCH))):
        if found:
            print(printable(f"  {title}: {'、'.join(found)}"))
    if new:
        print(printable(f"  replaced by: {', '.join(iri.rpartition('/')[2] for iri in new)}"))
    old = [quad.subject for quad in store.match(None, terms.REPLACED_BY, node, DEFAULT)]
    if old:
        print(f"  replaces: {', '.join(sorted(local_id(each) for each in old if isinstance(each, ox.NamedNode)))}")
    for taken, title in ((True, "taken for it"), (False, "might be it, and is not taken for it")):
        kind = [(article, link) for article, link in links if link.taken == taken]
        if kind:
            print(f"  {title}:")
        for article, link in kind[:_SHOWN]:
            print(printable(f"    {link.own} in {article}  {link.score:.2f}  {', '.join(link.reasons)}"))
        if len(kind) > _SHOWN:
            print(f"    and {len(kind) - _SHOWN} more")
