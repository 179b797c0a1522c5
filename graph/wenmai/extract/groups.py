"""Which mentions of one article are surely one thing, as far as extraction must know to join events and posts.

Equal names of one kind, and names that the text ties together (以下简称). Who is who for the graph is decided later,
in the resolve room, with more than this.
"""

from __future__ import annotations

from collections.abc import Sequence

from wenmai import ontology
from wenmai.extract.canon import canonical
from wenmai.records import Mention, Tie

_HELPER_CLASSES = ("Address",)


class Groups:
    """A partition of mentions; each group is spoken of by its first member."""

    def __init__(self, mentions: Sequence[Mention], ties: Sequence[Tie]) -> None:
        self._parent = {m.key: m.key for m in mentions}
        self._order = {m.key: m.span.begin for m in mentions}
        named: dict[tuple[str, str], str] = {}
        for mention in mentions:
            if not mention.name or mention.cls in _HELPER_CLASSES:
                continue
            name = (canonical(mention.name), ontology.coarse(mention.cls))
            self._join(mention.key, named.setdefault(name, mention.key))
        for tie in ties:
            self._join(tie.left, tie.right)

    def _join(self, left: str, right: str) -> None:
        one, other = self.first(left), self.first(right)
        if one == other:
            return
        if (self._order.get(other, 0), other) < (self._order.get(one, 0), one):
            one, other = other, one
        self._parent[other] = one

    def first(self, key: str) -> str:
        """Return the key of the first mention of the thing that `key` speaks of."""
        parent = self._parent.get(key, key)
        while parent != (above := self._parent.get(parent, parent)):
            self._parent[key] = above
            key, parent = parent, above
        return parent

    def same(self, left: str, right: str) -> bool:
        """Tell whether two mentions are one thing."""
        return self.first(left) == self.first(right)
