"""Build, describe and try a release.

    python -m release [--into dist] [--no-smoke]

Leaves in `dist/`, emptied before: the wheel, the source distribution, the wheel's bill of materials and SHA256SUMS. The
wheel is built a second time, from the source distribution, and has to be the same bytes. See docs/release.md.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from release.distributions import ROOT, build, metadata, unpacked
from release.sbom import sbom
from release.smoke import smoke


def main() -> None:
    """Leave a release in a folder, or stop at what is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="folder, default: dist/")
    parser.add_argument("--no-smoke", action="store_true", help="do not try the wheel in a clean environment")
    options = parser.parse_args()
    shutil.rmtree(options.into, ignore_errors=True)
    wheel, sdist = sorted(build(ROOT, options.into), key=lambda path: path.suffix != ".whl")
    same_from(sdist, wheel)
    told(metadata(wheel)["Version"])
    bill = options.into / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    bill.write_text(sbom(wheel), "utf-8")
    sums = options.into / "SHA256SUMS"
    files = sorted(path for path in options.into.iterdir() if path != sums)
    sums.write_text("".join(f"{sum_of(path)}  {path.name}\n" for path in files), "utf-8")
    if not options.no_smoke:
        smoke(wheel)
    for path in (*files, sums):
        print(f"{path}  {path.stat().st_size:,} bytes")


def same_from(sdist: Path, wheel: Path) -> None:
    """Build the wheel from the source distribution too. Raises SystemExit if that gives other bytes."""
    with tempfile.TemporaryDirectory() as folder:
        (other,) = build(unpacked(sdist, Path(folder)), Path(folder) / "again", "wheel")
        if sum_of(other) != sum_of(wheel):
            raise SystemExit(f"{wheel.name}: from the source distribution it has other bytes than from the checkout")


def told(version: str) -> None:
    """Raise SystemExit if what people read tells of another version; say so if something is not committed."""
    for name, pattern in (("CHANGELOG.md", r"^## (\S+)"), ("CITATION.cff", r"^version: (\S+)")):
        found = re.search(pattern, (ROOT / name).read_text("utf-8"), re.MULTILINE)
        if found is None or found[1] != version:
            raise SystemExit(f"{name} tells of {found and found[1]}, wenmai.__version__ is {version}")
    words = ["git", "status", "--porcelain"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.stdout.strip():
        print(f"note: not committed, and built as it is:\n{done.stdout.rstrip()}")


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
