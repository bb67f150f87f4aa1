"""The target: the server under test with its identities, reports and limits; `toml` reads it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.transcript.failures import NotReached

IDENTITIES = ("owner", "other_user", "child_user", "unscoped", "admin", "other_admin", "superuser")
ANONYMOUS = "anonymous"
WRONG_PASSWORD = "wrong_password"
"""The identity of the owner with a wrong secret."""
YES = ("1", "true", "yes")


class TargetError(Exception):
    """The description of the target has a fault: the message names file, key, found and allowed."""


@dataclass(frozen=True)
class Identity:
    """A user or API client that sends requests: an authentication scheme with its credentials, secrets wrapped."""

    name: str
    auth: str = "none"
    values: Mapping[str, str | Secret] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A credential in the clear; empty if it is absent."""
        found = self.values.get(name, "")
        return found.value if isinstance(found, Secret) else found

    def used(self, secret: str) -> str:
        """A secret as this identity uses it: that of `wrong_password` has another first character."""
        if self.name != WRONG_PASSWORD:
            return secret
        return ("b" if secret.startswith("a") else "a") + secret[1:]

    @property
    def secrets(self) -> list[Secret]:
        """All secrets of this identity."""
        return [value for value in self.values.values() if isinstance(value, Secret)]


@dataclass(frozen=True)
class Limits:
    """Load limits of the target. Times in seconds, `body_bytes` in bytes; a rate of None is unlimited."""

    requests_in_flight: int = 8
    requests_per_minute: int | None = None
    deadline_seconds: float = 120
    run_seconds: float = 900
    answer_seconds: float = 60
    connect_seconds: float = 5
    poll_seconds: float = 0.5
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True)
class Provision:
    """Whether the suite creates its own reports; None: decided by the other keys. `parent` is their parent folder.

    `admin` tells whether an administrator is created as well. `made` is what `reportconformance provision` created
    and `deprovision` removes: ids by kind.
    """

    enabled: bool | None = None
    parent: str = "/"
    admin: bool = True
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The server under test. `reports` maps each purpose to its facts; `absent` maps ids or globs to reasons.

    `unfilled` maps each purpose without a report to the reason. `expendable` are user names of accounts that may be
    locked: wrong passwords are tried with them. `described` is true if a target.toml describes the
    target, false if only its URL is known.
    """

    api: str
    url: str
    name: str
    identities: Mapping[str, Identity] = field(default_factory=dict)
    reports: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    absent: Mapping[str, str] = field(default_factory=dict)
    waivers: Table | None = None
    provision: Provision = field(default_factory=Provision)
    described: bool = True
    disposable: bool = False
    product: str | None = None
    version: str | None = None
    edition: str | None = None
    ca_bundle: str | None = None
    cert: str | None = None
    key: str | None = None
    headers: Mapping[str, str | Secret] = field(default_factory=dict)
    query: Mapping[str, str | Secret] = field(default_factory=dict)
    live_hosts: tuple[str, ...] = ()
    expendable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unfilled: Mapping[str, str] = field(default_factory=dict)

    def report(self, purpose: str) -> Mapping[str, Any]:
        """The facts of the report for a purpose; raises NotReached (untested) if there is none."""
        if purpose not in self.reports:
            why = self.unfilled.get(purpose, f"the target has no report for {purpose!r}")
            raise NotReached("untested", f"{why}: write [reports.{purpose}]")
        return self.reports[purpose]

    def identity(self, name: str) -> Identity:
        """The identity with a role; raises NotReached (untested) if the target has none."""
        if name == WRONG_PASSWORD and self.signs_on:
            return replace(self.identities["owner"], name=WRONG_PASSWORD)
        if name == ANONYMOUS or (name == "owner" and not self.identities):
            return Identity(name)
        if name not in self.identities:
            raise NotReached("untested", f"the target has no {name!r}: write [identities.{name}]")
        return self.identities[name]

    @property
    def signs_on(self) -> bool:
        """Whether the owner has credentials."""
        return "owner" in self.identities and self.identities["owner"].auth != "none"

    @property
    def secrets(self) -> list[Secret]:
        """The secrets of all identities."""
        return [secret for identity in self.identities.values() for secret in identity.secrets]

    @property
    def consents(self) -> bool:
        """Whether the suite may do things that other users of the server could notice."""
        return self.disposable or is_loopback(self.url)


def clear(values: Mapping[str, str | Secret]) -> dict[str, str]:
    """Header fields or arguments as they are sent, secrets in the clear."""
    return {name: value.value if isinstance(value, Secret) else value for name, value in values.items()}


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
