"""A second independent server of the Reporting API, written from the documents without knowledge of the checks.

It stores every query with its rows, and issues a random id for each page. A `Fault` can change the answer at each
point. Its rows hold characters that JSON, URLs and XML treat specially.
"""

from __future__ import annotations

import copy
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting import storing_selection as selecting
from tests.akamai_reporting.storing_selection import Row, Unfit, Wanted

T = TypeVar("T")
BASE = "/reporting-api/v2/reports"
TOKENS = {"Bearer own": "owner", "Bearer other": "other_user", "Bearer none": "unscoped"}
REPORTS = ("video/quality/plays", "video/quality/plays-in-depth", "video/errors/all", "storage/usage/objects")
SLOW, CLOSED = "video/quality/plays-in-depth", "storage/usage/objects"
PERIODS = ("LAST_1_DAY", "LAST_1_WEEK")
KEPT = timedelta(days=1)
TARGET = """\
[target]
api = "akamai_reporting"
name = "storing"
url = "{url}"
[limits]
deadline_seconds = {deadline}
[identities]
owner = {{ auth = "bearer", token = "own" }}
other_user = {{ auth = "bearer", token = "other" }}
unscoped = {{ auth = "bearer", token = "none" }}
[reports.paged]
path = "video/quality/plays"
start = "2026-05-04T00:00:00Z"
end = "2026-05-06T12:00:00+02:00"
dimensions = ["region", "device"]
metrics = ["views", "ratio"]
seconds = {seconds}
[reports.sorted]
path = "video/errors/all"
start = "2026-05-04T00:00:00Z"
end = "2026-05-05T00:00:00Z"
dimensions = ["device", "hour"]
metrics = ["views"]
sort_bys = [{{ name = "hour", sortOrder = "DESCENDING" }}, {{ name = "device", sortOrder = "ASCENDING" }}]
seconds = {seconds}
[reports.slow]
path = "video/quality/plays-in-depth"
start = "2026-05-04T00:00:00Z"
end = "2026-05-05T00:00:00Z"
seconds = {seconds}
[reports.empty]
path = "video/quality/plays"
start = "2026-05-04T00:00:00Z"
end = "2026-05-05T00:00:00Z"
filters = [{{ metricName = "views", operator = "LESS_THAN", expression = "0" }}]
[reports.forbidden]
path = "storage/usage/objects"
[reports.unseen]
path = "video/quality/plays"
filters = [{{ dimensionName = "account", operator = "IN_LIST", expressions = ["A-9"] }}]
"""


