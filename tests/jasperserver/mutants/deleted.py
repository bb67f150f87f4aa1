"""Servers that keep a deleted execution for one kind of request only."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.mutants.delete import KeepsDeleted
from tests.mutation.kill_matrix import kills


class _InXml(KeepsDeleted):
    """Keeps a deleted execution for requests whose body, or wanted answer, is XML."""

    def keeps_for(self, caller: Caller) -> bool:
        xml = any("xml" in caller.call.header(name) for name in ("Accept", "Content-Type"))
        return xml and super().keeps_for(caller)


@kills("jasperserver.delete.everything-gone")
class DeletedTakesXmlParameters(_InXml):
    """Accepts parameters in XML for a deleted execution."""

    kept = ("POST parameters",)


@kills("jasperserver.delete.everything-gone")
class DeletedExportsInXml(_InXml):
    """Exports a deleted execution if the request is in XML."""

    kept = ("POST exports",)


@kills("jasperserver.cancel.unknown-id")
class DeletedIsCancelledInXml(_InXml):
    """Answers a cancel of a deleted execution in XML as one of a finished report."""

    def answer_to(self, caller: Caller) -> Answer:
        try:
            return super().answer_to(caller)
        except Refusal:
            segments = self.segments(caller.call)
            asked = caller.call.method == "PUT" and "xml" in caller.call.header("Content-Type")
            if asked and len(segments) > 2 and segments[1] in self.deleted:
                return Answer(204)
            raise


@kills("jasperserver.delete.running-gone", "jasperserver.delete.details-gone")
class DeletedRunningHasDetailsInXml(_InXml):
    """Still returns details in XML of an execution that was deleted while it ran."""

    kept = ("GET ",)

    def remove(self, execution: Execution) -> None:
        super().remove(execution)
        if execution.fill.status(self.clock()) not in ("queued", "execution"):
            self.deleted.pop(execution.id)


class _DropsExports(KeepsDeleted):
    """Drops the exports of an execution at each update of its parameters, as a server may."""

    def apply_parameters(self, execution: Execution, values: Values, caller: Caller) -> None:
        execution.exports.clear()
        super().apply_parameters(execution, values, caller)


@kills("jasperserver.delete.output-gone")
class DeletedHasOutputOfNewExports(_DropsExports):
    """Still delivers the output of a deleted execution."""

    kept = ("GET exports/outputResource",)


@kills("jasperserver.delete.attachments-gone")
class DeletedHasAttachmentsOfNewExports(_DropsExports):
    """Still delivers the attachments of a deleted execution."""

    kept = ("GET exports/attachments",)


@kills("jasperserver.delete.everything-gone")
class DeletedHasStatusOfNewExports(_DropsExports):
    """Still returns the status of the exports of a deleted execution."""

    kept = ("GET exports/status",)
