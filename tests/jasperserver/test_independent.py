"""The independent server is conformant, however it differs; each lie that it can be made to tell is caught."""

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
from tests.mutation.kill_matrix import BROKEN, judged, judged_target

HELD = ("passed", "not applicable")


class Forgetful(Independent):
    """Keeps no exports of a report that failed or was cancelled: nobody promises them."""

    def described(self, e: Execution) -> dict[str, Any]:
        told = super().described(e)
        if told["status"] in ("cancelled", "failed"):
            told.pop("exports", None)
        return told


class Plain(Independent):
    """Counts its executions; its html starts from an element base; what is asked for twice is exported once."""

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

    def exported(self, e: Execution, wanted: Any) -> Export:
        asked = {"outputFormat": "pdf", **wanted}
        known = (export for export in e.exports.values() if export.wanted == asked)
        return next(known, None) or super().exported(e, wanted)

    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        if export.format == "html" and not export.wanted.get("attachmentsPrefix"):
            answer.body = answer.body.replace(b"attachments&#47;", b"").replace(
                b"<head>", b"<head><base href=attachments/>"
            )
        return answer


class Frugal(Independent):
    """Knows few formats: some are refused, others fail; pictures stand in the html itself."""

    def exported(self, e: Execution, wanted: Any) -> Export:
        if str(wanted.get("outputFormat")) in ("odt", "rtf", "xls", "xml"):
            raise Refused(400, "webservices.error.errorExportingReportUnit", str(wanted["outputFormat"]))
        export = super().exported(e, wanted)
        if export.format in ("docx", "ods", "pptx"):
            export.bounds = (99, 99)
        return export

    def sources(self, e: Execution, export: Export) -> list[str]:
        return []

    def told_export(self, e: Execution, export: Export) -> dict[str, Any]:
        told = super().told_export(e, export)
        told.pop("attachments", None)
        return told


class Tired(Independent):
    """Takes longer to answer than its slow report to be ready, so that each cancel comes too late."""

    def cancel(self, call: Call, user: str, id: str) -> Answer:
        if id in self.executions:
            self.wait(self.executions[id].work)
        return super().cancel(call, user, id)


@pytest.mark.parametrize("server", [Independent, Forgetful, Plain, Frugal])
def test_every_sentence_that_binds_holds(server: type[Independent]) -> None:
    levels = register.load("jasperserver").requirements
    judgements = [one for one in judged(server(slow_seconds=1.5)) if levels[one.requirement].level == "MUST"]
    assert len(judgements) > 500
    assert [(one.check, one.outcome, one.reason) for one in judgements if one.outcome not in HELD] == []


def test_cancels_that_come_too_late_accuse_nobody() -> None:
    only = ["jasperserver.cancel.json", "jasperserver.cancel.xml", "jasperserver.jobs.cancel"]
    with Server(Tired(slow_seconds=0.6)) as server:
        outcomes = {one.outcome for one in judged_target(replace(describe(server), name="tired"), only)}
    assert outcomes <= {"inconclusive", "not applicable"}


class Liar(Independent):
    """Counts, for lies that are told later on."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds)
        self.seen: Counter[tuple[str, ...]] = Counter()

    def later(self, *what: str) -> bool:
        """Whether something happens for the second time at least."""
        self.seen[what] += 1
        return self.seen[what] > 1


class SecondDownloadsAreBytes(Liar):
    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        again = answer.status == 200 and self.later(e.id, export.id)
        return answer.replace("content-type", "application/octet-stream") if again else answer


class LaterHtmlIsNotFinal(Liar):
    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        answer = super().output(e, export, call)
        return answer.replace("output-final", "false") if self.later(e.id, export.id) else answer


class FailuresCannotBeDeleted(Liar):
    def deleted(self, e: Execution) -> Answer:
        return Answer(204) if e.work.state() == "failed" else super().deleted(e)


class CancelledCannotBeDeleted(Liar):
    def deleted(self, e: Execution) -> Answer:
        return Answer(204) if e.work.state() == "cancelled" else super().deleted(e)


class CancelsOfOthersAreBare(Liar):
    def cancel(self, call: Call, user: str, id: str) -> Answer:
        answer = super().cancel(call, user, id)
        return Answer(200) if answer.status == 200 and user == "root" else answer


class EmptyRangesAre200(Liar):
    def search(self, call: Call, user: str) -> Answer:
        answer = super().search(call, user)
        none: dict[str, Any] = {"reportExecution": []}
        late = answer.status == 204 and call.argument("fireTimeFrom")
        return self.told(call, "reportExecutions", none) if late else answer


class GifsArePngInXml(Liar):
    def told(self, call: Call, name: str, value: Any, *offers: list[str]) -> Answer:
        answer = super().told(call, name, value, *offers)
        if answer.body.startswith(b"<"):
            answer.body = answer.body.replace(b"image/gif", b"image/png")
        return answer


class RunningDetailsAreCalledExecution(Liar):
    def told(self, call: Call, name: str, value: Any, *offers: list[str]) -> Answer:
        running = name == "reportExecution" and value.get("status") in ("queued", "execution")
        return super().told(call, "execution" if running else name, value, *offers)


class CancelledGoesOnExtended(Liar):
    def status(self, call: Call, state: str, problem: dict[str, Any] | None) -> Answer:
        extended = state == "cancelled" and "status+" in call.header("Accept")
        return super().status(call, "execution" if extended else state, problem)


class UnknownIsBadInXml(Liar):
    def routed(self, call: Call, user: str) -> Answer:
        try:
            return super().routed(call, user)
        except Refused as refused:
            exporting = call.method == "POST" and call.path.strip("/").endswith("/exports")
            if refused.status == 404 and exporting and "xml" in call.header("Accept"):
                refused.status = 400
            raise


class ExportsVanish(Liar):
    def described(self, e: Execution) -> dict[str, Any]:
        told = super().described(e)
        if told["status"] == "ready" and self.later(e.id):
            told.pop("exports", None)
        return told


class SynchronousExportsHaveOtherIds(Liar):
    def run(self, call: Call, user: str) -> Answer:
        answer = super().run(call, user)
        if b'"async": false' in call.body and answer.status == 200:
            told = json.loads(answer.body)
            told["exports"] = [{**one, "id": "9" + one["id"]} for one in told["exports"]]
            answer.body = json.dumps(told).encode()
        return answer


@pytest.mark.parametrize(
    ("liar", "id"),
    [
        (SecondDownloadsAreBytes, "output.content-type"),
        (LaterHtmlIsNotFinal, "output.final-html"),
        (FailuresCannotBeDeleted, "delete.details-gone"),
        (CancelledCannotBeDeleted, "delete.details-gone"),
        (CancelsOfOthersAreBare, "cancel.json"),
        (EmptyRangesAre200, "search.nothing-found"),
        (GifsArePngInXml, "attachments.content-type"),
        (RunningDetailsAreCalledExecution, "negotiation.details-xml"),
        (CancelledGoesOnExtended, "cancel.becomes-cancelled"),
        (UnknownIsBadInXml, "export.unknown-execution"),
        (ExportsVanish, "details.lists-output"),
        (SynchronousExportsHaveOtherIds, "run.sync-output-available"),
    ],
)
def test_a_lie_is_caught(liar: type[Liar], id: str) -> None:
    with Server(liar(slow_seconds=0.8)) as server:
        judgements = judged_target(replace(describe(server), name="liar"), [f"jasperserver.{id}"])
    outcomes = {one.outcome for one in judgements}
    assert outcomes & set(BROKEN)
    assert "error" not in outcomes
