"""Servers with faults in the status of a report execution."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, STATUS_JSON, STATUS_XML
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import accept_header, asks_plain_xml
from tests.mutation.kill_matrix import kills


def polled(caller: Caller) -> bool:
    """Whether a request polls the status of a report (not that of an export or a page)."""
    path = caller.call.path.rstrip("/")
    return (
        caller.call.method == "GET" and path.endswith("/status") and "/exports/" not in path and "/pages/" not in path
    )


@kills("jasperserver.status.known")
class KnowsNoStatus(Reference):
    """Answers 404 to every poll of a report."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        raise Refusal(404)


@kills(
    "jasperserver.status.known",
    "jasperserver.status.json",
)
class ForgetsWhatIsReady(Reference):
    """Answers 404 to a poll in plain JSON after the report is ready."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        if status == "ready" and polled(caller) and accept_header(caller) == JSON:
            raise Refusal(404)
        return status


class _UnknownIsReady(Reference):
    media = ""

    def read_status(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and accept_header(caller) == self.media:
            return self.answer_status("ready", None, self.media)
        return super().read_status(caller, id)


@kills(
    "jasperserver.status.unknown-id",
    "jasperserver.delete.status-gone",
    "jasperserver.errors.unusual-ids",
    "jasperserver.errors.letter-case",
)
class CallsUnknownReady(_UnknownIsReady):
    """Reports an unknown id as ready, in plain JSON."""

    media = JSON


@kills("jasperserver.status.unknown-id", "jasperserver.delete.status-gone")
class CallsUnknownReadyInExtendedXml(_UnknownIsReady):
    """Reports an unknown id as ready, in extended XML."""

    media = STATUS_XML


@kills("jasperserver.status.unknown-id", "jasperserver.delete.status-gone")
class RejectsUnknown(Reference):
    """Answers 400 instead of 404 to a poll of an unknown id in extended JSON."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        if id not in self.executions and accept_header(caller) == STATUS_JSON:
            raise Refusal(400)
        return super().read_status(caller, id)


