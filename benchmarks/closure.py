"""The closure: of a large graph at once, and kept up article by article as the graph grows.

    python benchmarks/closure.py [--sizes 1000,10000,100000] [--facts 275000] [--articles 300]

One core. The graph is made up: regions in regions, organizations in them, partners, posts and people, of each 1,000
individuals some 2,750 facts. An article states facts of its own things and of some that are there, hubs among them; it
is put in and taken out again. What keeping the closure up with it costs should not depend on how much there is already.
Times are of the processor (`process_time`), so that other programs count less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE, RDF, WENMAI
from wenmai.reason import closure, refresh_inferred, with_inferred
from wenmai.store import Store, open_store

_TYPE = ox.NamedNode(RDF + "type")


def node(kind: str, number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{DEFAULT_BASE}id/{kind}-{number:012x}")


def fact(subject: ox.NamedNode, predicate: str, value: ox.NamedNode) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(WENMAI + predicate) if predicate != "a" else _TYPE, value)


def cls(name: str) -> ox.NamedNode:
    return ox.NamedNode(WENMAI + name)


def world(individuals: int) -> Iterator[ox.Quad]:
    """Yield the facts of a graph of that many individuals: of four, a place, an organization, a person and a post.

    The places make a tree of three levels below one root, so that one of them holds nearly all others; every tenth
    organization is a partner of organization 0, which is a hub.
    """
    for number in range(individuals // 4):
        place, org, person, post = (node(kind, number) for kind in ("place", "org", "person", "post"))
        yield fact(place, "a", cls("AdministrativeArea"))
        yield fact(org, "a", cls("Company" if number % 3 else "GovernmentBody"))
        yield fact(person, "a", cls("Person"))
        yield fact(post, "a", cls("Post"))
        if number:
            above = 0 if number < 30 else number % 30 if number < 900 else number % 900
            yield fact(place, "locatedIn", node("place", above))
        yield fact(org, "locatedIn", place)
        yield fact(org, "partnerOf", node("org", 0 if number % 10 == 0 else number * 7 % (individuals // 4)))
        yield fact(person, "holdsPost", post)
        yield fact(post, "postIn", org)
        yield fact(org, "investsIn", node("org", number * 11 % (individuals // 4)))
        yield fact(org, "acquires", node("org", number * 13 % (individuals // 4)))


def whole(facts: int) -> None:
    """Print how long the closure of that many assertions takes."""
    quads = [quad for _, quad in zip(range(facts), world(facts), strict=False)]
    began = time.process_time()
    follows = closure(quads)
    took = time.process_time() - began
    print(f"{len(quads):>9,} assertions give {len(follows):>9,} more in {took:6.2f} s")


def same_as_owlrl(individuals: int) -> None:
    """Print whether owlrl finds the same in a small graph."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from test_reason_closure import by_owlrl

    quads = list(world(individuals))
    began = time.process_time()
    theirs = by_owlrl(quads)
    took = time.process_time() - began
    began = time.process_time()
    ours = {(t.subject.value, t.predicate.value, t.object.value) for t in closure(quads)}  # type: ignore[union-attr]
    mine = time.process_time() - began
    verdict = "the same" if ours == theirs else f"DIFFERENT: {len(ours - theirs)} more, {len(theirs - ours)} fewer"
    print(
        f"{len(quads):>9,} assertions: owlrl {len(theirs):,} in {took:.1f} s, wenmai {len(ours):,} in {mine:.2f} s:",
        verdict,
    )


def article(number: int, individuals: int) -> list[ox.Quad]:
    """Return the facts of an article: 34 about things of its own and things that the graph has, hubs among them."""
    count = individuals // 4
    place, person, post, event = (node(kind, 10**9 + number) for kind in ("place", "person", "post", "event"))
    orgs = [node("org", 10**9 + 4 * number + place) for place in range(4)]
    old = [node("org", (number * step) % count) for step in (3, 5, 7)]
    found = [fact(one, "a", cls("Company")) for one in orgs]
    found += [fact(place, "a", cls("Site")), fact(person, "a", cls("Person")), fact(event, "a", cls("Signing"))]
    found += [fact(post, "a", cls("Post")), fact(place, "locatedIn", node("place", number % min(count, 900)))]
    found += [fact(one, "locatedIn", place) for one in orgs]
    found += [fact(one, "partnerOf", other) for one, other in zip(orgs, [node("org", 0), *old], strict=True)]
    found += [fact(event, "participant", one) for one in (*orgs, *old, person)]
    found += [fact(event, "heldAt", node("place", 0)), fact(event, "heldAt", place), fact(person, "holdsPost", post)]
    found += [fact(post, "postIn", orgs[0]), fact(orgs[1], "subOrganizationOf", orgs[0])]
    found += [fact(orgs[2], "investsIn", node("org", 0)), fact(old[0], "acquires", orgs[3])]
    return found


def kept_up(individuals: int, articles: int) -> tuple[float, float]:
    """Return the median milliseconds that the closure of one article costs, put in and taken out; check the end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_store(folder + "/store", write=True, create=True)) as store,
    ):
        store.load(world(individuals))
        return _kept_up(store, individuals, articles)


def _kept_up(store: Store, individuals: int, articles: int) -> tuple[float, float]:
    refresh_inferred(store)
    before = sum(1 for _ in store.match())
    made = [article(number, individuals) for number in range(articles)]
    came = [commit(store, facts, []) for facts in made]
    assert refresh_inferred(store) == (0, 0), "the closure is not that of the whole"
    went = [commit(store, [], facts) for facts in made]
    assert sum(1 for _ in store.match()) == before and refresh_inferred(store) == (0, 0), "something stayed behind"
    added, removed = statistics.median(came), statistics.median(went)
    print(
        f"{individuals:>9,} individuals {before:>10,} quads: an article of {len(made[0])} facts costs "
        f"{added:5.2f} ms put in (95 %: {sorted(came)[len(came) * 95 // 100]:5.2f}), {removed:5.2f} ms taken out"
    )
    return added, removed


def commit(store: Store, add: list[ox.Quad], remove: list[ox.Quad]) -> float:
    """Commit a change with its closure; return the milliseconds that working out the closure took."""
    began = time.process_time()
    completed = with_inferred(store, DEFAULT_BASE, add, remove)
    took = time.process_time() - began
    store.commit(*completed)
    return took * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000", help="individuals, default: %(default)s")
    parser.add_argument("--facts", type=int, default=275_000, help="assertions closed at once, default: %(default)s")
    parser.add_argument("--articles", type=int, default=300, help="articles put in at each size, default: %(default)s")
    parser.add_argument(
        "--owlrl", type=int, default=200, help="individuals that owlrl closes too, default: %(default)s"
    )
    options = parser.parse_args()
    same_as_owlrl(options.owlrl)
    whole(options.facts)
    sizes = [int(size) for size in options.sizes.split(",")]
    figures = [kept_up(size, options.articles) for size in sizes]
    for (small, large), (before, after) in zip(pairwise(sizes), pairwise(figures), strict=True):
        ratios = " and ".join(f"{b / a:.2f}" for a, b in zip(before, after, strict=True))
        print(f"{large / small:g} times the individuals: an article costs x {ratios} (put in, taken out)")


if __name__ == "__main__":
    main()
