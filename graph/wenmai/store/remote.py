"""A store on a SPARQL server: three URLs (query, update, graph store) of the SPARQL 1.1 protocols, and credentials.

Queries must not depend on what the server takes for its default graph: wenmai's own always name article graphs and
read facts from the default graph. No blank nodes are ever sent, so every server answers alike.
"""

from __future__ import annotations

import base64
import http.client
import json
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from wenmai import __version__
from wenmai.errors import StoreError, UsageError
from wenmai.namespaces import DEFAULT_BASE, WENMAI
from wenmai.store.folder import checked_base
from wenmai.store.protocol import ANY, DEFAULT, STORED, Answer, GraphName, Graphs, update_text

_RESULTS = "application/sparql-results+json"
_NTRIPLES = "application/n-triples"
_BATCH = 50_000
"""Quads of one request of `load`: some 10 MB of text, well under the body limits of servers (Oxigraph: 128 MB)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens. `update` and `graph_store` are None where it is only read. Credentials: one of both.

    `default_graph` is the IRI of a named graph that holds what the default graph is to hold: for a server that has no
    default graph of its own, or whose is the union of all (Virtuoso).
    """

    query: str
    update: str | None = None
    graph_store: str | None = None
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    default_graph: str | None = None


class RemoteStore:
    """A dataset behind SPARQL 1.1 protocol URLs."""

    def __init__(self, endpoint: Endpoint, base: str | None = None) -> None:
        self.endpoint = endpoint
        self.location = endpoint.query
        self._default = ox.NamedNode(endpoint.default_graph) if endpoint.default_graph else None
        self.base = checked_base(base) if base else ""
        if not self.base:
            self.base = self._base_found() or DEFAULT_BASE

    @classmethod
    def from_url(cls, url: str, base: str | None = None) -> RemoteStore:
        """Open the server at `url`, whose paths are `query`, `update`, `store`; `http://USER:PASSWORD@HOST/` works."""
        parts = urllib.parse.urlsplit(url)
        if not parts.hostname:
            raise UsageError(f"{url!r} is not the URL of a server, such as http://localhost:7878/")
        host = parts.netloc.rpartition("@")[2]
        root = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
        endpoint = Endpoint(f"{root}/query", f"{root}/update", f"{root}/store")
        if parts.username:
            unquoted = (urllib.parse.unquote(part or "") for part in (parts.username, parts.password))
            user, password = unquoted
            endpoint = replace(endpoint, user=user, password=password)
        return cls(endpoint, base)

    @classmethod
    def from_file(cls, path: Path, base: str | None = None) -> RemoteStore:
        """Open the server that a TOML or JSON file names.

        Keys: `query` (required), `update`, `graph_store`, `user` and `password` or `token`, `timeout` (seconds of
        silence borne), `base`, `default_graph`. Raises UsageError for another key or a wrong value.
        """
        try:
            text = path.read_text("utf-8")
            keys: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}: the file cannot be read as the settings of a server ({error})") from error
        known = set(Endpoint.__dataclass_fields__) | {"base"}
        if not isinstance(keys, dict) or not keys.keys() <= known:
            wrong = ", ".join(sorted(set(keys) - known)) if isinstance(keys, dict) else "no keys at all"
            raise UsageError(f"{path}: unknown key {wrong}; known are {', '.join(sorted(known))}")
        named = keys.pop("base", None)
        for key, value in keys.items():
            if not isinstance(value, (int, float) if key == "timeout" else str):
                raise UsageError(f"{path}: the value of {key} is of the wrong type")
            if key in {"query", "update", "graph_store", "default_graph"} and not str(value).startswith(
                ("http://", "https://")
            ):
                raise UsageError(f"{path}: {key} is not an http URL: {value}")
        if "query" not in keys:
            raise UsageError(f"{path}: the key query, the URL that answers queries, is missing")
        return cls(Endpoint(**keys), base or named)

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: GraphName | None = ANY,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches every term, `ANY` every graph."""
        given = (subject, predicate, object)
        terms = [str(term) if term is not None else f"?{name}" for name, term in zip("spo", given, strict=True)]
        triple = " ".join(terms)
        if graph is ANY:
            named = f"GRAPH ?g {{ {triple} }}" + (f" FILTER(?g != {self._default})" if self._default else "")
            where = f"{{ {triple} }} UNION {{ {named} }}"
        elif isinstance(graph, ox.DefaultGraph):
            where = triple
        else:
            where = f"GRAPH {graph} {{ {triple} }}"
        # LIMIT-free and unordered: rows come as the server finds them; a pattern without a variable still gives a row.
        for row in self._select(f"SELECT ?s ?p ?o ?g WHERE {{ {where} }}"):
            found = [term if term is not None else row[name] for name, term in zip("spo", given, strict=True)]
            name = graph if graph is not ANY else (row["g"] or ox.DefaultGraph())
            s, p, o = cast("list[Any]", found)
            yield ox.Quad(s, p, o, cast("GraphName", name))

    def query(self, text: str, graphs: Graphs = STORED) -> Answer:
        """Answer a SPARQL query. Raises SyntaxError for one that the server refuses."""
        accept = f"{_RESULTS}, {_NTRIPLES};q=0.9"
        if self._default is not None and not graphs:
            graphs = Graphs(default=(self._default.value,))
        dataset = [("default-graph-uri", iri) for iri in graphs.default] + [
            ("named-graph-uri", iri) for iri in graphs.named
        ]
        body = urllib.parse.urlencode([("query", text), *dataset]).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        kind, content = self._request("POST", self.endpoint.query, headers, body)
        try:
            if kind == _NTRIPLES:
                scratch = ox.Store()
                scratch.load(content, ox.RdfFormat.N_TRIPLES)
                return scratch.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            if kind == _RESULTS:
                answer = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
                if isinstance(answer, ox.QuerySolutions):
                    for _ in answer:  # rows are parsed as they are asked for; a break is found here, not by the caller
                        pass
                return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            # Servers that hit their own limit answer 200 and cut the text short.
            raise StoreError(f"{self.location}: the server's answer breaks off; it may have hit its limit") from error
        raise StoreError(
            f"{self.location}: the server answered {kind or 'something'}, not SPARQL results; check the URL"
        )

    def commit(self, add: Iterable[ox.Quad], remove: Iterable[ox.Quad] = ()) -> None:
        """Send one update that takes out `remove` and puts in `add`; servers run one request as one transaction."""
        kept = set(add)
        text = update_text(self._placed(kept), self._placed(set(remove) - kept))
        if text:
            if self.endpoint.update is None:
                raise StoreError(f"{self.location}: no update URL is set, so the store can only be read")
            headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
            self._request("POST", self.endpoint.update, headers, text.encode())

    def update(self, text: str, base: str) -> None:
        """Send a trusted SPARQL update. Raises SyntaxError for one that the server refuses."""
        if self.endpoint.update is None:
            raise StoreError(f"{self.location}: no update URL is set, so the store can only be read")
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        self._request("POST", self.endpoint.update, headers, f"BASE <{base}>\n{text}".encode())

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Send many quads by the Graph Store protocol, graph by graph, or as updates where no such URL is set."""
        rest = iter(quads)
        while batch := list(islice(rest, _BATCH)):
            if self.endpoint.graph_store is None:
                self.commit(batch)
                continue
            graphs: dict[GraphName, list[ox.Triple]] = {}
            for quad in self._placed(batch):
                graphs.setdefault(cast("GraphName", quad.graph_name), []).append(quad.triple)
            for graph, triples in graphs.items():
                self._post_graph(self.endpoint.graph_store, graph, triples)

    def flush(self) -> None:
        """Do nothing: the server answers when it has stored."""

    def publish(self) -> None:
        """Do nothing: the server shows every commit at once."""

    def beside(self, name: str) -> None:
        """Return None: a server keeps its own files."""

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Do nothing: a server keeps its own log."""

    def index(self) -> None:
        """Return None: a server has no index of ours, and is asked in SPARQL."""

    def tally(self) -> None:
        """Return None: a server counts when it is asked."""

    def close(self) -> None:
        """Do nothing: no connection stays open."""

    def _placed(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """Return quads with the graph in place of the default one, where there is such a graph."""
        if self._default is None:
            return list(quads)
        return [
            ox.Quad(quad.subject, quad.predicate, quad.object, self._default) if quad.graph_name == DEFAULT else quad
            for quad in quads
        ]

    def _select(self, text: str) -> ox.QuerySolutions:
        answer = self.query(text)
        if not isinstance(answer, ox.QuerySolutions):
            raise StoreError(f"{self.location}: the server answered a SELECT with something else; check the URL")
        return answer

    def _base_found(self) -> str | None:
        rows = self._select(f"SELECT ?g WHERE {{ GRAPH ?g {{ ?a a <{WENMAI}Article> }} }} LIMIT 1")
        for row in rows:
            head, found, _ = row["g"].value.rpartition("graph/")
            return head if found else None
        return None

    def _post_graph(self, url: str, graph: GraphName, triples: list[ox.Triple]) -> None:
        name = "default" if isinstance(graph, ox.DefaultGraph) else "graph=" + urllib.parse.quote(graph.value, safe="")
        body = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        mark = "&" if "?" in url else "?"
        self._request("POST", f"{url}{mark}{name}", {"Content-Type": _NTRIPLES}, body or b"")

    def _request(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[str, bytes]:
        """Send one request; return the media type and the whole body of the answer."""
        headers = {**headers, "User-Agent": f"wenmai/{__version__}", **self._authorization()}
        request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 - http(s) only: checked when the endpoint was read
        try:
            with _OPENER.open(request, timeout=self.endpoint.timeout) as response:
                return response.headers.get_content_type(), response.read()
        except urllib.error.HTTPError as error:
            reason = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
            if error.code == http.client.BAD_REQUEST and url in {self.endpoint.query, self.endpoint.update}:
                raise SyntaxError(reason) from error
            if error.code in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
                raise StoreError(f"{url}: refused ({error.code} {reason}); check user and password") from error
            raise StoreError(f"{url}: the server answers {error.code} {reason}") from error
        except TimeoutError as error:
            raise StoreError(f"{url}: no answer for {self.endpoint.timeout:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
            raise StoreError(f"{url}: the server cannot be reached ({reason}); is it running?") from error

    def _authorization(self) -> dict[str, str]:
        at = self.endpoint
        if at.token is not None:
            return {"Authorization": f"Bearer {at.token}"}
        if at.user is not None:
            pair = base64.b64encode(f"{at.user}:{at.password or ''}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Credentials and data go to the URL that was named, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse to follow."""


_OPENER = urllib.request.build_opener(_NoRedirect)