@kills(
    "jasperserver.status.running",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ReadyInXmlOnly(Reference):
    """Reports a running report as ready in plain XML."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        early = status in ("queued", "execution") and polled(caller) and asks_plain_xml(caller)
        return "ready" if early else status


@kills("jasperserver.status.running")
class StaysQueued(Reference):
    """Reports a report as queued until it is finished."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "queued" if status == "execution" and polled(caller) else status


@kills(
    "jasperserver.status.reaches-failed",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class FailsSilently(Reference):
    """Reports a failed report as cancelled when it is polled."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        silent = status == "failed" and polled(caller) and execution.unit_uri.endswith(("failing", "failinglate"))
        return "cancelled" if silent else status


@kills("jasperserver.status.failed-text")
class FailsWithoutMessage(Reference):
    """Returns only the code in the extended XML status of a failed report."""

    def answer_status(self, value: str, fault: Fault | None, media: str) -> Answer:
        silent = fault is not None and fault.code == "generic.error.message" and media == STATUS_XML
        return super().answer_status(value, Fault("generic.error.message", " ") if silent else fault, media)

    def answer_export_status(self, export: Any, value: str, fault: Fault | None, media: str) -> Answer:
        return Reference.answer_status(self, value, fault, media)


@kills("jasperserver.status.failed-text")
class FailsWithoutReason(Reference):
    """Omits the error from the extended JSON status of a report that failed after its first page."""

    def fault_of(self, execution: Execution, caller: Caller) -> Fault | None:
        silent = polled(caller) and accept_header(caller) == STATUS_JSON and execution.unit_uri.endswith("failinglate")
        return None if silent else super().fault_of(execution, caller)


class _Counting(Reference):
    """Counts the polls of each execution and media type."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.polls: Counter[tuple[str, str]] = Counter()

    def count(self, execution: Execution, caller: Caller) -> int:
        """The number of this poll of the final status of the report of several pages; 0 if it is no such poll."""
        if not polled(caller) or not execution.unit_uri.endswith("multi"):
            return 0
        if super().status_of(execution, caller) not in ("ready", "failed"):
            return 0
        with self.lock:
            self.polls[execution.id, accept_header(caller)] += 1
            return self.polls[execution.id, accept_header(caller)]


@kills("jasperserver.status.final-unchanged")
class WorksAgain(_Counting):
    """Returns `execution` to the fifth poll of a finished report in plain JSON."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "execution" if self.count(execution, caller) == 5 and accept_header(caller) == JSON else status


@kills("jasperserver.status.final-unchanged")
class WorksAgainInExtendedXml(_Counting):
    """Returns `queued` to the third poll of a finished report in extended XML."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        return "queued" if self.count(execution, caller) == 3 and accept_header(caller) == STATUS_XML else status


@kills("jasperserver.status.final-unchanged")
class FailsAfterwards(_Counting):
    """Reports a ready report as failed from the fourth poll in plain XML on."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        late = self.count(execution, caller) >= 4 and asks_plain_xml(caller)
        return "failed" if late and status == "ready" else status


@kills(
    "jasperserver.status.agrees-with-details",
    "jasperserver.negotiation.json-and-xml-agree",
    "jasperserver.status.final-unchanged",
)
class DetailsLag(Reference):
    """Reports a failed report as `execution` in the details in XML."""

    def execution_members(self, execution: Execution, caller: Caller) -> dict[str, Any]:
        members = super().execution_members(execution, caller)
        if caller.call.method == "GET" and asks_plain_xml(caller) and members["status"] == "failed":
            members["status"] = "execution"
        return members


@kills("jasperserver.status.polling-changes-nothing")
class PollingExports(_Counting):
    """Adds an export at the fourth poll."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        if self.count(execution, caller) == 4 and accept_header(caller) == JSON:
            export = next(iter(execution.exports.values()))
            self.add_export(execution, export.options, caller)
        return super().status_of(execution, caller)


@kills(
    "jasperserver.status.polling-changes-nothing",
    "jasperserver.details.lists-output",
    "jasperserver.details.repeatable",
)
class PollingForgets(_Counting):
    """Lists no exports after four polls in extended JSON."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        self.count(execution, caller)
        return super().status_of(execution, caller)

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        return [] if self.polls[execution.id, STATUS_JSON] >= 4 else super().listed_exports(execution, caller)


@kills(
    "jasperserver.status.reaches-ready",
    "jasperserver.status.agrees-with-details",
    "jasperserver.concurrency.all-ready",
    "jasperserver.status.final-unchanged",
)
class ReadyIsCancelled(Reference):
    """Reports a ready report of several pages with one export as cancelled in plain JSON."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        chosen = polled(caller) and execution.options.is_async and accept_header(caller) == JSON
        single = len(execution.exports) == 1 and execution.unit_uri.endswith("multi")
        return "cancelled" if chosen and single and status == "ready" else status


@kills(
    "jasperserver.status.running",
    "jasperserver.status.agrees-with-details",
    "jasperserver.status.final-unchanged",
)
class ReadyTooEarly(Reference):
    """Reports a slow report as ready after a tenth of its duration."""

    def status_of(self, execution: Execution, caller: Caller) -> str:
        status = super().status_of(execution, caller)
        late = self.clock() > execution.fill.begins + 0.1 * execution.fill.plan.seconds
        early = status == "execution" and execution.unit_uri.endswith("slow") and late
        return "ready" if early and polled(caller) else status


@kills("jasperserver.status.unknown-id", "jasperserver.details.unknown-id", "jasperserver.details.same-request")
class FindsShorterIds(Reference):
    """Takes an id without its last character for the whole one."""

    def execution(self, caller: Caller, id: str) -> Execution:
        whole = next((known for known in list(self.executions) if known[:-1] == id), id)
        return super().execution(caller, whole)
