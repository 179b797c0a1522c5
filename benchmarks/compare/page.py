"""`docs/figures.md`: all comparisons that are kept, as tables and pictures, with machine and date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compare.figures import Comparison, table
from compare.plot import draw

_HEADS = {"way": "", "value": "{unit}", "factor": "{first} is × as good", "memory": "MB at most", "note": ""}
_ORDER = ("way", "value", "factor", "memory", "note")
_TOP = """# Figures

Measured by `make figures`, which runs each way to the same end side by side, on the same made-up data, each in a process of its own,
and writes this page. The figures of a machine are its own; the factors carry over. A factor above 1 says how many times as good wenmai is
as the way in that row, below 1 how much less. `docs/figures/*.json` holds what is shown here.

```sh
make figures                                      # all of it at a million quads, some ten minutes; have nothing else running
make figures ARGS="--quads 100000 --only load"    # less of it
make figures ARGS="--quads 10000000 --only library --folder /var/tmp/figures"   # keeps the data that it makes
```

kglab brings a gigabyte of packages that nothing else here needs: install it into an environment of its own and name that by
`--kglab PYTHON`. Virtuoso is measured where `virtuoso-t` and `isql-vt` are installed. What is not there has a row that says so.
"""


def write(comparisons: Sequence[Comparison], docs: Path) -> None:
    """Write the page and its pictures."""
    parts = [_TOP]
    for comparison in comparisons:
        parts.append(_section(comparison, draw(comparison, docs / "figures")))
    (docs / "figures.md").write_text("\n".join(parts), "utf-8")


def _section(comparison: Comparison, picture: str | None) -> str:
    kept = [place for place, name in enumerate(_ORDER) if name in comparison.columns]
    heads = [_HEADS[_ORDER[place]].format(unit=comparison.unit, first=comparison.first) for place in kept]
    lines = [f"## {comparison.title}", "", comparison.about, ""]
    if comparison.goal:
        lines += [f"To be reached: {comparison.goal}.", ""]
    lines += [_line(heads), _line(["---" if place in (0, 4) else "---:" for place in kept])]
    lines += [_line([cells[place].replace("|", "\\|") for place in kept]) for cells in table(comparison)]
    if picture:
        lines += ["", f"![{comparison.title}](figures/{picture})"]
    size = f"{comparison.size}; " if comparison.size else ""
    lines += ["", f"{size}{comparison.date}, {comparison.machine}.", ""]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
