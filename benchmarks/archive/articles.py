"""The n-th article of a made-up archive, and a file of the first of them."""

from __future__ import annotations

import datetime as dt
import json
import random
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from archive import names

LENGTH = 1000
"""Characters of an article, about."""
FIRST_DAY = dt.date(2001, 1, 1)
DAYS = 7000


@cache
def _templates() -> dict[str, list[dict[str, str]]]:
    with (Path(__file__).parent / "templates.toml").open("rb") as file:
        return tomllib.load(file)


def articles(size: int, first: int = 0, length: int = LENGTH) -> Iterator[dict[str, Any]]:
    """Yield articles `first` to `size` - 1 as records of JSON Lines; each is about `length` characters long."""
    for number in range(first, size):
        chance = random.Random(f"article {number}")
        date = FIRST_DAY + dt.timedelta(days=chance.randrange(DAYS))
        lead = chance.choice(_templates()["lead"])
        given = _names(chance, number, date)
        text = lead["text"].format_map(given)
        paragraphs, paragraph = [], f"本报讯（记者 {names.person(chance.randrange(300))[0]}）" + text
        written = len(paragraph)
        while written < length:
            kind = "fact" if chance.random() < 0.3 else "plain"
            more = _names(chance, number, date) if chance.random() < 0.5 else given | _numbers(chance)
            sentence = chance.choice(_templates()[kind])["text"].format_map(more)
            written += len(sentence)
            if len(paragraph) > 150:
                paragraphs.append(paragraph)
                paragraph = ""
            paragraph += sentence
        yield {
            "id": f"made-{number:07}",
            "title": lead["title"].format_map(given),
            "date": date.isoformat(),
            "publisher": f"{names.cities()[number * 17 % 37]}日报",
            "text": "\n".join([*paragraphs, paragraph]),
        }


def _names(chance: random.Random, number: int, date: dt.date) -> dict[str, str]:
    """Return what the braces of a template stand for, drawn from the names that there are by that article."""
    one, two = (names.drawn(chance, names.known(number, 14)) for _ in range(2))
    if one == two:
        two += 1
    first, second = names.organization(one), names.organization(two)
    (person, title), (other, rank) = names.person(one), names.person(two)
    site, place = names.site(names.drawn(chance, names.known(number, 5)))
    policy, city = names.policy(names.drawn(chance, names.known(number, 3)))
    day = date - dt.timedelta(days=chance.randrange(1, 25))
    return {
        "a": first.name, "ca": first.city, "person": person, "title": title,
        "b": second.name, "other": other, "rank": rank,
        "site": site, "place": place, "policy": policy, "city": city,
        "agreement": names.agreement(chance.randrange(50)),
        "month": str(day.month), "day": str(day.day), "year": str(date.year - chance.randrange(1, 8)),
        **_numbers(chance),
    }  # fmt: skip


def _numbers(chance: random.Random) -> dict[str, str]:
    return {"n": str(chance.randrange(3, 900)), "p": str(chance.randrange(2, 99))}


def write(path: Path, size: int, first: int = 0, length: int = LENGTH) -> int:
    """Write what `articles` yields to a file of JSON Lines at `path`; return the characters of their texts."""
    characters = 0
    with path.open("w", encoding="utf-8") as file:
        for record in articles(size, first, length):
            characters += len(record["text"])
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return characters
