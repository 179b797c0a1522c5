"""The curation log: one decision a line, JSON, only ever added to, so that a diff of two logs can be read.

    {"number": 1, "time": "2026-11-29T08:30:00Z", "who": "周小禾", "do": "merge", "subject": "org-…", "object": "org-…",
     "about": "云图 → 杭州云图有限公司", "why": "同一家"}

`about` is for people; nothing reads it. The file `curation.jsonl` lies in the store's folder, and the graph of
decisions says the same; where one of them lacks what the other has, it is added.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wenmai import ontology
from wenmai.errors import StoreError, UsageError
from wenmai.records import Decision

FILE = "curation.jsonl"
KINDS = ("merge", "split", "apart", "rename", "retype", "match", "reject", "confirm", "undo")
_OF_ENTITIES = ("merge", "split", "apart")
_LOCAL = re.compile(r"[a-z]+-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


def as_line(decision: Decision, about: str = "") -> str:
    """Return a decision as a line of the log, without the line end."""
    content: dict[str, Any] = {
        "number": decision.number,
        "time": decision.time,
        "who": decision.who,
        "do": decision.do,
        "subject": decision.subject,
        "object": decision.object,
        "articles": list(decision.articles),
        "about": about,
        "why": decision.why,
    }
    return json.dumps({key: value for key, value in content.items() if value}, ensure_ascii=False)


def from_lines(lines: Iterable[str], source: str) -> list[Decision]:
    """Return the decisions of a log; `source` is what messages call it.

    Raises UsageError, naming source and line, for a line that is no decision or whose number is not that of the line.
    """
    found: list[Decision] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
            decision = Decision(
                number=content["number"],
                time=content["time"],
                who=content["who"],
                why=content.get("why", ""),
                do=content["do"],
                subject=content.get("subject", ""),
                object=content.get("object", ""),
                articles=tuple(sorted(content.get("articles", ()))),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{source}, line {number}: this is no decision ({type(error).__name__}: {error})"
            ) from error
        wrong = _wrong(decision, len(found) + 1)
        if wrong:
            raise UsageError(f"{source}, line {number}: {wrong}")
        found.append(decision)
    return found


def _wrong(decision: Decision, number: int) -> str | None:
    """Say what is wrong with the form of a decision that should have this number; None if nothing is."""
    do, subject, target = decision.do, decision.subject, decision.object
    texts = (decision.time, decision.who, decision.why, do, subject, target, *decision.articles)
    if not all(isinstance(text, str) for text in texts):
        return "a value is not a text"
    checks = (
        (decision.number == number, f"its number is {decision.number}; {number} is due"),
        (do in KINDS, f"there is no decision {do!r}; there are {', '.join(KINDS)}"),
        (
            decision.who and _TIME.fullmatch(decision.time),
            "it does not say who decided and when (in UTC)",
        ),
        (do == "undo" or _LOCAL.fullmatch(subject), f"{subject!r} is no id, such as org-0123456789ab"),
        (do in ("reject", "confirm") or target, f"a {do} needs an object"),
        (
            do not in ("merge", "split", "apart") or _LOCAL.fullmatch(target),
            f"{target!r} is no id, such as org-0123456789ab",
        ),
        (do != "undo" or (target.isascii() and target.isdigit()), "an undo names the number of a decision"),
        (do != "retype" or target in ontology.classes(), f"the ontology has no class {target!r}"),
        (do != "match" or _IRI.fullmatch(target), f"{target!r} is no IRI"),
    )
    return next((reason for right, reason in checks if not right), None)


def read(path: Path) -> list[Decision]:
    """Return the decisions of the log at `path`; none if it is not there. Raises StoreError for a damaged one."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: the curation log cannot be read ({error}); restore it from a backup") from error
    try:
        return from_lines(lines, str(path))
    except UsageError as error:
        raise StoreError(f"{error}; restore the log from a backup, or take the line out") from error


def append(path: Path, decisions: Sequence[Decision], about: Sequence[str] = ()) -> None:
    """Add decisions to the log at `path`; they are on the disk when this returns. Raises StoreError."""
    told = [*about, *[""] * len(decisions)]
    text = "".join(as_line(decision, words) + "\n" for decision, words in zip(decisions, told, strict=False))
    try:
        with path.open("ab") as log:
            whole = log.tell()
            try:
                log.write(text.encode())
                log.flush()
                os.fsync(log.fileno())
            except OSError:
                log.truncate(whole)  # a disk that is full must not leave half a line
                raise
    except OSError as error:
        raise StoreError(f"{path}: the curation log cannot be written ({error.strerror})") from error


def missing(graph: Sequence[Decision], log: Sequence[Decision], name: str) -> tuple[list[Decision], list[Decision]]:
    """Return what the graph lacks of the log, and what the log lacks of the graph.

    Raises StoreError if one is not the beginning of the other.
    """
    shared = min(len(graph), len(log))
    for one, other in zip(graph[:shared], log[:shared], strict=True):
        if one != other:
            raise StoreError(
                f"{name}: its decision {other.number} is not that of the store; restore both from one backup, "
                "or save the log elsewhere, delete it and run the command again"
            )
    return list(log[shared:]), list(graph[shared:])
