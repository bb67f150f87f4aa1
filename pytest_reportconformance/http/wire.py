"""What authentication schemes use of the connection to the target: a clock, redaction, and requests for credentials.

Rule: a request for credentials follows no redirect, waits no longer than one to the target, and its answer is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests

from pytest_reportconformance.http.errors import Failure, of_error
from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.http.route import Route
from pytest_reportconformance.secrets.redaction import Redactor
from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.scheme import CredentialsUnreachable
from pytest_reportconformance.target.target import Identity, TargetError
from pytest_reportconformance.transcript.exchange import Request, TransportError

if TYPE_CHECKING:
    from pytest_reportconformance.http.client import Client

MOST = 1024 * 1024
"""Bytes of an answer that are read."""


class Credentials:
    """How the requests of one conversation get the credentials of its identity. Raises TargetError."""

    def __init__(self, client: Client, identity: Identity, redactor: Redactor) -> None:
        self._scheme = schemes.find(identity.auth)
        for secret in self._scheme.stored(identity):
            redactor.learn(secret, "a credential")
        self.arguments = self._scheme.arguments(identity)
        self.signer = self._scheme.signer(identity, ClientWire(client, redactor))

    def ready(self) -> None:
        """Ask for credentials now, if the scheme has to. Raises TargetError."""
        ready = getattr(self.signer, "ready", None)
        if ready is not None:
            ready()

    def sign(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with credentials. Raises Failure if the scheme gets none any more."""
        try:
            signed: requests.PreparedRequest = prepared if self.signer is None else self.signer(prepared)
        except TargetError as error:
            raise Failure(_plain(prepared), TransportError("error", str(error))) from None
        return signed


def _plain(prepared: requests.PreparedRequest) -> Request:
    headers = tuple((name, str(value)) for name, value in prepared.headers.items())
    body = prepared.body if isinstance(prepared.body, bytes) else None
    return Request(prepared.method or "", prepared.url or "", headers, body)


class ClientWire:
    """The connection of one conversation."""

    def __init__(self, client: Client, redactor: Redactor) -> None:
        self.kept = client.asked
        self._client = client
        self._redactor = redactor

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        return self._client.clock.now()

    def learn(self, secret: str) -> None:
        """Redact this secret from now on."""
        self._redactor.learn(secret, "a credential")

    def hide(self, field: str) -> None:
        """Redact the values of this header field from now on."""
        self._redactor.name(field)

    def clean(self, text: str) -> str:
        """A text without secrets."""
        return self._redactor.text(text)

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send a form, and return status and body. Raises CredentialsUnreachable."""
        target = self._client.target
        own = origin(url) == origin(target.url)
        route = Route.to(target if own else replace(target, url=url, cert=None, key=None))
        with requests.Session() as session:
            session.trust_env = False  # no credentials of a .netrc file
            try:
                answer = session.post(
                    url,
                    data=urlencode(form).encode(),
                    headers={
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Accept": "application/json",
                        **headers,
                    },
                    allow_redirects=False,
                    stream=True,
                    timeout=(target.limits.connect_seconds, target.limits.answer_seconds),
                    proxies=route.proxies,
                    verify=route.verify,
                    cert=route.certificate,
                )
                return answer.status_code, answer.raw.read(MOST, decode_content=True)
            except Exception as error:  # requests and urllib3 have no common base class
                raise self._unreachable(url, error, route) from None

    def _unreachable(self, url: str, error: Exception, route: Route) -> CredentialsUnreachable:
        found: Any = of_error(error, self._client.target.limits.answer_seconds, route.shown)
        return CredentialsUnreachable(self._redactor.text(f"{url} gives no token: {found.text}"))
