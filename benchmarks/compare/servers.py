"""SPARQL servers as engines: started for the measurement, filled by their own bulk loader, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compare.data import Data

_JSON = "application/sparql-results+json"


class Server:
    """What the servers share: a connection that stays open, answers in JSON, the memory of the process."""

    graphs = True
    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connect(self, port: int, path: str, **more: str) -> None:
        """Wait until the server answers at `path`, and keep the connection."""
        self._path, self._more = path, more
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D", timeout=2).close()
                break
            except OSError:
                time.sleep(0.05)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, text: str) -> int:
        target = f"{self._path}?{urllib.parse.urlencode({'query': text, **self._more})}"
        self._connection.request("GET", target, headers={"Accept": _JSON})
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {body[:200]!r}")
        answer: dict[str, Any] = json.loads(body)
        return len(answer["results"]["bindings"])

    def ready(self) -> None:
        """Do nothing: it answers as soon as it is filled."""

    def memory(self) -> float:
        """Return the most memory the server has held, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

    def export(self, path: Path) -> str:
        raise NotImplementedError

    def close(self) -> None:
        """End the server."""
        self._connection.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Oxigraph(Server):
    """`oxigraph serve`, filled by one POST to its store."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        from serving import free_port

        self._port = free_port()
        program = Path(sys.executable).with_name("oxigraph")
        words = [program, "serve", "--location", folder / "server", "--bind", f"127.0.0.1:{self._port}"]
        self.process = subprocess.Popen(list(map(str, words)), stderr=subprocess.DEVNULL)
        self.connect(self._port, "/query")

    def load(self, data: Data) -> None:
        headers = {"Content-Type": "application/n-quads", "Content-Length": str(data.dataset.stat().st_size)}
        with data.dataset.open("rb") as stream:
            self._send("POST", "/store?no_transaction", stream, headers).read()

    def export(self, path: Path) -> str:
        response = self._send("GET", "/store", None, {"Accept": "application/n-quads"})
        with path.open("wb") as stream:
            while piece := response.read(1 << 20):
                stream.write(piece)
        return "N-Quads in the engine's order"

    def _send(self, method: str, target: str, body: Any, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{method} {target}: {response.status}")
        return response


class Virtuoso(Server):
    """Virtuoso with the settings of the tests, filled by its bulk loader."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import virtuoso

        self._running = virtuoso.running("virtuoso-t", folder / "virtuoso")
        settings = self._running.__enter__()
        port = urllib.parse.urlsplit(settings.read_text().split('"')[1]).port or 0
        lines = (folder / "virtuoso" / "virtuoso.ini").read_text().splitlines()
        self._sql = next(line for line in lines if line.startswith("ServerPort")).rpartition(":")[2]
        self._lock = folder / "virtuoso" / "v.lck"
        self.connect(port, "/sparql", **{"default-graph-uri": "http://localhost:8000/graph/facts"})

    def load(self, data: Data) -> None:
        inside = self.folder / "virtuoso" / "in"
        inside.mkdir()
        os.link(data.dataset, inside / data.dataset.name)
        (inside / "global.graph").write_text("http://localhost:8000/graph/facts")
        self._run(f"ld_dir('{inside}', '*.nq', 'http://localhost:8000/graph/facts');")
        self._run("rdf_loader_run();")
        self._run("checkpoint;")
        if self.ask("SELECT ?s { ?s ?p ?o } LIMIT 1") != 1:
            raise RuntimeError("the bulk loader put in nothing")

    def _run(self, statement: str) -> None:
        words = ["isql-vt", self._sql, "dba", "dba", f"exec={statement}"]
        subprocess.run(words, check=True, capture_output=True)

    def memory(self) -> float:
        number = "".join(filter(str.isdigit, self._lock.read_text()))
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

    def close(self) -> None:
        self._connection.close()
        self._running.__exit__(None, None, None)
