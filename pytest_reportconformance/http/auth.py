"""Signing on: how each person's credentials get into a request.

Rule: only here are secrets turned into header fields; edgegrid-python is imported only by a person who uses it.
"""

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from pytest_reportconformance.target.target import WRONG_PASSWORD, Identity, TargetError

TOKENS = ("client_token", "client_secret", "access_token")


class Bearer(AuthBase):
    """`Authorization: Bearer …` (RFC 6750 section 2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self._token}"
        return prepared


def scheme(identity: Identity) -> AuthBase | None:
    """What signs a person's requests; None for one without credentials. Raises TargetError."""
    if identity.auth == "basic":
        return HTTPBasicAuth(
            identity.value("username").encode(), _secret(identity, identity.value("password")).encode()
        )
    if identity.auth == "bearer":
        return Bearer(_secret(identity, identity.value("token")))
    return _edgegrid(identity) if identity.auth == "edgegrid" else None


def file_secrets(identity: Identity) -> list[str]:
    """The secrets that a person's credentials file holds. Raises TargetError."""
    if identity.auth != "edgegrid" or not identity.value("edgerc"):
        return []
    return list(_edgerc(identity)[0].values())


def edgegrid_header(identity: Identity, prepared: requests.PreparedRequest, moment: float, nonce: str) -> str | None:
    """An EdgeGrid signature of a given moment (seconds since the epoch); None for a person who signs on otherwise."""
    if identity.auth != "edgegrid":
        return None
    timestamp = time.strftime("%Y%m%dT%H:%M:%S+0000", time.gmtime(moment))
    header: str = _edgegrid(identity).ah.make_auth_header(prepared, timestamp, nonce)
    return header


def _secret(identity: Identity, value: str) -> str:
    """A secret as the person has it: the impostor's differs in its first character."""
    if identity.name != WRONG_PASSWORD:
        return value
    return ("b" if value.startswith("a") else "a") + value[1:]


def _edgegrid(identity: Identity) -> Any:
    if find_spec("akamai") is None:
        raise TargetError(
            f"identities.{identity.name}: 'edgegrid' needs an extra: pip install 'pytest-reportconformance[akamai]'"
        )
    from akamai.edgegrid import EdgeGridAuth

    options: dict[str, Any] = {}
    tokens = {name: identity.value(name) for name in TOKENS}
    if identity.value("edgerc"):
        tokens, options = _edgerc(identity)
    return EdgeGridAuth(**{**tokens, "client_secret": _secret(identity, tokens["client_secret"])}, **options)


def _edgerc(identity: Identity) -> tuple[dict[str, str], dict[str, Any]]:
    """Tokens and options in the section of a credentials file."""
    from akamai.edgegrid import EdgeRc

    file, section = os.path.expanduser(identity.value("edgerc")), identity.value("section") or "default"
    try:
        found = EdgeRc(file)
        options = {"headers_to_sign": found.getlist(section, "headers_to_sign")}
        options["max_body"] = found.getint(section, "max_body")
        return {name: found.get(section, name) for name in TOKENS}, options
    except Exception as error:  # edgegrid-python and configparser have no common base class
        raise TargetError(
            f"identities.{identity.name}: edgerc: found {file} [{section}]: {error}; allowed: a file with "
            "client_token, "
            "client_secret, access_token in that section"
        ) from None
