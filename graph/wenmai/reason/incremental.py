"""The closure kept up with one commit: what comes to be inferred by it, and what is inferred no longer.

Triples of properties first, classes last, since no class gives a property's triple (see `rules`). What is new is
followed forward. What is withdrawn is followed forward too, but only past triples that cannot be proven from what is
still asserted: the backward/forward algorithm of Motik, Nenov, Piro and Horrocks, "Incremental Update of Datalog
Materialisation: the Backward/Forward Algorithm" (AAAI 2015). Deleting first and deriving again (DRed, Gupta, Mumick
and Subrahmanian 1993) would take out and put back all that lies in a city when one of two ways to it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from wenmai.reason.closure import closure
from wenmai.reason.rules import TYPE, Rules, rules
from wenmai.reason.view import Line, Lines, View, line_of
from wenmai.triples.iris import inferred_iri
from wenmai.triples.merge import DEFAULT, Matcher


def with_inferred(
    store: Matcher, base: str, add: Iterable[ox.Quad], remove: Iterable[ox.Quad], given: Rules | None = None
) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Complete a commit so that the store is closed after it; return its (add, remove), in no order.

    `add` and `remove` are what `triples.delta` returns: quads of articles' graphs, and facts that become asserted, or
    are asserted no longer, in the default graph. What they say of the inferred graph is worked out anew. After the
    commit, what follows and is not asserted stands in `<base>graph/inferred` and in the default graph; a fact that is
    withdrawn and still follows goes over to the inferred ones. The store must be closed before: one in which nothing
    was inferred yet is closed as a whole. `given` are the rules of another ontology than ours. Raises StoreError.
    """
    inferred = inferred_iri(base)
    add, remove = set(add), set(remove)
    remove -= add
    kept = {quad for quad in add if quad.graph_name != inferred}
    gone = {quad for quad in remove if quad.graph_name != inferred}
    table = given or rules()
    if next(store.match(None, None, None, inferred), None) is None:
        present = {quad for quad in store.match(None, None, None, DEFAULT) if quad not in gone}
        follows = closure([*present, *(quad for quad in kept if quad.graph_name == DEFAULT)], table)
        new = {ox.Quad(t.subject, t.predicate, t.object, g) for t in follows for g in (inferred, DEFAULT)}
        return [*kept, *new], [*(gone - new)]
    change = _Change(View(store, inferred), table)
    return change.commit(kept, gone)


