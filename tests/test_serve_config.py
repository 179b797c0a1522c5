"""Settings of the server: where they come from, which hold, and what is refused before anything listens."""

from __future__ import annotations

import dataclasses
import re
import socket
import tomllib
from pathlib import Path

import pytest

from conftest import ROOT, Command
from serving import serving
from wenmai.errors import UsageError
from wenmai.serve.config import PREFIX, load
from wenmai.serve.options import options
from wenmai.serve.settings import Settings
from wire import get

TOKEN = "a-token-of-32-characters-0123456"


def written(folder: Path, text: str) -> str:
    path = folder / "wenmai.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return str(path)


def refusal(folder: Path, text: str = "", **environment: str) -> str:
    with pytest.raises(UsageError) as error:
        load({}, written(folder, text) if text else None, environment)
    said = str(error.value)
    assert "\n" not in said
    return said


def test_a_flag_is_stronger_than_the_environment_and_that_than_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[serve]\nport = 1\nrows = 11\nworkers = 3\nmemory = "1 GiB"\nhosts = ["a.example"]\n')
    env = {
        PREFIX + "PORT": "2",
        PREFIX + "ROWS": "22",
        PREFIX + "PROXIES": "127.0.0.1, 10.0.0.0/8",
        "WENMAI_TAGGER": "x",
    }
    found = load({"port": "3", "cors": "true"}, file, env)
    held = found.settings
    assert (held.port, held.rows, held.workers, held.memory, held.timeout) == (3, 22, 3, 1 << 30, 10.0)
    assert (held.hosts, held.proxies, held.cors) == (("a.example",), ("127.0.0.1", "10.0.0.0/8"), True)
    shown = found.show()
    for line in ("port = 3  # command line", f"rows = 22  # environment ({PREFIX}ROWS)", f"workers = 3  # {file}"):
        assert line in shown.splitlines()
    assert "timeout = 10  # default" in shown


