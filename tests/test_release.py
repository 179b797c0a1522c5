"""What would be published: the wheel, its source, from which it comes again bit for bit, and what is said of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

import wenmai
from conftest import ROOT
from release.bundled import parts
from release.distributions import build, metadata, requirements, unpacked
from release.installed import applying, closure
from release.licences import UnlicensedError, licence, looked_up, names
from release.sbom import sbom
from release.smoke import smoke

Built = tuple[Path, Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the wheel and the source distribution of this checkout."""
    sdist, wheel = sorted(build(ROOT, tmp_path_factory.mktemp("dist")), key=lambda path: path.suffix == ".whl")
    return wheel, sdist


@pytest.fixture(scope="module")
def written(built: Built) -> str:
    """Return the bill of materials as it is written: valid, or an error."""
    return sbom(built[0])


@pytest.fixture(scope="module")
def bill(written: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written)
    return found


def named(bill: dict[str, Any]) -> dict[str, Any]:
    return {component["bom-ref"]: component for component in bill["components"]}


@contextmanager
def masked(mask: int) -> Iterator[None]:
    """Make files that this process and its children make as private as `mask` says."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_the_wheel_works_where_nothing_else_is(built: Built) -> None:
    smoke(built[0])


def test_the_source_gives_the_same_bytes_elsewhere(built: Built, tmp_path: Path) -> None:
    with masked(0o077):
        source = unpacked(built[1], tmp_path / "another folder")
        for number, path in enumerate(sorted(source.rglob("*"))):
            os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
        env = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
        again = {path.name: path.read_bytes() for path in build(source, tmp_path / "dist", env=env)}
    assert again == {path.name: path.read_bytes() for path in built}


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(built: Built) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    kept = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [name for name in kept if name and (ROOT / name).is_file()]
    expected = {name.removeprefix("graph/") for name in files if name.startswith("graph/wenmai/")}
    expected |= {f"wenmai/{name}" for name in files if name.split("/")[0] in {"ontology", "queries", "samples"}}
    with zipfile.ZipFile(built[0]) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        rest = {name.split(".dist-info/")[1] for name in archive.namelist() if ".dist-info/" in name}
    assert found == expected
    assert {"wenmai/py.typed", "wenmai/serve/texts.toml", "wenmai/extract/tagger/tagger.npz"} <= found
    vendor = "licenses/graph/wenmai/serve/static/vendor"
    assert rest == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
        "licenses/THIRD-PARTY.md",
        f"{vendor}/editor.licences.txt",
        f"{vendor}/graph.licences.txt",
    }


def test_the_source_holds_what_its_tests_need(built: Built) -> None:
    with tarfile.open(built[1]) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "Makefile",
        "CITATION.cff",
        "THREAT_MODEL.md",
        "release/licences.toml",
        "tests/data/store-format-1.tar.gz",
        "deploy/wenmai.toml",
        "docs/stability.md",
    } <= found
    assert not [name for name in found if name.startswith((".venv", "shared", "dist", "demo"))]


def test_the_bill_has_what_is_in_the_wheel(built: Built, bill: dict[str, Any]) -> None:
    components = named(bill)
    with zipfile.ZipFile(built[0]) as archive:
        bundles = json.loads(archive.read("wenmai/serve/static/vendor/manifest.json"))["bundles"]
        lists = [name for name in archive.namelist() if name.startswith("wenmai/ontology/lexicon/")]
    for bundle in bundles.values():
        for package in bundle["packages"]:
            component = components[f"npm:{package['name']}"]
            assert component["version"] == package["version"]
            assert component["licenses"] == [{"license": {"id": package["licence"]}}]
    assert len(lists) > 30 and all(f"data:{name}" in components for name in lists)
    assert {f"model:wenmai/extract/tagger/{name}" for name in ("tagger.npz", "encoder.onnx")} <= components.keys()
    assert all(component["licenses"] for component in components.values())


def test_the_bill_has_what_is_installed_with_the_wheel(built: Built, bill: dict[str, Any]) -> None:
    components = named(bill)
    needed = closure(requirements(built[0]))
    assert {"pyoxigraph", "starlette", "click"} <= needed.keys()  # click comes by uvicorn
    assert not {"pytest", "hatchling", "jieba", "dask"} & needed.keys()
    for name, package in needed.items():
        assert components[f"pypi:{name}"]["version"] == package.version
    depends = {each["ref"]: set(each.get("dependsOn", ())) for each in bill["dependencies"]}
    direct = {each.name.lower() for each in applying(requirements(built[0]))}
    assert {f"pypi:{name}" for name in direct} <= depends["pypi:wenmai"]
    assert "pypi:click" in depends["pypi:uvicorn"]


def test_the_bill_is_the_same_bytes_twice(built: Built, written: str) -> None:
    assert sbom(built[0]) == written


@pytest.mark.parametrize("says", ["", "License: Proprietary", "License-Expression: AGPL-3.0-only"])
def test_what_has_no_licence_that_was_agreed_to_does_not_go_out(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "newcomer-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: newcomer\nVersion: 1.0\n{says}\n".rstrip() + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    (package,) = closure(["newcomer"]).values()
    with pytest.raises(UnlicensedError, match=r"newcomer 1\.0"):
        licence(package)


@pytest.mark.parametrize("path", ["wenmai/serve/static/vendor/other.js", "wenmai/ontology/lexicon/other.tsv"])
def test_a_new_part_without_a_licence_does_not_go_out(path: str, built: Built, tmp_path: Path) -> None:
    wheel = tmp_path / built[0].name
    wheel.write_bytes(built[0].read_bytes())
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(path, "# a list of unknown origin\nword\n")
    with pytest.raises(UnlicensedError, match=re.escape(path)):
        parts(wheel)


def test_the_package_names_the_licences_of_all_its_parts(built: Built) -> None:
    found = parts(built[0])
    told = metadata(built[0])["License-Expression"]
    assert names(told) == {"Apache-2.0"}.union(*(names(part.licence) for part in found))
    notices = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
    for part in found:
        if part.kind == "npm":
            assert f"{part.name} {part.version}" in notices
    for name, expression in looked_up()["data"].items():
        head = "".join((ROOT / "ontology" / "lexicon" / name).read_text("utf-8").splitlines(keepends=True)[:4])
        assert name in notices
        assert all(each in head for each in names(expression) - {"Apache-2.0"})


def test_the_version_is_said_in_one_place_and_told_alike(built: Built) -> None:
    assert metadata(built[0])["Version"] == wenmai.__version__
    assert 'version = "' not in (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.")[0]
    (newest, *_) = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest == wenmai.__version__


def test_the_citation_is_one() -> None:
    citation: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))  # type: ignore[no-untyped-call]  # no types
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert all(author["name"] for author in citation["authors"])
    assert str(citation["version"]) == wenmai.__version__
    assert citation["license"] == "Apache-2.0"