class _Change:
    """One commit: what it asserts and withdraws, and what that does to the closure."""

    def __init__(self, view: View, table: Rules) -> None:
        self.view = view
        self.rules = table
        self.asserted: set[Line] = set()
        self.withdrawn: set[Line] = set()
        self.lost: set[Line] = set()
        self.come: defaultdict[bool, set[Line]] = defaultdict(set)
        self.go: defaultdict[bool, set[Line]] = defaultdict(set)

    def commit(self, add: set[ox.Quad], remove: set[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Return the whole commit; see `with_inferred`."""
        for quads, facts in ((add, self.asserted), (remove, self.withdrawn)):
            for quad in tuple(quads):
                if quad.graph_name == DEFAULT and quad.predicate.value in self.rules.concerned:
                    line = line_of(quad)
                    if line is not None:
                        facts.add(line)
                        quads.discard(quad)
        properties = [{fact for fact in facts if fact[1] != TYPE} for facts in (self.asserted, self.withdrawn)]
        self._properties(*properties)
        self._types()
        return [*add, *self._quads(self.come)], [*remove, *self._quads(self.go)]

    def _quads(self, lines: dict[bool, set[Line]]) -> list[ox.Quad]:
        found = []
        for in_inferred, graph in ((True, self.view.inferred), (False, DEFAULT)):
            triple = self.view.triple
            found += [ox.Quad(*triple(line), graph) for line in lines[in_inferred]]
        return found

    # `come` and `go` are triples of the inferred graph (True) and of the default graph (False).

    def _properties(self, asserted: set[Line], withdrawn: set[Line]) -> None:
        """Work out the triples of properties; `lost` become those that hold no longer, or came and did not last."""
        view = self.view
        gone = {line for line in withdrawn if view.stored(line) and not view.is_inferred(line)}
        self.go[True] |= {line for line in asserted if view.stored(line) and view.is_inferred(line)}
        _follow(view, self.rules, asserted)
        lost = self.lost = _Deletion(self, gone).lost() if gone else set()
        came, went = view.new - lost, lost - view.new
        self.come[False] |= came
        self.come[True] |= (came - asserted) | (gone - lost)
        self.go[False] |= went
        self.go[True] |= went - gone

    def is_asserted(self, line: Line) -> bool:
        """Tell whether a triple that holds before or after the commit is asserted after it."""
        if line in self.asserted or line in self.withdrawn:
            return line in self.asserted
        return line not in self.view.new and not self.view.is_inferred(line)

    def _types(self) -> None:
        """Work out the classes of all that the commit touches."""
        sure, doubtful = self._ends(self.view.new - self.lost), self._ends(self.lost)
        becomes, was = (_by_subject(facts) for facts in (self.asserted, self.withdrawn))
        for node, classes in was.items():
            doubtful[node] |= classes | self._above(classes)
        for node in sure.keys() | doubtful.keys() | becomes.keys():
            self._classes(node, sure[node], doubtful[node], becomes[node], was[node])

    def _classes(self, node: str, sure: set[str], doubtful: set[str], becomes: set[str], was: set[str]) -> None:
        """Work out the classes of one node.

        `sure` and `doubtful` are the classes that the triples of properties that came and went give it, `becomes` and
        `was` those that the commit asserts and withdraws.
        """
        view = self.view
        if not becomes and not doubtful:
            for lines in self.come[True], self.come[False]:
                lines |= {(node, TYPE, cls) for cls in self._lacking(node, sure)}
            return
        before = {cls for cls in view.objects(node, TYPE) if isinstance(cls, str)}
        inferred = view.inferred_classes(node) if before else set()
        asserted = (before - inferred - was) | becomes
        holds = asserted | self._above(asserted) | sure
        holds |= self._still(node, doubtful - holds)
        after = (before - doubtful) | holds
        for found, old, new in ((False, before, after), (True, inferred, after - asserted)):
            self.come[found] |= {(node, TYPE, cls) for cls in new - old}
            self.go[found] |= {(node, TYPE, cls) for cls in old - new}

    def _ends(self, lines: set[Line]) -> defaultdict[str, set[str]]:
        """Return the classes that triples of properties give their ends."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in lines:
            ends = self.rules.types.get(predicate)
            if ends is not None:
                if ends[0]:
                    found[subject].update(ends[0])
                if ends[1] and isinstance(value, str):
                    found[value].update(ends[1])
        return found

    def _above(self, classes: set[str]) -> set[str]:
        return {above for cls in classes for above in self.rules.above.get(cls, ())}

    def _lacking(self, node: str, classes: set[str]) -> set[str]:
        """Return those of the classes that the store does not give `node`; where one stands, those above it do too."""
        over = self._above(classes)
        found: set[str] = set()
        known: set[str] = set()
        for cls in sorted(classes, key=over.__contains__):
            if cls not in known and self.view.stored((node, TYPE, cls)):
                known.update(self.rules.above.get(cls, ()))
            elif cls not in known:
                found.add(cls)
        return found

    def _still(self, node: str, classes: set[str]) -> set[str]:
        """Return those of the classes into which a stored triple of a property that is not lost puts `node`."""
        found: set[str] = set()
        for end in (0, 1) if classes else ():
            few = self.view.few_properties(node, end, self.lost)
            for cls in classes - found:
                given_by = self.rules.typed_by.get(cls, ((), ()))[end]
                props = given_by if few is None else few.intersection(given_by)
                if any(few is not None or self._has(node, prop, end) for prop in props):
                    found.add(cls)
        return found

    def _has(self, node: str, prop: str, end: int) -> bool:
        """Tell whether a triple of a property with `node` at an end is there and not lost."""
        if end:
            return any((start, prop, node) not in self.lost for start in self.view.subjects(prop, node))
        return any((node, prop, value) not in self.lost for value in self.view.objects(node, prop))


def _by_subject(facts: set[Line]) -> defaultdict[str, set[str]]:
    """Return the classes that facts about classes name, by what they are about."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in facts:
        if predicate == TYPE and isinstance(value, str):
            found[subject].add(value)
    return found


def _follow(view: View, table: Rules, asserted: set[Line]) -> None:
    """Put into `view` the facts `asserted` and all the triples of properties that follow, each looked at once."""
    waiting = [line for line in asserted if view.put(line)]
    while waiting:
        line = waiting.pop()
        for given in _by_itself(line, table):
            if given == line or view.put(given):
                waiting += [joined for joined in _joined(view, given, table) if view.put(joined)]


def _by_itself(line: Line, table: Rules) -> Iterator[Line]:
    """Yield what a triple gives by itself, the triple included."""
    subject, predicate, value = line
    for name, turned in table.gives.get(predicate, ((predicate, False),)):
        if not turned:
            yield subject, name, value
        elif isinstance(value, str):
            yield value, name, subject


def _joined(view: Lines, line: Line, table: Rules) -> Iterator[Line]:
    """Yield what a triple gives together with others in `view`."""
    subject, predicate, value = line
    for before, after, result in table.joins.get(predicate, ()):
        ends = view.onward(value, after)
        if ends:
            for start in view.backward(subject, before):
                for end in ends:
                    yield start, result, end


class _Deletion:
    """What holds no longer once some facts are withdrawn: each is checked backward before what it gives is doubted.

    `checked` are the triples for which a proof was sought, `proven` those of them that have one, `given` what these
    give that nobody asked for yet; `index` answers what is proven by pattern.
    """

    def __init__(self, change: _Change, withdrawn: set[Line]) -> None:
        self.change = change
        self.view, self.rules = change.view, change.rules
        self.withdrawn = withdrawn
        self.checked: set[Line] = set()
        self.proven: set[Line] = set()
        self.given: set[Line] = set()
        self.index = Lines()

    def lost(self) -> set[Line]:
        """Return the triples of the view that hold no longer."""
        doubted = dict.fromkeys(self.withdrawn)
        waiting = list(doubted)
        for line in waiting:
            self.check(line)
            if line not in self.proven:
                for gives in (_by_itself(line, self.rules), _joined(self.view, line, self.rules)):
                    new = dict.fromkeys(found for found in gives if found not in doubted)
                    doubted |= new
                    waiting += new
        return doubted.keys() - self.proven

    def check(self, line: Line) -> None:
        """Seek a proof of `line`, and of all that may be part of one; a stack of our own, since proofs may be deep."""
        if line in self.checked:
            return
        stack = [self._goals(line)]
        while stack:
            goal = next(stack[-1], None)
            if goal is None:
                stack.pop()
            elif goal not in self.checked:
                stack.append(self._goals(goal))

    def _goals(self, line: Line) -> Iterator[Line]:
        """Yield the triples that are to be checked for `line`."""
        self.checked.add(line)
        if line in self.given or self.change.is_asserted(line):
            self._prove(line)
            return
        for premises in self.view.premises(line, self.rules):
            for premise in premises:
                if premise not in self.checked:
                    yield premise
                if line in self.proven:
                    return

    def _prove(self, line: Line) -> None:
        """Note that `line` has a proof, and all that follows by it from what is proven, as far as it was asked for."""
        waiting = [line]
        while waiting:
            found = waiting.pop()
            if found in self.proven:
                continue
            if found not in self.checked:
                self.given.add(found)
                continue
            self.proven.add(found)
            self.index.put(found)
            waiting += _by_itself(found, self.rules)
            waiting += _joined(self.index, found, self.rules)
