"""A conformant server that differs from the reference server in everything that the normative document leaves open.

It meets every requirement of that document. A check that fails on it demands more than the document does.
"""

from __future__ import annotations

import json
import random
import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Dimension, Metric, Report, Row
from pytest_reportconformance.akamai_reporting.reference.core import BASE
from pytest_reportconformance.akamai_reporting.reference.identities import OBJECTS, OTHER_ACCOUNT, Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Fault, Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Period, Selection
from pytest_reportconformance.akamai_reporting.reference.submission import JSON
from pytest_reportconformance.akamai_reporting.reference.target import ascending, filter_on, past_week
from pytest_reportconformance.http.server import Answer, Call

ZONES = ("emea", "apac", "amer", "ländle")
VERDICTS = ("allow", "deny", "monitor")
REQUESTS = Metric("requests.total", "All requests")
MEAN_SIZE = Metric("size.mean", "Mean size", "DOUBLE")
ZONE = Dimension("zone", "Zone", lambda fact, _: ZONES[fact % 4])
VERDICT = Dimension("verdict", "What came of it", lambda fact, _: VERDICTS[fact // 4 % 3], enumeration=VERDICTS)
RULE = Dimension("rule", "By which rule", lambda fact, _: 900 + fact % 7, "LONG")
SITE = Dimension("site", "Whose", lambda fact, objects: objects[fact % len(objects)], authorizable=True)
RELS = {"first": "First", "self": "SELF", "prev": "Previous", "next": "neXt", "last": "Last"}


def report(area: str, name: str, metrics: tuple[Metric, ...], **more: Any) -> Report:
    """A report over zones, verdicts, rules and sites with 29 facts."""
    path = ("web_security", area, f"{name}.v3")
    names = tuple(metric.name for metric in metrics)
    dimensions = (ZONE, VERDICT, RULE, SITE)
    defaults = ("zone", "verdict")
    return Report(*path, name, "", metrics, dimensions, 29, names, defaults, "", data_points=60000, **more)


REPORTS = (
    report("waf", "attacks", (REQUESTS, MEAN_SIZE), maximum_dimensions=99, maximum_days=9999, retention_days=9999),
    report("waf", "events", (), maximum_days=9999, retention_days=9999),
    report("waf", "trend", (REQUESTS,), slow=True, retention_days=9999),
    report("bots", "scores", (REQUESTS,), accounts=frozenset({OTHER_ACCOUNT})),
)


class PermissiveVariant(Reference):
    """Ready at once without `slow_seconds`; every row is one fact, so that many rows are equal."""

    name = "akamai-reporting-permissive"

    def __init__(self, slow_seconds: float = 0.0, bare: bool = False) -> None:
        super().__init__(slow_seconds=slow_seconds, auth="bearer", bare=bare)
        self.reports = {one.path: one for one in REPORTS}
        self.ids: dict[str, tuple[Query, int]] = {}
        self.issued: dict[tuple[str, int], str] = {}
        self.local = threading.local()

    def answer(self, call: Call) -> Answer:
        self.local.call = call
        return super().answer(call)

    def finished(self, call: Call, answer: Answer) -> Answer:
        """Upper-case header names, unnecessary cookies, bodies in two chunks."""
        answer.headers = [(name.upper(), value) for name, value in answer.headers]
        answer.headers += [("SET-COOKIE", f"trail={secrets.token_hex(4)}"), ("VARY", "Accept"), ("SERVER", "contrary")]
        if answer.status == 200 and call.method != "HEAD":
            parts = [part for part in (answer.body[:7], answer.body[7:]) if part]
            answer.body = b"".join(b"%X;x=y\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            answer.headers.append(("TRANSFER-ENCODING", "chunked"))
            answer.framed, answer.close = False, True
        return answer

    def json_media_type(self) -> str:
        return 'Application/JSON; Charset="utf-8"'

    def problem_media_type(self) -> str:
        return "application/problem+json;charset=utf-8"

    def encoded(self, document: Any) -> bytes:
        return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"

    def problem_document(self, status: int, kind: str, title: str, detail: str) -> dict[str, Any]:
        del kind, detail
        return {"status": status, "title": title.upper(), "type": "about:blank", "trace": secrets.token_hex(4)}

    def error_entry(self, fault: Fault) -> dict[str, str]:
        return {"type": "about:blank", "title": fault.title, "detail": fault.detail, "severity": "high"}

    def unauthenticated(self, operation: str) -> Answer:
        del operation
        return self.problem(401, "", "Authentication required", "")

    def query_of_another(self) -> Answer:
        return self.problem(403, "", "Not yours", "")

    def wrong_method(self, call: Call, operation: str) -> Answer:
        del call, operation
        return self.resource_not_found()

    def allowed_methods(self, operation: str) -> tuple[str, ...]:
        return ("POST",) if operation == "submit" else ("GET",)

    def is_listed(self, identity: Identity, report: Report) -> bool:
        del identity, report
        return True

    def report_entry(self, report: Report) -> dict[str, Any]:
        return super().report_entry(report) | {"owner": "team-7"}

    def options_document(self, report: Report) -> dict[str, Any]:
        document = super().options_document(report)
        for name in ("description", "defaults", "limits", "predefinedTimeRanges"):
            del document[name]
        return document | {"deprecatedBy": None}

    def format_of(self, call: Call, offers: tuple[str, ...] = ()) -> str:
        del call, offers
        return JSON

    def is_json_type(self, content_type: str) -> bool:
        return True

    def is_asynchronous(self, call: Call) -> bool:
        return (call.argument("async") or "").lower() in ("true", "1", "yes")

    def validate_async(self, text: str | None) -> Any:
        return iter(())

    def validate_page_size(self, text: str | None) -> Any:
        yield from super().validate_page_size(text)
        if text is not None and text.isdigit() and int(text) > 50000:
            yield Fault("pageSize", "Too large", "No more than 50000")

    def relative_period(self, minutes: int) -> Period:
        """Data that moves with the clock."""
        period = super().relative_period(minutes)
        return replace(period, label=period.end.isoformat())

    def selection_of(self, call: Call, report: Report) -> Selection:
        """A request that names dimensions or metrics gets only those, without defaults."""
        selection = super().selection_of(call, report)
        if {"metrics", "dimensions"}.isdisjoint(selection.body):
            return selection
        named = {name: tuple(selection.body.get(name, ())) for name in ("metrics", "dimensions")}
        return replace(selection, metrics=named["metrics"], dimensions=named["dimensions"])

    def groups(self, selection: Selection, identity: Identity) -> list[list[int]]:
        if not selection.dimensions:
            return super().groups(selection, identity)
        conditions = [(one, selection.report.dimension(one.name)) for one in selection.filters if not one.on_metric]
        return [
            [fact]
            for fact in random.sample(range(selection.report.facts), selection.report.facts)
            if all(by and self.dimension_matches(one, by.values(fact, identity.objects)) for one, by in conditions)
        ]

    def row_shown(self, query: Query, page: int, row: Row) -> dict[str, Any]:
        return row | {"_kind": "fact"}

    def rows_at_once(self, selection: Selection, matching: Sequence[Row]) -> Sequence[Row]:
        return [row | {"_kind": "fact"} for row in super().rows_at_once(selection, matching)]

    def report_metadata(self, selection: Selection, data: Any, matching: int) -> dict[str, Any]:
        metadata = super().report_metadata(selection, data, matching)
        return {**metadata, "links": [*metadata["links"], self.extra_link(selection.report)], "note": "at once"}

    def identifier(self, query: Query, page: int) -> str:
        """The id of a page, created at its first use; page -1 is the query itself."""
        with self.lock:
            if (query.token, page) not in self.issued:
                made = f"Q{secrets.token_hex(6)}~{secrets.token_hex(2)};v,1%7e"
                self.issued[query.token, page] = made
                self.ids[made] = (query, max(page, 0))
            return self.issued[query.token, page]

    def find(self, identifier: str) -> tuple[Query, int] | None:
        return self.ids.get(identifier)

    def href_of(self, query: Query, page: int) -> str:
        """A relative path."""
        return f"../queries/{self.identifier(query, page)}?trace={query.token[:6]}&z=%2f"

    def location_for(self, query: Query, call: Call) -> str:
        """An absolute URL, with an id that no link repeats."""
        path = f"{BASE}/{query.selection.report.path}/queries/{self.identifier(query, -1)}"
        return f"http://{call.header('Host')}{path}?trace={query.token[:6]}"

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        if call.argument("trace") != query.token[:6]:
            return self.query_not_found()
        return super().fetch(call, query, page)

    def see_other(self, query: Query, call: Call) -> Answer:
        """With the short note of RFC 9110 section 15.4.4."""
        location = self.location_for(query, call)
        note = f'<!doctype html><title>Later</title><a href="{location}">there</a>'.encode()
        return Answer(303, note, [("Content-Type", "text/html"), ("Location", location)])

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        """Retry-After as a date."""
        later: datetime = (self.now() + timedelta(seconds=self.seconds_left(query))).replace(microsecond=0)
        answer = super().pending(query, call, poll_number)
        return answer.replace("Retry-After", format_datetime(later, usegmt=True))

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        """A slow report is always answered with 303."""
        if self.seconds_of(selection) > 0:
            raise Refusal(self.accepted(self.create_query(selection, identity), self.local.call))
        return super().answered_at_once(selection, identity, format)

    def rel_name(self, rel: str) -> str:
        return RELS[rel]

    def allowed_on_page(self, query: Query, page: int) -> list[str]:
        return ["OPTIONS", "GET"]

    def extra_link(self, report: Report) -> dict[str, Any]:
        """A link that leads to no page."""
        return {"rel": "up", "href": f"{BASE}/{report.path}", "allow": ["GET"], "title": "options"}

    def links_of(self, query: Query, page: int) -> list[dict[str, Any]]:
        """A single page has few links."""
        links = super().links_of(query, page)
        if query.page_size == query.selection.report.data_points or not query.rows:
            links = [link for link in links if link["rel"] == "SELF"]
        links = [link | {"hreflang": "de"} for link in links] + [self.extra_link(query.selection.report)]
        return random.sample(links, len(links))

    def metadata_of(self, query: Query, page: int, data: Any) -> dict[str, Any]:
        metadata = super().metadata_of(query, page, data)
        del metadata["requestTime"], metadata["evictionTime"]
        return metadata | {"cluster": {"id": 7}, "warnings": []}

    def page_document(self, query: Query, page: int) -> dict[str, Any]:
        return super().page_document(query, page) | {"apiVersion": "2.9"}

    def purposes(self) -> dict[str, dict[str, Any]]:
        period = past_week(self.now())
        events = {"path": "web_security/waf/events.v3", **period, "dimensions": ["verdict"]}
        attacks = {"path": "web_security/waf/attacks.v3", **period, "dimensions": ["zone", "site"]}
        return {
            "paged": events,
            "sorted": attacks | {"metrics": ["requests.total"], "sort_bys": ascending("requests.total", "zone")},
            "slow": {"path": "web_security/waf/trend.v3", **period, "seconds": self.slow_seconds},
            "empty": events | {"filters": [filter_on("rule", "1")]},
            "forbidden": {"path": "web_security/bots/scores.v3", **period},
            "unseen": attacks | {"filters": [filter_on("site", OBJECTS[OTHER_ACCOUNT][-1])]},
        }
