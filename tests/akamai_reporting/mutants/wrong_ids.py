"""Mutants of requests with ids that were not issued."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.akamai_reporting.reference.queries import TOKEN_LENGTH
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer
from tests.mutation.kill_matrix import kills


class ServesUnknownIds(Reference):
    """Serves ids that it never issued, if `guessed` finds a query for them."""

    def find(self, identifier: str) -> tuple[Query, int] | None:
        return super().find(identifier) or self.guessed(identifier)

    def guessed(self, identifier: str) -> tuple[Query, int] | None:
        raise NotImplementedError


@kills("akamai_reporting.errors.never-issued-id")
class NeverIssuedIsABadRequest(Reference):
    """Answers an id of an unknown query 400."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        if identifier and identifier[1 : TOKEN_LENGTH + 1] not in self.queries:
            raise Refusal(self.invalid_request([Fault("queryId", "Invalid id", "The id is malformed")]))
        return super().query_for(identity, report, identifier)


@kills(
    "akamai_reporting.errors.changed-id",
    "akamai_reporting.errors.truncated-id",
    "akamai_reporting.errors.no-rows",
    "akamai_reporting.ids.percent-encoded",
)
class IgnoresTheEndOfAnId(ServesUnknownIds):
    """Serves the first page for any id with the beginning of a known one."""

    def guessed(self, identifier: str) -> tuple[Query, int] | None:
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        return (query, 0) if query else None


@kills("akamai_reporting.errors.changed-id", "akamai_reporting.errors.no-rows")
class IgnoresTheTagOfAnId(ServesUnknownIds):
    """Serves an id with a wrong signature if its length is right."""

    def guessed(self, identifier: str) -> tuple[Query, int] | None:
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        return (query, 0) if query and len(identifier) == len(self.query_id(query, 0)) else None


@kills("akamai_reporting.errors.truncated-id", "akamai_reporting.errors.no-rows")
class CompletesAnId(ServesUnknownIds):
    """Serves a truncated id."""

    def guessed(self, identifier: str) -> tuple[Query, int] | None:
        long = len(identifier) > TOKEN_LENGTH + 2
        for query in list(self.queries.values()) if long else ():
            for page in range(min(query.page_count, 9)):
                if self.query_id(query, page).startswith(identifier):
                    return query, page
        return None


@kills("akamai_reporting.errors.changed-id")
class ChangedIdIsPending(Reference):
    """Always answers an id with a wrong signature 303."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        query = self.queries.get(identifier[1 : TOKEN_LENGTH + 1])
        if query and self.find(identifier) is None and len(identifier) == len(self.query_id(query, 0)):
            raise Refusal(Answer(303, b"", [("Location", self.href_of(query, 0)), ("Retry-After", "1")]))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.empty-id")
class EmptyIdListsQueries(Reference):
    """Answers an empty id with the number of queries."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        if not identifier:
            raise Refusal(self.json_answer({"queries": len(self.queries)}))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.other-report", "akamai_reporting.errors.no-rows")
class IdsServeUnderAnyReport(Reference):
    """Serves a query under every report."""

    def belongs_to(self, query: Query, report: Report) -> bool:
        return True


@kills("akamai_reporting.errors.other-report", "akamai_reporting.errors.no-rows")
class LaterPagesServeUnderAnyReport(Reference):
    """Serves later pages under every report."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        found = self.find(identifier)
        if found and found[1] > 0:
            report = found[0].selection.report
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.other-report", "akamai_reporting.contract.fetch-success")
class OtherReportIsMoved(Reference):
    """Redirects a query under another report to its own report."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        found = self.find(identifier)
        if found and not self.belongs_to(found[0], report):
            raise Refusal(Answer(301, b"", [("Location", self.href_of(*found))]))
        return super().query_for(identity, report, identifier)


@kills("akamai_reporting.errors.no-rows")
class RefusesWithRows(Reference):
    """Answers an id under another report 404 with the rows."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        found = self.find(identifier)
        if found and not self.belongs_to(found[0], report):
            answer = self.query_not_found()
            answer.body = answer.body[:-1] + b',"data":' + self.encoded([*self.data_of(*found)]) + b"}"
            raise Refusal(answer)
        return super().query_for(identity, report, identifier)
