"""Servers that let somebody in who sends no credentials."""

from __future__ import annotations

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from tests.mutation.kill_matrix import kills


class _Anonymous(Reference):
    """Takes who sends no credentials for the owner, for some methods and path endings."""

    opened: tuple[str, ...] = ()

    def sign_on(self, call: Call) -> Caller:
        kind = call.path.rstrip("/").rpartition("/")[2]
        anonymous = not call.header("Authorization") and not call.header("Cookie")
        if anonymous and any(call.method == method and self.fits(kind, end, call) for method, end in self.pairs()):
            return Caller(call, self.identities["owner"].identity, "anonymous")
        return super().sign_on(call)

    def pairs(self) -> list[tuple[str, str]]:
        return [(method, end) for method, _, end in (one.partition(" ") for one in self.opened)]

    def fits(self, kind: str, end: str, call: Call) -> bool:
        if end == "attachment":
            return "/attachments/" in call.path
        return kind == end or (end == "*" and kind in self.executions)


@kills(
    "jasperserver.permission.anonymous-details",
    "jasperserver.permission.anonymous-status",
    "jasperserver.permission.anonymous-output",
    "jasperserver.permission.anonymous-attachment",
)
class AnybodyReads(_Anonymous):
    """Lets read who sends no credentials."""

    opened = ("GET *", "GET status", "GET outputResource", "GET attachment")


@kills("jasperserver.permission.anonymous-attachment")
class AnybodyReadsAttachments(_Anonymous):
    """Delivers attachments without credentials."""

    opened = ("GET attachment",)


@kills("jasperserver.permission.anonymous-search")
class AnybodySearches(_Anonymous):
    """Lets search who sends no credentials."""

    opened = ("GET reportExecutions",)


@kills("jasperserver.permission.anonymous-run")
class AnybodyRuns(_Anonymous):
    """Lets run who sends no credentials."""

    opened = ("POST reportExecutions",)


@kills("jasperserver.permission.anonymous-export", "jasperserver.permission.anonymous-parameters")
class AnybodyChanges(_Anonymous):
    """Exports, and takes new parameters, without credentials."""

    opened = ("POST exports", "POST parameters")


@kills("jasperserver.permission.anonymous-cancel")
class AnybodyCancels(_Anonymous):
    """Lets cancel who sends no credentials."""

    opened = ("PUT status",)


@kills("jasperserver.permission.anonymous-delete")
class AnybodyDeletes(_Anonymous):
    """Lets delete who sends no credentials."""

    opened = ("DELETE *",)
