"""The table of options in `docs/serve.md`, made from `Settings`; `python -m wenmai.serve.reference` writes it anew."""

from __future__ import annotations

from pathlib import Path

from wenmai.serve.config import PREFIX
from wenmai.serve.options import options

BEGIN, END = "<!-- options -->\n", "<!-- /options -->"


def table() -> str:
    """Return a row of Markdown for each option."""
    rows = [f"| option | takes | default | what it is (in the environment: `{PREFIX}` and the option in capitals) |"]
    rows.append("| --- | --- | --- | --- |")
    for option in options().values():
        default = "" if option.shown in {'""', "[]"} else f"`{option.shown}`"
        rows.append(
            f"| `{option.name}` | {option.kind.says} | {default} | {option.about.replace('|', chr(92) + '|')} |"
        )
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the table of this checkout's `docs/serve.md`."""
    path = Path(__file__).resolve().parents[3] / "docs" / "serve.md"
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    path.write_text(before + BEGIN + table() + END + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
