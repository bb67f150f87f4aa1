"""Servers that contradict in one answer what they showed of the same execution in another, whoever asks and why."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import ChangedDetails, ChangedExports, Members, is_first, is_of, nth
from tests.mutation.kill_matrix import kills


@kills("jasperserver.details.repeatable")
class ForgetsFileNames(ChangedExports):
    """Shows the file names of a report of several pages in its first details only."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if is_of(execution, "multi") and "outputResource" in export and nth(self, f"{export['id']} file") > 1:
            export["outputResource"].pop("fileName", None)


@kills("jasperserver.details.repeatable", "jasperserver.negotiation.json-and-xml-agree")
class CountsPagesAnew(ChangedDetails):
    """Shows one page more in the third details of a report that is ready, and in later ones."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if members["status"] == "ready" and is_of(execution, "images") and nth(self, f"{execution.id} pages") > 2:
            members["totalPages"] = members.get("totalPages", 0) + 1


@kills("jasperserver.details.repeatable", "jasperserver.negotiation.json-and-xml-agree")
class LosesAnAttachment(ChangedExports):
    """Omits the last attachment of an HTML export from all but its first details."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        if len(export.get("attachments", [])) > 1 and nth(self, f"{export['id']} attachments") > 3:
            export["attachments"].pop()


@kills("jasperserver.details.same-request")
class MixesUpUpdatedReports(ChangedDetails):
    """Shows in the details of a report with parameters the id with a letter more."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if is_of(execution, "images") and nth(self, f"{execution.id} id") > 3:
            members["requestId"] += "x"


@kills("jasperserver.run.report-uri")
class NamesAnotherReport(ChangedDetails):
    """Shows another report in the details of a report with pictures."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if is_of(execution, "images"):
            members["reportURI"] = members["reportURI"].replace("images", "fast")


@kills(
    "jasperserver.status.final-unchanged",
    "jasperserver.cancel.state-unchanged",
)
class RunsAgainInDetails(ChangedDetails):
    """Shows a ready report with pictures as running in its fourth details."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        if is_of(execution, "images") and members["status"] == "ready" and nth(self, f"{execution.id} run") == 4:
            members["status"] = "execution"


@kills("jasperserver.output.content-type")
class CallsPicturesText(Reference):
    """Sends the HTML of a report with pictures that was exported later as plain text."""

    def read_output(self, caller: Caller, id: str, export_id: str) -> Answer:
        answer = super().read_output(caller, id, export_id)
        execution, export = self.export(caller, id, export_id)
        later = is_of(execution, "images") and not is_first(execution, export) and b"<html" in answer.body
        return answer.replace("Content-Type", "text/plain") if later else answer