@dataclass
class Stored:
    """A stored query: its rows, the page size (None: one page), when it is ready, and the ids of its pages."""

    number: int
    owner: str
    wanted: Wanted
    rows: list[Row]
    size: int | None
    submitted: datetime
    ready: float
    location: str = ""
    ids: list[str] = field(default_factory=list)
    polls: int = 0
    visits: Counter[int] = field(default_factory=Counter)
    history: list[int] = field(default_factory=list)

    @property
    def step(self) -> int:
        """The number of rows of a full page."""
        return self.size or max(1, len(self.rows))

    @property
    def pages(self) -> int:
        """The number of pages: one at least."""
        return max(1, -(-len(self.rows) // self.step))


@dataclass
class Moment:
    """Where the server answers: `point`, the call, and as far as known the query, the page and its number of visits."""

    point: str
    server: StoringServer
    call: Call
    query: Any = None
    page: int = 0
    visit: int = 0
    history: tuple[int, ...] = ()
    wanted: Any = None


@dataclass(frozen=True)
class Fault:
    """A fault: it shows at one point if `when` is true; `tell` returns what is answered instead."""

    name: str
    level: str
    point: str
    when: Callable[[Moment], Any]
    tell: Callable[[Any, Moment], Any]


class StoringServer:
    """The server. `shown` counts how often the fault showed."""

    prefix = ""

    def __init__(self, slow_seconds: float = 0.4, fault: Fault | None = None, deadline: float = 60) -> None:
        self.slow_seconds, self.fault, self.shown, self.deadline = slow_seconds, fault, 0, deadline
        self.queries: list[Stored] = []
        self.ids: dict[str, tuple[Stored, int]] = {}

    def summary(self) -> str:
        """How many queries are stored."""
        return f"{len(self.queries)} queries"

    def target_toml(self, url: str) -> str:
        """The target.toml of this server."""
        return TARGET.format(url=url, seconds=self.slow_seconds, deadline=self.deadline)

    def said(self, value: T, moment: Moment) -> T:
        """A value, or what the fault makes of it."""
        fault = self.fault
        if fault is None or fault.point != moment.point or not fault.when(moment):
            return value
        found: T = fault.tell(copy.deepcopy(value), moment)
        self.shown += repr(found) != repr(value)
        return found

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        try:
            answer = self.routed(call)
        except Unfit as refusal:
            answer = self.said(self.refused(refusal), Moment("refusal", self, call))
        return self.said(answer, Moment("answer", self, call))

    def refused(self, refusal: Unfit) -> Answer:
        """A refusal as a problem document."""
        document: dict[str, Any] = {"title": str(refusal), "status": refusal.status, "detail": "See the documentation"}
        if refusal.status == 400:
            document["errors"] = [{"type": "invalid", "title": str(refusal), "detail": "It does not fit the report"}]
        answer = self.json(document, refusal.status).replace("Content-Type", "application/problem+json")
        extra = {401: ("WWW-Authenticate", "Bearer"), 405: ("Allow", "GET, POST")}.get(refusal.status)
        return answer.replace(*extra) if extra else answer

    def json(self, document: Any, status: int = 200) -> Answer:
        """An answer with JSON."""
        return Answer(status, json.dumps(document).encode(), [("Content-Type", "application/json")])

    def routed(self, call: Call) -> Answer:
        """The answer of the operation that a path names."""
        parts = call.path.removeprefix(BASE).split("/")[1:]
        who = TOKENS.get(call.header("Authorization"))
        if who is None:
            raise Unfit(401, "Sign in")
        listed = [path for path in REPORTS if path.split("/")[: min(3, len(parts))] == parts[:3]]
        if not call.path.startswith(BASE) or not listed or len(parts) > 5:
            raise Unfit(404, "Not found")
        if len(parts) < 3:
            return self.json(self.said({"reports": [self.entry(path) for path in listed]}, Moment("list", self, call)))
        if who == "unscoped" or listed == [CLOSED]:
            raise Unfit(403, "No access")
        operation = parts[3] if len(parts) > 3 else ""
        allowed = "POST" if operation == "data" else "GET"
        if call.method not in (allowed, "HEAD" if allowed == "GET" else allowed):
            raise Unfit(405, "Not this way")
        if operation == "data" and len(parts) == 4:
            return self.submitted(call, listed[0], who)
        if operation == "queries" and len(parts) == 5:
            return self.fetched(call, listed[0], who, parts[4])
        if operation:
            raise Unfit(404, "Not found")
        return self.json(self.said(self.options(listed[0]), Moment("options", self, call)))

    def entry(self, path: str) -> dict[str, str]:
        """A report in a list."""
        return {"reportName": f"Report {path}", "reportLink": f"{BASE}/{path}", "status": "PUBLISHED"}

    def options(self, path: str) -> dict[str, Any]:
        """The options of a report."""
        dimensions = [
            {"name": name, "type": kind, "filterable": True, "filterType": "TEXT", "mandatory": False}
            | {"authorizable": name == "account"}
            | ({"filterType": "ENUM", "filterEnumValues": ["TV", "PHONE", "TABLET"]} if name == "device" else {})
            for name, kind in selecting.TYPES.items()
        ]
        metrics = [
            {"name": name, "type": kind, "filterable": True, "mandatory": False}
            for name, kind in selecting.METRICS.items()
        ]
        return {
            "name": f"Report {path}",
            "status": "PUBLISHED",
            "metrics": metrics,
            "dimensions": dimensions,
            "defaults": {
                "defaultDimensions": [*selecting.DEFAULTS["dimensions"]],
                "defaultMetrics": [*selecting.DEFAULTS["metrics"]],
                "defaultSortBys": [],
            },
            "limits": {"maxDimensions": selecting.MOST_DIMENSIONS, "maxDateRangeInDays": 30},
            "predefinedTimeRanges": [*PERIODS],
            "links": [{"rel": "data", "href": f"{BASE}/{path}/data", "allow": ["POST"]}],
        }

    def submitted(self, call: Call, report: str, who: str) -> Answer:
        """The answer to a POST."""
        arguments = {name: values[-1] for name, values in call.query.items()}
        mode, size = arguments.get("async", "false"), arguments.get("pageSize")
        selecting.require(mode in ("true", "false"), "a boolean async")
        selecting.require(size is None or (size.isdecimal() and int(size) > 0), "a whole pageSize above 0")
        try:
            body = json.loads(call.body or b"{}")
        except ValueError:
            raise Unfit(400, "Expected JSON") from None
        start, end = self.period(arguments)
        moment = Moment("wanted", self, call, wanted=selecting.wanted(report, f"{start} {end}", body))
        wanted = self.said(moment.wanted, moment)
        everything = selecting.rows(wanted)
        found = everything[: wanted.limit]
        if mode == "true":
            return self.stored(call, who, wanted, found, int(size) if size else None)
        metadata = {
            "name": f"Report {report}",
            "start": start,
            "end": end,
            "links": [{"rel": "self", "href": f"{BASE}/{report}/data", "allow": ["POST"]}],
            "hasMoreRows": len(found) < len(everything),
        }
        moment = Moment("sync", self, call, wanted=wanted)
        return self.said(
            self.json(self.said({"data": found, "metadata": metadata}, moment)), moment_at(moment, "sync answer")
        )

    def period(self, arguments: dict[str, str]) -> tuple[str, str]:
        """The time range as it was requested."""
        named = arguments.get("timeRange")
        selecting.require(named is None or named in PERIODS, "a listed timeRange")
        if "start" not in arguments:
            end = datetime.now(UTC).replace(microsecond=0, second=0)
            return (end - timedelta(7 if named == PERIODS[1] else 1)).isoformat(), end.isoformat()
        try:
            start, end = (datetime.fromisoformat(arguments[name]) for name in ("start", "end"))
            selecting.require(timedelta() < end - start <= timedelta(30), "an end after start, at most 30 days")
        except (KeyError, ValueError, TypeError):
            raise Unfit(400, "Expected date-times") from None
        return arguments["start"], arguments["end"]

    def stored(self, call: Call, who: str, wanted: Wanted, rows: list[Row], size: int | None) -> Answer:
        """Store a query and redirect to it."""
        seconds = self.slow_seconds if wanted.report == SLOW else 0.0
        now = datetime.now(UTC)
        query = Stored(len(self.queries), who, wanted, rows, size, now, time.monotonic() + seconds)
        query = self.said(query, Moment("query", self, call, query, wanted=wanted))
        query.location = self.location(query, 0)
        query.ids = [self.location(query, page) for page in range(query.pages)]
        self.queries.append(query)
        moment = Moment("submission", self, call, query, wanted=wanted)
        return self.said(self.redirect(query), moment)

    def location(self, query: Stored, page: int) -> str:
        """A new path of a page of a query."""
        id = f".{secrets.token_hex(9)}+{secrets.token_hex(9)}="
        self.ids[id] = (query, page)
        return f"{BASE}/{query.wanted.report}/queries/{id}"

    def redirect(self, query: Stored) -> Answer:
        """See a query later."""
        left = min(1, max(0, round(query.ready - time.monotonic())))
        return Answer(303, b"", [("Location", query.location), ("Retry-After", str(left))])

    def fetched(self, call: Call, report: str, who: str, id: str) -> Answer:
        """The answer to a GET of a query or a page."""
        query, page = self.ids.get(id, (None, 0))
        if query is None or query.owner != who or query.wanted.report != report:
            raise Unfit(404, "No such query")
        query.polls += 1
        moment = Moment("poll", self, call, query, page, query.polls, tuple(query.history), query.wanted)
        if time.monotonic() < query.ready:
            return self.said(self.redirect(query), moment)
        query.visits[page] += 1
        moment = Moment("page", self, call, query, page, query.visits[page], tuple(query.history), query.wanted)
        answer = self.json(self.said(self.document(query, page), moment))
        query.history.append(page)
        return self.said(answer, moment_at(moment, "page answer"))

    def document(self, query: Stored, page: int) -> dict[str, Any]:
        """A page as a document."""
        data = [dict(row) for row in query.rows[page * query.step : (page + 1) * query.step]]
        to = {"first": 0, "self": page, "prev": page - 1, "next": page + 1, "last": query.pages - 1}
        links = [
            {"rel": rel, "href": query.ids[number], "allow": ["GET"]}
            for rel, number in to.items()
            if 0 <= number < query.pages
        ]
        return {
            "data": data,
            "metadata": {
                "name": f"Report {query.wanted.report}",
                "links": links,
                "rows": len(data),
                "totalRows": len(query.rows),
                "requestTime": query.submitted.isoformat(),
                "evictionTime": (query.submitted + KEPT).isoformat(),
            },
        }


def moment_at(moment: Moment, point: str) -> Moment:
    """The same moment at another point."""
    return Moment(
        point, moment.server, moment.call, moment.query, moment.page, moment.visit, moment.history, moment.wanted
    )
