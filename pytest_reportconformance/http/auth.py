"""The authentication schemes basic, bearer and header: how their credentials become header fields.

Rule: secrets become header fields only in the modules of schemes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import requests
from requests.auth import HTTPBasicAuth

from pytest_reportconformance.target.scheme import Scheme, Signer, Wire
from pytest_reportconformance.target.target import WRONG_PASSWORD, Identity, TargetError

FIELD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110 section 5.6.2."""


class Field:
    """Adds one header field to every request."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers[self._name] = self._value
        return prepared


def required(*keys: str) -> Callable[[Collection[str]], tuple[str, ...]]:
    """The keys that are missing of those that a scheme always needs."""
    return lambda given: tuple(key for key in keys if key not in given)


def _basic(identity: Identity, _wire: Wire) -> Signer:
    return HTTPBasicAuth(identity.value("username").encode(), identity.used(identity.value("password")).encode())


def _basic_refused(identity: Identity, hint: str) -> str:
    if "locked" in hint:
        return f"the account {identity.value('username')!r} is locked"
    return f"the server refuses the user name {identity.value('username')!r} or its password"


def _bearer(identity: Identity, _wire: Wire) -> Signer:
    return Field("Authorization", f"Bearer {identity.used(identity.value('token'))}")


def token_refused(_identity: Identity, hint: str) -> str:
    """What a 401 means for a token (RFC 6750 section 3.1)."""
    return "the token is expired" if "expired" in hint else "the server refuses the token"


def _header(identity: Identity, wire: Wire) -> Signer:
    if not FIELD.fullmatch(identity.value("field")):
        allowed = "the name of a header field, such as X-API-Key"
        found = identity.value("field")
        raise TargetError(f"identities.{identity.name}: field: found {found!r}; allowed: {allowed}")
    wire.hide(identity.value("field"))
    return Field(identity.value("field"), identity.used(identity.value("value")))


def _field_refused(identity: Identity, _hint: str) -> str:
    return f"the server refuses the value of the header field {identity.value('field')}"


BASIC = Scheme(
    keys=("username", "password"),
    secrets=("password",),
    needs=required("username", "password"),
    signer=_basic,
    derived=lambda identity: {f"{identity.value('username')}:{identity.value('password')}": "Basic credentials"},
    stored=lambda identity: [identity.used(identity.value("password"))] if identity.name == WRONG_PASSWORD else [],
    refused=_basic_refused,
    word="Basic",
    account="username",
)
"""HTTP Basic authentication (RFC 7617)."""

BEARER = Scheme(
    keys=("token",),
    secrets=("token",),
    needs=required("token"),
    signer=_bearer,
    refused=token_refused,
    word="Bearer",
)
"""A bearer token that does not change (RFC 6750 section 2.1)."""

HEADER = Scheme(
    keys=("field", "value"),
    secrets=("value",),
    needs=required("field", "value"),
    signer=_header,
    refused=_field_refused,
)
"""A secret as the value of a header field, such as an API key."""
