"""The independent server is conformant, although it differs from the reference server; faults in it are caught."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.register import register
from pytest_reportconformance.run.target_argument import describe
from tests.jasperserver.independent import Execution, Export, Independent, Refused
from tests.jasperserver.independent.runs import BUSY
from tests.mutation.kill_matrix import VIOLATED, judged, judged_target

HELD = ("passed", "not applicable")


class DropsExports(Independent):
    """Keeps no exports of a report that failed or was cancelled: the document does not promise them."""

    def execution_members(self, e: Execution) -> dict[str, Any]:
        members = super().execution_members(e)
        if members["status"] in ("cancelled", "failed"):
            members.pop("exports", None)
        return members


class NumbersExecutions(Independent):
    """Numbers its executions; its HTML has a `base` element; two equal exports are one."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds)
        self.count = itertools.count(1)

    def started(self, *arguments: Any, **options: Any) -> Execution:
        with self.lock:
            e = super().started(*arguments, **options)
            del self.executions[e.id]
            e.id = str(next(self.count))
            self.executions[e.id] = e
        return e

    def exported(self, e: Execution, options: Any) -> Export:
        asked = {"outputFormat": "pdf", **options}
        known = (export for export in e.exports.values() if export.options == asked)
        return next(known, None) or super().exported(e, options)

    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        if export.format == "html" and not export.options.get("attachmentsPrefix"):
            answer.body = answer.body.replace(b"attachments&#47;", b"").replace(
                b"<head>", b"<head><base href=attachments/>"
            )
        return answer


class FewFormats(Independent):
    """Has few formats: it refuses some, and others fail; pictures are embedded in the HTML."""

    def exported(self, e: Execution, options: Any) -> Export:
        if str(options.get("outputFormat")) in ("odt", "rtf", "xls", "xml"):
            raise Refused(400, "webservices.error.errorExportingReportUnit", str(options["outputFormat"]))
        export = super().exported(e, options)
        if export.format in ("docx", "ods", "pptx"):
            export.bounds = (99, 99)
        return export

    def sources(self, e: Execution, export: Export) -> list[str]:
        return []

    def export_members(self, e: Execution, export: Export) -> dict[str, Any]:
        members = super().export_members(e, export)
        members.pop("attachments", None)
        return members


class IsBusyWhilePending(NumbersExecutions):
    """Asks the client to come back, with 503 and Retry-After, while an output is not ready."""

    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        if export.state() in BUSY:
            return Answer(503, b"", [("Retry-After", "1")])
        return super().output(e, export, call)


class CancelsTooLate(Independent):
    """Answers a cancel after its slow report is ready, so that each cancel is too late."""

    def cancel(self, call: Call, user: str, id: str) -> Answer:
        if id in self.executions:
            self.wait(self.executions[id].work)
        return super().cancel(call, user, id)


@pytest.mark.parametrize("server", [Independent, DropsExports, NumbersExecutions, FewFormats, IsBusyWhilePending])
def test_every_must_requirement_holds(server: type[Independent]) -> None:
    levels = register.load("jasperserver").requirements
    judgements = [one for one in judged(server(slow_seconds=4)) if levels[one.requirement].level == "MUST"]
    assert len(judgements) > 500
    assert [(one.check, one.outcome, one.reason) for one in judgements if one.outcome not in HELD] == []


def test_cancels_that_are_too_late_are_inconclusive() -> None:
    only = ["jasperserver.cancel.json", "jasperserver.cancel.xml", "jasperserver.jobs.cancel"]
    with Server(CancelsTooLate(slow_seconds=0.6)) as server:
        judgements = judged_target(replace(describe(server), name="late"), only)
    outcomes = {one.outcome for one in judgements if one.transcripts}
    assert outcomes <= {"inconclusive", "not applicable"}


