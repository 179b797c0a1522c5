"""What of this environment a wheel needs: the distributions that it requires, and those that they require."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True)
class Needed:
    """An installed distribution, and the names of those that it needs itself."""

    name: str
    distribution: Distribution
    needs: frozenset[str]

    @property
    def version(self) -> str:
        """The version that is installed."""
        return self.distribution.version


def closure(requirements: Iterable[str]) -> dict[str, Needed]:
    """Return by name all that `requirements` lead to, in order of names.

    Raises SystemExit for what is not installed here, or in a version that is not asked for.
    """
    found: dict[str, tuple[Distribution, set[str]]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()

    def walk(requirement: Requirement) -> str:
        name, installed = _installed(requirement)
        needs = found.setdefault(name, (installed, set()))[1]
        key = (name, frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            needs.update(map(walk, applying(installed.requires or (), requirement.extras)))
        return name

    for each in applying(requirements):
        walk(each)
    return {name: Needed(name, found[name][0], frozenset(found[name][1])) for name in sorted(found)}


def applying(requirements: Iterable[str], extras: Iterable[str] = ()) -> list[Requirement]:
    """Return those requirements that hold on this platform, with these extras."""
    return [
        requirement
        for requirement in map(Requirement, requirements)
        if not requirement.marker or any(requirement.marker.evaluate({"extra": each}) for each in ("", *extras))
    ]


def _installed(requirement: Requirement) -> tuple[str, Distribution]:
    name = str(canonicalize_name(requirement.name))
    try:
        found = distribution(requirement.name)
    except PackageNotFoundError:
        raise SystemExit(f"{name}: required and not installed here") from None
    if not requirement.specifier.contains(found.version, prereleases=True):
        raise SystemExit(f"{name} {found.version} is installed, {requirement} is required")
    return name, found
