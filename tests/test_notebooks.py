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


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_kept(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    assert shown(notebook) == ""
    assert all(cell.get("execution_count") is None for cell in notebook.cells)


def test_first_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.read(_FOLDER / "first_steps.ipynb", 4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    text = shown(notebook)
    for words in ("深圳市腾讯计算机系统有限公司", "淮海中路街道", "connected parts", "马化腾 — ", "<iframe srcdoc="):
        assert words in text
    assert {path.name for path in tmp_path.glob("*/network.*")} == {"network.html", "network.graphml", "network.svg"}
