"""The operations of `rest_v2/users` as requests.

Rule: nothing is sent here. A PUT to an existing account replaces it, password included, so names have to be free.
Passwords are random and redacted from everything that is recorded.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pytest_reportconformance.transcript.exchange import Request

USERS = "/rest_v2/users"
JSON = "application/json"
USER, ADMINISTRATOR = "ROLE_USER", "ROLE_ADMINISTRATOR"
PASSWORD_BYTES = 18


def password() -> str:
    """A new random password."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def create(name: str, secret: str, roles: Sequence[str]) -> Request:
    """Create an account."""
    return _put(name, secret, roles, enabled=True, creates="user", named=name)


def disable(name: str) -> Request:
    """Disable an account: switched off, without roles, with a new random password."""
    return _put(name, password(), (), enabled=False)


def look(name: str) -> Request:
    """Read an account."""
    return Request("GET", _url(name), (("Accept", JSON),))


def list_all() -> Request:
    """List the accounts."""
    return Request("GET", USERS, (("Accept", JSON),))


def remove(name: str) -> Request:
    """Remove an account."""
    return Request("DELETE", _url(name), (("Accept", JSON),), removes=name)


def _put(name: str, secret: str, roles: Sequence[str], *, enabled: bool, **ledger: Any) -> Request:
    members = {
        "fullName": name,
        "enabled": enabled,
        "externallyDefined": False,
        "password": secret,
        "emailAddress": "",
        "roles": [{"name": role} for role in roles],
    }
    headers = (("Content-Type", JSON), ("Accept", JSON))
    return Request("PUT", _url(name), headers, json.dumps(members).encode(), hides=(secret,), **ledger)


def _url(name: str) -> str:
    return f"{USERS}/{quote(name, safe='')}"
