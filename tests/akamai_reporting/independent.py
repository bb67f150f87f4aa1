"""An independent server of the Reporting API, written from the normative page without knowledge of the checks.

It stores no queries: an id contains the whole signed request, and every answer is computed from it. It makes unusual
choices that the document allows: pages by a query argument, relative and network-path references, links that lead to
no page, compressed and indented answers, past dates in Retry-After, no limits, no CSV.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import random
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting.independent_selection import EVENTS, LOGINS, USAGE, Refused, Selection

BASE = "/gateway.v1/reporting-api/v2/reports"
KEY = b"signs every id"
IDENTITIES = {"Bearer t-owner": "owner", "Bearer t-other-user": "other_user", "Bearer t-unscoped": "unscoped"}
CATALOGUE = {
    "security/waf/events": EVENTS,
    "security/waf/slow-events": EVENTS,
    "audit/logins/entries": LOGINS,
    "audit/logins/restricted": LOGINS,
    "audit/usage/by-contract": USAGE,
}
RANGES = {"LAST_1_DAY": 1, "LAST_1_WEEK": 7}
LONGEST_DAYS = 40
TARGET = """\
[target]
api = "akamai_reporting"
name = "independent"
url = "{url}"

[identities.owner]
auth = "bearer"
token = "t-owner"

[identities.other_user]
auth = "bearer"
token = "t-other-user"

[identities.unscoped]
auth = "bearer"
token = "t-unscoped"

[reports.paged]
path = "security/waf/events"
start = "2026-03-01T00:00:00Z"
end = "2026-03-08T00:00:00+00:00"

[reports.sorted]
path = "security/waf/events"
start = "2026-03-01T00:00:00Z"
end = "2026-03-08T00:00:00Z"
dimensions = ["day", "policy", "rule"]
metrics = ["hits", "share"]
sort_bys = [
  {{ name = "policy", sortOrder = "DESCENDING" }},
  {{ name = "rule", sortOrder = "ASCENDING" }},
  {{ name = "day", sortOrder = "DESCENDING" }},
]

[reports.slow]
path = "security/waf/slow-events"
seconds = {seconds}

[reports.empty]
path = "audit/usage/by-contract"
time_range = "LAST_1_WEEK"
dimensions = ["contract"]
metrics = ["bytes"]
filters = [{{ dimensionName = "contract", operator = "BEGINS_WITH", expressions = ["nothing begins so"] }}]

[reports.forbidden]
path = "audit/logins/restricted"

