"""A process of its own that damages copies of a store file by file, and prints what reading and writing each comes to.

    python damage.py STORE SCRATCH      → one JSON line a case: file, how, read, written; `right`, or the message

A crash of the engine ends this process, which the test that runs it sees.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import resource
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.store import EmbeddedStore, open_store
from wenmai.triples import export

QUESTIONS = [
    "SELECT ?s ?p ?o { ?s ?p ?o }",
    "SELECT ?g ?s { GRAPH ?g { ?s a <https://w3id.org/wenmai/ns#Article> } }",
    "SELECT ?s ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?c (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?c",
    "SELECT ?o { GRAPH ?g { ?s <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#anchorOf> ?o } }",
    'SELECT ?s { ?s ?p "上海市"@zh }',
    'SELECT ?s ?g { GRAPH ?g { ?s ?p "上海市"@zh } }',
    "SELECT ?a ?b { ?a <https://w3id.org/wenmai/ns#partnerOf> ?b }",
    "SELECT ?a ?b { ?a <https://w3id.org/wenmai/ns#locatedIn>+ ?b }",
]


def answers(path: Path) -> str:
    """Return one sum over what readers see: the answers to all questions, and the export."""
    digest = hashlib.sha256()
    with closing(open_store(path)) as reader:
        for question in QUESTIONS:
            rows = reader.query(question)
            assert isinstance(rows, ox.QuerySolutions)
            digest.update("\n".join(sorted(" ".join(map(str, row)) for row in rows)).encode())
        stream = io.BytesIO()
        export(reader, "nquads", stream)
    digest.update(stream.getvalue())
    return digest.hexdigest()


def rewritten(path: Path) -> str:
    """Open the store to write, publish it as it is, as a build without news does, and return a sum over its data."""
    store = open_store(path, write=True)
    assert isinstance(store, EmbeddedStore)
    with closing(store):
        lines = store.dump().splitlines()
        store.publish()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


def told(work: Callable[[Path], str], path: Path, expected: str) -> str:
    """Return `right`, `WRONG`, the message of a StoreError, or the traceback of what must not be."""
    try:
        return "right" if work(path) == expected else "WRONG"
    except StoreError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()


def cases(store: Path, chance: random.Random) -> Iterator[tuple[Path, str, bytes | None]]:
    """Yield each file that counts, how it is damaged, and what is left of it (None: it is gone)."""
    current = (store / "current").read_text().split()[0]
    seen: set[int] = set()
    for path in sorted(store.rglob("*")):
        inside = path.relative_to(store)
        if not path.is_file():
            continue
        old = inside.parts[0] == "snapshots" and inside.parts[1] not in (current, f"{current}.hold")
        if path.name.startswith("LOG") or path.name in {"LOCK", "lock"} or old:
            continue
        if path.stat().st_ino in seen:  # a table, which data and snapshot share
            continue
        seen.add(path.stat().st_ino)
        content = path.read_bytes()
        yield path, "gone", None
        if content:
            yield path, "cut", content[: chance.randrange(len(content))]
            place = chance.randrange(len(content))
            flipped = bytes([content[place] ^ 1 << chance.randrange(8)])
            yield path, "flip", content[:place] + flipped + content[place + 1 :]


def clone(store: Path, copy: Path, damaged: Path, content: bytes | None) -> None:
    """Make a copy of `store` in which the file `damaged`, by all its names, has other content or is gone."""
    inode = damaged.stat().st_ino
    for path in sorted(store.rglob("*")):
        target = copy / path.relative_to(store)
        if path.is_dir():
            target.mkdir(parents=True)
        elif path.stat().st_ino == inode:
            if content is not None:
                target.write_bytes(content)
        elif path.suffix == ".sst":  # never changed by the engine
            os.link(path, target)
        else:
            shutil.copyfile(path, target)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))  # the engine may run away on a damaged table
    store, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    chance = random.Random(20261129)
    read = answers(store)
    copy = scratch / "copy"
    shutil.copytree(store, copy)
    written = rewritten(copy)
    for path, how, content in cases(store, chance):
        shutil.rmtree(copy)
        copy.mkdir()
        clone(store, copy, path, content)
        outcome = {
            "file": str(path.relative_to(store)),
            "how": how,
            "read": told(answers, copy, read),
            "written": told(rewritten, copy, written),
            "read_after": told(answers, copy, read),
        }
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
