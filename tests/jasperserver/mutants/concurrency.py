"""Servers with faults that show if requests arrive at the same time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import is_run
from tests.mutation.kill_matrix import kills


class _Together(Reference):
    """Finds the executions that one session started together; only the scenario of ten runs has many of them."""

    many = 6

    def companions(self, execution: Execution) -> list[Execution]:
        """The executions of the same session if they are many, else none."""
        found = [one for one in list(self.executions.values()) if one.session == execution.session]
        return found if len(found) > self.many else []


@kills(
    "jasperserver.concurrency.distinct-ids",
    "jasperserver.concurrency.own-output",
    "jasperserver.run.distinct-ids",
)
class SharesIds(_Together):
    """Gives simultaneous runs of one report in one format the same id."""

    many = 1

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        mine = self.companions(execution)
        ten = any(one.unit_uri.endswith("/fast") for one in mine)
        alike = [one for one in mine if ten and self.same(one, execution)]
        return members | {"requestId": alike[0].id} if is_run(caller) and alike else members

    def same(self, one: Execution, other: Execution) -> bool:
        counter = one.unit_uri == other.unit_uri and other.unit_uri.endswith("/runcounter")
        close = abs(one.fill.begins - other.fill.begins) < 0.2
        return counter and close and one.options.export.format == other.options.export.format


@kills("jasperserver.concurrency.all-ready")
class NineAtOnce(_Together):
    """Answers 503 to the tenth run of a session."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.counting = threading.Lock()
        self.begun: Counter[str] = Counter()

    def run(self, caller: Caller) -> Answer:
        with self.counting:
            if self.begun[caller.session] > 8:
                raise Refusal(503)
            self.begun[caller.session] += 1
        try:
            return super().run(caller)
        except Refusal:
            self.begun[caller.session] -= 1
            raise


@kills("jasperserver.concurrency.all-ready")
class OneFails(_Together):
    """Reports the last of many runs of a session as failed when it is polled."""

    many = 9

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        mine = self.companions(execution)
        return "failed" if mine and mine[-1] is execution and status == "ready" else status


class _Swapped(_Together):
    """Delivers the pages of another run of the same session."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        other = self.other(execution)
        if other is None:
            return super().output_pages(execution, export, caller)
        return list(enumerate(other.fill.pages()))

    def other(self, execution: Execution) -> Execution | None:
        raise NotImplementedError


@kills("jasperserver.concurrency.own-output")
class TheLatestReport(_Swapped):
    """Delivers the latest of several reports for every download of CSV."""

    def other(self, execution: Execution) -> Execution | None:
        mine = self.companions(execution)
        return mine[-1] if mine and execution.options.export.format == "csv" else None


@kills("jasperserver.concurrency.own-output")
class TheFirstCounter(_Swapped):
    """Delivers the output of the first of several runs of one report for all of them."""

    def other(self, execution: Execution) -> Execution | None:
        alike = [one for one in self.companions(execution) if one.unit_uri == execution.unit_uri]
        return alike[0] if alike and execution.unit_uri.endswith("/runcounter") else None


@kills("jasperserver.concurrency.own-output", "jasperserver.output.genuine")
class TheFormatOfTheNeighbor(_Together):
    """Delivers CSV in place of XML if several run at once."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if self.companions(execution) and export.options.format == "xml":
            return "\n".join(
                line for _, page in self.output_pages(execution, export, caller) for line in page.lines
            ).encode()
        return super().output_body(execution, export, caller)


class _AtOnce(_Together):
    """Counts the reads that are answered at the same moment."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.readings: dict[str, list[float]] = {}
        self.guard = threading.Lock()

    def crowded(self, id: str, kind: str) -> bool:
        """Whether this is at least the third read of a kind within half a second, of one of many executions."""
        with self.guard:
            recent = [moment for moment in self.readings.get(id + kind, []) if time.monotonic() - moment < 0.5]
            self.readings[id + kind] = [*recent, time.monotonic()]
        execution = self.executions.get(id)
        return execution is not None and len(recent) >= 2 and bool(self.companions(execution))


@kills(
    "jasperserver.concurrency.consistent-reads",
    "jasperserver.output.ready",
)
class LocksOutputs(_AtOnce):
    """Answers 409 to the third of simultaneous downloads of an output."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if self.crowded(id, "output"):
            raise Refusal(409)
        return super().read_output(caller, id, export_id)


@kills(
    "jasperserver.concurrency.consistent-reads",
    "jasperserver.details.lists-output",
    "jasperserver.details.repeatable",
)
class LosesCount(_AtOnce):
    """Lists no export in the third of simultaneous reads of the details."""

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        listed = super().listed_exports(execution, caller)
        details = caller.call.method == "GET" and caller.call.path.endswith(f"/{execution.id}")
        return [] if details and self.crowded(execution.id, "details") else listed


@kills(
    "jasperserver.concurrency.consistent-reads",
    "jasperserver.output.repeatable",
)
class ExtendsConcurrentOutputs(_AtOnce):
    """Adds bytes to the third of simultaneous downloads of an output."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        body = super().output_body(execution, export, caller)
        return body + b"<p>again</p>" if self.crowded(execution.id, "body") else body


@kills("jasperserver.concurrency.head")
class NoHead(Reference):
    """Answers 405 to a HEAD."""

    def method(self, call: Call) -> str:
        return call.method if call.method == "HEAD" else super().method(call)
