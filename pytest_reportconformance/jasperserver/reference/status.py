"""Polling a report execution and an export execution: `GET …/status`, `GET …/exports/{exportId}/status`."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.faults import Fault
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import STATUS_JSON, STATUS_XML, essence
from pytest_reportconformance.jasperserver.reference.serialization import DECLARATION, element
from pytest_reportconformance.jasperserver.reference.state import Export


class Status(Core):
    """Plain statuses hold the value only, extended ones also the error."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        """The status of a report execution."""
        media = self.negotiate("status", caller)
        execution = self.execution(caller, id)
        status = self.status_of(execution, caller)
        return self.answer_status(status, self.fault_of(execution, caller) if status == "failed" else None, media)

    def read_export_status(self, caller: Caller, id: str, export_id: str) -> Answer:
        """The status of an export."""
        media = self.negotiate("status", caller)
        execution, export = self.export(caller, id, export_id)
        status = self.status_of_export(execution, export, caller)
        fault = self.fault_of_export(execution, export, caller) if status == "failed" else None
        return self.answer_export_status(export, status, fault, media)

    def answer_status(self, value: str, fault: Fault | None, media: str) -> Answer:
        """The answer to a poll of a report."""
        extended = essence(media) in (STATUS_XML, STATUS_JSON)
        return self.represent(*self.status_body(value, fault, extended=extended), media)

    def answer_export_status(self, export: Export, value: str, fault: Fault | None, media: str) -> Answer:
        """The answer to a poll of an export."""
        return self.answer_status(value, fault, media)

    def status_body(self, value: str, fault: Fault | None, *, extended: bool) -> tuple[str, dict[str, Any]]:
        """Kind and members of a status body."""
        if not extended:
            return "status", {"value": value}
        members: dict[str, Any] = {"errorDescriptor": self.fault_members(fault)} if fault else {}
        return "extendedStatus", members | {"value": value}

    def as_xml(self, kind: str, members: Any) -> bytes:
        """A plain status is an element with text."""
        if kind == "status":
            return (DECLARATION + element("status", members["value"])).encode()
        return super().as_xml(kind, members)
