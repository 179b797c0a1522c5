"""The bill of materials of a wheel, as CycloneDX 1.6: what is in it, what it needs, each with version and licence."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_supported_id
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from release.bundled import Part, parts
from release.distributions import metadata, requirements
from release.installed import Needed, applying, closure
from release.licences import licence

EPOCH = "1580601600"
"""The time that hatchling gives files where SOURCE_DATE_EPOCH is not set."""
_KINDS = {
    "npm": ComponentType.LIBRARY,
    "data": ComponentType.DATA,
    "model": ComponentType.MACHINE_LEARNING_MODEL,
}


def sbom(wheel: Path) -> str:
    """Return the bill of a wheel, with the versions that this environment has of what it needs.

    The same wheel in the same environment gives the same bytes. Raises UnlicensedError, and SystemExit for what is
    required and not installed.
    """
    said, digest = metadata(wheel), hashlib.sha256(wheel.read_bytes()).hexdigest()
    name, version = said["Name"], said["Version"]
    main = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        description=said["Summary"],
        purl=PackageURL("pypi", name=name, version=version),
        bom_ref=f"pypi:{name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=_licences(said["License-Expression"]),
    )
    inside = [_bundled(part) for part in parts(wheel)]
    needed = closure(requirements(wheel))
    outside = {name: _package(each) for name, each in needed.items()}
    bom = Bom(
        components=[*inside, *outside.values()],
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{digest}"),
        metadata=BomMetaData(
            component=main,
            timestamp=dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), dt.UTC),
        ),
    )
    direct = {str(canonicalize_name(each.name)) for each in applying(requirements(wheel))}
    bom.register_dependency(main, [*inside, *(outside[name] for name in sorted(direct))])
    for name, each in needed.items():
        bom.register_dependency(outside[name], [outside[other] for other in sorted(each.needs)])
    text: str = JsonV1Dot6(bom).output_as_string(indent=1)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"the bill of materials breaks its schema: {wrong}")
    return text + "\n"


def _package(each: Needed) -> Component:
    return Component(
        name=each.name,
        version=each.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", name=each.name, version=each.version),
        bom_ref=f"pypi:{each.name}",
        licenses=_licences(licence(each)),
        properties=[Property(name="wenmai:where", value="installed beside wenmai")],
    )


def _bundled(part: Part) -> Component:
    group, _, name = part.name.rpartition("/") if part.kind == "npm" else ("", "", part.name)
    purl = PackageURL("npm", namespace=group or None, name=name, version=part.version) if part.kind == "npm" else None
    return Component(
        name=name,
        group=group or None,
        version=part.version,
        type=_KINDS[part.kind],
        description=part.about,
        purl=purl,
        bom_ref=f"{part.kind}:{part.name}",
        hashes=[HashType(alg=HashAlgorithm(part.algorithm), content=part.sum)],
        licenses=_licences(part.licence),
        properties=[Property(name="wenmai:where", value=part.where)],
    )


def _licences(expression: str) -> Iterable[License]:
    if is_supported_id(expression):
        return [DisjunctiveLicense(id=expression)]
    return [LicenseExpression(value=expression)]
