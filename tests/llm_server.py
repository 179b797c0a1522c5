"""What the tests of the LLM extractor share: an article, a good answer, and a server on loopback that plays replies."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wenmai.extract.llm import LlmExtractor
from wenmai.extract.llm.settings import Settings
from wenmai.records import Article, Document, Value

KEY = "sk-canary-0123456789abcdef"
QUOTE = "昨天，云岭海棠能源股份有限公司与临溪理工大学签署《氢能研究合作协议》"
TEXT = f"""{QUOTE}。海棠能源董事长沈一鸣出席仪式。
研究中心设在临溪市青石路12号的云杉大厦，近日揭牌。《临溪市氢能管理办法》自2020年7月1日起施行。"""


def article(text: str = TEXT, identifier: str = "a-1") -> Article:
    return Article(identifier, "海棠与临溪理工签约", text, "a.txt", "0" * 64, dt.date(2020, 6, 11))


def entity(key: str, cls: str, *names: str) -> dict[str, Any]:
    return {"id": key, "class": cls, "names": list(names)}


def relation(subject: str, prop: str, target: str, quote: str = QUOTE, modality: str = "Asserted") -> dict[str, Any]:
    return {"subject": subject, "property": prop, "object": target, "quote": quote, "modality": modality}


ENTITIES = [
    entity("E1", "Company", "云岭海棠能源股份有限公司", "海棠能源"),
    entity("E2", "EducationalBody", "临溪理工大学"),
    entity("E3", "Agreement", "《氢能研究合作协议》"),
    entity("E4", "Person", "沈一鸣"),
    entity("E5", "Building", "云杉大厦"),
    entity("E6", "Policy", "临溪市氢能管理办法"),
    entity("E7", "AdministrativeArea", "临溪市"),
]
EVENT = {
    "class": "Signing", "name": "", "trigger": "签署", "quote": QUOTE, "modality": "Asserted",
    "slots": [{"property": p, "entity": e, "quote": QUOTE} for p, e in
              (("participant", "E1"), ("participant", "E2"), ("subject", "E3"))],
    "dates": [{"property": "onDate", "words": "昨天", "iso": "2020-06-01", "quote": QUOTE}],
}  # fmt: skip
GOOD: dict[str, Any] = {
    "entities": ENTITIES,
    "relations": [relation("E1", "partnerOf", "E2"), relation("E3", "party", "E1")],
    "attributes": [
        {"subject": "E5", "property": "address", "words": "青石路12号", "iso": "",
         "quote": "研究中心设在临溪市青石路12号的云杉大厦", "modality": "Asserted"},
        {"subject": "E6", "property": "effectiveFrom", "words": "2020年7月1日", "iso": "2020-07-01",
         "quote": "《临溪市氢能管理办法》自2020年7月1日起施行", "modality": "Asserted"},
    ],
    "posts": [{"person": "E4", "title": "董事长", "body": "E1", "quote": "海棠能源董事长沈一鸣出席仪式",
               "modality": "Asserted"}],
    "events": [EVENT],
}  # fmt: skip

WHOLE = json.dumps(GOOD, ensure_ascii=False)


def only(**parts: Any) -> dict[str, Any]:
    return {"entities": ENTITIES, "relations": [], "attributes": [], "posts": [], "events": [], **parts}


def facts(document: Document) -> set[tuple[str, str, str, str]]:
    names = {m.key: m.name or m.cls for m in document.mentions}
    return {
        (
            names.get(c.subject, c.subject),
            c.predicate,
            c.object.text if isinstance(c.object, Value) else names[c.object],
            c.modality,
        )
        for c in document.claims
    }


Reply = Callable[[BaseHTTPRequestHandler], None]


class Model:
    """The server: plays `replies` in order, the last one for ever; keeps what it was sent."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with model._lock:
                    model.requests.append(body)
                    model.headers.append(dict(self.headers))
                    model.paths.append(self.path)
                    reply = model.replies.pop(0) if len(model.replies) > 1 else model.replies[0]
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    reply(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def status(code: int, body: bytes = b"{}", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def says(content: str, finish: str = "stop", tokens: int | None = 700, **message: Any) -> Reply:
    answer: dict[str, Any] = {
        "choices": [{"message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}]
    }
    if tokens is not None:
        answer["usage"] = {"total_tokens": tokens}
    return status(200, json.dumps(answer).encode())


def answers(answer: object) -> Reply:
    return says(json.dumps(answer, ensure_ascii=False))


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A stream that never pauses for long and never ends."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


def extractor(model: Model, **settings: Any) -> LlmExtractor:
    return LlmExtractor(Settings(model.url, "play-1", KEY, **{"backoff": 0.01, **settings}))
