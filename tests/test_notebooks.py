"""The notebooks run from top to bottom on what the package carries, and are kept without their output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent.parent / "notebooks"
_NOTEBOOKS = sorted(_FOLDER.glob("*.ipynb"))

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: pip install 'wenmai[notebook]'")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install 'wenmai[notebook]'")
pytest.importorskip("ipykernel", reason="ipykernel is not installed: pip install 'wenmai[notebook]'")
pytest.importorskip("pandas", reason="pandas is not installed: pip install 'wenmai[notebook]'")


def shown(notebook: Any) -> str:
    """Return all that the cells print or show, as text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [text for each in outputs for text in (each.get("text", ""), *each.get("data", {}).values())]
    return "\n".join(map(str, shown))


_PICTURE = "<Figure size"
_TOLD: dict[str, tuple[str, ...]] = {
    "sparql_for_journalists": ("a fact? False", "云帆科技将收购苏州海蓝软件有限公司", "2017-04-20 not known", _PICTURE),
    "networks": ("Graph with 61 nodes", "协议", "/graph/analysis-pagerank", "vis-network", _PICTURE),
    "time_and_policies": (
        "2020-09-09 ： 2020-12-01、2021-01-01",
        "+ 施行日期  2021-01-01",
        "regulates → 居民委员会",
        _PICTURE,
    ),
    "quality_and_evidence": ("quotes, 0 of them not in the text", "two dates", "after: ['2021-01-01']", _PICTURE),
    "own_relation": (
        "fired     supplies/1",
        "云岭茶业有限公司  海棠饭店集团",
        "Denied",
        "no findings",
        "6 entities, 5 relations",
    ),
    "linked_data": ("schema.org.Corporation", "http://www.wikidata.org/entity/Q4970", "上海市", _PICTURE),
}
"""What each of the notebooks that share a store of the samples is to show."""


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_kept(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    assert shown(notebook) == ""
    assert all(cell.get("execution_count") is None for cell in notebook.cells)


def test_each_has_a_test() -> None:
    assert {path.stem for path in _NOTEBOOKS} == {"first_steps", *_TOLD}


def run(name: str, folder: Path) -> str:
    """Run a notebook in `folder` and return all that it shows."""
    notebook = nbformat.read(_FOLDER / f"{name}.ipynb", 4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return shown(notebook)


def test_first_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    text = run("first_steps", tmp_path)
    for words in ("深圳市腾讯计算机系统有限公司", "淮海中路街道", "connected parts", "马化腾 — ", "<iframe srcdoc="):
        assert words in text
    assert {path.name for path in tmp_path.glob("*/network.*")} == {"network.html", "network.graphml", "network.svg"}


@pytest.mark.parametrize("name", _TOLD)
def test_a_story_is_told_to_its_end(
    name: str, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'wenmai[notebook]'")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("WENMAI_STORE", str(sample_store))
    monkeypatch.setenv("WENMAI_TAGGER", "none")  # none of them tells of it, and it takes seconds to start
    before = sorted(path.name for path in (sample_store / "snapshots").iterdir())
    text = run(name, tmp_path)
    for words in _TOLD[name]:
        assert words in text, words
    assert sorted(path.name for path in (sample_store / "snapshots").iterdir()) == before, (
        "the shared store is read only"
    )
