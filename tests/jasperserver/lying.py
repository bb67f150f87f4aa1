"""What several mutants need in order to lie: who asks, in which media type, and for whom."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution

OWNER, STRANGER, ADMIN, OTHER_ADMIN, SUPERUSER = "joeuser", "janeuser", "jasperadmin", "secondadmin", "superuser"


def is_by(caller: Caller, *names: str) -> bool:
    """Whether one of these people asks."""
    return caller.identity.username in names


def sends_xml(caller: Caller) -> bool:
    """Whether the request's body is XML."""
    return "xml" in caller.call.header("Content-Type")


def wants_xml(caller: Caller) -> bool:
    """Whether the answer is to be XML."""
    return "xml" in caller.call.header("Accept")


def as_owner(server: Reference, caller: Caller, id: str) -> Caller:
    """The same request as if the owner of the execution had sent it."""
    execution = server.executions.get(id)
    return replace(caller, identity=execution.owner, session=execution.session) if execution else caller


def siblings(server: Reference, execution: Execution) -> list[Execution]:
    """The other executions of the same report that the same session started, oldest first."""
    return [
        one
        for one in list(server.executions.values())
        if one is not execution and one.session == execution.session and one.unit_uri == execution.unit_uri
    ]
