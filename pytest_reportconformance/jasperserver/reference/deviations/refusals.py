"""Deviations in refusals: error descriptors, error pages of the container, and ids that it refuses."""

from __future__ import annotations

import uuid
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference.deviations.plays import plays
from pytest_reportconformance.jasperserver.reference.faults import CANCELLED, FAILED, GENERIC, Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions
from pytest_reportconformance.jasperserver.reference.server import Reference

PAGE = (
    "<!doctype html><html><head><title>HTTP Status {0}</title></head><body><h3>Apache Tomcat/9.0.70</h3></body></html>"
)


def _refuse_dots(call: Call, status: int) -> None:
    if "/%2e%2e" in call.path.lower():
        raise Refusal(status)


@plays("encoded-dots-fail")
class FailsOnEncodedDots(Reference):
    """An encoded `..` as id answers 500."""

    def segments(self, call: Call) -> list[str]:
        """500 if the path has one."""
        _refuse_dots(call, 500)
        return super().segments(call)


class ForbidsEncodedDots(Reference):
    """Not registered: an encoded `..` as id answers 403."""

    def segments(self, call: Call) -> list[str]:
        """403 if the path has one."""
        _refuse_dots(call, 403)
        return super().segments(call)


class RefusesEncodedDots(Reference):
    """Not registered: an encoded `..` as id answers 400."""

    def segments(self, call: Call) -> list[str]:
        """400 if the path has one."""
        _refuse_dots(call, 400)
        return super().segments(call)


class RefusesEncodedSlashes(Reference):
    """Not registered: the container refuses an encoded slash."""

    def segments(self, call: Call) -> list[str]:
        """400 if the path has one."""
        if "%2f" in call.path.lower():
            raise Refusal(400)
        return super().segments(call)


class NamesCancelledReports(Reference):
    """Not registered: the output of a cancelled report is refused with a code of its own."""

    cancelled = "report.execution.cancelled"

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        """The code of this version."""
        members = super().fault_members(fault)
        return members | {"errorCode": self.cancelled} if fault.code == CANCELLED.code else members


class NamesNoCancelledReports(NamesCancelledReports):
    """Not registered: before 7.8 it is the generic one."""

    cancelled = GENERIC.code


@plays("generic-error-text")
class HidesErrorReasons(Reference):
    """Unexpected errors have a generic message with an ID that changes on every poll."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        """A new ID each time."""
        if fault.code not in (GENERIC.code, FAILED.code):
            return super().fault_members(fault)
        uid = str(uuid.uuid4())
        return {"message": f"Something went wrong (number {uid}).", "errorCode": GENERIC.code, "errorUid": uid}


@plays("run-with-empty-body-fails")
class FailsOnEmptyRuns(Reference):
    """A run with an empty body or null answers 500."""

    def run_options(self, caller: Caller) -> RunOptions:
        """500 if the body is empty."""
        if caller.call.body.strip() in (b"", b"null"):
            if self.body_is_json(caller):
                raise Refusal(500, GENERIC)
            if not self.version.startswith("6"):
                raise Refusal(400)
        return super().run_options(caller)


class ShowsErrorPages(Reference):
    """Not registered: the container sends its error page with a refusal that has no body, for some statuses."""

    statuses: tuple[int, ...] = (400, 401, 403, 404, 405, 406, 415, 500)
    to_anonymous = False

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        """The page, unless the product describes the error."""
        answer = super().refused(call, refusal)
        shown = refusal.status in self.statuses and (refusal.status != 401 or self.to_anonymous or _signed(call))
        if refusal.fault is not None or not shown:
            return answer
        answer.body = PAGE.format(refusal.status).encode()
        return answer.replace("Content-Type", "text/html;charset=utf-8")


class ShowsFewErrorPages(ShowsErrorPages):
    """Not registered: before 7.8 there are fewer of them."""

    statuses = (400, 401, 403)
    to_anonymous = True


def _signed(call: Call) -> bool:
    return bool(call.header("Authorization"))


@plays("ids-with-uuid-prefix")
class AcceptsPrefixedIds(Reference):
    """Ids with the prefix `uuid:` are accepted too."""

    def segments(self, call: Call) -> list[str]:
        """Remove the prefix."""
        return [one[5:] if one.lower().startswith("uuid:") else one for one in super().segments(call)]
