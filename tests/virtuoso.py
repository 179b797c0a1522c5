"""A Virtuoso of its own for a test: started in a folder, with the SPARQL endpoint open to updates."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import free_port

_INI = """\
[Database]
DatabaseFile = {0}/v.db
ErrorLogFile = {0}/v.log
LockFile = {0}/v.lck
TransactionFile = {0}/v.trx
xa_persistent_file = {0}/v.pxa
[TempDatabase]
DatabaseFile = {0}/t.db
TransactionFile = {0}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{1}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = {0}
[HTTPServer]
ServerPort = 127.0.0.1:{2}
"""


@contextmanager
def running(program: str, folder: Path) -> Iterator[Path]:
    """Run Virtuoso until the end of the block; give the file of settings that `--store` takes."""
    folder.mkdir()
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder, sql, http))
    with subprocess.Popen(
        [program, "-f", "-c", str(folder / "virtuoso.ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            url = f"http://127.0.0.1:{http}/sparql"
            for _ in range(300):
                try:
                    urllib.request.urlopen(url, timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            grant = 'exec=GRANT SPARQL_UPDATE TO "SPARQL";'
            subprocess.run(["isql-vt", str(sql), "dba", "dba", grant], check=True, capture_output=True)
            settings = folder / "store.toml"
            base = "http://localhost:8000/"
            settings.write_text(
                f'query = "{url}"\nupdate = "{url}"\nbase = "{base}"\ndefault_graph = "{base}graph/facts"\n'
            )
            yield settings
        finally:
            process.kill()
