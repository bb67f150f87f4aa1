"""Servers that accept requests without credentials."""

from __future__ import annotations

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from tests.mutation.kill_matrix import kills


class _Anonymous(Reference):
    """Treats requests without credentials as the owner's, for some methods and path endings."""

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
    "jasperserver.permission.anonymous-page-status",
    "jasperserver.permission.anonymous-export-status",
    "jasperserver.permission.anonymous-output",
    "jasperserver.permission.anonymous-attachment",
)
class AnonymousReads(_Anonymous):
    """Lets requests without credentials read."""

    opened = ("GET *", "GET status", "GET outputResource", "GET attachment")


@kills("jasperserver.permission.anonymous-attachment")
class AnonymousReadsAttachments(_Anonymous):
    """Delivers attachments without credentials."""

    opened = ("GET attachment",)


@kills("jasperserver.permission.anonymous-search")
class AnonymousSearches(_Anonymous):
    """Lets requests without credentials search."""

    opened = ("GET reportExecutions",)


@kills("jasperserver.permission.anonymous-run")
class AnonymousRuns(_Anonymous):
    """Lets requests without credentials run a report."""

    opened = ("POST reportExecutions",)


@kills("jasperserver.permission.anonymous-export", "jasperserver.permission.anonymous-parameters")
class AnonymousChanges(_Anonymous):
    """Exports, and accepts new parameters, without credentials."""

    opened = ("POST exports", "POST parameters")


@kills("jasperserver.permission.anonymous-cancel")
class AnonymousCancels(_Anonymous):
    """Lets requests without credentials cancel."""

    opened = ("PUT status",)


@kills(
    "jasperserver.permission.anonymous-delete",
    "jasperserver.delete.finished",
    "jasperserver.details.same-request",
)
class AnonymousDeletes(_Anonymous):
    """Lets requests without credentials delete."""

    opened = ("DELETE *",)
