"""Organizations, identities, accounts and sessions of the reference server."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from pytest_reportconformance.http.server import Call


@dataclass(frozen=True)
class Organization:
    """A tenant: its id, its parent, and the absolute path of its part of the repository ("" is everything)."""

    id: str
    root: str = ""
    parent: Organization | None = None

    def contains(self, other: Organization) -> bool:
        """Whether the other organization is this one or below it."""
        return other == self or (other.parent is not None and self.contains(other.parent))


@dataclass(frozen=True)
class Identity:
    """A user by name, organization and roles."""

    username: str
    organization: Organization
    roles: frozenset[str] = frozenset({"ROLE_USER"})

    @property
    def is_admin(self) -> bool:
        """Whether the user administers an organization, or everything."""
        return "ROLE_ADMINISTRATOR" in self.roles or self.is_superuser

    @property
    def is_superuser(self) -> bool:
        """Whether the user administers everything."""
        return "ROLE_SUPERUSER" in self.roles


@dataclass
class Account:
    """The stored data of a user; a change replaces it as a whole."""

    identity: Identity
    password: str
    full_name: str = ""
    email: str = ""
    enabled: bool = True

    @property
    def username(self) -> str:
        """The name to authenticate with."""
        return self.identity.username


@dataclass(frozen=True)
class Caller:
    """A request with its sender; `fresh` means that the session is new."""

    call: Call
    identity: Identity
    session: str
    fresh: bool = False


EXPENDABLE = tuple(f"spareuser{number}" for number in range(1, 7))
"""Accounts that exist for wrong passwords."""
WHOLE = Organization("")
FIRST = Organization("organization_1", "/organizations/organization_1", WHOLE)
CHILD = Organization("organization_1_east", "/organizations/organization_1/organizations/organization_1_east", FIRST)
SECOND = Organization("organization_2", "/organizations/organization_2", WHOLE)
USER, ADMINISTRATOR, SUPERUSER = "ROLE_USER", "ROLE_ADMINISTRATOR", "ROLE_SUPERUSER"


def account(username: str, password: str, organization: Organization, *roles: str) -> Account:
    """An account with these roles."""
    return Account(Identity(username, organization, frozenset(roles)), password, full_name=username)


def identities_of_two_organizations() -> dict[str, Account]:
    """The accounts of the reference server by role; its passwords are no secrets, as it serves loopback only."""
    return {
        "owner": account("joeuser", "joe-5d2f", FIRST, USER),
        "other_user": account("janeuser", "jane-81c4", FIRST, USER),
        "unscoped": account("newcomer", "new-c07e", FIRST, "ROLE_GUEST"),
        "admin": account("jasperadmin", "admin-e83b", FIRST, USER, ADMINISTRATOR),
        "other_admin": account("secondadmin", "second-47aa", SECOND, USER, ADMINISTRATOR),
        "superuser": account("superuser", "super-b29d", WHOLE, USER, ADMINISTRATOR, SUPERUSER),
        "child_user": account("eastuser", "east-90f1", CHILD, USER),
    }


def identities_of_one_organization() -> dict[str, Account]:
    """The accounts, by role, of a server with one organization."""
    return {
        "owner": account("joeuser", "joe-5d2f", WHOLE, USER),
        "other_user": account("janeuser", "jane-81c4", WHOLE, USER),
        "unscoped": account("newcomer", "new-c07e", WHOLE, "ROLE_GUEST"),
        "admin": account("jasperadmin", "admin-e83b", WHOLE, USER, ADMINISTRATOR),
    }


def lone_administrator() -> dict[str, Account]:
    """The one account of a bare server with one organization."""
    return {"admin": account("jasperadmin", "admin-e83b", WHOLE, USER, ADMINISTRATOR)}


def basic_credentials(call: Call) -> tuple[str, str] | None:
    """User name and password of HTTP Basic (RFC 7617); None if the header is absent or malformed."""
    scheme, _, token = call.header("Authorization").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(token.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, password


def session_cookie(call: Call) -> str | None:
    """The session id in a request's cookie."""
    try:
        cookies = SimpleCookie(call.header("Cookie"))
    except CookieError:
        return None
    return cookies["JSESSIONID"].value if "JSESSIONID" in cookies else None


def new_session() -> str:
    """The id of a new session."""
    return secrets.token_hex(16).upper()


@dataclass
class Accounts:
    """Accounts by user name, and open sessions."""

    known: dict[str, Account]
    sessions: dict[str, Identity] = field(default_factory=dict)

    def find(self, name: str) -> Account | None:
        """The account of `user` or `user|organization`."""
        username, bar, organization = name.partition("|")
        found = self.known.get(username)
        return found if found and (not bar or found.identity.organization.id == organization) else None

    def open(self, identity: Identity) -> str:
        """Open a session and return its id."""
        session = new_session()
        self.sessions[session] = identity
        return session
