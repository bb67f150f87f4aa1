"""Servers that run what they must refuse, or refuse it wrongly."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import ClassVar

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal, denied
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions
from pytest_reportconformance.jasperserver.reference.resources import Resource
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


class RefusedRuns(Reference):
    """Changes the refusal of a run."""

    def run(self, caller: Caller) -> Answer:
        try:
            return super().run(caller)
        except Refusal as refusal:
            raise self.changed(refusal, caller) from None

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        raise NotImplementedError


@kills(
    "jasperserver.run.unknown-report",
    "jasperserver.search.report-uri",
)
class RunsAnotherReport(Reference):
    """Runs another report if the one asked for is unknown."""

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        return super().report_unit(caller, "/reports/fast" if uri.endswith("made") else uri)


@kills("jasperserver.run.unknown-report")
class UnknownIsBad(RefusedRuns):
    """Answers 400 to an unknown report in XML."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.status == 404 and sends_xml(caller)
        return Refusal(400, refusal.fault) if wrong else refusal


@kills(
    "jasperserver.run.unknown-report",
    "jasperserver.errors.access-denied-code",
)
class UnknownIsForbidden(RefusedRuns):
    """Answers 403 to a synchronous run of an unknown report."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        body = caller.call.body
        wrong = refusal.status == 404 and (b'"async": false' in body or b"<async>false" in body)
        return Refusal(403, refusal.fault) if wrong else refusal


@kills("jasperserver.run.forbidden-report", "jasperserver.permission.other-user-run-forbidden")
class RunsForbidden(Reference):
    """Lets every user run every report."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return True


@kills("jasperserver.run.forbidden-report")
class RunsForbiddenInXml(Reference):
    """Lets the owner run a forbidden report in XML."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        own = caller.identity.username == self.identities["owner"].username
        return (own and sends_xml(caller)) or super().may_run(caller, unit)


@kills("jasperserver.run.forbidden-report")
class RunsForbiddenWhileWaiting(Reference):
    """Lets the owner run a forbidden report synchronously."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return b'"async": false' in caller.call.body or super().may_run(caller, unit)


@kills("jasperserver.run.forbidden-report")
class RunsForbiddenWithPrefix(Reference):
    """Lets every user run every report whose path has the prefix `repo:`."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return b"repo:" in caller.call.body or super().may_run(caller, unit)


@kills("jasperserver.run.forbidden-report")
class RunsForbiddenWithSlash(Reference):
    """Lets every user run every report at the URL with a slash."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return caller.call.path.endswith("/") or super().may_run(caller, unit)


@kills(
    "jasperserver.run.forbidden-report",
    "jasperserver.permission.other-user-run-forbidden",
    "jasperserver.errors.not-found-code",
)
class HidesForbidden(RefusedRuns):
    """Answers 404 instead of 403 to a forbidden report."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        return Refusal(404, refusal.fault) if refusal.status == 403 else refusal


@kills("jasperserver.run.refused-starts-nothing")
class StartsForbidden(Reference):
    """Answers 403 to a forbidden report and runs it."""

    def run(self, caller: Caller) -> Answer:
        options = self.run_options(caller)
        unit = self.repository.resources.get(self.absolute(caller.identity.organization, options.uri))
        if unit is not None and unit.type == "reportUnit" and not self.may_run(caller, unit):
            self.start(caller, unit, options)
            raise denied()
        return super().run(caller)

    @property
    def executions_left(self) -> int:
        return 0


@kills("jasperserver.run.refused-starts-nothing")
class RefusesWithAnId(Reference):
    """Answers 403 to a forbidden report with a descriptor that has a request id."""

    def run(self, caller: Caller) -> Answer:
        try:
            return super().run(caller)
        except Refusal as refusal:
            if refusal.status != 403 or caller.identity.username != self.identities["owner"].username:
                raise
            return Answer(
                403, b'{"requestId":"r-1","errorCode":"access.denied"}', [("Content-Type", "application/json")]
            )


@kills("jasperserver.access.anonymous-run-starts-nothing")
class RunsForAnonymous(Reference):
    """Answers 401 to a run without credentials and starts it."""

    def unauthorized(self, call: Call) -> Refusal:
        if call.method == "POST" and call.path.endswith("/reportExecutions") and b"slow" in call.body:
            account = self.identities["owner"]
            token = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
            known = replace(call, headers=(*call.headers, ("Authorization", f"Basic {token}")))
            self.run(self.sign_on(known))
        return super().unauthorized(call)


class _Pages(Reference):
    """Replaces the pages of a run before they are read."""

    pages: ClassVar[dict[bytes, bytes]]

    def run_options(self, caller: Caller) -> RunOptions:
        body = caller.call.body
        for wrong, taken in self.pages.items():
            body = body.replace(wrong, taken)
        return super().run_options(replace(caller, call=replace(caller.call, body=body)))


@kills("jasperserver.run.bad-pages")
class AnythingIsAllPages(_Pages):
    """Treats a word as all pages."""

    pages: ClassVar = {b'"pages": "abc"': b'"pages": null', b'"pages": "x"': b'"pages": null'}


@kills("jasperserver.run.bad-pages")
class ListsOfPages(_Pages):
    """Treats a list of pages as a range, in XML."""

    pages: ClassVar = {b"<pages>1,2<": b"<pages>1-2<"}


@kills("jasperserver.run.bad-pages")
class OpenRanges(_Pages):
    """Treats a range without an end as one to the last page."""

    pages: ClassVar = {b'"pages": "1-"': b'"pages": null'}


@kills("jasperserver.run.bad-pages", "jasperserver.run.reversed-pages")
class UnprocessablePages(RefusedRuns):
    """Answers 422 to malformed page ranges."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.fault is not None and "page" in refusal.fault.code
        return Refusal(422, refusal.fault) if wrong else refusal


@kills("jasperserver.run.reversed-pages")
class ReversesRanges(_Pages):
    """Reverses a reversed range."""

    pages: ClassVar = {b'"pages": "3-1"': b'"pages": "1-3"', b"<pages>3-1<": b"<pages>1-3<"}


@kills("jasperserver.run.reversed-pages")
class ReversesRangesInXml(_Pages):
    """Reverses a reversed range, in XML."""

    pages: ClassVar = {b"<pages>3-1<": b"<pages>1-3<"}
