"""The licence of a Python package, as an SPDX expression; nothing goes out whose licence nobody looked at."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cyclonedx.spdx import is_supported_id
from license_expression import ExpressionError, get_spdx_licensing

from release.installed import Needed

_CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
}
"""Classifiers that mean one licence; "BSD License" means several."""


class UnlicensedError(Exception):
    """Something whose licence is not known, or not one of those that were agreed to."""


@cache
def looked_up() -> Mapping[str, Any]:
    """Return licences.toml: `allowed`, `python`, `data`."""
    return tomllib.loads(Path(__file__).with_name("licences.toml").read_text("utf-8"))


@cache
def _licensing() -> Any:
    return get_spdx_licensing()  # type: ignore[no-untyped-call]  # the library has no types


def names(expression: str) -> set[str]:
    """Return the identifiers in an SPDX expression. Raises UnlicensedError if it is none."""
    try:
        keys = _licensing().license_keys(expression, unique=True)
    except ExpressionError as error:
        raise UnlicensedError(f"{expression}: {error}") from error
    if not keys or not all(map(is_supported_id, keys)):
        raise UnlicensedError(f"{expression}: no SPDX expression")
    return set(keys)


def licence(package: Needed) -> str:
    """Return the licence of a package that wenmai depends on. Raises UnlicensedError."""
    said = package.distribution.metadata
    # importlib_metadata, which some package may have put in the place of the standard one, raises for what is missing.
    stated = said["License-Expression"] if "License-Expression" in said else None  # noqa: SIM401 - its type has no get
    expression = stated or looked_up()["python"].get(package.name) or _older(said)
    if expression is None:
        raise UnlicensedError(f"{package.name} {package.version} states no licence; see release/licences.toml")
    if unknown := names(expression) - set(looked_up()["allowed"]):
        raise UnlicensedError(
            f"{package.name} {package.version} is {expression}: {', '.join(unknown)} is not agreed to"
        )
    return expression


def _older(said: Any) -> str | None:
    """Return what metadata of before 2024 says: the field, where it is an expression, or a classifier."""
    field = said.get("License") or ""
    try:
        if "\n" not in field and names(field):
            return str(field)
    except UnlicensedError:
        pass
    told = {_CLASSIFIERS[each] for each in said.get_all("Classifier") or [] if each in _CLASSIFIERS}
    return " OR ".join(sorted(told)) or None
