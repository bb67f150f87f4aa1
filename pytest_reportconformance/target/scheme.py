"""An authentication scheme: which credentials target.toml has for it, and how they become part of a request.

Rule: no scheme is named here. A package brings one as an entry point of the group `reportconformance.auth`; the name of
the entry point is what `auth = "…"` says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pytest_reportconformance.target.target import Identity, TargetError

Signer = Callable[[Any], Any]
"""Takes a `requests.PreparedRequest` and returns it with credentials. One that has to ask for them first may raise
TargetError, and has a method `ready()` that does so before anything else is sent."""


class CredentialsUnreachable(TargetError):
    """The server that gives credentials does not answer."""


class Wire(Protocol):
    """What a scheme may use of the connection to the target."""

    kept: dict[Any, Any]
    """Shared by all conversations with the target, such as tokens by what they were asked with."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def learn(self, secret: str) -> None:
        """Redact this secret from now on, everywhere."""
        ...

    def hide(self, field: str) -> None:
        """Redact the values of this header field from now on."""
        ...

    def clean(self, text: str) -> str:
        """A text without secrets."""
        ...

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send a form, and return status and body. Raises CredentialsUnreachable."""
        ...


def _unsigned(_identity: Identity, _wire: Wire) -> Signer | None:
    """Requests carry no credentials."""


def _no_more(_identity: Identity) -> list[str]:
    """There is none."""
    return []


def _nothing(_identity: Identity) -> dict[str, str]:
    """There is none."""
    return {}


def _refused(_identity: Identity, _hint: str) -> str:
    """What a 401 means if the scheme knows no more."""
    return "the server refuses the credentials"


@dataclass(frozen=True)
class Scheme:
    """One authentication scheme.

    `keys` are those of an identity in target.toml, `secrets` those among them whose values are secrets, `files` those
    whose values are paths relative to target.toml. `needs` returns the keys that are missing of those that are given,
    `values` lists what a key may be, if that is not any text.

    `signer` makes what adds credentials to requests. A secret goes through `Identity.used`, so that the identity
    `wrong_password` has a wrong one. `derived` are more secrets that follow from the values, each with its kind,
    `stored` those in files of the identity (raises TargetError), `arguments` query arguments of every request.

    `word` is how the header field Authorization begins, None if nothing is known of it. `account` is the key with the
    name of an account that a server may lock after wrong passwords. `timed` tells whether a server compares times of
    requests with its clock. `refused` says what a 401 means, given the answer's text in lower case. `example` are
    credentials for a commented target.toml. `loggers` are prefixes of loggers that log secrets.
    """

    keys: tuple[str, ...] = ()
    secrets: Collection[str] = ()
    needs: Callable[[Collection[str]], tuple[str, ...]] = lambda given: ()
    files: Collection[str] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signer: Callable[[Identity, Wire], Signer | None] = _unsigned
    derived: Callable[[Identity], dict[str, str]] = _nothing
    stored: Callable[[Identity], list[str]] = _no_more
    arguments: Callable[[Identity], dict[str, str]] = _nothing
    refused: Callable[[Identity, str], str] = _refused
    example: Callable[[str], dict[str, str]] | None = None
    word: str | None = None
    account: str | None = None
    timed: bool = False
    loggers: tuple[str, ...] = ()


NONE = Scheme()
"""Requests without credentials."""
