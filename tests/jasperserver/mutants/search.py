"""Servers with faults in searches for running and finished reports."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import TERMINAL, Execution
from tests.jasperserver.faults import asks_xml
from tests.mutation.kill_matrix import kills


@kills("jasperserver.search.running-listed")
class SearchHidesRunningReports(Reference):
    """Lists running reports only if an argument is given."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        runs = execution.job is None and execution.fill.status(self.clock()) not in TERMINAL
        return bool(caller.call.query) or not runs


@kills(
    "jasperserver.search.running-listed",
    "jasperserver.permission.superuser-search",
    "jasperserver.permission.admin-search",
    "jasperserver.permission.other-admin-search",
    "jasperserver.permission.other-user-search",
)
class SearchInXmlHidesRunningReports(Reference):
    """Lists running reports in XML only if an argument is given."""

    def may_see(self, execution: Execution, caller: Caller) -> bool:
        runs = execution.job is None and execution.fill.status(self.clock()) not in TERMINAL
        return bool(caller.call.query) or not (runs and asks_xml(caller))


@kills("jasperserver.search.finished-listed", "jasperserver.jobs.finished-listed")
class SearchHidesFinishedReports(Reference):
    """Lists only running reports."""

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        return execution.fill.status(self.clock()) not in TERMINAL


@kills("jasperserver.search.finished-listed")
class SearchHidesFinishedRuns(Reference):
    """Lists finished executions of jobs but no finished REST runs."""

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        over = execution.fill.status(self.clock()) in TERMINAL
        return super().searchable(execution, caller) and (execution.job is not None or not over)


@kills("jasperserver.search.cancelled-not-listed")
class CancelledIsStillFound(Reference):
    """Lists cancelled executions in searches."""

    def searchable(self, execution: Execution, caller: Caller) -> bool:
        return True


@kills(
    "jasperserver.search.nothing-found",
    "jasperserver.search.unknown-job",
    "jasperserver.contract.search-body",
)
class NothingFoundAnswers200(Reference):
    """Answers a search without results with 200 and an empty list."""

    def nothing_found(self, caller: Caller) -> Answer:
        return self.represent("reportExecutions", {"reportExecution": []}, self.negotiate("reportExecutions", caller))


@kills(
    "jasperserver.search.nothing-found",
    "jasperserver.contract.search-body",
)
class NothingFoundInXmlAnswers200(Reference):
    """Answers a search without results in XML with 200 and an empty root."""

    def nothing_found(self, caller: Caller) -> Answer:
        if not asks_xml(caller):
            return super().nothing_found(caller)
        return self.represent("reportExecutions", {"reportExecution": []}, "application/xml")


@kills("jasperserver.search.nothing-found")
class SearchForUnknownReportAnswers404(Reference):
    """Answers 404 to a search for a report that does not exist."""

    def nothing_found(self, caller: Caller) -> Answer:
        uri = caller.call.argument("reportURI") or ""
        if len(uri) == 33 and "/" not in uri[1:]:
            raise not_found(uri)
        return super().nothing_found(caller)


@kills("jasperserver.search.xml")
class SearchHasAnotherRoot(Reference):
    """Names the root of an XML result `executions`."""

    def as_xml(self, kind: str, members: Any) -> bytes:
        return super().as_xml("executions" if kind == "reportExecutions" else kind, members)


@kills("jasperserver.search.json")
class SearchAnswersJsonAsText(Reference):
    """Sends a JSON result as text/plain."""

    def content_type(self, kind: str, media: str) -> str:
        plain = kind == "reportExecutions" and media == "application/json"
        return "text/plain" if plain else super().content_type(kind, media)


@kills("jasperserver.search.json-member")
class SearchAnswersABareArray(Reference):
    """Answers a search in JSON with an array."""

    def as_json(self, kind: str, members: Any) -> bytes:
        return super().as_json(kind, members["reportExecution"] if kind == "reportExecutions" else members)


@kills("jasperserver.search.json-member")
class SearchWrapsEachEntry(Reference):
    """Answers a search in JSON with an array of objects that each hold an entry."""

    def as_json(self, kind: str, members: Any) -> bytes:
        if kind == "reportExecutions":
            return json.dumps([{"reportExecution": one, **one} for one in members["reportExecution"]]).encode()
        return super().as_json(kind, members)


class _Entries(Reference):
    """Changes the entries of a result."""

    def represent(self, kind: str, members: Any, media: str) -> Answer:
        if kind == "reportExecutions":
            members = {"reportExecution": self.entries(list(members["reportExecution"]), media)}
        return super().represent(kind, members, media)

    def entries(self, entries: list[dict[str, str]], media: str) -> list[dict[str, str]]:
        return entries


@kills("jasperserver.search.request-id")
class AnEntryLacksItsId(_Entries):
    """Lists an entry without a request id."""

    def entries(self, entries: list[dict[str, str]], media: str) -> list[dict[str, str]]:
        return [*entries, {"reportURI": entries[0]["reportURI"]}]


@kills("jasperserver.search.request-id")
class AnXmlEntryHasAnEmptyId(_Entries):
    """Lists an entry with an empty request id in XML."""

    def entries(self, entries: list[dict[str, str]], media: str) -> list[dict[str, str]]:
        empty = {"reportURI": entries[0]["reportURI"], "requestId": ""}
        return [*entries, empty] if "xml" in media else entries


@kills("jasperserver.search.report-uri")
class EntriesLackTheirUri(_Entries):
    """Lists entries with nothing but request ids."""

    def entries(self, entries: list[dict[str, str]], media: str) -> list[dict[str, str]]:
        return [{"requestId": entry["requestId"]} for entry in entries]


@kills("jasperserver.search.report-uri", "jasperserver.search.other-report-uri")
class XmlEntriesShowTheFolder(_Entries):
    """Lists the folder of each report instead of its path in XML."""

    def entries(self, entries: list[dict[str, str]], media: str) -> list[dict[str, str]]:
        if "xml" not in media:
            return entries
        return [entry | {"reportURI": entry["reportURI"].rpartition("/")[0]} for entry in entries]


@kills(
    "jasperserver.search.listed-id-has-details",
    "jasperserver.negotiation.details-json",
    "jasperserver.negotiation.details-xml",
    "jasperserver.details.same-request",
)
class ListedHasNoDetailsWhileItRuns(Reference):
    """Answers 404 to the details of a running execution that a search of the same session listed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.searchers: set[str] = set()
        super().__init__(*arguments, **options)

    def search(self, caller: Caller) -> Answer:
        self.searchers.add(caller.session)
        return super().search(caller)

    def read_details(self, caller: Caller, id: str) -> Answer:
        execution = self.execution(caller, id)
        listed = caller.session in self.searchers and execution.job is None
        if listed and execution.fill.status(self.clock()) not in TERMINAL:
            raise not_found(id)
        return super().read_details(caller, id)
