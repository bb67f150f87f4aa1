"""The permission matrix: what each identity may do according to the document, and what the server does.

Rule: the actions and what is promised come from `specs/<api>/permissions.toml`, what the server does from the record. A
requirement belongs to the identity that its slug begins with: `other-user-cancel` is another user's cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import worst
from pytest_reportconformance.register import register
from pytest_reportconformance.register.permissions import ALLOWED, REFUSED, Permission
from pytest_reportconformance.target.target import ANONYMOUS, IDENTITIES

ROLES = (*IDENTITIES, ANONYMOUS)
DIFFERS, NOT_JUDGED, NOT_APPLICABLE = "differs from the document", "not judged", "not applicable"


@dataclass(frozen=True)
class Cell:
    """What the server does: *allowed*, *refused*, *differs from the document*, *not judged* or *not applicable*.

    `outcome` is the worst of its requirements, `id` the first of those that have it, `says` their sentences.
    """

    word: str
    outcome: str
    id: str
    says: str


@dataclass(frozen=True)
class Matrix:
    """Columns of identities, rows of actions in sentences; None where the document promises nothing."""

    identities: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def of(record: Mapping[str, Any]) -> Matrix | None:
    """The matrix of a record; None if its API has none."""
    try:
        permissions = register.load(record["target"]["api"]).permissions
    except register.RegisterError:
        return None
    return build(permissions, record["requirements"])


def build(permissions: Iterable[Permission], requirements: Iterable[Mapping[str, Any]]) -> Matrix | None:
    """The matrix of some actions; None if no requirement of theirs is there."""
    known = {str(one["id"]): one for one in requirements}
    found = [(one.says, _by_role(one, known)) for one in permissions]
    rows = [(says, cells) for says, cells in found if cells]
    identities = tuple(role for role in ROLES if any(role in cells for _, cells in rows))
    if not rows:
        return None
    return Matrix(identities, tuple((says, tuple(cells.get(role) for role in identities)) for says, cells in rows))


def _by_role(permission: Permission, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Cell]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for id in permission.promised:
        if id in known:
            groups.setdefault(role(id), []).append(known[id])
    return {role: _cell(permission, found) for role, found in groups.items()}


def _cell(permission: Permission, found: Sequence[Mapping[str, Any]]) -> Cell:
    outcome = worst(one["outcome"] for one in found)
    decisive = next(one for one in found if one["outcome"] == outcome)
    word = _word(outcome, permission.promised[decisive["id"]])
    if word == DIFFERS and not any(_shown(one) for one in found if one["outcome"] == outcome):
        word = NOT_JUDGED
    return Cell(word, outcome, decisive["id"], " ".join(str(one["says"]) for one in found))


def _shown(requirement: Mapping[str, Any]) -> bool:
    """Whether a check showed the violation itself; one that a known deviation blocks shows nothing."""
    checks = [check for check in requirement["checks"] if check["outcome"] == requirement["outcome"]]
    return not checks or any(not check["blocked_by"] for check in checks)


def _word(outcome: str, promised: str) -> str:
    """What the server does, if its outcome says so; a MAY that is noted promises nothing, and its opposite is done."""
    group = outcome_table.find(outcome).group
    if group == "noted":
        return ALLOWED if promised == REFUSED else REFUSED
    if group in ("violated", "accepted"):
        return DIFFERS
    if group == "held" and outcome != NOT_APPLICABLE:
        return promised
    return NOT_APPLICABLE if outcome == NOT_APPLICABLE else NOT_JUDGED


def role(id: str) -> str:
    """The identity that a requirement is about. Raises StopIteration if it is about none."""
    slug = id.rpartition(".")[2]
    return next(role for role in sorted(ROLES, key=len, reverse=True) if slug.startswith(role.replace("_", "-") + "-"))
