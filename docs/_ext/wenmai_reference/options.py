"""The settings of `wenmai serve`, as the program reads them."""

from __future__ import annotations

from wenmai.serve.config import PREFIX
from wenmai.serve.options import Option
from wenmai.serve.options import options as known
from wenmai_reference.markdown import code, prose, table


def text() -> str:
    """Return a table with a row for each option, in the order in which `wenmai serve --show-config` prints them."""
    return table(("option", "takes", "default", "what it is"), [_row(option) for option in known().values()])


def _row(option: Option) -> tuple[str, str, str, str]:
    default = "" if option.shown in {'""', "[]"} else code(option.shown)
    secret = (
        f" A secret: by the file or {code(PREFIX + option.name.upper())}, never by a flag." if option.secret else ""
    )
    return code(option.name), option.kind.says, default, prose(option.about) + secret