def test_what_is_shown_is_a_file_that_says_the_same(tmp_path: Path) -> None:
    first = load({"title": 'a "b" \\ 文\x07', "services": "http://x.example/s", "body_time": "2.5"}, None, {})
    again = load({}, written(tmp_path, first.show()), {})
    assert again.settings == first.settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[serve]\n\nport = "eighty"', ("line 3", "port takes a whole number", "'eighty'", "port = 8")),
        ("[serve]\nport = true", ("line 2", "whole number")),
        ('[serve]\ncors = "yes"', ("cors takes true or false",)),
        ('[serve]\nhosts = "a.example"', ("hosts takes a list of texts",)),
        ('[serve]\nmemory = "much"', ("memory takes bytes", "64 MiB")),
        ("[serve]\ntimeout = [1]", ("timeout takes seconds",)),
        ("[serve]\npubic_base = 'x'", ("line 2", "no option 'pubic_base'", "public_base")),
        ("[server]\nport = 1", ("line 1", "no table [server]", "[serve]")),
        ("port = 1", ("line 1", "'port' is in no table", "[serve]")),
        ("serve = 1", ("write [serve]",)),
        ("[serve\n", ("no TOML", "line 1")),
        ('[serve]\nwrite_token = "short"', ("16 characters",)),
        ('[serve]\nwrite_token = "with a blank in the middle"', ("header cannot carry",)),
        ("[serve]\nwrite_token = 12345678901234567890", ("write_token takes text",)),
        ('[serve]\npublic_base = "kg.example.org"', ("public_base is a URL", "slash")),
        ('[serve]\npublic_base = "https://kg.example.org/kg"', ("slash",)),
        ('[serve]\npublic_base = "https://u:p@kg.example.org/"', ("public_base is a URL",)),
        ('[serve]\nhosts = ["https://a.example/"]', ("without scheme",)),
        ('[serve]\nproxies = ["proxy"]', ("neither an address nor a network",)),
        ("[serve]\nembed = [\"https://a.example; script-src 'unsafe-inline'\"]", ("no origin",)),
        ("[serve]\nport = 70000", ("0 to 65535",)),
        ("[serve]\ntimeout = 0", ("timeout is 0",)),
        ('[serve]\nlog_format = "xml"', ("text, json",)),
        ('[serve]\nhost = "0.0.0.0"', ("other machines", "--allow-remote", "docs/serve.md")),
        ('[serve]\nhost = "no.such.host.invalid"', ("no address of this machine",)),
    ],
)
def test_a_wrong_file_is_refused_with_what_would_be_right(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    said = refusal(tmp_path, text)
    assert all(word in said for word in words), said
    assert "12345678901234567890" not in said


def test_a_wrong_environment_is_refused(tmp_path: Path) -> None:
    assert "WENMAI_PROT" in refusal(tmp_path, WENMAI_PROT="1")
    assert "port" in refusal(tmp_path, WENMAI_PROT="1").partition("did you mean")[2]
    assert "environment: port takes a whole number" in refusal(tmp_path, WENMAI_PORT="x")


def test_a_file_is_text_and_small(tmp_path: Path) -> None:
    path = tmp_path / "wenmai.toml"
    for data, word in ((b"\xff\xfe[serve]", "UTF-8"), (b"#" * (2 << 20), "larger")):
        path.write_bytes(data)
        with pytest.raises(UsageError, match=word):
            load({}, str(path), {})
    with pytest.raises(UsageError, match="No such file"):
        load({}, str(tmp_path / "none.toml"), {})


def test_a_secret_comes_from_a_file_of_its_own_and_is_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")
    secret.chmod(0o600)
    found = load({}, written(tmp_path, f'[serve]\nwrite_token_file = "{secret}"'), {})
    assert found.settings.write_token == TOKEN
    assert found.warnings == ()
    shown = found.show()
    assert f'write_token = "(set)"  # {secret}' in shown
    assert TOKEN not in shown + repr(found)
    secret.chmod(0o644)
    warned = load({}, str(tmp_path / "wenmai.toml"), {}).warnings
    assert [TOKEN not in said and "chmod 640" in said for said in warned] == [True]
    with pytest.raises(UsageError, match="both given"):
        load({}, str(tmp_path / "wenmai.toml"), {PREFIX + "WRITE_TOKEN": TOKEN})
    secret.write_text("\n")
    with pytest.raises(UsageError, match="empty"):
        load({}, str(tmp_path / "wenmai.toml"), {})


def test_a_settings_file_with_a_secret_that_all_may_read_is_warned_of(tmp_path: Path) -> None:
    file = written(tmp_path, f'[serve]\nmetrics_token = "{TOKEN}"')
    Path(file).chmod(0o644)
    assert [file in said for said in load({}, file, {}).warnings] == [True]


def test_show_config_is_the_command_itself(tmp_path: Path, wenmai: Command) -> None:
    written(tmp_path, f'[serve]\nport = 99\nwrite_token = "{TOKEN}"\nstore = "http://me:{TOKEN}@db.example/q"')
    done = wenmai("serve", "--set", "rows=5", "--show-config", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = tomllib.loads(done.stdout)["serve"]
    assert (shown["port"], shown["rows"], shown["write_token"]) == (99, 5, "(set)")
    assert shown["store"] == "http://***@db.example/q"
    assert shown.keys() == {each.name for each in dataclasses.fields(Settings)}
    assert TOKEN not in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--host", "0.0.0.0"), 2, "--allow-remote"),
        (("--host", "::"), 2, "--allow-remote"),
        (("--set", "allow_remote=maybe", "--host", "0.0.0.0"), 2, "true or false"),
        (("--set", f"write_token={TOKEN}"), 2, "write_token_file or the environment"),
        (("--set", "nothing=1"), 2, "no option 'nothing'"),
        (("--port", "eighty"), 2, "whole number"),
        (("--config", "none.toml"), 2, "none.toml"),
        (("--host", "192.0.2.1", "--allow-remote"), 4, "192.0.2.1"),
        (("--socket", "/proc/none/sock"), 4, "/proc/none/sock"),
        (("--store", "nowhere"), 4, "nowhere"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    words: tuple[str, ...], status: int, said: str, tmp_path: Path, sample_store: Path, wenmai: Command
) -> None:
    store = () if "--store" in words else ("--store", sample_store)
    done = wenmai("serve", *store, *words, cwd=tmp_path, timeout=20)
    assert (done.returncode, len(done.stderr.splitlines())) == (status, 1), done.stderr
    assert said in done.stderr
    assert TOKEN not in done.stderr


def test_a_port_that_is_taken(sample_store: Path, wenmai: Command, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = wenmai("serve", "--store", sample_store, "--port", str(taken.getsockname()[1]), timeout=20)
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "is taken" in done.stderr


def test_few_open_files_are_said_in_one_line(sample_store: Path) -> None:
    import resource
    import subprocess

    from conftest import command_line

    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))

    command = [*command_line(), "serve", "--store", str(sample_store), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=few, timeout=20, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (5, 1), done.stderr
    assert "ulimit -n" in done.stderr


@pytest.mark.parametrize("place", ["::1", "unix"])
def test_other_places_to_listen_at(place: str, sample_store: Path, tmp_path: Path) -> None:
    if place == "::1":
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6")
    path = tmp_path / "sock"
    if place == "unix":
        with socket.socket(socket.AF_UNIX) as stale:  # of a server that was killed
            stale.bind(str(path))
    words = ["--socket", str(path)] if place == "unix" else ["--host", "::1", "--port", "0"]
    with serving(sample_store, tmp_path / "log", *words) as served:
        line = next(line for line in served.log.read_text("utf-8").splitlines() if "serving at" in line)
        if place == "unix":
            assert f"unix:{path}" in line
            assert path.stat().st_mode & 0o777 == 0o660
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(str(path))
                sock.sendall(get(b"/sparql?query=ASK%7B%7D", b"X-Forwarded-For: 192.0.2.7"))
                assert sock.recv(1 << 16).startswith(b"HTTP/1.1 200")
        else:
            found = re.search(r"http://\[::1\]:(\d+)/", line)
            assert found, line
            with socket.create_connection(("::1", int(found[1]))) as sock:
                sock.sendall(get(b"/sparql?query=ASK%7B%7D"))
                assert sock.recv(1 << 16).startswith(b"HTTP/1.1 200")
    assert not path.exists()
    if place == "unix":
        assert "client=192.0.2.7" in served.log.read_text("utf-8")


def test_every_option_says_what_it_is() -> None:
    """The reference (`make docs`) is made of these words; `tests/test_docs.py` looks for them there."""
    assert [each.name for each in options().values() if not each.about] == []


def test_example_file_is_one(tmp_path: Path) -> None:
    """The example in deploy/ is a file that the server takes."""
    text = (ROOT / "deploy" / "wenmai.toml").read_text("utf-8")
    tokens = re.findall(r'_token_file = "(.+)"', text)
    for number, token in enumerate(tokens):
        (tmp_path / f"t{number}").write_text(TOKEN)
        text = text.replace(token, str(tmp_path / f"t{number}"))
    assert load({}, written(tmp_path, text), {}).settings.public_base
