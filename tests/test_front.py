"""The files of the front end: vendored code is what the manifest says, modules find each other, types hold."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from serving import Served
from wenmai.serve import assets
from wenmai.serve.html import LANGS, texts, words

STATIC = ROOT / "graph" / "wenmai" / "serve" / "static"
VENDOR = STATIC / "vendor"
MANIFEST: dict[str, Any] = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
BUNDLES: dict[str, Any] = MANIFEST["bundles"]
_IMPORT = re.compile(r'^(?:import|export)\b[^;"()]*"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)


def own() -> list[Path]:
    """Return our own modules."""
    return [path for path in STATIC.rglob("*.js") if VENDOR not in path.parents]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_names_every_bundle() -> None:
    assert {path.name for path in VENDOR.glob("*.js")} == BUNDLES.keys()


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_is_what_the_manifest_says(name: str) -> None:
    bundle = BUNDLES[name]
    assert sha256(VENDOR / name) == bundle["sha256"]
    assert sha256(VENDOR / bundle["licences"]) == bundle["licences_sha256"]
    texts_of_licences = (VENDOR / bundle["licences"]).read_text("utf-8")
    lock = json.loads((VENDOR / "source" / "package-lock.json").read_text("utf-8"))["packages"]
    for each in bundle["packages"]:
        assert f"{each['name']} {each['version']} ({each['licence']})" in texts_of_licences
        assert each["licence"] in {"MIT", "Apache-2.0", "BSD-3-Clause", "ISC"}
        locked = lock[f"node_modules/{each['name']}"]
        assert (locked["version"], locked["integrity"]) == (each["version"], each["integrity"])


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_needs_no_eval(name: str) -> None:
    assert not re.search(r"\beval\(|new Function\(", (VENDOR / name).read_text("utf-8"))


def test_modules_are_served_with_imports_that_lead_somewhere(sample_server: Served) -> None:
    served = {each.served for each in assets.assets().values()}
    for name, asset in assets.assets().items():
        got = sample_server.send(f"/static/{asset.served}")
        assert (got.status, got.body) == (200, asset.content)
        assert got.headers["content-type"] == asset.media and "immutable" in got.headers["cache-control"]
        if name.endswith(".js") and not name.startswith("vendor/"):
            for path in _IMPORT.findall(asset.content.decode()):
                assert os.path.normpath(f"{Path(asset.served).parent}/{path}") in served, (name, path)
    assert sample_server.send("/static/vendor/manifest.json").status == 404
    assert sample_server.send("/static/vendor/source/graph.entry.js").status == 404


def test_a_bundle_travels_compressed(sample_server: Served) -> None:
    path = f"/static/{assets.assets()['vendor/graph.js'].served}"
    got = sample_server.send(path, headers={"Accept-Encoding": "gzip"})
    assert got.headers["content-encoding"] == "gzip" and len(got.body) < 60_000
    assert "Accept-Encoding" in got.headers["vary"]


def test_a_module_changes_its_name_with_what_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_STATIC", tmp_path)
    (tmp_path / "part").mkdir()
    (tmp_path / "main.js").write_text('import { one } from "./part/one.js";\nconsole.log(one);\n', "utf-8")
    named = []
    for content in ("export const one = 1;", "export const one = 2;"):
        (tmp_path / "part" / "one.js").write_text(content, "utf-8")
        made = assets.made()
        assert f'"./{made["part/one.js"].served}"'.encode() in made["main.js"].content
        named.append(made["main.js"].served)
    assert named[0] != named[1]
    (tmp_path / "part" / "one.js").write_text('import "../main.js";\n', "utf-8")
    with pytest.raises(ValueError, match=r"main\.js: modules import each other"):
        assets.made()
    (tmp_path / "part" / "one.js").unlink()
    with pytest.raises(KeyError):
        assets.made()


def test_text_of_the_store_is_never_markup() -> None:
    for path in own():
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text("utf-8"))
        assert not found, path


def test_every_word_a_script_asks_for_is_there_in_both_languages() -> None:
    asked = re.compile(r"""\bsay\(\s*"(\w+)\"""")
    for path in (STATIC / "explorer").glob("*.js"):
        for key in asked.findall(path.read_text("utf-8")):
            for lang in LANGS:
                assert words(lang, "ex_").get(key), (path.name, key)
    zh, en = texts("zh"), texts("en")
    for key in zh:
        assert sorted(re.findall(r"{\w+}", zh[key])) == sorted(re.findall(r"{\w+}", en[key])), key


def test_the_types_hold() -> None:
    tsc = os.environ.get("TSC") or shutil.which("tsc")
    if tsc is None:
        pytest.skip("no TypeScript compiler: npm install -g typescript, or name one by TSC")
    done = subprocess.run([tsc, "-p", str(STATIC)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
