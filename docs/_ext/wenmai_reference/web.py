"""The HTTP API, from the description that the server makes of its own routes (`/openapi.json`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wenmai.namespaces import DEFAULT_BASE
from wenmai.serve.api.openapi import description
from wenmai.serve.app import make_app
from wenmai.serve.settings import Settings
from wenmai_reference.markdown import code, prose, table


def text() -> str:
    """Return a section for each path, named queries left out, which have a page of their own."""
    app = make_app(Settings(), DEFAULT_BASE)
    paths = description(app.state.server, app.routes)["paths"]
    shown = (path for path in paths if not path.startswith("/queries/") or "{" in path)
    return "\n".join(_path(path, paths[path]) for path in shown)


def _path(path: str, operations: Mapping[str, Any]) -> str:
    lines = [f"## {code(path)}\n"]
    for method, operation in operations.items():
        lines += _operation(method, operation)
    return "\n".join(lines)


def _operation(method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    said = prose(operation["summary"])
    more = f" {prose(operation['description'])}" if operation.get("description") else ""
    yield f"**{method.upper()}** {said}{'' if said.endswith('.') else '.'}{more}\n"
    yield table(
        ("parameter", "in", "takes", "what it is"),
        [
            (
                code(each["name"]) + (" *required*" if each["required"] and each["in"] != "path" else ""),
                each["in"],
                _schema(each["schema"]),
                prose(each.get("description", "")),
            )
            for each in operation["parameters"]
        ],
    )
    for words, content in (
        ("Takes", operation.get("requestBody", {}).get("content", {})),
        ("Answers", operation["responses"]["200"].get("content", {})),
    ):
        if content:
            yield f"{words}: {', '.join(code(name) for name in content)}.\n"


def _schema(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(code(str(each)) for each in schema["enum"])
    kind = str(schema.get("type", ""))
    if kind == "array":
        return f"several: {_schema(schema.get('items', {}))}"
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = [f"{words} {number}" for words, number in (("from", low), ("to", high)) if number is not None]
    return prose(" ".join([kind, *bounds, f"({schema['format']})" if "format" in schema else ""]).strip())
