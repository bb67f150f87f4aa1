"""Servers whose faults show only after certain requests in a row, which no scenario sends in that order."""

from __future__ import annotations

import math
import time
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import PageRange
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import OTHER_USER
from tests.mutation.exploration import shows

KINDS = {"status": "status", "info": "info", "outputResource": "output", "exports": "export"}


class CountsTime(Reference):
    """Each request takes a tenth of a second, and one that waits as long as it waits, however fast the machine is."""

    passed, begun = 0.0, 0.0

    def clock(self) -> float:
        return self.passed + max(0.0, time.monotonic() - self.begun - 0.5)

    def answer(self, call: Call) -> Answer:
        self.begun = time.monotonic()
        try:
            return super().answer(call)
        finally:
            self.passed = math.ceil(10 * self.clock()) / 10 + 0.1


class Remembering(CountsTime):
    """Knows the last requests about each execution by kind: `details-xml`, `cancel-by-other`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.past: list[tuple[str, str]] = []

    def answer_to(self, caller: Caller) -> Answer:
        segments = self.segments(caller.call)
        if segments[0] == "reportExecutions" and len(segments) > 1:
            self.past.append((segments[1], self.kind(caller, segments[2:])))
        return super().answer_to(caller)

    def kind(self, caller: Caller, rest: list[str]) -> str:
        """What a request about an execution does, in which form, and whether another user sends it."""
        method, name = caller.call.method, KINDS.get(rest[-1], "other") if rest else "details"
        if method in ("DELETE", "PUT"):
            name = {"DELETE": "delete", "PUT": "cancel"}[method]
        elif name == "status" and len(rest) > 1:
            name = "page-status" if rest[0] == "pages" else "export-status"
        name += "-xml" if "xml" in caller.call.header("Accept") else ""
        return f"{name}-by-other" if caller.identity.username == OTHER_USER else name

    def after(self, id: str, *kinds: str) -> bool:
        """Whether the last requests about an execution, the present one included, are of these kinds."""
        return [kind for about, kind in self.past if about == id][-len(kinds) :] == [*kinds]


@shows("jasperserver.status.final-unchanged")
class StaleStatusInXmlAfterAnOutput(Remembering):
    """Shows a ready report as running in XML, right after its output was read."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        return "execution" if self.after(execution.id, "output", "status-xml") else super().status_of(execution, caller)


@shows("jasperserver.export-status.agrees-with-details")
class ExportStatusFlips(Remembering):
    """Shows an export as running after its output was read twice."""

    def status_of_export(self, execution: Execution, export: Export, caller: Caller) -> str:
        flips = self.after(execution.id, "output", "output", "export-status")
        return "execution" if flips else super().status_of_export(execution, export, caller)


@shows("jasperserver.output.complete")
class ThirdOutputLacksAPage(Remembering):
    """Leaves out the last page of an output that is read three times in a row."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        pages = super().output_pages(execution, export, caller)
        return pages[:-1] if len(pages) > 3 and self.after(execution.id, "output", "output", "output") else pages


@shows("jasperserver.output.repeatable")
class OutputChangesAfterPageStatus(Remembering):
    """Adds a line to an output right after the status of a page was read."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        return body + b"once more\n" if self.after(execution.id, "page-status", "output") else body


@shows("jasperserver.permission.other-user-status")
class StatusIsOpenAfterAnOutput(Remembering):
    """Shows the status to another user right after the owner read the output."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return self.after(execution.id, "output", "status-by-other") or super().owns(caller, execution)


@shows("jasperserver.permission.other-user-output")
class SecondRequestForAnOutputIsGranted(Remembering):
    """Delivers the output to another user who asks twice."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return self.after(execution.id, "output-by-other", "output-by-other") or super().owns(caller, execution)


@shows("jasperserver.details.total-pages")
class PagesAreMissingAfterAPageStatus(Remembering):
    """Counts a page less in the details right after the status of a page was read."""

    def total_pages(self, execution: Execution, caller: Caller) -> int:
        return super().total_pages(execution, caller) - self.after(execution.id, "page-status", "details")


@shows("jasperserver.page-status.final")
class PageIsPendingAfterAnExport(Remembering):
    """Shows the page of a ready report as not final right after an export was asked for."""

    def page_final(self, execution: Execution, wanted: PageRange) -> bool:
        return not self.after(execution.id, "export", "page-status") and super().page_final(execution, wanted)


@shows("jasperserver.permission.other-user-details")
class DetailsAreOpenAfterAnExport(Remembering):
    """Shows the details to another user right after the owner asked for an export."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return self.after(execution.id, "export", "details-by-other") or super().owns(caller, execution)


@shows("jasperserver.permission.other-user-status")
class StatusIsOpenAfterAnExport(Remembering):
    """Shows the status to another user right after the owner asked for an export."""

    def owns(self, caller: Caller, execution: Execution) -> bool:
        return self.after(execution.id, "export", "status-by-other") or super().owns(caller, execution)


@shows("jasperserver.output.repeatable")
class OutputChangesAfterDetails(Remembering):
    """Adds a line to an output right after the details were read in XML."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        return body + b"once more\n" if self.after(execution.id, "details-xml", "output") else body
