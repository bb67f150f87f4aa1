"""Deviations in signing in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver.reference.identities import Identity, basic_credentials
from pytest_reportconformance.jasperserver.reference.server import Reference


class LocksAccounts(Reference):
    """Not registered: after ten wrong passwords in a row the right one is refused as well, for good."""

    most_wrong = 10

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._wrong: Counter[str] = Counter()

    def identity_of(self, call: Call) -> Identity | None:
        """The sender; None if the account is locked."""
        credentials = basic_credentials(call)
        name = credentials[0] if credentials else ""
        if self._wrong[name] >= self.most_wrong:
            return None
        found = super().identity_of(call)
        self._wrong[name] = 0 if found else self._wrong[name] + 1
        return found
