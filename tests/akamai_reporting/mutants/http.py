"""Mutants of methods and media types."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


class Handles(Reference):
    """Answers a method of an operation with `handled_as`."""

    method, operation = "", ""

    def wrong_method(self, call: Call, operation: str) -> Answer:
        if (call.method, operation) == (self.method, self.operation):
            return self.handled_as(call)
        return super().wrong_method(call, operation)

    def found(self, call: Call) -> tuple[Query, int]:
        """The query and the page of a call."""
        found = self.find(call.path.rpartition("/")[2])
        assert found is not None
        return found

    def handled_as(self, call: Call) -> Answer:
        raise NotImplementedError


@kills("akamai_reporting.http.get-data")
class DataByGetIsDescribed(Handles):
    """Answers a GET of the data 200 with a plain text."""

    method, operation = "GET", "submit"

    def handled_as(self, call: Call) -> Answer:
        return Answer(200, b"Send a POST", [("Content-Type", "text/plain")])


@kills("akamai_reporting.http.post-query")
class QueryByPost(Handles):
    """Answers a POST to a query as a GET."""

    method, operation = "POST", "query"

    def handled_as(self, call: Call) -> Answer:
        return self.page_answer(*self.found(call))


@kills("akamai_reporting.http.delete-query")
class DeletionHasNoEffect(Handles):
    """Answers the deletion of a query 204 and keeps the query."""

    method, operation = "DELETE", "query"

    def handled_as(self, call: Call) -> Answer:
        return Answer(204)


@kills("akamai_reporting.http.delete-query", "akamai_reporting.http.query-unchanged")
class Deletes(Handles):
    """Deletes a query at a DELETE."""

    method, operation = "DELETE", "query"

    def handled_as(self, call: Call) -> Answer:
        query, _ = self.found(call)
        self.queries.pop(query.token)
        return Answer(204)


@kills("akamai_reporting.http.query-unchanged")
class RefusesAndDeletes(Handles):
    """Answers the deletion of a query 405 and removes its first row."""

    method, operation = "DELETE", "query"

    def handled_as(self, call: Call) -> Answer:
        query, _ = self.found(call)
        query.rows = query.rows[1:]
        return self.method_not_allowed(self.allowed_methods("query"))


@kills("akamai_reporting.http.allow")
class NoAllowIn405(Reference):
    """Answers 405 without Allow."""

    def method_not_allowed(self, allowed: tuple[str, ...]) -> Answer:
        return super().method_not_allowed(allowed).replace("Allow", None)


@kills("akamai_reporting.http.head")
class HeadIsRefused(Reference):
    """Refuses HEAD."""

    def allowed_methods(self, operation: str) -> tuple[str, ...]:
        return tuple(method for method in super().allowed_methods(operation) if method != "HEAD")


@kills("akamai_reporting.http.unknown-accept")
class ImageRequestIsAServerError(Reference):
    """Answers 500 to a request that accepts only an image."""

    def not_acceptable(self, offered: tuple[str, ...]) -> Answer:
        return self.problem(500, "internal-server-error", "Internal server error", "")
