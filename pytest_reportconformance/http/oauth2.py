"""The authentication scheme oauth2: access tokens by client credentials (RFC 6749 section 4.4).

Rule: a token is kept until shortly before it expires, and shared by all conversations with the target. The requests for
tokens go to another server: they are no evidence, and stand in no transcript.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from typing import Any, NoReturn
from urllib.parse import quote_plus, urlsplit

import requests

from pytest_reportconformance.http.auth import required, token_refused
from pytest_reportconformance.target.scheme import Scheme, Signer, Wire
from pytest_reportconformance.target.target import Identity, TargetError
from pytest_reportconformance.transcript.parsing import visible

MARGIN = 30.0
"""Seconds before the end of a token at which the next one is asked for; at most half of its life."""
UNKNOWN_LIFE = 300.0
"""Seconds that a token is used whose answer has no `expires_in`, which RFC 6749 section 5.1 only recommends."""
LONGEST = 200
_LOCK = threading.Lock()


class TokenRefused(TargetError):
    """The authorization server gives no token: the message says what it answered, and which keys to check."""


class ClientCredentials:
    """Adds an access token to every request, and asks for one if there is none that is still good."""

    def __init__(self, identity: Identity, wire: Wire) -> None:
        self._identity = identity
        self._wire = wire
        self._key = ("oauth2", *(identity.value(key) for key in OAUTH2.keys))

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self._identity.used(self._token())}"
        return prepared

    def ready(self) -> None:
        """Ask for a token now. Raises TokenRefused, CredentialsUnreachable."""
        self._token()

    def _token(self) -> str:
        with _LOCK:
            token, until = self._wire.kept.get(self._key, ("", 0.0))
            if not token or self._wire.now() >= until:
                token, life = self._asked()
                self._wire.kept[self._key] = token, self._wire.now() + life - min(MARGIN, life / 2)
        self._wire.learn(token)
        self._wire.learn(self._identity.used(token))
        return str(token)

    def _asked(self) -> tuple[str, float]:
        """A new token and the seconds that it lives."""
        identity = self._identity
        form = {"grant_type": "client_credentials"}
        if identity.value("scope"):
            form["scope"] = identity.value("scope")
        headers = {}
        if identity.value("client_auth") == "post":
            form |= {"client_id": identity.value("client_id"), "client_secret": identity.value("client_secret")}
        else:
            headers["Authorization"] = _basic(identity)
        status, body = self._wire.post(identity.value("token_url"), form, headers)
        return self._read(status, body)

    def _read(self, status: int, body: bytes) -> tuple[str, float]:
        """The token of an answer (RFC 6749 section 5.1). Raises TokenRefused."""
        found = _object(body)
        if status != 200:
            self._refuse(f"is answered {_excerpt(status, found)}: check client_id, client_secret and scope")
        token, kind = found.get("access_token"), found.get("token_type")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            self._refuse("is answered 200 without an access_token: check token_url")
        if not isinstance(kind, str) or kind.lower() != "bearer":
            self._refuse(f"is answered with the token_type {visible(str(kind))[:LONGEST]!r}; allowed: 'Bearer'")
        life = found.get("expires_in")
        lives = isinstance(life, int | float) and not isinstance(life, bool) and life > 0
        return str(token), float(life) if lives else UNKNOWN_LIFE  # type: ignore[arg-type]

    def _refuse(self, what: str) -> NoReturn:
        place = f"identities.{self._identity.name}: the request for a token at {self._identity.value('token_url')}"
        raise TokenRefused(self._wire.clean(f"{place} {what}"))


def _basic(identity: Identity) -> str:
    """The client's credentials, encoded as RFC 6749 section 2.3.1 has it."""
    return f"Basic {b64encode(_pair(identity).encode()).decode()}"


def _pair(identity: Identity) -> str:
    return ":".join(quote_plus(identity.value(key)) for key in ("client_id", "client_secret"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _excerpt(status: int, found: dict[str, Any]) -> str:
    """The status, and the error of RFC 6749 section 5.2 if there is one."""
    texts = [visible(str(found[key]))[:LONGEST] for key in ("error", "error_description") if found.get(key)]
    return f"{status} ({': '.join(texts)})" if texts else str(status)


def _needs(given: Any) -> tuple[str, ...]:
    return required("token_url", "client_id", "client_secret")(given)


def _signer(identity: Identity, wire: Wire) -> Signer:
    url = identity.value("token_url")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and not (parts.username or parts.fragment)
    except ValueError:
        whole = False
    if not whole:
        allowed = "http(s)://host[:port]/path without user and fragment"
        raise TargetError(f"identities.{identity.name}: token_url: found {url!r}; allowed: {allowed}")
    return ClientCredentials(identity, wire)


def _derived(identity: Identity) -> dict[str, str]:
    return {_pair(identity): "Basic credentials"}


OAUTH2 = Scheme(
    keys=("token_url", "client_id", "client_secret", "scope", "client_auth"),
    secrets=("client_secret",),
    needs=_needs,
    values={"client_auth": ("basic", "post")},
    signer=_signer,
    derived=_derived,
    refused=token_refused,
    word="Bearer",
)
