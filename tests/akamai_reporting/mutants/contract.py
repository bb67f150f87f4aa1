"""Servers that violate the contract of an operation in exchanges that no check of their own reads."""

from __future__ import annotations

import json
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.server import Route
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


def changed(answer: Answer, **members: Any) -> Answer:
    """An answer in JSON with other members of its metadata or, if it has none, of its body."""
    body = json.loads(answer.body)
    body.get("metadata", body).update(members)
    answer.body = json.dumps(body).encode()
    return answer


class _Discovery(Reference):
    """Changes the answers of lists or options."""

    operation = ""

    def change(self, answer: Answer, route: Route) -> None:
        raise NotImplementedError

    def discovered(self, call: Call, route: Route, identity: Identity) -> Answer:
        answer = super().discovered(call, route, identity)
        if route.operation == self.operation and answer.status == 200:
            self.change(answer, route)
        return answer


@kills("akamai_reporting.contract.list-success", "akamai_reporting.discovery.family-list")
class TransformsFamilies(_Discovery):
    """Answers 203 to the list of a product family."""

    operation = "list"

    def change(self, answer: Answer, route: Route) -> None:
        if route.path and "/" not in route.path:
            answer.status = 203


@kills("akamai_reporting.contract.list-server-error", "akamai_reporting.discovery.area-list")
class FailsToListAreas(_Discovery):
    """Answers 500 to the list of a reporting area."""

    operation = "list"

    def change(self, answer: Answer, route: Route) -> None:
        if "/" in route.path:
            answer.status = 500


@kills("akamai_reporting.contract.options-success", "akamai_reporting.discovery.report-link-options")
class TransformsOptions(_Discovery):
    """Answers 203 to the options of a report of media delivery."""

    operation = "options"

    def change(self, answer: Answer, route: Route) -> None:
        if route.path.startswith("media/"):
            answer.status = 203


@kills("akamai_reporting.contract.options-server-error", "akamai_reporting.discovery.report-link-options")
class FailsToDescribe(_Discovery):
    """Answers 500 to the options of a report of media delivery."""

    operation = "options"

    def change(self, answer: Answer, route: Route) -> None:
        if route.path.startswith("media/"):
            answer.status = 500


@kills("akamai_reporting.contract.options-body")
class DescribesByNumber(_Discovery):
    """Sends a number as the description of a report."""

    operation = "options"

    def change(self, answer: Answer, route: Route) -> None:
        changed(answer, description=7)


@kills(
    "akamai_reporting.contract.list-body",
    "akamai_reporting.discovery.report-status",
    "akamai_reporting.discovery.area-list",
)
class ListsAreasWithoutStatus(_Discovery):
    """Lists the reports of a reporting area with a status of its own."""

    operation = "list"

    def change(self, answer: Answer, route: Route) -> None:
        if "/" in route.path:
            answer.body = answer.body.replace(b"PUBLISHED", b"CURRENT")


class _Submitted(Reference):
    """Changes the data of synchronous requests."""

    def change(self, answer: Answer, call: Call) -> None:
        raise NotImplementedError

    def handled(self, call: Call, route: Route, identity: Identity) -> Answer:
        answer = super().handled(call, route, identity)
        if route.operation == "submit" and answer.status == 200 and b"sortBys" in call.body:
            self.change(answer, call)
        return answer


@kills("akamai_reporting.contract.submit-success")
class TransformsSortedRows(_Submitted):
    """Answers 203 to a synchronous request with sortBys."""

    def change(self, answer: Answer, call: Call) -> None:
        answer.status = 203


@kills("akamai_reporting.contract.submit-body", "akamai_reporting.sync.name")
class NamesSortedRowsByNumber(_Submitted):
    """Sends a number as the name of a sorted synchronous result."""

    def change(self, answer: Answer, call: Call) -> None:
        changed(answer, name=1)


@kills("akamai_reporting.contract.fetch-success", "akamai_reporting.ready.status")
class TransformsDefaults(Reference):
    """Answers 203 to the first fetch of the data of a submission without members."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        answer = super().ready(query, page, format)
        if not query.selection.body and query.fetches == 1:
            answer.status = 203
        return answer


@kills("akamai_reporting.contract.fetch-body", "akamai_reporting.ready.total-rows")
class CountsDefaultsInWords(Reference):
    """Sends the total number of rows of a submission without members as a text."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        answer = super().ready(query, page, format)
        return answer if query.selection.body else changed(answer, totalRows="24")
