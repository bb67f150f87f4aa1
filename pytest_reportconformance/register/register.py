"""What is promised: reads ``specs/<api>/`` into frozen requirements, deviations and facts of products.

Rule: standard library only, and strict: a `RegisterError` names file, key, found and allowed for everything that is
not in the format. Only the mark `requirement` knows pytest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pytest_reportconformance.register import installed
from pytest_reportconformance.register.permissions import Permission, read_permission
from pytest_reportconformance.register.products import Deviation, ProductFacts, read_deviation, read_facts
from pytest_reportconformance.register.strict_toml import Table, choices, parse

if TYPE_CHECKING:
    import pytest

Level = Literal["MUST", "SHOULD", "MAY"]
LEVELS: tuple[Level, ...] = ("MUST", "SHOULD", "MAY")

_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_MODAL = re.compile(r"\b(must|should|shall|may)\b", re.IGNORECASE)


class RegisterError(Exception):
    """A folder under ``specs/`` has a fault; the message names file, key, found and allowed."""


@dataclass(frozen=True)
class Document:
    """A document that requirements cite; a MUST requirement cites a normative one."""

    key: str
    title: str
    url: str
    normative: bool


@dataclass(frozen=True)
class Requirement:
    """One documented sentence: ``says`` in our words, from ``section`` of ``document``.

    ``unchecked`` is the reason why no check exists, ``when`` the condition under which it applies, ``since`` the first
    version of the product with this behavior, ``implied_by`` the ids whose violation may violate this one as well.
    """

    id: str
    api: str
    operation: str
    level: Level
    says: str
    document: Document
    section: str
    unchecked: str | None = None
    implied_by: tuple[str, ...] = ()
    when: str | None = None
    since: str | None = None

    @property
    def source_url(self) -> str:
        """URL of the document."""
        return self.document.url


@dataclass(frozen=True)
class Register:
    """All requirements of one API in reading order; ``digest`` is the SHA-256 over every file of its folder."""

    api: str
    documents: Mapping[str, Document]
    requirements: Mapping[str, Requirement]
    deviations: Mapping[str, Deviation]
    products: Mapping[str, ProductFacts]
    digest: str
    permissions: tuple[Permission, ...] = ()

    def match(self, glob: str) -> list[str]:
        """The ids that match a shell pattern, in reading order."""
        return [id for id in self.requirements if fnmatchcase(id, glob)]


def api_names() -> list[str]:
    """The APIs that installed packages register, sorted."""
    return installed.names()


@cache
def load(api: str) -> Register:
    """The register of an API. Raises `RegisterError` if it is unknown or its folder has a fault, `PackageError`."""
    if api not in api_names():
        raise RegisterError(f"unknown API {api!r}; known: {choices(api, api_names())}")
    return read(folder(api))


def folder(api: str) -> Path:
    """The folder ``specs/<api>/`` of an API. Raises `PackageError` if there is none."""
    return installed.package(api).register


def read(folder: Path) -> Register:
    """Reads one folder ``<api>/`` of the documented format; raises `RegisterError`."""
    api = folder.name
    documents = {table.key: read_document(table) for table in _documents(folder)}
    requirements: dict[str, Requirement] = {}
    for file in sorted((folder / "requirements").glob("*.toml"), key=lambda path: path.stem):
        for table in _entries(folder, file):
            if table.key in requirements:
                table.refuse("id", table.key, "each ID once, in one file")
            requirements[table.key] = read_requirement(table, api, file.stem.replace("_", "-"), documents)
    for requirement in requirements.values():
        _check_implications(requirement, requirements)
    deviations = {
        table.key: read_deviation(table, requirements) for table in _entries(folder, folder / "deviations.toml")
    }
    products = {table.key: read_facts(table, requirements) for table in _entries(folder, folder / "products.toml")}
    permissions = tuple(read_permission(table, requirements) for table in _entries(folder, folder / "permissions.toml"))
    return Register(api, documents, requirements, deviations, products, _digest(folder), permissions)


def requirement(id: str) -> pytest.MarkDecorator:
    """The mark that ties a check to the one requirement it asserts."""
    import pytest  # here, so that reading a register costs no pytest

    return pytest.mark.requirement(id)


def _read_file(folder: Path, file: Path) -> Table:
    return parse(file, file.relative_to(folder.parent).as_posix(), RegisterError)


def _entries(folder: Path, file: Path) -> list[Table]:
    """The top-level tables of a file; none if the file does not exist."""
    return _read_file(folder, file).tables() if file.exists() else []


def _documents(folder: Path) -> list[Table]:
    source = _read_file(folder, folder / "source.toml")
    source.only("documents")
    return source.table("documents").tables()


def read_document(table: Table) -> Document:
    """One document; raises `RegisterError`."""
    table.only("title", "url", "normative")
    return Document(table.key, table.text("title"), table.text("url"), table.flag("normative"))


def read_requirement(table: Table, api: str, operation: str, documents: Mapping[str, Document]) -> Requirement:
    """One requirement; raises `RegisterError`."""
    table.only("level", "says", "source", "unchecked", "implied_by", "when", "since")
    if not _ID.fullmatch(table.key) or table.key.split(".")[:2] != [api, operation]:
        table.refuse("id", table.key, f"{api}.{operation}.<slug>, with the operation from the file name")
    level = cast(Level, table.text("level", LEVELS))
    source = table.table("source")
    source.only("document", "section")
    document = documents[source.text("document", documents)]
    if level == "MUST" and not document.normative:
        table.refuse("level", level, f"SHOULD or MAY, because {document.key} is not normative")
    return Requirement(
        id=table.key,
        api=api,
        operation=operation,
        level=level,
        says=_says(table),
        document=document,
        section=source.text("section"),
        unchecked=table.optional("unchecked"),
        implied_by=table.items("implied_by", str),
        when=table.optional("when"),
        since=table.optional("since"),
    )


def _says(table: Table) -> str:
    says = table.text("says")
    if modal := _MODAL.search(says):
        table.refuse("says", modal[0], "no modal verb, because the level is a separate key")
    if not says.endswith("."):
        table.refuse("says", says, "a sentence that ends with a period")
    return says


def _check_implications(requirement: Requirement, known: Mapping[str, Requirement]) -> None:
    for id in requirement.implied_by:
        if id not in known or id == requirement.id:
            file = f"{requirement.api}/requirements/{requirement.operation.replace('-', '_')}.toml"
            allowed = f"another ID, {choices(id, known)}"
            raise RegisterError(f"{file}: [{requirement.id}] implied_by: found {id!r}; allowed: {allowed}")


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted((path for path in folder.rglob("*") if path.is_file()), key=Path.as_posix):
        content = file.read_bytes()
        total.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()
