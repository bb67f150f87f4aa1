"""What each identity is permitted: reads `specs/<api>/permissions.toml`.

Rule: a table has the sentence of one action, and the requirements about it by what they promise: *allowed* or
*refused*.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pytest_reportconformance.register.strict_toml import Table, choices

ALLOWED, REFUSED = "allowed", "refused"


@dataclass(frozen=True)
class Permission:
    """One action: its sentence, and the IDs of the requirements that promise that it is allowed or refused."""

    says: str
    allowed: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def promised(self) -> dict[str, str]:
        """What each requirement promises."""
        return dict.fromkeys(self.allowed, ALLOWED) | dict.fromkeys(self.refused, REFUSED)


def read_permission(table: Table, known: Collection[str]) -> Permission:
    """One action of the file; refuses an ID that no requirement has."""
    table.only("says", ALLOWED, REFUSED)
    found = Permission(table.text("says"), table.items(ALLOWED, str), table.items(REFUSED, str))
    for id in found.promised:
        if id not in known:
            table.refuse("id", id, choices(id, known))
    return found
