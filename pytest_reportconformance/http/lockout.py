"""How often an account is tried with a password that the server refuses: some servers lock accounts after a few times.

Rule: as long as an account was never let in, at most `MOST` requests with its password are answered 401; then no more
are sent.
"""

from __future__ import annotations

import threading
from collections import Counter

from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.target import ANONYMOUS, WRONG_PASSWORD, Identity

MOST = 2
UNAUTHORIZED = 401


class RefusedPasswords:
    """The accounts of a target by name, and how often each was refused. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._let_in: set[str] = set()
        self._lock = threading.Lock()

    def why_not(self, identity: Identity) -> str | None:
        """Why nothing more is sent with the password of an identity; None if it may be sent."""
        name = account(identity)
        if name is None or name in self._let_in or self._refused[name] < MOST:
            return None
        return f"{name} was refused {MOST} times (401): nothing more is sent, so that the account is not locked"

    @property
    def given_up(self) -> str | None:
        """An account with whose password nothing more is sent; None if there is none."""
        refused = [name for name, times in self._refused.items() if times >= MOST and name not in self._let_in]
        return refused[0] if refused else None

    def answered(self, identity: Identity, status: int) -> None:
        """Note the status of an answer to a request with the password of an identity."""
        name = account(identity)
        if name is None:
            return
        with self._lock:
            if status == UNAUTHORIZED:
                self._refused[name] += 1
            elif 200 <= status < 300:
                self._let_in.add(name)


def account(identity: Identity) -> str | None:
    """The account whose password an identity sends; None if it sends none."""
    key = schemes.find(identity.auth).account
    return None if key is None or identity.name in (ANONYMOUS, WRONG_PASSWORD) else identity.value(key)
