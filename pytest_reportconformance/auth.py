"""Signing on: how each person's credentials get into a request.

Rule: only here are secrets turned into header fields; edgegrid-python is imported only by a person who uses it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from pytest_reportconformance.target import Person, TargetError


class Bearer(AuthBase):
    """`Authorization: Bearer …` (RFC 6750 section 2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self._token}"
        return prepared


def scheme(person: Person) -> AuthBase | None:
    """What signs a person's requests; None for one without credentials. Raises TargetError."""
    if person.auth == "basic":
        return HTTPBasicAuth(person.value("username").encode(), person.value("password").encode())
    if person.auth == "bearer":
        return Bearer(person.value("token"))
    return _edgegrid(person) if person.auth == "edgegrid" else None


def _edgegrid(person: Person) -> AuthBase:
    if find_spec("akamai") is None:
        raise TargetError(
            f"people.{person.name}: auth = 'edgegrid' needs an extra: pip install 'pytest-reportconformance[akamai]'"
        )
    from akamai.edgegrid import EdgeGridAuth

    if not person.value("edgerc"):
        tokens = {name: person.value(name) for name in ("client_token", "client_secret", "access_token")}
        signer: AuthBase = EdgeGridAuth(**tokens)
        return signer
    file, section = os.path.expanduser(person.value("edgerc")), person.value("section") or "default"
    try:
        signer = EdgeGridAuth.from_edgerc(file, section)
    except Exception as error:  # edgegrid-python and configparser have no common base class
        raise TargetError(
            f"people.{person.name}: edgerc: found {file} [{section}]: {error}; allowed: a file with client_token, "
            "client_secret, access_token in that section"
        ) from None
    return signer
