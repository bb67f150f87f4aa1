"""Servers with faulty error descriptors, or that fail on unusual ids."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.mutation.kill_matrix import kills

MISSING = "resource.not.found"
TRACE = "java.lang.NullPointerException\n\tat com.example.Reports.find(Reports.java:42)\n\tat com.example.Main.run"


def about_execution(call: Call) -> bool:
    """Whether a call is about one execution."""
    return "/reportExecutions/" in call.path


class _Explained(Reference):
    """Changes the answers to refused requests."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refused(call, refusal)
        return self.changed(answer, call, refusal) if refusal.fault and about_execution(call) else answer

    def changed(self, answer: Answer, call: Call, refusal: Refusal) -> Answer:
        raise NotImplementedError


@kills("jasperserver.errors.unknown-id-descriptor")
class NoCodeForExports(_Explained):
    """Omits the code if an export of an unknown execution is refused."""

    def changed(self, answer: Answer, call: Call, refusal: Refusal) -> Answer:
        if call.path.endswith("/exports/"):
            answer.body = answer.body.replace(b"errorCode", b"code")
        return answer


@kills("jasperserver.errors.unknown-id-descriptor")
class JsonText(_Explained):
    """Answers the extended status of an unknown execution with a JSON string instead of a descriptor."""

    def changed(self, answer: Answer, call: Call, refusal: Refusal) -> Answer:
        if call.header("Accept") == "application/status+json" and call.method == "GET" and "/exports/" not in call.path:
            answer.body = b'"There is no such execution."'
        return answer


@kills("jasperserver.errors.unknown-id-descriptor-family")
class ErrorsInXml(Reference):
    """Returns every error about an execution in XML."""

    def error_is_json(self, call: Call) -> bool:
        return super().error_is_json(call) and not (about_execution(call) and call.path.endswith("/exports/"))


@kills("jasperserver.errors.unknown-id-descriptor-family")
class ErrorsInJsonForOutputs(Reference):
    """Returns every error about an output in JSON."""

    def error_is_json(self, call: Call) -> bool:
        return super().error_is_json(call) or call.path.endswith("/outputResource")


@kills("jasperserver.errors.unknown-id-descriptor-family")
class XmlCalledJson(_Explained):
    """Sends errors about the details in XML with a media type of JSON."""

    def changed(self, answer: Answer, call: Call, refusal: Refusal) -> Answer:
        if call.path.count("/") == 4 and call.header("Accept") == "application/xml":
            return answer.replace("Content-Type", "application/errorDescriptor+json")
        return answer


def refuses_pages(call: Call, refusal: Refusal) -> bool:
    """Whether a run is refused because of its page range."""
    return refusal.fault is not None and not about_execution(call) and b"pages" in call.body


@kills(
    "jasperserver.errors.descriptor",
    "jasperserver.run.bad-pages-code",
    "jasperserver.run.reversed-pages-code",
)
class BadPagesHaveNoCode(Reference):
    """Omits the code if a run is refused in XML because of its page range."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refused(call, refusal)
        if refuses_pages(call, refusal) and "xml" in call.header("Accept"):
            answer.body = answer.body.replace(b"errorCode", b"code")
        return answer


@kills("jasperserver.errors.descriptor-family")
class BadPagesInJson(Reference):
    """Describes a run that is refused because of its page range in JSON only."""

    def error_is_json(self, call: Call) -> bool:
        return super().error_is_json(call) or (not about_execution(call) and b"pages" in call.body)


class _Named(Reference):
    """Changes the descriptor of the error about a missing id."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        members = super().fault_members(fault)
        return self.changed(members, fault) if fault.code == MISSING else members

    def changed(self, members: dict[str, Any], fault: Fault) -> dict[str, Any]:
        raise NotImplementedError


@kills("jasperserver.errors.names-missing-id")
class NamesNothing(_Named):
    """Omits the missing id."""

    def changed(self, members: dict[str, Any], fault: Fault) -> dict[str, Any]:
        return {name: value for name, value in members.items() if name != "parameters"}


@kills("jasperserver.errors.names-missing-id")
class NamesTheExport(Reference):
    """Names the export instead of the missing execution, for outputs."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        if id not in self.executions:
            raise Refusal(404, Fault(MISSING, "It is not here.", (export_id,)))
        return super().read_output(caller, id, export_id)


@kills("jasperserver.errors.names-missing-id")
class NamesInWords(_Named):
    """Names the missing id within a sentence."""

    def changed(self, members: dict[str, Any], fault: Fault) -> dict[str, Any]:
        return members | {"parameters": [f"id {fault.parameters[0]}"]}


class _UnusualIds(Reference):
    """Answers unusual ids with another error."""

    def odd(self, id: str) -> bool:
        return id not in self.executions

    def execution(self, caller: Caller, id: str) -> Execution:
        if self.odd(id):
            raise self.refusal()
        return super().execution(caller, id)

    def refusal(self) -> Refusal:
        return Refusal(500)


@kills("jasperserver.errors.unusual-ids")
class BreaksAtSlashes(_UnusualIds):
    """Answers 500 to an id that contains a slash."""

    def odd(self, id: str) -> bool:
        return id == "a/b"


@kills("jasperserver.errors.unusual-ids")
class BreaksAtLength(_UnusualIds):
    """Answers 500 to a very long id."""

    def odd(self, id: str) -> bool:
        return len(id) > 1000


@kills("jasperserver.errors.unusual-ids")
class FollowsDots(_UnusualIds):
    """Answers 303 to two dots."""

    def odd(self, id: str) -> bool:
        return id == ".."

    def refusal(self) -> Refusal:
        return Refusal(303)


@kills("jasperserver.errors.unusual-ids")
class BlankIsReady(Reference):
    """Reports a blank id as ready."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        if not id.strip():
            return self.answer_status("ready", None, self.negotiate("status", caller))
        return super().read_status(caller, id)


@kills("jasperserver.errors.no-stack-trace")
class TracesTheMissing(_Named):
    """Adds a stack trace to the message about a missing id."""

    def changed(self, members: dict[str, Any], fault: Fault) -> dict[str, Any]:
        return members | {"message": TRACE}


@kills("jasperserver.errors.no-stack-trace")
class TracesTheUnreadable(Reference):
    """Adds a stack trace to the parameters of the error about an unreadable body."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        members = super().fault_members(fault)
        return members | {"parameters": [TRACE]} if fault.code == "serialization.error" else members


@kills("jasperserver.errors.no-stack-trace")
class TracesTheRefused(Reference):
    """Adds a stack trace to the extended status of a run with an invalid value."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        members = super().fault_members(fault)
        refused = fault.code == "input.controls.validation.error"
        return members | {"message": "Traceback (most recent call last):\n  File"} if refused else members
