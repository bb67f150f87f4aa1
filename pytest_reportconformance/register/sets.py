"""Frozen sets of requirements, `specs/sets/<name>.toml`: what a certificate of that name covers.

Rule: newer requirements are checked as well, but do not count for the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_reportconformance.register import installed, register, strict_toml
from pytest_reportconformance.register.strict_toml import choices


class SetError(Exception):
    """A set is unknown, or its file has a fault: the message names file, key, found and allowed."""


@dataclass(frozen=True)
class RequirementSet:
    """The ids of an API that a certificate of this name covers."""

    name: str
    api: str
    ids: tuple[str, ...]


def names() -> list[str]:
    """The names of all sets, sorted."""
    return sorted(_files())


def _files() -> dict[str, Path]:
    """The file of each set: ours, and those of the packages of APIs."""
    folders = dict.fromkeys([installed.specs_folder(), *(installed.package(api).specs for api in installed.names())])
    return {file.stem: file for folder in folders for file in sorted((folder / "sets").glob("*.toml"))}


def load(name: str) -> RequirementSet:
    """The set of that name; raises SetError."""
    if name not in names():
        raise SetError(f"--set: found {name!r}; allowed: {choices(name, names())}")
    file = _files()[name]
    table = strict_toml.parse(file, f"sets/{file.name}", SetError)
    table.only("api", "requirements")
    api = table.text("api", register.api_names())
    ids = table.items("requirements", str)
    known = register.load(api).requirements
    for id in ids:
        if id not in known:
            table.refuse("requirements", id, choices(id, known))
    return RequirementSet(name, api, ids)


def frozen(api: str, ids: Iterable[str]) -> str:
    """The text of a set's file."""
    lines = [f'api = "{api}"', "requirements = [", *(f'  "{id}",' for id in ids), "]"]
    return "\n".join(lines) + "\n"
