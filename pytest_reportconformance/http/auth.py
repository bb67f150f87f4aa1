"""Authentication: how the credentials of an identity become header fields.

Rule: secrets are turned into header fields only here and, for EdgeGrid, in `edgegrid`.
"""

from __future__ import annotations

from collections.abc import Collection

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from pytest_reportconformance.http import edgegrid
from pytest_reportconformance.target.target import WRONG_PASSWORD, Identity


class Bearer(AuthBase):
    """`Authorization: Bearer …` (RFC 6750 section 2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self._token}"
        return prepared


def scheme(identity: Identity) -> AuthBase | None:
    """What signs the requests of an identity; None for one without credentials. Raises TargetError."""
    if identity.auth == "basic":
        return HTTPBasicAuth(
            identity.value("username").encode(), _secret(identity, identity.value("password")).encode()
        )
    if identity.auth == "bearer":
        return Bearer(_secret(identity, identity.value("token")))
    return _edgegrid(identity) if identity.auth == edgegrid.SCHEME else None


def example(role: str, schemes: Collection[str]) -> dict[str, str]:
    """An example of credentials for target.toml, given the schemes that other identities of the target use."""
    if edgegrid.SCHEME in schemes:
        return edgegrid.example(role)
    return {"auth": "basic", "username": role, "password": f"env:RC_{role.upper()}_PASSWORD"}


def file_secrets(identity: Identity) -> list[str]:
    """The secrets that an identity uses and target.toml does not have: those of its file. Raises TargetError.

    Those of `wrong_password` are the right ones but for a character.
    """
    if identity.name == WRONG_PASSWORD and identity.auth == "basic":
        return [_secret(identity, identity.value("password"))]
    if identity.auth != edgegrid.SCHEME or not identity.value("edgerc"):
        return []
    return list(edgegrid.credentials(identity)[0].values())


def _edgegrid(identity: Identity) -> AuthBase:
    tokens, options = edgegrid.credentials(identity)
    signer: AuthBase = edgegrid.signer(
        identity, {**tokens, "client_secret": _secret(identity, tokens["client_secret"])}, options
    )
    return signer


def _secret(identity: Identity, value: str) -> str:
    """The secret that an identity uses: that of `wrong_password` differs from the owner's in its first character."""
    if identity.name != WRONG_PASSWORD:
        return value
    return ("b" if value.startswith("a") else "a") + value[1:]
