"""Labels that look wrong: punctuation, a page's address, digits only, one character, very long, a class word alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from wenmai import ontology
from wenmai.lexicon import rows
from wenmai.resolve import keys
from wenmai.review.doubt import Doubt, quoted, share
from wenmai.review.kinds import Options
from wenmai.review.known import Claim, Entity, Known
from wenmai.triples import iris, terms

ABOUT = "labels that look wrong: punctuation, a URL, digits only, one character, over 40 characters, a class word"

_LONGEST = 40
_URL = re.compile(r"https?:|www\.|[a-z0-9]\.(?:com|cn|net|org)\b", re.IGNORECASE)
# A comma, a stop, a line end, markup: a name has none. Policies and events have commas and colons in their titles.
_STOPS = re.compile(r"[。！？!?；;\n\r\t<>{}|\\=@#]")
_COMMAS = re.compile(r"[，,：:、]")
_EDGES = re.compile(r"^[\s、，,。.；;：:·\-—)）】」』”]|[\s、，,；;：:·\-—(（【「『“]$")
_PAIRS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"), ("「", "」"), ("『", "』"), ("【", "】"))
_TITLED = ("Policy", "Agreement", "Event")
_SHORT_NAMES = frozenset({"AdministrativeArea", "Policy"})  # 沪 and 一 are names of these, if short ones


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield one doubt for an entity whose labels look wrong."""
    for entity in known.entities.values():
        if entity.id in known.confirmed or ontology.coarse(entity.cls) == "Post":
            continue
        wrong = [(label, found) for label in entity.names if (found := _wrong(label, entity.cls))]
        wrong = [(label, found) for label, found in wrong if not _told(known, entity, label)]
        # What a text calls 规定 for short is called so there.
        wrong = [(label, found) for label, found in wrong if label == entity.name or not _is_common(label)]
        claims = known.about.get(entity.id, [])
        if not wrong or (claims and all(claim.id in known.confirmed for claim in claims)):
            continue
        yield _doubt(known, entity, wrong, claims)


def _wrong(label: str, cls: str) -> tuple[float, str] | None:
    """Return how doubtful a label of an entity of class `cls` is, and why; None if it looks like a name."""
    titled = ontology.coarse(cls) in _TITLED
    told = (
        (_URL.search(label), 0.9, "is an address of a page"),
        (label.strip().isdecimal(), 0.85, "is digits only"),
        (len(label.strip()) <= 1 and cls not in _SHORT_NAMES, 0.75, "is one character"),
        (_STOPS.search(label.rstrip("！？!?") if titled else label), 0.7, "has punctuation that no name has"),
        (_half_open(label), 0.7, "has a bracket or quotation mark without its other half"),
        (_EDGES.search(label), 0.65, "begins or ends in punctuation"),
        (_is_common(label), 0.6, "is a common word, not a name"),
        (not titled and _COMMAS.search(label), 0.55, "has punctuation inside"),
        (len(label) > _LONGEST, 0.3 if titled else 0.5, f"is {len(label)} characters long"),
    )
    return next(((weight, why) for wrong, weight, why in told if wrong), None)


def _half_open(label: str) -> bool:
    return any(label.count(left) != label.count(right) for left, right in _PAIRS)


def _is_common(label: str) -> bool:
    made = keys.key(label)
    return made in _class_words() or keys.is_pointer(label) or keys.is_bare(made)


@cache
def _class_words() -> frozenset[str]:
    """Return the words for classes and the endings of names, which name nothing alone."""
    found = {keys.key(ontology.label(cls, "zh")) for cls in ontology.classes()}
    for name in ("org_suffixes", "place_suffixes", "policy_suffixes"):
        found |= {keys.key(row["suffix"]) for row in rows(name)}
    found -= {keys.key(row["form"]) for row in rows("org_kinds")}  # a kind of organization is called so
    return frozenset(word for word in found if len(word) > 1)


def _told(known: Known, entity: Entity, label: str) -> bool:
    """Tell whether a label is the description of an event without a name, which wenmai made."""
    if not ontology.is_event(entity.cls):
        return False
    for language in ("zh", "en"):
        found = known.store.match(known.node(entity.id), terms.LABEL, terms.tagged(label, language), None)
        if any(iris.is_article_graph(quad.graph_name) for quad in found):
            return True
    return False


def _doubt(known: Known, entity: Entity, wrong: list[tuple[str, tuple[float, str]]], claims: list[Claim]) -> Doubt:
    good = [name for name in entity.names if name not in {label for label, _ in wrong}]
    preferred = wrong[0][0] == entity.name
    weight = max(found for _, (found, _) in wrong) - (0 if preferred else 0.2)
    commands = []
    if preferred:
        commands.append(f"wenmai curate rename {entity.id} {quoted(good[0]) if good else 'NAME'}")
    commands += [f"wenmai curate reject {claim.id} --why '…'" for claim in sorted(claims)[:3]]
    against = () if preferred else (f"its preferred name {entity.name} looks right",)
    articles = sorted(known.articles.get(each, each) for each in known.mentioned.get(entity.id, ()))
    why = [f"“{label}” {told}" for label, (_, told) in wrong]
    if articles:
        more = f" and {len(articles) - 3} more" if len(articles) > 3 else ""
        why.append(f"named in {', '.join(articles[:3])}{more}")
    return Doubt(
        "names",
        share(weight),
        "a label that looks wrong",
        (entity.named,),
        tuple(why),
        against,
        tuple(claim.id for claim in sorted(claims)[:3]),
        tuple(commands),
    )
