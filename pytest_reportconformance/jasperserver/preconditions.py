"""Verifies that users can sign in with the expected role, and that the reports are as target.toml describes them.

Rule: `wrong` is what target.toml has to change before anything can be judged. What the server does not show, because it
has no repository or no list of users, is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pytest_reportconformance.api import Finding
from pytest_reportconformance.jasperserver import described_reports, operations
from pytest_reportconformance.jasperserver.described_reports import CLOSED
from pytest_reportconformance.jasperserver.provisioning import users
from pytest_reportconformance.recording import sign_in
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

REGULAR = ("owner", "other_user", "child_user", "unscoped")
HIDDEN = (401, 403)
"""A list of users that is refused so is one of an administrator; any other refusal tells nothing."""
NO_EXECUTION = "00000000-0000-0000-0000-000000000000"
CREDENTIALS = "write [identities.owner] in a target.toml; beside a bare URL set RC_OWNER_USERNAME and RC_OWNER_PASSWORD"


def verify(target: Target, step: Steps) -> list[Finding]:
    """The findings about identities and reports."""
    found = list(identities(target, step))
    if any(one.about == "identities.owner" and one.word == "wrong" for one in found):
        return found
    return [*found, *described_reports.verify(target, step)]


def identities(target: Target, step: Steps) -> Iterator[Finding]:
    """Who signs in, and whether everyone has the expected role."""
    yield from sign_in.without_credentials(target, step, sign_in_requests, CREDENTIALS)
    found = sign_in.refused(target, step, sign_in_requests)
    yield from sign_in.listed(found)
    let_in = [role for role, one in found.items() if isinstance(one, Exchange)]
    lists = step.together([partial(step, f"users-{role}", users.list_all(), identity=role) for role in let_in])
    for role, answer in zip(let_in, lists, strict=True):
        yield _role(target, role, answer)
    yield from _twins(target, let_in)


def sign_in_requests(_role: str) -> tuple[Request, Request]:
    """Two requests that every user is let in to: a search, and the status of an execution that does not exist."""
    return operations.search(), operations.status(NO_EXECUTION)


def _role(target: Target, role: str, listing: Exchange) -> Finding:
    """A user who may list the users is an administrator. As the owner one is harmless if no report is forbidden."""
    about, name = f"identities.{role}", target.identities[role].value("username")
    is_admin = listing.succeeded and _names(listing, name)
    if is_admin and role in REGULAR and (role != "owner" or any(purpose in target.reports for purpose in CLOSED)):
        text = f"{name} signs in, but is an administrator: what the {role} may not do cannot be judged"
        return Finding(about, "wrong", text, f"name a user with {users.USER} alone in [{about}]")
    if not is_admin and role not in REGULAR:
        if listing.response is None or listing.response.status_code not in HIDDEN:
            return Finding(about, "note", f"{name} signs in; the server does not show whether as an administrator")
        return Finding(about, "wrong", f"{name} signs in, but is not an administrator", f"name one in [{about}]")
    return Finding(about, "good", f"{name} signs in, {'an administrator' if is_admin else 'a regular user'}")


def _names(listing: Exchange, name: str) -> bool:
    """Whether a list of users names a user: a server that answers everything 200 lists no user."""
    body = listing.answer.content or listing.answer.head
    return bool(name) and name.encode() in body


def _twins(target: Target, roles: list[str]) -> Iterator[Finding]:
    """Roles that have to be different users, and are one."""
    names: dict[str, str] = {}
    for role in roles:
        name = target.identities[role].value("username")
        other = names.setdefault(name, role) if name else role
        if other != role and role in ("other_user", "child_user", "other_admin"):
            about = f"identities.{role}"
            text = f"is {name!r}, the same user as the {other}"
            yield Finding(about, "wrong", text, f"name another user in [{about}]")
