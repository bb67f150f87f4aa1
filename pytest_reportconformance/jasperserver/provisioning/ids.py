"""The entries of a kit in the ledger: its folder by path and its users by name.

Rule: pure; it makes requests and reads their answers, and sends nothing.
"""

from __future__ import annotations

from pytest_reportconformance.jasperserver.provisioning import repository, users
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Missing

KINDS = frozenset(["folder", "user"])
MAKER = "admin"
"""The identity that creates and removes them."""
MEMBERS = {"folder": "uri", "user": "username"}


def identify(kind: str, exchange: Exchange) -> str | None:
    """The path or name of what was created; None if nothing was."""
    if not exchange.succeeded:
        return None
    try:
        found = exchange.json().get(MEMBERS[kind]) if isinstance(exchange.json(), dict) else None
    except Missing:
        return None
    return found if isinstance(found, str) and found else None


def removal(kind: str, id: str) -> tuple[Request, ...]:
    """The requests that remove a folder or user; a user that cannot be removed is disabled."""
    return (repository.remove(id),) if kind == "folder" else (users.remove(id), users.disable(id))


def presence(kind: str, id: str) -> Request:
    """A request that is answered 404 once a folder or user is gone."""
    return repository.look(id) if kind == "folder" else users.look(id)


def retired(kind: str, last: Exchange) -> str | None:
    """What was done to a user that could not be removed; None if it could not be disabled either."""
    if kind != "user" or last.request.method != "PUT" or not last.succeeded:
        return None
    return "the server does not delete it; it is disabled, has no roles and a new random password"


def uris(listing: Exchange) -> set[str]:
    """The paths in a list of resources; empty if there is no list. Raises Missing."""
    if not listing.succeeded or listing.status_code == 204:
        return set()
    entries = listing.field("resourceLookup")
    return {str(one.get("uri")) for one in entries if isinstance(one, dict)} if isinstance(entries, list) else set()
