"""A script that starts processes where it may not is told what to do, and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archive import write


def test_a_script_without_a_main_guard_is_told(tmp_path: Path) -> None:
    write(tmp_path / "news.jsonl", 2)
    (tmp_path / "script.py").write_text(
        "from wenmai.build import build\nbuild(['news.jsonl'], 'store', workers=2)\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 1
    assert "UsageError: processes that extract end before they begin" in done.stderr.splitlines()[-1]
    assert "if __name__ == '__main__':" in done.stderr.splitlines()[-1]