[reports.unseen]
path = "security/waf/events"
filters = [{{ dimensionName = "policy", operator = "IN_LIST", expressions = ["theirs"] }}]
"""


class Independent:
    """The server; `slow_seconds` is how long the queries of the slow report are pending."""

    prefix = BASE.removesuffix("/reporting-api/v2/reports")

    def __init__(self, slow_seconds: float = 0.8) -> None:
        self.slow_seconds = slow_seconds
        self.submissions = 0

    def summary(self) -> str:
        """How many queries were submitted."""
        return f"{self.submissions} submissions"

    def target_toml(self, url: str) -> str:
        """The target.toml of this server at a base URL."""
        return TARGET.format(url=url, seconds=self.slow_seconds)

    # HTTP

    def answer(self, call: Call) -> Answer:
        """Answer one request, compressed if the client accepts it."""
        try:
            answer = self.routed(call)
        except Refused as refusal:
            answer = self.problem(call, refusal)
        answer.headers += [("set-cookie", f"route={random.randrange(9)}; Path=/"), ("VARY", "accept-encoding")]
        if call.method == "GET" and answer.body and "gzip" in call.header("Accept-Encoding"):
            answer.body = gzip.compress(answer.body)
            answer.headers.append(("content-encoding", "gzip"))
        return answer

    def routed(self, call: Call) -> Answer:
        """The answer of the operation that a request names."""
        if not call.path.startswith(BASE):
            raise Refused(404, "Nothing here")
        parts = [unquote(part) for part in call.path.removeprefix(BASE).split("/")[1:]]
        identity = self.identity(call)
        if parts and not self.listed(parts[:3]):
            raise Refused(404, "No such report")
        if len(parts) <= 2:
            self.allow(call, "GET", "HEAD")
            return self.json(self.catalogue(parts))
        report = "/".join(parts[:3])
        if report.endswith("/restricted"):
            raise Refused(403, "Administrators only")
        if len(parts) == 3:
            self.allow(call, "GET", "HEAD")
            return self.json(self.options(report, parts[2]))
        if parts[3:] == ["data"]:
            self.allow(call, "POST")
            return self.submitted(call, report, identity)
        if len(parts) == 5 and parts[3] == "queries":
            self.allow(call, "GET", "HEAD")
            return self.fetched(call, report, identity, parts[4])
        raise Refused(404, "Nothing here")

    def identity(self, call: Call) -> str:
        """The identity of a call; raises Refused."""
        identity = IDENTITIES.get(call.header("Authorization"))
        if identity is None:
            raise Refused(401, "Authentication required")
        if identity == "unscoped":
            raise Refused(403, "Out of scope")
        return identity

    def allow(self, call: Call, *methods: str) -> None:
        """Refuse every other method."""
        if call.method not in methods:
            raise Refused(405, ", ".join(methods))
        if not re.search(r"json|\*/\*|application/\*", call.header("Accept", "*/*")):
            raise Refused(406, "JSON alone")

    def json(self, value: Any, media_type: str = 'Application/JSON;charset="utf-8"') -> Answer:
        """An answer of 200 with JSON."""
        body = json.dumps(value, ensure_ascii=False, indent=1).encode()
        return Answer(200, body, [("content-TYPE", media_type), ("CACHE-control", "private, no-cache")])

    def problem(self, call: Call, refusal: Refused) -> Answer:
        """A refusal; a 401 answer is plain text."""
        if refusal.status == 401:
            return Answer(401, b"401", [("www-authenticate", "Bearer"), ("content-type", "text/plain")])
        about = {"title": str(refusal), "status": refusal.status, "instance": call.path, "trace": [None, {"line": 3}]}
        if refusal.status == 400:
            about["errors"] = [{"type": "request", "title": str(refusal), "detail": "See the options of the report"}]
        answer = self.json(about, "application/problem+json")
        answer.status, answer.close = refusal.status, True
        return answer.replace("ALLOW", str(refusal)) if refusal.status == 405 else answer

    # discovery

    def listed(self, parts: list[str]) -> list[str]:
        """The reports whose paths begin with these parts."""
        return [path for path in CATALOGUE if path.split("/")[: len(parts)] == parts]

    def catalogue(self, parts: list[str]) -> dict[str, Any]:
        """A list of reports, in an order of its own each time."""
        found = self.listed(parts)
        random.shuffle(found)
        status = {"audit/logins/entries": "DEPRECATED"}
        return {
            "reports": [
                {"status": status.get(path, "PUBLISHED"), "reportLink": f"{BASE}/{path}", "reportName": "Bericht"}
                for path in found
            ]
        }

    def options(self, report: str, name: str) -> dict[str, Any]:
        """The options of a report; some have neither limits nor defaults."""
        about: dict[str, Any] = {
            "name": f"Überblick – {name}",
            "status": "DEPRECATED" if report == "audit/logins/entries" else "PUBLISHED",
            **CATALOGUE[report].described(),
            "links": [{"href": f"{name}/data", "rel": "DATA", "allow": ["OPTIONS", "POST"]}],
        }
        if report.startswith("security"):
            about["limits"] = {"maxDimensions": 4, "maxDateRangeInDays": LONGEST_DAYS, "dataPointsLimit": 70000}
            about["predefinedTimeRanges"] = list(RANGES)
        return about

    # queries

    def submitted(self, call: Call, report: str, identity: str) -> Answer:
        """The answer to a POST: rows, or the Location of a query."""
        wanted = self.checked(call, report)
        if (call.argument("async") or "false").lower() == "false":
            return self.json(self.at_once(report, wanted))
        self.submissions += 1
        seconds = self.slow_seconds if "slow" in report else 0.0 if report.startswith("audit") else 0.2
        size = call.argument("pageSize")
        record = {**wanted, "by": identity, "at": time.time(), "for": seconds, "nonce": random.random()}
        id = self.sealed(record | ({"size": int(size)} if size else {}))
        return self.pending(call, report, id)

    def checked(self, call: Call, report: str) -> dict[str, Any]:
        """The request of a POST: body, start and end; raises Refused."""
        if call.argument("async") not in (None, "true", "false", "True", "False"):
            raise Refused(400, "async is a boolean")
        if not re.fullmatch(r"0*[1-9]\d{0,8}", call.argument("pageSize") or "1"):
            raise Refused(400, "pageSize is a whole number from 1")
        try:
            body = json.loads(call.body) if call.body.strip() else {}
        except ValueError:
            raise Refused(400, "Not JSON") from None
        Selection(CATALOGUE[report], body)
        start, end = self.between(call)
        return {"of": report, "body": body, "start": start.isoformat(), "end": end.isoformat()}

    def between(self, call: Call) -> tuple[datetime, datetime]:
        """The time range of a POST; raises Refused."""
        texts = [call.argument("start"), call.argument("end")]
        named = call.argument("timeRange")
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        if named is not None and (texts != [None, None] or named not in RANGES):
            raise Refused(400, "No such time range")
        if texts == [None, None]:
            return now - timedelta(RANGES.get(named or "", 2)), now
        try:
            start, end = (datetime.fromisoformat(text or "") for text in texts)
            inside = timedelta() < end - start <= timedelta(LONGEST_DAYS)
        except (ValueError, TypeError):
            raise Refused(400, "start and end are date-times") from None
        if not inside:
            raise Refused(400, "start and end are too far apart, or the wrong way round")
        return start, end

    def pending(self, call: Call, report: str, id: str) -> Answer:
        """A redirection to a query, with an HTML note and a date that has just passed."""
        location = f"//{call.header('Host')}{BASE}/{report}/queries/{id}"
        retry = format_datetime(datetime.now(UTC), usegmt=True)
        headers = [("LOCATION", location), ("retry-after", retry), ("content-type", "text/html;charset=utf-8")]
        return Answer(303, f'<p>Later, <a href="{location}">there</a>.</p>'.encode(), headers, close=True)

    def sealed(self, record: dict[str, Any]) -> str:
        """An id: a record, encoded and signed."""
        text = base64.urlsafe_b64encode(json.dumps(record).encode()).decode().rstrip("=")
        return f"{text}!{self.signature(text)}"

    def signature(self, text: str) -> str:
        """The signature of an id's record."""
        return base64.b64encode(hmac.digest(KEY, text.encode(), "sha256")).decode().replace("/", "$")

    def unsealed(self, id: str, report: str, identity: str) -> dict[str, Any]:
        """The record of an id; raises Refused if it is of another identity or report."""
        text, _, signature = id.partition("!")
        if signature == self.signature(text):
            record: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if record["by"] == identity and record["of"] == report:
                return record
        raise Refused(404, "No such query")

    def fetched(self, call: Call, report: str, identity: str, id: str) -> Answer:
        """The answer to a GET: the same redirection, or a page."""
        record = self.unsealed(id, report, identity)
        if time.time() < record["at"] + record["for"]:
            return self.pending(call, report, id)
        rows = self.rows(record, int(hashlib.sha256(id.encode()).hexdigest(), 16))
        size = record.get("size", max(1, len(rows)))
        pages = max(1, -(-len(rows) // size))
        page = call.argument("page") or "1"
        if not page.isdigit() or not 1 <= int(page) <= pages:
            raise Refused(404, "No such page")
        return self.json(self.page(record, id, rows, int(page), pages))

    def page(self, record: dict[str, Any], id: str, rows: list[Any], page: int, pages: int) -> dict[str, Any]:
        """One page with its metadata."""
        size = -(-len(rows) // pages) if "size" not in record else record["size"]
        here = rows[(page - 1) * size : page * size] if rows else []
        began = datetime.fromtimestamp(record["at"], timezone(timedelta(hours=5, minutes=30)))
        return {
            "metadata": {
                "requestTime": began.strftime("%Y-%m-%dt%H:%M:%S.%f") + "789+05:30",
                "totalRows": len(rows),
                "rows": len(here),
                "links": list(self.links(record["of"], id, page, pages)),
                "name": f"Überblick – {record['of'].split('/')[2]}",
            },
            "data": here,
        }

    def links(self, report: str, id: str, page: int, pages: int) -> Iterable[dict[str, Any]]:
        """Links to pages, relative to the page they are on, and one to the options of the report."""
        to = {"first": 1, "self": page, "Last": pages}
        to |= {"NEXT": page + 1} if page < pages else {}
        to |= {"previous": page - 1} if page > 1 else {}
        for rel, number in sorted(to.items()):
            yield {"allow": ["HEAD", "GET"], "href": f"./{id}?page={number}", "rel": rel}
        yield {"rel": "describedby", "href": f"{BASE}/{report}", "allow": ["GET", "HEAD"]}

    def at_once(self, report: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """The answer of a synchronous POST."""
        rows = self.rows(wanted, random.randrange(9))
        west = timezone(timedelta(hours=-3))
        start, end = (datetime.fromisoformat(wanted[name]).astimezone(west).isoformat() for name in ("start", "end"))
        limit = wanted["body"].get("limit")
        everything = self.rows({**wanted, "body": {**wanted["body"], "limit": None}}, 0)
        return {
            "data": rows,
            "metadata": {
                "hasMoreRows": limit is not None and len(everything) > limit,
                "links": [{"href": "data", "rel": "self", "allow": ["POST"]}],
                "end": end,
                "start": start,
                "name": f"Überblick – {report.split('/')[2]}",
            },
        }

    def rows(self, wanted: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        """The rows of a request; a seed decides what the request leaves open: their order."""
        start, end = (datetime.fromisoformat(wanted[name]) for name in ("start", "end"))
        return Selection(CATALOGUE[wanted["of"]], wanted["body"]).rows(start, end, random.Random(seed))
