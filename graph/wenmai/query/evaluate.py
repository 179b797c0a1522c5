"""Check, bind and answer a query on an open store, in this process and without a deadline."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pyoxigraph as ox

from wenmai.errors import StoreError, UsageError
from wenmai.namespaces import PREFIXES
from wenmai.query.bind import bind
from wenmai.query.guard import Token, check, tokens
from wenmai.query.library import NamedQuery
from wenmai.query.result import Kind
from wenmai.query.syntax import explained
from wenmai.query.window import Window
from wenmai.store.native import explain
from wenmai.store.protocol import STORED, Graphs, Store


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An answer in bytes: `kind` is select, ask (SPARQL JSON) or graph (N-Triples)."""

    kind: Kind
    payload: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a query is asked: of which dataset, for which rows of a SELECT.

    Relative IRIs are taken from `base`; SERVICE may ask `services`.
    """

    graphs: Graphs = STORED
    window: Window | None = None
    base: str = ""
    services: frozenset[str] = frozenset()


PLAIN = Manner()
"""Of the store's own dataset, for all rows."""


def evaluate(store: Store, query: NamedQuery, values: Mapping[str, Sequence[str]], manner: Manner = PLAIN) -> Evaluated:
    """Check, bind and answer a query in this process, without a deadline.

    Raises UsageError for a query or a parameter that is not right, ComplexityError, StoreError.
    """
    found = check(query.text, manner.services)
    bound, notes = bind(query, found, values, store)
    window = manner.window
    text = bound if window is None else window.applied(bound, tokens(bound) if query.parameters else found)
    prologue = (f"BASE <{manner.base}> " if manner.base else "") + _prologue(found, store.base)
    try:
        answer = store.query(prologue + text, manner.graphs)
        if isinstance(answer, ox.QueryTriples):
            return Evaluated("graph", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", tuple(notes))
        kind: Kind = "ask" if isinstance(answer, ox.QueryBoolean) else "select"
        payload = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except SyntaxError as error:
        refusal = partial(_refusal, store)
        raise explained(refusal(prologue + bound) or error, query.name, bound, prologue, refusal) from error
    except (OSError, RuntimeError, ValueError, StoreError) as error:
        raise _engine_error(error, query.name, store.location) from error
    if kind == "select":
        payload = _in_order(payload, found)
    return Evaluated(kind, payload, tuple(notes))


def _refusal(store: Store, text: str) -> SyntaxError | None:
    """Return what the engine says of a text that it does not take."""
    try:
        store.query(text)
    except SyntaxError as error:
        return error
    return None


def _prologue(found: Sequence[Token], base: str) -> str:
    """Return, on one line, the PREFIX clauses of well-known prefixes that the query uses and does not declare."""
    known = PREFIXES | {"id": base + "id/"}
    declared = {after.text for word, after in pairwise(found) if word.is_word("PREFIX")}
    used = dict.fromkeys(token.text.partition(":")[0] for token in found if token.kind == "name")
    return "".join(f"PREFIX {p}: <{known[p]}> " for p in used if p in known and f"{p}:" not in declared)


def _engine_error(error: Exception, name: str, location: str) -> UsageError | StoreError:
    """Tell a query the engine cannot evaluate (an unknown function) from a store it cannot read."""
    cause = error.__cause__ if isinstance(error, StoreError) else error
    if not isinstance(cause, (RuntimeError, ValueError)):
        return error if isinstance(error, StoreError) else explain(error, location)
    store_error = explain(cause, location)
    return store_error if "damaged" in str(store_error) else UsageError(f"{name}: {cause}")


def _in_order(payload: bytes, found: Sequence[Token]) -> bytes:
    """Put the columns of a SELECT * in order of first appearance; Oxigraph sorts them by name."""
    words = [token for token in found if token.kind in {"word", "mark"}]
    at = next((n for n, token in enumerate(words) if token.is_word("SELECT")), None)
    if at is None:
        return payload
    after = [token for token in words[at + 1 : at + 3] if token.text.upper() not in {"DISTINCT", "REDUCED"}]
    if not after or after[0].text != "*":
        return payload
    match = re.match(rb'\{"head":\{"vars":\[(.*?)\]\}', payload)
    if match is None:
        return payload
    present = set(json.loads(b"[" + match[1] + b"]"))
    order = [name for name in dict.fromkeys(t.text[1:] for t in found if t.kind == "variable") if name in present]
    order += sorted(present - set(order))
    columns = json.dumps(order, ensure_ascii=False).encode()
    return b'{"head":{"vars":' + columns + b"}" + payload[match.end() :]
