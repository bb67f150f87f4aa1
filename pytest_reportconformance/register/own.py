"""Requirements of one's own: `specs/own.toml` beside tests, in the format of `specs/<api>/requirements/`.

Rule: they are judged and reported like ours, under ids that begin with `own.`, and never count for the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pytest_reportconformance.register.register import (
    Document,
    RegisterError,
    Requirement,
    read_document,
    read_requirement,
)
from pytest_reportconformance.register.strict_toml import Table, choices, parse

PREFIX = "own"
FILE = Path("specs", "own.toml")


@dataclass(frozen=True)
class OwnRequirements:
    """The requirements of one file. `api` is the API that they are about; empty: that of the first target."""

    file: Path
    requirements: Mapping[str, Requirement]
    api: str = ""

    def find(self, id: str) -> Requirement:
        """The requirement of an id; raises RegisterError."""
        if id not in self.requirements:
            allowed = choices(id, self.requirements)
            raise RegisterError(f"@requirement: found {id!r}; allowed: an id of {self.file}: {allowed}")
        return self.requirements[id]


def is_own(id: str) -> bool:
    """Whether a requirement is one of the user's own."""
    return id.startswith(f"{PREFIX}.")


def file_beside(test: Path, root: Path) -> Path | None:
    """The nearest `specs/own.toml` beside a test file or above it, up to the root; None if there is none."""
    for folder in test.parents:
        if (folder / FILE).is_file():
            return folder / FILE
        if folder == root:
            break
    return None


@cache
def read(file: Path) -> OwnRequirements:
    """The requirements of a file. Raises RegisterError, which names file, key, found and allowed."""
    values = dict(parse(file, str(file), RegisterError).values)
    head: dict[str, Any] = {name: values.pop(name) for name in ("api", "documents") if name in values}
    whole = Table(str(file), "", head, RegisterError)
    documents = {table.key: read_document(table) for table in whole.table("documents").tables()}
    entries = Table(str(file), "", values, RegisterError).tables()
    found = {table.key: _requirement(table, documents) for table in entries}
    return OwnRequirements(file, found, whole.optional("api") or "")


def _requirement(table: Table, documents: Mapping[str, Document]) -> Requirement:
    parts = table.key.split(".")
    if len(parts) != 3 or parts[0] != PREFIX:
        table.refuse("id", table.key, f"{PREFIX}.<operation>.<slug>, in lower case with hyphens")
    found = read_requirement(table, PREFIX, parts[1], documents)
    return replace(found, operation=f"{PREFIX}.{parts[1]}")
