"""Mutants of the lists of reports."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.discovery.status")
class ListsWithAnotherStatus(Reference):
    """Answers the whole list 203."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        answer = super().list_answer(identity, path)
        answer.status = 200 if path else 203
        return answer


@kills("akamai_reporting.discovery.reports")
class ListsItems(Reference):
    """Names the array of reports `items`."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        answer = super().list_answer(identity, path)
        answer.body = self.encoded({"items": self.list_document(identity, path)["reports"]})
        return answer


@kills("akamai_reporting.discovery.reports")
class AreaIsABareArray(Reference):
    """Sends the list of an area as an array without an object around it."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        answer = super().list_answer(identity, path)
        if "/" in path:
            answer.body = self.encoded(self.list_document(identity, path)["reports"])
        return answer


@kills("akamai_reporting.discovery.content-type")
class PartsAreNotLabelled(Reference):
    """Sends the lists of families and areas without a Content-Type."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        answer = super().list_answer(identity, path)
        return answer.replace("Content-Type", None) if path else answer


class ChangesEntries(Reference):
    """Sends entries that `changed` has changed; `path` is the family or area of the list."""

    def list_document(self, identity: Identity, path: str) -> dict[str, Any]:
        document = super().list_document(identity, path)
        document["reports"] = [self.changed(entry, path) for entry in document["reports"]]
        return document

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        raise NotImplementedError


@kills("akamai_reporting.discovery.report-name", "akamai_reporting.discovery.family-list")
class NamesAreEmptyInFamilies(ChangesEntries):
    """Has empty report names in the lists of families."""

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        return entry | {"reportName": ""} if path and "/" not in path else entry


@kills("akamai_reporting.discovery.report-link")
class ListsADraft(Reference):
    """Lists a report that has no link yet."""

    def list_document(self, identity: Identity, path: str) -> dict[str, Any]:
        document = super().list_document(identity, path)
        draft = {"reportName": "Draft", "reportLink": None, "status": "PUBLISHED"}
        return document if path else {"reports": [*document["reports"], draft]}


@kills("akamai_reporting.discovery.report-status", "akamai_reporting.discovery.area-list")
class StatusInLowerCase(ChangesEntries):
    """Writes the status in lower case in the lists of areas."""

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        return entry | {"status": entry["status"].lower()} if "/" in path else entry


@kills("akamai_reporting.discovery.report-status")
class StatusRetired(ChangesEntries):
    """Has the status RETIRED for deprecated reports."""

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        return entry | {"status": entry["status"].replace("DEPRECATED", "RETIRED")}


@kills("akamai_reporting.discovery.report-link-form")
class LinksAreWholeUrls(ChangesEntries):
    """Has reportLinks with scheme and host."""

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        return entry | {"reportLink": f"http://127.0.0.1{entry['reportLink']}"} if "/" in path else entry


@kills("akamai_reporting.discovery.report-link-form")
class LinksHaveAQuery(ChangesEntries):
    """Has reportLinks with a query string."""

    def changed(self, entry: dict[str, Any], path: str) -> dict[str, Any]:
        return entry | {"reportLink": f"{entry['reportLink']}?version=2"}


@kills("akamai_reporting.discovery.report-link-options")
class DeprecatedReportHasNoOptions(Reference):
    """Lists a deprecated report and answers a GET of its options 404."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        report = super().report_for(identity, path, operation)
        if operation == "options" and report.status == "DEPRECATED":
            raise Refusal(self.report_not_found(path))
        return report


@kills("akamai_reporting.discovery.report-link-options")
class ReportLinkReturnsTheEntry(Reference):
    """Answers a GET of a reportLink with the entry of the list."""

    def options_document(self, report: Report) -> dict[str, Any]:
        return self.report_entry(report) if report.area == "purge" else super().options_document(report)


@kills("akamai_reporting.discovery.family-list")
class FamilyListsEverything(Reference):
    """Lists all reports for every family."""

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        return super().reports_under(identity, path if "/" in path or path not in self.families else "")

    @property
    def families(self) -> set[str]:
        return {report.family for report in self.reports.values()}


@kills("akamai_reporting.discovery.family-list")
class FamilyListsOneTwice(Reference):
    """Lists the first report of a family twice in the list of the family."""

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        found = [*super().reports_under(identity, path)]
        return [*found[:1], *found] if path and "/" not in path else found


@kills("akamai_reporting.discovery.family-list")
class FamilyOmitsOne(Reference):
    """Omits one report from the list of its family only."""

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        found = super().reports_under(identity, path)
        hidden = path and "/" not in path
        return [report for report in found if not hidden or report.report != "hostnames"]


@kills("akamai_reporting.discovery.area-list")
class AreaListsItsFamily(Reference):
    """Lists the whole family for every area."""

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        found = super().reports_under(identity, path)
        return super().reports_under(identity, path.partition("/")[0]) if found else found


@kills("akamai_reporting.discovery.area-list")
class AreaListsOneTooFew(Reference):
    """Omits the last report of an area with several reports."""

    def reports_under(self, identity: Identity, path: str) -> list[Report]:
        found = super().reports_under(identity, path)
        return found[:-1] if "/" in path and len(found) > 1 else found


class FindsEverything(Reference):
    """Answers the list of an unknown name with no reports; `unknown` is true for the paths that this concerns."""

    def list_answer(self, identity: Identity, path: str) -> Answer:
        if self.unknown(path) and not self.reports_under(identity, path):
            return self.json_answer({"reports": []})
        return super().list_answer(identity, path)

    def unknown(self, path: str) -> bool:
        raise NotImplementedError


@kills("akamai_reporting.discovery.unknown-family")
class EveryFamilyExists(FindsEverything):
    """Answers the list of an unknown family with no reports."""

    def unknown(self, path: str) -> bool:
        return "/" not in path


@kills("akamai_reporting.discovery.unknown-area")
class EveryAreaExists(FindsEverything):
    """Answers the list of an unknown area with no reports."""

    def unknown(self, path: str) -> bool:
        return "/" in path


@kills("akamai_reporting.discovery.unknown-report")
class UnknownOptionsAreForbidden(Reference):
    """Answers the options of an unknown report 403."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "options" and path not in self.reports:
            raise Refusal(self.report_forbidden(path))
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.discovery.unknown-report")
class UnknownOptionsAreTheDefault(Reference):
    """Answers the options of an unknown report with those of the first report of the area."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "options" and path not in self.reports:
            return self.reports["delivery/traffic/current"]
        return super().report_for(identity, path, operation)
