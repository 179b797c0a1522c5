"""`docs/stability.md` lists what is public: what it lists is there, and what is there and looks public is listed."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import wenmai
from conftest import ROOT
from serving import Served
from wenmai import errors
from wenmai.archive import Archive
from wenmai.cli.commands import GROUPS
from wenmai.cli.parser import Parser
from wenmai.namespaces import PREFIXES, WENMAI
from wenmai.query import Result, library
from wenmai.resources import folder

PUBLIC = Path(__file__).with_name("data") / "public.json"
"""Terms of the vocabulary and queries with parameters and columns that were published; only added to (`written`)."""
SECTIONS = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "stability.md").read_text("utf-8"), re.M | re.S)
)


def rows(section: str) -> list[list[str]]:
    """Return the names in backquotes of each row of a section's table, the head left out."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")]
    return [re.findall(r"`([^`]+)`", line) for line in lines[2:]]


def written() -> dict[str, Any]:
    """Return what is public now, as PUBLIC has it: `json.dumps(written(), indent=1, sort_keys=True)`."""
    graph = ox.Store()
    graph.load(path=str(folder("ontology") / "wenmai.ttl"))
    subjects = {quad.subject.value for quad in graph if isinstance(quad.subject, ox.NamedNode)}
    terms = sorted(iri.removeprefix(WENMAI) for iri in subjects if iri.startswith(WENMAI))
    queries = {}
    for name, query in library().items():
        answer = ox.Store().query(query.text, prefixes=PREFIXES)
        columns = [each.value for each in answer.variables] if isinstance(answer, ox.QuerySolutions) else []
        queries[name] = {"parameters": [each.name for each in query.inputs], "columns": columns}
    return {"terms": [term for term in terms if term], "queries": queries}


def test_no_term_and_no_query_that_was_published_is_gone() -> None:
    published, now = json.loads(PUBLIC.read_text("utf-8")), written()
    assert set(published["terms"]) <= set(now["terms"])
    for name, before in published["queries"].items():
        after = now["queries"].get(name)
        assert after is not None, name
        assert set(before["parameters"]) <= set(after["parameters"]), name
        assert set(before["columns"]) <= set(after["columns"]), name


def test_what_is_new_is_published_with_the_rest() -> None:
    published, now = json.loads(PUBLIC.read_text("utf-8")), written()
    assert set(now["terms"]) == set(published["terms"]) and now["queries"].keys() == published["queries"].keys()


def test_the_commands_are_those_that_are_listed() -> None:
    commands = Parser(prog="wenmai").add_subparsers(parser_class=Parser)
    for group in GROUPS:
        group.register(commands)
    assert {name for row in rows("Command line") for name in row} == commands.choices.keys()


def test_the_python_names_are_there() -> None:
    for name, *_ in rows("Python"):
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name


def test_no_python_name_looks_public_and_is_not_listed() -> None:
    listed = {row[0]: row[1:] for row in rows("Python")}
    tree = ast.parse(inspect.getsource(wenmai))
    made = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert {f"wenmai.{name}" for name in made if not name.startswith("_")} <= listed.keys()
    for name, kind in (("wenmai.archive.Archive", Archive), ("wenmai.query.Result", Result)):
        of_its_own = {each for each in dir(kind) if not each.startswith("_")} | set(kind.__annotations__)
        assert of_its_own <= set(listed[name]), name
    classes = {name for name, each in vars(errors).items() if inspect.isclass(each)}
    assert classes == set(listed["wenmai.errors"])


def test_the_paths_are_those_that_are_listed(sample_server: Served) -> None:
    paths = json.loads(sample_server.send("/openapi.json").body)["paths"]
    listed = {name for row in rows("HTTP") for name in row}
    assert [path for path in paths if path != "/" and not path.startswith(tuple(listed - {"/"}))] == []
    assert [name for name in listed if not any(path.startswith(name) for path in paths)] == []
