"""The permission matrix: what each identity may do, read from the requirements that name an identity.

Rule: a requirement belongs to the identity that its slug begins with: `other-user-cancel` is another user's cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.target.target import ANONYMOUS, IDENTITIES

ROLES = (*IDENTITIES, ANONYMOUS)


@dataclass(frozen=True)
class Matrix:
    """Rows of actions, columns of identities; a cell is a requirement of the record, or None."""

    identities: tuple[str, ...]
    rows: tuple[tuple[str, tuple[dict[str, Any] | None, ...]], ...]


def build(requirements: list[dict[str, Any]]) -> Matrix | None:
    """The matrix; None if no requirement names an identity."""
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for requirement in requirements:
        role, action = _split(requirement["id"].rpartition(".")[2])
        if role is not None:
            cells.setdefault(action, {})[role] = requirement
    identities = tuple(role for role in ROLES if any(role in row for row in cells.values()))
    rows = tuple((action, tuple(row.get(role) for role in identities)) for action, row in sorted(cells.items()))
    return Matrix(identities, rows) if rows else None


def _split(slug: str) -> tuple[str | None, str]:
    for role in sorted(ROLES, key=len, reverse=True):
        prefix = role.replace("_", "-") + "-"
        if slug.startswith(prefix):
            return role, slug.removeprefix(prefix).replace("-", " ")
    return None, slug
