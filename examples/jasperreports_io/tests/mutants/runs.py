"""Servers with faults in runs, in statuses and in details."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from jasperreports_io_conformance.reference import Reference

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.faults import Refusal, illegal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import STATUS_JSON
from pytest_reportconformance.jasperserver.reference.options import PageRange, RunOptions
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.state import Execution, Export


def is_of(execution: Execution, unit: str) -> bool:
    """Whether an execution is of the report of that name."""
    return execution.unit_uri.rpartition("/")[2] == unit


class AnswersRunsLate(Reference):
    """Answers an asynchronous run with output in HTML when it is done, and with 400 if it failed."""

    violates = ("jasperreports_io.run.async-returns-early", "jasperreports_io.run.accepted")

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return super().answers_at_once(options, caller) and options.export.format != "html"


class AnswersSynchronousRunsAtOnce(Reference):
    """Answers a synchronous run before it is done."""

    violates = ("jasperreports_io.run.sync-waits",)

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        return True


class MissesNoReport(Reference):
    """Answers 400 to a run of a report that does not exist."""

    violates = ("jasperreports_io.run.unknown-report",)

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        try:
            return super().report_unit(caller, uri)
        except Refusal:
            raise illegal("reportUnitUri", uri) from None


class _RunOptions(Reference):
    """Changes the options of a run."""

    def change(self, options: RunOptions) -> RunOptions:
        raise NotImplementedError

    def run_options(self, caller: Caller) -> RunOptions:
        return self.change(super().run_options(caller))


class IgnoresPagesOfRuns(_RunOptions):
    """Delivers every page although a run names a range."""

    violates = ("jasperreports_io.run.pages-range",)

    def change(self, options: RunOptions) -> RunOptions:
        return replace(options, export=replace(options.export, pages=None))


class PaginatesAlways(_RunOptions):
    """Makes pages although a run wants none."""

    violates = ("jasperreports_io.run.ignore-pagination",)

    def change(self, options: RunOptions) -> RunOptions:
        return replace(options, export=replace(options.export, ignore_pagination=None))


class RefusesContainerWidth(Reference):
    """Answers 400 to a run with the documented property reportContainerWidth."""

    violates = ("jasperreports_io.run.documented-properties",)

    def run_options(self, caller: Caller) -> RunOptions:
        if b"reportContainerWidth" in caller.call.body:
            raise illegal("reportContainerWidth", "")
        return super().run_options(caller)


class KeepsExportsBack(Reference):
    """Answers a run without the status of its export."""

    violates = ("jasperreports_io.run.export-status",)

    def run(self, caller: Caller) -> Answer:
        answer = super().run(caller)
        members = json.loads(answer.body)
        if members["status"] != "ready":
            members.pop("exports", None)
        return replace(answer, body=json.dumps(members).encode())


class GivesOneIdToAll(Reference):
    """Gives every execution of one report the same id."""

    violates = ("jasperreports_io.run.distinct-ids",)

    def start(self, caller: Caller, unit: Resource, options: RunOptions, job: Any = None) -> Execution:
        execution = super().start(caller, unit, options, job)
        if is_of(execution, "runcounter"):
            del self.executions[execution.id]
            execution.id = "runcounter"
            self.executions[execution.id] = execution
        return execution


class RefusesUnknownStatus(Reference):
    """Answers 400 to a status of an execution that does not exist, in the extended form."""

    violates = (
        "jasperreports_io.status.unknown-id",
        "jasperreports_io.delete.status-gone",
        "jasperreports_io.delete.running-gone",
    )

    def read_status(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and caller.call.header("Accept") == STATUS_JSON:
            raise illegal("requestId", id)
        return super().read_status(caller, id)


class NamesExtendedValuesOtherwise(Reference):
    """Names the value of an extended status of a report `status`."""

    violates = ("jasperreports_io.status.extended-json",)

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        if caller.call.header("Accept") != STATUS_JSON:
            return answer
        return replace(answer, body=answer.body.replace(b'"value"', b'"status"'))


class SaysQueuedWhileItRuns(Reference):
    """Shows a report as queued until it is over."""

    violates = ("jasperreports_io.status.running",)

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "queued" if status == "execution" else status


class NeverFails(Reference):
    """Shows a report that failed late as cancelled."""

    violates = ("jasperreports_io.status.reaches-failed",)

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "cancelled" if status == "failed" and is_of(execution, "failinglate") else status


class KeepsReasonsBack(Reference):
    """Shows that a report failed, but not why."""

    violates = ("jasperreports_io.status.failed-text",)

    def read_status(self, caller: Caller, id: str) -> Answer:
        answer = super().read_status(caller, id)
        members = json.loads(answer.body)
        members.pop("errorDescriptor", None)
        return replace(answer, body=json.dumps(members).encode())


class ContradictsItself(Reference):
    """Shows a report that failed as cancelled in its details alone."""

    violates = ("jasperreports_io.status.agrees-with-details",)

    def read_details(self, caller: Caller, id: str) -> Answer:
        answer = super().read_details(caller, id)
        members = json.loads(answer.body)
        if members["status"] == "failed":
            members["status"] = "cancelled"
        return replace(answer, body=json.dumps(members).encode())


class ShowsPagesAtTheEnd(Reference):
    """Answers the status of a page when the whole report is done."""

    violates = ("jasperreports_io.page-status.while-running",)

    def wait_for_pages(self, execution: Execution, wanted: PageRange) -> None:
        self.wait_for_report(execution)


class RefusesPagesOfUnknown(Reference):
    """Answers 400 to the status of a page of an execution that does not exist."""

    violates = ("jasperreports_io.page-status.unknown-id", "jasperreports_io.delete.everything-gone")

    def read_page_status(self, caller: Caller, id: str, pages: str) -> Answer:
        if id not in self.executions:
            raise illegal("requestId", id)
        return super().read_page_status(caller, id, pages)


class ForgetsTypes(Reference):
    """Lists the output of a CSV export without its content type."""

    violates = ("jasperreports_io.details.lists-output",)

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().output_members(execution, export, caller)
        if is_of(execution, "multi"):
            members.pop("contentType")
        return members


class ListsFewExports(Reference):
    """Lists the first and the last export only."""

    violates = ("jasperreports_io.details.lists-every-export",)

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        listed = super().listed_exports(execution, caller)
        return [*listed[:1], *listed[-1:]] if len(listed) > 6 and is_of(execution, "multi") else listed
