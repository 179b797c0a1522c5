"""The fields of a query string or a form, each within its bounds."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from wenmai.serve.problem import Problem

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """What a client filled in: each name with its values, in order."""

    values: Mapping[str, tuple[str, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def one(self, name: str, *, most: int, default: str = "") -> str:
        """Return the only value of a field, of at most `most` characters. Raises Problem 400."""
        given = self.values.get(name, (default,))
        if len(given) > 1:
            raise Problem(400, f"give {name} once")
        if len(given[0]) > most:
            raise Problem(400, f"{name} has {len(given[0]):,} characters; give at most {most:,}")
        return given[0]

    def number(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """Return a whole number within bounds. Raises Problem 400."""
        text = self.one(name, most=20, default=str(default))
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise Problem(400, f"{name} is to be a whole number from {least} to {most:,}")
        return int(text)

    def chosen(self, name: str, offers: tuple[str, ...]) -> str:
        """Return which of several words was chosen, the first if none was. Raises Problem 400."""
        text = self.one(name, most=100, default=offers[0])
        if text not in offers:
            raise Problem(400, f"{name} is to be one of {', '.join(offers)}")
        return text


def asked(request: Request) -> Fields:
    """Return the fields of the query string. Raises Problem 400."""
    return parsed(request.scope["query_string"])


async def filled(request: Request) -> Fields:
    """Return the fields of the query string and of the form that a POST brings. Raises Problem: 400, 415."""
    found = dict(asked(request).values)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != FORM:
            raise Problem(415, f"send {FORM}", headers={"Accept-Post": FORM})
        for name, values in parsed(await request.body()).values.items():
            found[name] = found.get(name, ()) + values
    return Fields(found)


def parsed(text: bytes) -> Fields:
    """Return the fields of a query string or of the body of a form. Raises Problem 400."""
    try:
        pairs = urllib.parse.parse_qsl(
            text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise Problem(400, "fields are percent-encoded UTF-8") from None
    except ValueError:
        raise Problem(400, f"there are more than {_MOST_FIELDS} fields") from None
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return Fields(found)
