"""Running reports, exporting them, changing their parameters, cancelling and deleting them."""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from tests.jasperserver.independent import documents
from tests.jasperserver.independent.reports import IDENTITIES, Report, catalogue
from tests.jasperserver.independent.representation import PLAIN, Refused, Representation
from tests.jasperserver.independent.work import INFINITE, Execution, Export, Work, truth

BUSY = ("queued", "execution")


class Runs(Representation):
    """The executions of the server and everything that changes them."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        self.reports: dict[str, Report] = {one.uri: one for one in catalogue(slow_seconds)}
        self.executions: dict[str, Execution] = {}
        self.numbers = itertools.count(41)
        self.lock = threading.RLock()

    def run(self, call: Call, user: str) -> Answer:
        self.negotiated(call, PLAIN)
        options = self.read(call)
        uri = options.get("reportUnitUri") if isinstance(options, dict) else None
        if not uri:
            raise Refused(400, "mandatory.parameter.error", "reportUnitUri")
        report = self.permitted(user, uri)
        e = self.started(user, report, options)
        if truth(options.get("async", False)):
            return self.represented(call, "reportExecution", self.execution_members(e))
        self.wait(e.work)
        bad = next((one.problem() for one in e.exports.values() if one.state() == "failed"), e.work.problem())
        if bad:
            del self.executions[e.id]
            raise Refused(400, bad["errorCode"], *bad.get("parameters", []))
        return self.represented(call, "reportExecution", self.execution_members(e))

    def permitted(self, user: str, uri: str) -> Report:
        report = self.reports.get(uri.removeprefix("repo:"))
        if report is None:
            raise Refused(404, "resource.not.found", uri)
        if report.closed and IDENTITIES[user].kind == "user":
            raise Refused(403, "access.denied", uri)
        return report

    def started(
        self, user: str, report: Report, options: dict[str, Any], job: dict[str, Any] | None = None
    ) -> Execution:
        given = options.get("parameters") or []
        given = given.get("reportParameter", []) if isinstance(given, dict) else given
        with self.lock:
            number = next(self.numbers)
            work = self.worked(report, given, options)
            e = Execution(f"{report.leaf}+{number}=\u00e9;v:{number % 7}", user, report.uri, work, options, job=job)
            if options.get("outputFormat"):
                self.exported(e, options)
            self.executions[e.id] = e
        return e

    def worked(self, report: Report, given: list[dict[str, Any]], options: dict[str, Any]) -> Work:
        pages, invalid = report.printed(
            {one["name"]: list(one.get("value") or []) for one in given}, next(self.numbers)
        )
        if truth(options.get("ignorePagination")) and pages:
            pages = ["\n".join(pages)]
        return Work(report, pages, time.monotonic(), invalid)

    def exported(self, e: Execution, options: Any) -> Export:
        options = {**(options if isinstance(options, dict) else {})}
        options["outputFormat"] = options.get("outputFormat") or "pdf"
        if str(options["outputFormat"]).lower() not in (*documents.FORMATS, "html"):
            raise Refused(400, "webservices.error.errorExportingReportUnit", str(options["outputFormat"]))
        bounds = self.bounds(options.get("pages"))
        with self.lock:
            e.count += 1
            export = Export(str(e.count), e.work, options, bounds)
            e.exports = {export.id: export, **e.exports}
        return export

    def bounds(self, pages: Any) -> tuple[int, int] | None:
        if pages in (None, ""):
            return None
        first, dash, last = str(pages).partition("-")
        if not first.isdigit() or (dash and not last.isdigit()) or int(first) < 1:
            raise Refused(400, "report.invalid.page.range", str(pages))
        if dash and int(last) < int(first):
            raise Refused(400, "report.start.page.greater.then.end.page", str(pages))
        return int(first), int(last if dash else first)

    def wait(self, work: Work, until: float = INFINITE) -> None:
        while work.state() in BUSY and time.monotonic() < until:
            time.sleep(0.02)

    def execution_members(self, e: Execution) -> dict[str, Any]:
        state = e.work.state()
        members: dict[str, Any] = {"reportURI": e.uri, "vendorNote": {"since": [1, 2]}, "status": state}
        if e.exports:
            members["exports"] = [self.export_members(e, one) for one in e.exports.values()]
        if state == "ready":
            members["totalPages"] = len(e.work.pages)
        if state == "failed":
            members["errorDescriptor"] = e.work.problem()
        return {**members, "requestId": e.id}

    def export_members(self, e: Execution, export: Export) -> dict[str, Any]:
        state = export.state()
        members: dict[str, Any] = {"status": state, "priority": 3, "id": export.id}
        if state == "ready":
            kind = documents.FORMATS.get(export.format, ("text/html; charset=utf-8", "", None))
            members["outputResource"] = {"outputFinal": e.work.state() == "ready", "contentType": kind[0]}
            if export.format != "html":
                members["outputResource"]["fileName"] = f"{e.work.report.leaf}.{kind[1]}"
            names = export.names()
            if names:
                members["attachments"] = [
                    {"fileName": name, "bytes": len(b), "contentType": t} for name, (t, b) in names.items()
                ]
        if state == "failed":
            members["errorDescriptor"] = export.problem()
        return members

    def changed(self, call: Call, e: Execution) -> Answer:
        given = self.read(call)
        if not isinstance(given, list):
            raise Refused(400, "serialization.error")
        with self.lock:
            e.work.stopped = min(e.work.stopped, time.monotonic())
            e.work, e.exports = self.worked(e.work.report, given, e.options), {}
        return Answer(204)

    def cancel(self, call: Call, user: str, id: str) -> Answer:
        self.negotiated(call, PLAIN)
        given, e = self.read(call), self.executions.get(id)
        if e is None:
            raise Refused(404, "resource.not.found", id)
        if not self.may_stop(user, e.owner):
            raise Refused(403, "access.denied", id)
        if not isinstance(given, dict) or given.get("value") != "cancelled":
            raise Refused(400, "illegal.parameter.value.error", "value")
        with self.lock:
            if e.work.state() not in BUSY:
                return Answer(204)
            e.work.stopped = time.monotonic()
        return self.represented(
            call, "status", "cancelled" if self.negotiated(call, PLAIN) == PLAIN[0] else {"value": "cancelled"}
        )

    def may_stop(self, user: str, owner: str) -> bool:
        asks, owns = IDENTITIES[user], IDENTITIES[owner]
        within = f"{owns.unit}/".startswith(f"{asks.unit}/")
        return user == owner or asks.kind == "root" or (asks.kind == "admin" and within)

    def deleted(self, e: Execution) -> Answer:
        with self.lock:
            e.work.stopped = min(e.work.stopped, time.monotonic())
            self.executions.pop(e.id, None)
        return Answer(204)
