"""Liars about refusals, and about the problem documents that explain them."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.akamai_reporting.reference.queries import TOKEN_LENGTH
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.errors.unknown-report")
class UnknownReportIsABadRequest(Reference):
    """Calls a submission to an unknown report a bad request."""

    def report_for(self, identity, path, operation):
        if operation == "submit" and path not in self.reports:
            raise Refusal(self.invalid_request([Fault("path", "Unknown report", "No such report")]))
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.errors.unknown-report")
class UnknownReportIsAccepted(Reference):
    """Accepts a submission to an unknown report, to find out later."""

    def report_for(self, identity, path, operation):
        if operation == "submit" and path not in self.reports:
            path = "delivery/traffic/current"
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.errors.unknown-metric")
class UnknownMetricIsIgnored(Reference):
    """Leaves unknown metrics out."""

    def validate_metrics(self, report, names):
        return iter(())


@kills("akamai_reporting.errors.unknown-metric")
class UnknownMetricIsUnprocessable(Reference):
    """Answers an unknown metric 422."""

    def invalid_request(self, faults):
        answer = super().invalid_request(faults)
        if faults[0].part != "metrics":
            return answer
        return replace(answer, status=422, body=answer.body.replace(b'"status":400', b'"status":422'))


@kills("akamai_reporting.errors.unknown-dimension")
class UnknownDimensionIsIgnored(Reference):
    """Leaves unknown dimensions out."""

    def validate_dimensions(self, report, names):
        names[:] = [name for name in names if report.dimension(name)]
        return super().validate_dimensions(report, names)


@kills("akamai_reporting.errors.unknown-dimension")
class UnknownDimensionFailsLater(Reference):
    """Accepts an unknown dimension asynchronously, refuses it synchronously."""

    def faults_of_body(self, body, report):
        self.body = body
        yield from super().faults_of_body(body, report)

    def selection_of(self, call, report):
        if self.is_asynchronous(call) and call.body:
            known = [name for name in self.body_of(call).get("dimensions", ()) if report.dimension(name)]
            body = {**self.body_of(call), "dimensions": known}
            return super().selection_of(replace(call, body=self.encoded(body)), report)
        return super().selection_of(call, report)


@kills("akamai_reporting.errors.unknown-operator")
class UnknownOperatorIsEquality(Reference):
    """Takes any unknown operator for IN_LIST."""

    def validate_dimension_filter(self, report, item):
        if "RATHER" in item["operator"]:
            item["operator"] = "IN_LIST"
        return super().validate_dimension_filter(report, item)


@kills("akamai_reporting.errors.unknown-member")
class UnknownMemberIsIgnored(Reference):
    """Reads what it knows of a body and ignores the rest."""

    def validate_members(self, body):
        return iter(())


@kills("akamai_reporting.errors.malformed-json")
class MalformedIsEmpty(Reference):
    """Takes a body that is no JSON for no body."""

    def body_of(self, call):
        try:
            call.json()
        except ValueError:
            call = replace(call, body=b"")
        return super().body_of(call)


@kills("akamai_reporting.errors.end-before-start")
class TurnsTimesRound(Reference):
    """Accepts an end before the start."""

    def validate_order(self, start, end):
        return iter(())


@kills("akamai_reporting.errors.range-too-long")
class RangeIsCut(Reference):
    """Accepts a range beyond its limit."""

    def validate_length(self, start, end, report):
        return iter(())

    def validate_retention(self, start, report):
        return iter(())


@kills("akamai_reporting.errors.too-many-dimensions")
class TooManyDimensionsAreFine(Reference):
    """Accepts more dimensions than its limit."""

    def validate_dimension_count(self, report, names):
        return iter(())


@kills("akamai_reporting.errors.unknown-time-range")
class UnknownTimeRangeIsAFault(Reference):
    """Answers an unknown time range 500."""

    def invalid_request(self, faults):
        if faults[0].part == "timeRange":
            return self.problem(500, "internal-server-error", "Internal server error", "")
        return super().invalid_request(faults)


@kills("akamai_reporting.errors.unknown-time-range")
class UnknownTimeRangeIsTheDefault(Reference):
    """Takes an unknown time range for the default."""

    def validate_time_range(self, name, report):
        return iter(())


@kills("akamai_reporting.errors.no-location")
class MalformedLeadsSomewhere(Reference):
    """Refuses a body that is no JSON, with a Location."""

    def invalid_request(self, faults):
        answer = super().invalid_request(faults)
        return answer.replace("Location", "/help") if faults[0].title == "Malformed body" else answer


@kills("akamai_reporting.errors.errors-listed")
class ErrorsOfMetricsAreLost(Reference):
    """Refuses an unknown metric without errors."""

    def error_entries(self, faults):
        return [self.error_entry(fault) for fault in faults if fault.part != "metrics"]


@kills("akamai_reporting.errors.errors-listed")
class ErrorIsNotAnArray(Reference):
    """Sends the one error that there is as an object."""

    def error_entries(self, faults):
        entries = super().error_entries(faults)
        return entries if len(entries) > 1 else entries[0]


@kills("akamai_reporting.errors.errors-members")
class ErrorsOfTimesHaveNoDetail(Reference):
    """Leaves the detail out of errors about the time range."""

    def error_entry(self, fault):
        entry = super().error_entry(fault)
        if fault.part == "end":
            del entry["detail"]
        return entry


@kills("akamai_reporting.errors.errors-members")
class ErrorsAreCoded(Reference):
    """Gives the type of an error as a number."""

    def error_entry(self, fault):
        return super().error_entry(fault) | {"type": 17}


class ChangesProblem(Reference):
    """Sends problems of one kind that `changed` has changed."""

    kind = ""

    def problem(self, status, kind, title, detail, **more):
        answer = super().problem(status, kind, title, detail, **more)
        return self.changed(answer) if kind == self.kind else answer

    def changed(self, answer):
        raise NotImplementedError


@kills("akamai_reporting.errors.media-type")
class BadRequestIsPlainJson(ChangesProblem):
    """Calls the answer to a bad request application/json."""

    kind = "invalid-request"

    def changed(self, answer):
        return answer.replace("Content-Type", "application/json")


@kills("akamai_reporting.errors.media-type")
class UnknownQueryIsAPage(ChangesProblem):
    """Answers an id that it does not know with a page of HTML."""

    kind = "query-not-found"

    def changed(self, answer):
        return Answer(404, b"<h1>Not found</h1>", [("Content-Type", "text/html")])


@kills("akamai_reporting.errors.media-type")
class UnknownAreaIsAnotherKind(Reference):
    """Calls the answer to an unknown area application/vnd.error+json."""

    def list_answer(self, identity, path):
        try:
            return super().list_answer(identity, path)
        except Refusal as refusal:
            if "/" in path:
                refusal.answer.replace("Content-Type", "application/vnd.error+json")
            raise


@kills("akamai_reporting.errors.title")
class UnknownQueryHasNoTitle(ChangesProblem):
    """Leaves the title out where an id is unknown."""

    kind = "query-not-found"

    def changed(self, answer):
        answer.body = answer.body.replace(b'"title":"Query not found",', b"")
        return answer


@kills("akamai_reporting.errors.title")
class BadRequestHasAnEmptyTitle(ChangesProblem):
    """Leaves the title of a bad request empty."""

    kind = "invalid-request"

    def changed(self, answer):
        answer.body = answer.body.replace(b'"title":"Invalid request"', b'"title":""')
        return answer


@kills("akamai_reporting.errors.status")
class StatusIsAText(ChangesProblem):
    """Writes the status of a bad request as a text."""

    kind = "invalid-request"

    def changed(self, answer):
        answer.body = answer.body.replace(b'"status":400', b'"status":"400"')
        return answer


@kills("akamai_reporting.errors.status")
class StatusContradicts(ChangesProblem):
    """Says 400 in the problem document of an unknown id, and answers 404."""

    kind = "query-not-found"

    def changed(self, answer):
        answer.body = answer.body.replace(b'"status":404', b'"status":400')
        return answer


@kills("akamai_reporting.errors.status")
class StatusOfUnknownReportIsLost(ChangesProblem):
    """Leaves the status out where a report is unknown."""

    kind = "report-not-found"

    def changed(self, answer):
        answer.body = answer.body.replace(b'"status":404,', b"")
        return answer


class KnowsMoreIds(Reference):
    """Handles ids that it never handed out: `guessed` may find a query for one."""

    def find(self, identifier):
        return super().find(identifier) or self.guessed(identifier)

    def guessed(self, identifier):
        raise NotImplementedError


@kills("akamai_reporting.errors.never-issued-id")
class NeverIssuedIsABadRequest(Reference):
    """Calls an id whose query is unknown a bad request."""

    def query_for(self, identity, report, identifier):
        if identifier and identifier[1 : TOKEN_LENGTH + 1] not in self.queries:
            raise Refusal(self.invalid_request([Fault("queryId", "Invalid id", "The id is malformed")]))
        return super().query_for(identity, report, identifier)


@kills(
    "akamai_reporting.errors.changed-id",
    "akamai_reporting.errors.truncated-id",
    "akamai_reporting.errors.no-rows",
    "akamai_reporting.ids.percent-encoded",
)
class IgnoresTheEndOfAnId(KnowsMoreIds):
    """Finds a query by the beginning of an id, and shows its first page."""

    def guessed(self, identifier):
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        return (query, 0) if query else None


@kills("akamai_reporting.errors.changed-id", "akamai_reporting.errors.no-rows")
class IgnoresTheTagOfAnId(KnowsMoreIds):
    """Finds a page by an id whose check is wrong, provided that it is as long as an id."""

    def guessed(self, identifier):
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        return (query, 0) if query and len(identifier) == len(self.query_id(query, 0)) else None


@kills("akamai_reporting.errors.truncated-id", "akamai_reporting.errors.no-rows")
class CompletesAnId(KnowsMoreIds):
    """Finds a query whose id begins with what was sent."""

    def guessed(self, identifier):
        long = len(identifier) > TOKEN_LENGTH + 2
        for query in list(self.queries.values()) if long else ():
            for page in range(min(query.page_count, 9)):
                if self.query_id(query, page).startswith(identifier):
                    return query, page
        return None


@kills("akamai_reporting.errors.changed-id")
class ChangedIdIsPending(Reference):
    """Answers an id that is nearly right 303, for ever."""

    def query_for(self, identity, report, identifier):
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        if query and self.find(identifier) is None and len(identifier) == len(self.query_id(query, 0)):
            raise Refusal(Answer(303, b"", [("Location", self.href_of(query, 0)), ("Retry-After", "1")]))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.empty-id")
class EmptyIdListsQueries(Reference):
    """Answers an empty id with the number of queries."""

    def query_for(self, identity, report, identifier):
        if not identifier:
            raise Refusal(self.json_answer({"queries": len(self.queries)}))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.other-report", "akamai_reporting.errors.no-rows")
class IdsServeUnderAnyReport(Reference):
    """Finds a query under every report."""

    def belongs_to(self, query, report):
        return True


@kills("akamai_reporting.errors.other-report", "akamai_reporting.errors.no-rows")
class LaterPagesServeUnderAnyReport(Reference):
    """Finds pages but the first under every report."""

    def query_for(self, identity, report, identifier):
        found = self.find(identifier)
        if found and found[1] > 0:
            report = found[0].selection.report
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.other-report")
class OtherReportIsMoved(Reference):
    """Leads from another report to the report that a query is of."""

    def query_for(self, identity, report, identifier):
        found = self.find(identifier)
        if found and not self.belongs_to(found[0], report):
            raise Refusal(Answer(301, b"", [("Location", self.href_of(*found))]))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.no-rows")
class RefusesWithRows(Reference):
    """Answers an id under another report 404, and shows the rows all the same."""

    def query_for(self, identity, report, identifier):
        found = self.find(identifier)
        if found and not self.belongs_to(found[0], report):
            answer = self.query_not_found()
            answer.body = answer.body[:-1] + b',"data":' + self.encoded([*self.data_of(*found)]) + b"}"
            raise Refusal(answer)
        return super().query_for(identity, report, identifier)