class Faulty(Independent):
    """Counts, for faults that show from the second time on."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds)
        self.seen: Counter[tuple[str, ...]] = Counter()

    def later(self, *what: str) -> bool:
        """Whether this happens for the second time or later."""
        self.seen[what] += 1
        return self.seen[what] > 1


class SecondDownloadsAreOctets(Faulty):
    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        again = answer.status == 200 and self.later(e.id, export.id)
        return answer.replace("content-type", "application/octet-stream") if again else answer


class LaterHtmlIsNotFinal(Faulty):
    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        return answer.replace("output-final", "false") if self.later(e.id, export.id) else answer


class FailuresCannotBeDeleted(Faulty):
    def deleted(self, e: Execution) -> Answer:
        return Answer(204) if e.work.state() == "failed" else super().deleted(e)


class CancelledCannotBeDeleted(Faulty):
    def deleted(self, e: Execution) -> Answer:
        return Answer(204) if e.work.state() == "cancelled" else super().deleted(e)


class CancelsByRootHaveNoBody(Faulty):
    def cancel(self, call: Call, user: str, id: str) -> Answer:
        answer = super().cancel(call, user, id)
        return Answer(200) if answer.status == 200 and user == "root" else answer


class EmptyRangesAre200(Faulty):
    def search(self, call: Call, user: str) -> Answer:
        answer = super().search(call, user)
        none: dict[str, Any] = {"reportExecution": []}
        late = answer.status == 204 and call.argument("fireTimeFrom")
        return self.represented(call, "reportExecutions", none) if late else answer


class GifsArePngInXml(Faulty):
    def represented(self, call: Call, name: str, value: Any, *offers: list[str]) -> Answer:
        answer = super().represented(call, name, value, *offers)
        if answer.body.startswith(b"<"):
            answer.body = answer.body.replace(b"image/gif", b"image/png")
        return answer


class RunningDetailsHaveAnotherRoot(Faulty):
    def represented(self, call: Call, name: str, value: Any, *offers: list[str]) -> Answer:
        running = name == "reportExecution" and value.get("status") in ("queued", "execution")
        return super().represented(call, "execution" if running else name, value, *offers)


class CancelledRunsInExtendedStatus(Faulty):
    def status(self, call: Call, state: str, problem: dict[str, Any] | None) -> Answer:
        extended = state == "cancelled" and "status+" in call.header("Accept")
        return super().status(call, "execution" if extended else state, problem)


class UnknownIsBadRequestInXml(Faulty):
    def routed(self, call: Call, user: str) -> Answer:
        try:
            return super().routed(call, user)
        except Refused as refused:
            exporting = call.method == "POST" and call.path.strip("/").endswith("/exports")
            if refused.status == 404 and exporting and "xml" in call.header("Accept"):
                refused.status = 400
            raise


class ExportsVanish(Faulty):
    def execution_members(self, e: Execution) -> dict[str, Any]:
        members = super().execution_members(e)
        if members["status"] == "ready" and self.later(e.id):
            members.pop("exports", None)
        return members


class SynchronousExportsHaveOtherIds(Faulty):
    def run(self, call: Call, user: str) -> Answer:
        answer = super().run(call, user)
        if b'"async": false' in call.body and answer.status == 200:
            members = json.loads(answer.body)
            members["exports"] = [{**one, "id": "9" + one["id"]} for one in members["exports"]]
            answer.body = json.dumps(members).encode()
        return answer


@pytest.mark.parametrize(
    ("faulty", "id"),
    [
        (SecondDownloadsAreOctets, "output.content-type"),
        (LaterHtmlIsNotFinal, "output.final-html"),
        (FailuresCannotBeDeleted, "delete.details-gone"),
        (CancelledCannotBeDeleted, "delete.details-gone"),
        (CancelsByRootHaveNoBody, "cancel.json"),
        (EmptyRangesAre200, "search.nothing-found"),
        (GifsArePngInXml, "attachments.content-type"),
        (RunningDetailsHaveAnotherRoot, "negotiation.details-xml"),
        (CancelledRunsInExtendedStatus, "cancel.becomes-cancelled"),
        (UnknownIsBadRequestInXml, "export.unknown-execution"),
        (ExportsVanish, "details.lists-output"),
        (SynchronousExportsHaveOtherIds, "run.sync-output-available"),
    ],
)
def test_a_fault_is_caught(faulty: type[Faulty], id: str) -> None:
    with Server(faulty(slow_seconds=2)) as server:
        judgements = judged_target(replace(describe(server), name="faulty"), [f"jasperserver.{id}"])
    outcomes = {one.outcome for one in judgements}
    assert outcomes & set(VIOLATED)
    assert "error" not in outcomes
