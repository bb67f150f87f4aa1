"""The reference server: that of JasperReports Server without users, repository, scheduler, search and XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jasperreports_io_conformance.purposes import PURPOSES
from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver import reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import WHOLE, Account, Caller, Identity, Organization
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON, essence
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.server import Route
from pytest_reportconformance.jasperserver.reference.target import facts
from pytest_reportconformance.target import toml_writer

EVERYBODY = Identity("", WHOLE, frozenset())
"""Who sends every request: the engine knows no users."""
OFFERED = {"status": (JSON, STATUS_JSON), "pageStatus": (STATUS_JSON, JSON)}


class Reference(reference.Reference):
    """A report engine: executions alone, in JSON alone, for everybody."""

    prefix = "/jrio"
    offers_snapshots = False

    def staff(self, *, bare: bool) -> dict[str, Account]:
        """No accounts."""
        return {}

    def organizations(self) -> tuple[Organization, ...]:
        """One folder of reports."""
        return (WHOLE,)

    def is_public(self, call: Call) -> bool:
        """No path is special: there is no information about the server."""
        return False

    def sign_on(self, call: Call) -> Caller:
        """Everybody is let in, whatever credentials are sent."""
        return Caller(call, EVERYBODY, "")

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        """Whoever reaches the engine may run every report."""
        return True

    def routes(self) -> list[Route]:
        """The operations of the chapter, without the search."""
        return [route for route in self.execution_routes() if (route.method, route.path) != ("GET", "reportExecutions")]

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        """The media types of a kind of body, the default first."""
        return OFFERED.get(kind, (JSON,))

    def body_is_json(self, caller: Caller) -> bool:
        """Whether the request's body is JSON; 415 if it is not."""
        if essence(caller.call.header("Content-Type")) != JSON:
            raise Refusal(415)
        return True

    def error_is_json(self, call: Call) -> bool:
        """Errors are answered in JSON."""
        return True

    def target_toml(self, url: str) -> str:
        """The target.toml for this server at that base URL."""
        head: dict[str, Any] = {"api": "jasperreports_io", "url": url, "name": "reference", "disposable": True}
        tables = [toml_writer.table("target", head)]
        for purpose, members in facts(self.pace, snapshots=False).items():
            if purpose in PURPOSES:
                tables.append(toml_writer.table(f"reports.{purpose}", members))
        return "\n".join(tables)
