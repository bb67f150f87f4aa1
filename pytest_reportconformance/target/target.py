"""The target: the server under test with its people, reports and limits; `target_toml` reads it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.transcript.failures import NotReached

IDENTITIES = ("owner", "other_user", "unscoped", "admin", "other_admin", "superuser")
ANONYMOUS = "anonymous"
WRONG_PASSWORD = "wrong_password"
"""The owner with a wrong secret."""
AUTHS = {
    "basic": ("username", "password"),
    "bearer": ("token",),
    "edgegrid": ("edgerc", "section", "account_switch_key", "client_token", "client_secret", "access_token"),
    "none": (),
}
YES = ("1", "true", "yes")
SECRETS = ("password", "token", "client_token", "client_secret", "access_token")


class TargetError(Exception):
    """The description of the target is wrong: file, key, found, allowed."""


@dataclass(frozen=True)
class Identity:
    """One who sends requests: an authentication scheme with its credentials, secrets wrapped."""

    name: str
    auth: str = "none"
    values: Mapping[str, str | Secret] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A credential in the clear; empty where it is absent."""
        found = self.values.get(name, "")
        return found.value if isinstance(found, Secret) else found

    @property
    def secrets(self) -> list[Secret]:
        """All secrets of this person."""
        return [value for value in self.values.values() if isinstance(value, Secret)]


@dataclass(frozen=True)
class Limits:
    """How hard the target may be driven. Times in seconds, `body_bytes` in bytes; rate None: unlimited."""

    requests_in_flight: int = 8
    requests_per_minute: int | None = None
    deadline_seconds: float = 120
    answer_seconds: float = 60
    connect_seconds: float = 5
    poll_seconds: float = 0.5
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True)
class Provision:
    """Whether the suite brings its own reports; None: it follows from the rest. `parent` is the folder they go to.

    `admin` says whether an administrator of ours is made as well. `made` is what `reportconformance provision` made
    and `deprovision` removes: ids by kind.
    """

    enabled: bool | None = None
    parent: str = "/"
    admin: bool = True
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The server under test. `reports` maps each purpose to its facts; `absent` maps ids or globs to reasons.

    `unfilled` says of purposes without a report why they have none.

    `described` tells whether a target.toml describes it, or a bare URL is all there is.
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
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    live_hosts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unfilled: Mapping[str, str] = field(default_factory=dict)

    def report(self, purpose: str) -> Mapping[str, Any]:
        """The facts of the report that serves a purpose; raises NotReached (untested) where there is none."""
        if purpose not in self.reports:
            why = self.unfilled.get(purpose, f"the target has no report for {purpose!r}")
            raise NotReached("untested", f"{why}: write [reports.{purpose}]")
        return self.reports[purpose]

    def identity(self, name: str) -> Identity:
        """A person by role; raises NotReached (untested) where the target has none."""
        if name == WRONG_PASSWORD and self.signs_on:
            return replace(self.identities["owner"], name=WRONG_PASSWORD)
        if name == ANONYMOUS or (name == "owner" and not self.identities):
            return Identity(name)
        if name not in self.identities:
            raise NotReached("untested", f"the target has no {name!r}: write [identities.{name}]")
        return self.identities[name]

    @property
    def signs_on(self) -> bool:
        """Whether the owner has credentials of their own."""
        return "owner" in self.identities and self.identities["owner"].auth != "none"

    @property
    def secrets(self) -> list[Secret]:
        """The secrets of all people."""
        return [secret for identity in self.identities.values() for secret in identity.secrets]

    @property
    def consents(self) -> bool:
        """Whether things may be done that others on the server could notice."""
        return self.disposable or is_loopback(self.url)


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
