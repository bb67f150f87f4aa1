"""The reference server of the Reporting API v2: which path and method leads to which answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from pytest_reportconformance.akamai_reporting.reference.core import BASE
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.submission import CSV, JSON, Submission
from pytest_reportconformance.akamai_reporting.reference.target import edgerc, purposes, target_toml
from pytest_reportconformance.http.server import Answer, Call

METHODS = {"list": ("GET", "HEAD"), "options": ("GET", "HEAD"), "submit": ("POST",), "query": ("GET", "HEAD")}
LIMITED = ("submit", "query")


class Route(NamedTuple):
    """An operation, the `family/area/report` it is about (shorter for lists), and the id of a query."""

    operation: str
    path: str
    identifier: str = ""


def route_of(path: str) -> Route | None:
    """The route of a path, percent-encoding untouched; None if there is none."""
    if path != BASE and not path.startswith(f"{BASE}/"):
        return None
    segments = path[len(BASE) + 1 :].split("/") if path != BASE else []
    report = "/".join(segments[:3])
    match segments[3:]:
        case [] if all(segments):
            return Route("options" if len(segments) == 3 else "list", report)
        case ["data"]:
            return Route("submit", report)
        case ["queries", identifier]:
            return Route("query", report, identifier)
    return None


class Reference(Submission):
    """The server. Its answers depend on the call and on the calls before.

    `submissions` counts the requests that created a query, `requests` all requests.
    """

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        with self.lock:
            self.requests += 1
        try:
            answer = self.dispatch(call)
        except Refusal as refusal:
            answer = refusal.answer
        return self.finished(call, answer)

    def finished(self, call: Call, answer: Answer) -> Answer:
        """The final change to every answer."""
        del call
        return answer

    def allowed_methods(self, operation: str) -> tuple[str, ...]:
        """The methods of an operation."""
        return METHODS[operation]

    def wrong_method(self, call: Call, operation: str) -> Answer:
        """The answer to a method that the operation does not have."""
        del call
        return self.method_not_allowed(self.allowed_methods(operation))

    def dispatch(self, call: Call) -> Answer:
        """Authenticate, find the operation, count the request, handle it."""
        route = route_of(call.path)
        identity = self.authenticate(call, route.operation if route else "list")
        if route is None:
            return self.resource_not_found()
        if call.method not in self.allowed_methods(route.operation):
            return self.wrong_method(call, route.operation)
        if route.operation not in LIMITED:
            return self.discovered(call, route, identity)
        self.charge(identity)
        return self.with_rate_headers(self.handled(call, route, identity), identity)

    def discovered(self, call: Call, route: Route, identity: Identity) -> Answer:
        """Lists and options."""
        self.format_of(call, (JSON,))
        if route.operation == "list":
            return self.list_answer(identity, route.path)
        return self.json_answer(self.options_document(self.report_for(identity, route.path, "options")))

    def handled(self, call: Call, route: Route, identity: Identity) -> Answer:
        """Submissions and queries, refusals included."""
        try:
            report = self.report_for(identity, route.path, route.operation)
            if route.operation == "submit":
                return self.submit(call, identity, report)
            return self.fetch(call, *self.query_for(identity, report, route.identifier))
        except Refusal as refusal:
            return refusal.answer

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        """A GET on a query or one of its pages: 303 while it is pending, 200 afterwards."""
        with self.lock:
            query.polls += 1
            poll_number = query.polls
        if self.is_pending(query, poll_number):
            return self.pending(query, call, poll_number)
        format = self.format_of(call)
        with self.lock:
            query.fetches += 1
        return self.ready(query, page, format)

    def ready(self, query: Query, page: int, format: str) -> Answer:
        """A page of a query that is ready."""
        return self.page_blocks(query, page) if format == CSV else self.page_answer(query, page)

    def summary(self) -> str:
        """The number of submissions and requests."""
        return f"{self.submissions} submissions created a query, {self.requests} requests in all"

    def target_toml(self, url: str) -> str:
        """The target.toml for this server; if `bare`, it holds only the URL and the identities."""
        return target_toml(self, url, {} if self.bare else self.purposes())

    def purposes(self) -> dict[str, dict[str, Any]]:
        """For each purpose of the suite, the report that serves it and the request for it."""
        return purposes(self.now(), self.slow_seconds)

    def edgerc_text(self, url: str) -> str:
        """The credentials file for EdgeGrid, a section for each identity."""
        return edgerc(self.identities, url)
