"""A server of the chapter by another hand: no state machine, only a clock that each execution is read against.

It answers 200 where the chapter says so and makes choices of its own wherever the chapter is silent: ids that are full
of reserved characters, export ids that count from 1 in each execution, a context of two segments, media types with
parameters, fields in lower case, a session cookie that changes on each answer, reports that are ready in the first
answer, exports that vanish when parameters change, scripts as attachments of every html export.
"""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from pytest_reportconformance.http.server import Answer, Call
from tests.jasperserver import independent_documents as papers
from tests.jasperserver.independent_reports import IDENTITIES, Report, catalogue, toml

PREFIX = "/bi/jrs+1"
HOME = "/rest_v2/reportExecutions"
BUSY = ("queued", "execution")
PLAIN = ["application/xml", "application/json"]
POLLED = [*PLAIN, "application/status+xml", "application/status+json"]
INFINITE = float("inf")


class Refused(Exception):
    """An answer other than success: status, code and parameters of its error descriptor."""

    def __init__(self, status: int, code: str = "", *parameters: str) -> None:
        self.status, self.code, self.parameters = status, code, list(parameters)


@dataclass
class Work:
    """One filling of a report: what it is at a time follows from when it began and what was done to it."""

    report: Report
    pages: list[str]
    began: float
    invalid: list[str]
    stopped: float = INFINITE

    @property
    def ends(self) -> float:
        return self.began + (0 if self.invalid else self.report.seconds)

    def at(self, page: int) -> float:
        """When a page is there; after the end where it never is."""
        if self.report.seconds == 0 or self.report.pages < 2:
            return self.ends
        return self.began + self.report.seconds * page / self.report.pages

    def state(self) -> str:
        now = time.monotonic()
        if self.stopped <= min(now, self.ends):
            return "cancelled"
        if now < self.ends:
            return "queued" if now < self.began + self.report.seconds / 8 else "execution"
        return "failed" if self.problem() else "ready"

    def problem(self) -> dict[str, Any] | None:
        if self.invalid:
            return {
                "errorCode": "input.controls.validation.error",
                "message": "No such value.",
                "parameters": self.invalid,
            }
        return {"message": "The query went wrong.", "errorCode": "query.failed"} if self.report.fails else None

    def made(self) -> int:
        """How many pages there are by now."""
        upto = min(time.monotonic(), self.stopped)
        count = sum(self.at(page) <= upto for page in range(1, self.report.pages + 1))
        return 1 if count and len(self.pages) == 1 else count


@dataclass
class Export:
    """An output: it needs a range of pages of its work."""

    id: str
    work: Work
    wanted: dict[str, Any]
    bounds: tuple[int, int] | None

    @property
    def format(self) -> str:
        return str(self.wanted["outputFormat"]).lower()

    def state(self) -> str:
        state = self.work.state()
        if self.bounds and self.bounds[1] <= self.work.made():
            return "ready"
        if self.bounds and state == "ready":
            return "failed"
        return "failed" if state == "cancelled" else state

    def problem(self) -> dict[str, Any]:
        if self.work.state() == "ready":
            return {
                "errorCode": "page.number.out.of.range",
                "parameters": [str(self.wanted.get("pages"))],
                "message": "No such page.",
            }
        return self.work.problem() or {"errorCode": "report.execution.cancelled", "message": "It was stopped."}

    def texts(self) -> list[str]:
        first, last = self.bounds or (1, len(self.work.pages))
        pages = self.work.pages[first - 1 : last]
        return ["\n".join(pages)] if truth(self.wanted.get("ignorePagination")) and pages else pages

    def names(self) -> dict[str, tuple[str, bytes]]:
        """The attachments: type and bytes for each name."""
        if self.format != "html":
            return {}
        found = {"page.js": ("text/javascript", papers.SCRIPT)}
        if self.work.report.pictures:
            found |= {"bild 1 (grün).png": ("image/png", papers.png()), "dot.gif": ("image/gif", papers.GIF)}
        return found


@dataclass
class Execution:
    """What a request id stands for."""

    id: str
    owner: str
    uri: str
    work: Work
    wanted: dict[str, Any]
    exports: dict[str, Export] = field(default_factory=dict)
    job: dict[str, Any] | None = None
    count: int = 0


def truth(value: Any) -> bool:
    return str(value).lower() == "true"


def listed(name: str) -> str:
    """The name of a list's items in XML."""
    return {"bookmarks": "bookmark", "parts": "part", "reportExecution": ""}.get(name, name.removesuffix("s"))


def as_xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        inside = "".join(as_xml(listed(name) or name, one) for one in value)
        return f"<{name}>{inside}</{name}>" if listed(name) else inside
    if isinstance(value, dict):
        return f"<{name} >\n <!-- {name} -->" + "".join(as_xml(key, one) for key, one in value.items()) + f"</{name}\n>"
    text = json.dumps(value) if isinstance(value, bool) else str(value)
    return f"<{name}>" + ("<![CDATA[" + text + "]]>" if len(text) % 2 else escape(text)) + f"</{name}>"


def from_xml(node: ElementTree.Element) -> Any:
    if node.tag in ("parameters", "reportParameters"):
        return [
            {"name": one.get("name"), "value": [v.text or "" for v in one.iter("value")]}
            for one in node.iter("reportParameter")
        ]
    return {child.tag: from_xml(child) for child in node} if len(node) else (node.text or "").strip()


class Independent:
    """The server; `slow_seconds` is how long its slow report takes."""

    prefix = PREFIX

    def __init__(self, slow_seconds: float = 0.8) -> None:
        self.reports: dict[str, Report] = {one.uri: one for one in catalogue(slow_seconds)}
        self.executions: dict[str, Execution] = {}
        self.jobs: dict[int, dict[str, Any]] = {}
        self.sessions: dict[str, str] = {}
        self.numbers = itertools.count(41)
        self.lock = threading.RLock()

    def summary(self) -> str:
        return f"{next(self.numbers) - 41} numbers given"

    def target_toml(self, url: str) -> str:
        return toml(url, list(self.reports.values()))

    # --- framing -----------------------------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        user = self.identity(call)
        if user is None:
            return Answer(
                401, b"Who is there?", [("content-type", "text/plain"), ("www-authenticate", "basic realm=x")]
            )
        try:
            answer = self.routed(call, user)
        except Refused as refused:
            answer = self.refusal(call, refused)
        token = f"{next(self.numbers)}-{user.partition('|')[0]}"
        self.sessions[token] = user
        answer.headers.append(("set-cookie", f"place={token}; path=/"))
        return answer

    def identity(self, call: Call) -> str | None:
        scheme, _, given = call.header("Authorization").partition(" ")
        if scheme.lower() == "basic":
            name, _, password = base64.b64decode(given).decode().partition(":")
            return name if name in IDENTITIES and IDENTITIES[name].password == password else None
        cookies = dict(part.strip().partition("=")[::2] for part in call.header("Cookie").replace(",", ";").split(";"))
        return self.sessions.get(cookies.get("place", ""))

    def refusal(self, call: Call, refused: Refused) -> Answer:
        if not refused.code:
            return Answer(refused.status, b"", [("allow", "GET, POST, PUT, DELETE")] if refused.status == 405 else [])
        error = {"parameters": refused.parameters, "errorCode": refused.code, "message": f"Nein: {refused.code}"}
        kind = "json" if "json" in call.header("Accept") else "xml"
        body = json.dumps(error) if kind == "json" else as_xml("errorDescriptor", error)
        return Answer(refused.status, body.encode(), [("content-type", f"application/{kind}")])

    def negotiated(self, call: Call, offers: list[str]) -> str:
        """The media type to answer in: the first offer, where nothing is preferred."""
        best, chosen = 0.0, ""
        for offer in offers:
            for part in call.header("Accept", "*/*").split(","):
                kind, *parameters = [piece.strip() for piece in part.split(";")]
                weight = next((float(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
                if kind in (offer, "*/*", offer.partition("/")[0] + "/*") and weight > best:
                    best, chosen = weight, offer
        if not chosen:
            raise Refused(406)
        return chosen

    def told(self, call: Call, name: str, value: Any, offers: list[str] = PLAIN) -> Answer:
        kind = self.negotiated(call, offers)
        if kind.endswith("xml"):
            text = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<!-- - -->' + as_xml(name, value)
        else:
            text = json.dumps(value, indent=3, sort_keys=True)
        return Answer(
            200, text.encode(), [("x-api", "own"), ("content-type", kind.replace("app", "App") + ' ;charset="utf-8"')]
        )

    def read(self, call: Call) -> Any:
        kind = call.header("Content-Type").partition(";")[0].strip().lower()
        if kind not in PLAIN:
            raise Refused(415)
        try:
            if kind == PLAIN[1]:
                return call.json()
            root = ElementTree.fromstring(call.body)
            return {"value": (root.text or "").strip()} if root.tag == "status" and not len(root) else from_xml(root)
        except (ValueError, ElementTree.ParseError):
            raise Refused(400, "serialization.error") from None

    # --- routing -----------------------------------------------------------------------------------------------------

    def routed(self, call: Call, user: str) -> Answer:
        path = call.path.removeprefix(PREFIX)
        if path.startswith("/rest_v2/jobs"):
            return self.scheduler(call, user, path.removeprefix("/rest_v2/jobs").strip("/"))
        if not call.path.startswith(PREFIX + HOME):
            raise Refused(404)
        words = [unquote(word) for word in path.removeprefix(HOME).strip("/").split("/")]
        match call.method, words:
            case "POST", [""]:
                return self.run(call, user)
            case "GET", [""]:
                return self.search(call, user)
            case "PUT", [id, "status"]:
                return self.cancel(call, user, id)
            case (("GET" | "HEAD" | "POST" | "DELETE"), [id, *rest]):
                return self.within(call, self.mine(user, id), rest)
        raise Refused(405)

    def mine(self, user: str, id: str) -> Execution:
        found = self.executions.get(id)
        if found is None:
            raise Refused(404, "resource.not.found", id)
        if found.owner != user:
            raise Refused(403, "access.denied", id)
        return found

    def within(self, call: Call, e: Execution, rest: list[str]) -> Answer:
        match "GET" if call.method == "HEAD" else call.method, rest:
            case "GET", []:
                return self.told(call, "reportExecution", self.described(e))
            case "GET", ["status"]:
                return self.status(call, e.work.state(), e.work.problem())
            case "GET", ["pages", page, "status"]:
                return self.page(call, e, page)
            case "GET", ["info"]:
                return self.told(call, "reportInfo", e.work.report.info if e.work.state() == "ready" else {})
            case "GET", ["exports", id, "status"]:
                export = self.export_of(e, id)
                return self.status(call, export.state(), export.problem())
            case "GET", ["exports", id, "outputResource"]:
                return self.output(e, self.export_of(e, id), call)
            case "GET", ["exports", id, "attachments", name]:
                return self.attachment(self.export_of(e, id), name)
            case "POST", ["exports"]:
                body = self.read(call)
                export = self.exported(e, body)
                return self.told(call, "exportExecution", self.told_export(e, export))
            case "POST", ["parameters"]:
                return self.changed(call, e)
            case "DELETE", []:
                return self.deleted(e)
        raise Refused(405 if rest in ([], ["status"], ["info"], ["exports"], ["parameters"]) else 404)

    # --- runs --------------------------------------------------------------------------------------------------------

    def run(self, call: Call, user: str) -> Answer:
        self.negotiated(call, PLAIN)
        wanted = self.read(call)
        uri = wanted.get("reportUnitUri") if isinstance(wanted, dict) else None
        if not uri:
            raise Refused(400, "mandatory.parameter.error", "reportUnitUri")
        report = self.permitted(user, uri)
        e = self.started(user, report, wanted)
        if truth(wanted.get("async", False)):
            return self.told(call, "reportExecution", self.described(e))
        self.wait(e.work)
        bad = next((one.problem() for one in e.exports.values() if one.state() == "failed"), e.work.problem())
        if bad:
            del self.executions[e.id]
            raise Refused(400, bad["errorCode"], *bad.get("parameters", []))
        return self.told(call, "reportExecution", self.described(e))

    def permitted(self, user: str, uri: str) -> Report:
        report = self.reports.get(uri.removeprefix("repo:"))
        if report is None:
            raise Refused(404, "resource.not.found", uri)
        if report.closed and IDENTITIES[user].kind == "user":
            raise Refused(403, "access.denied", uri)
        return report

    def started(
        self, user: str, report: Report, wanted: dict[str, Any], job: dict[str, Any] | None = None
    ) -> Execution:
        given = wanted.get("parameters") or []
        given = given.get("reportParameter", []) if isinstance(given, dict) else given
        with self.lock:
            number = next(self.numbers)
            work = self.worked(report, given, wanted)
            e = Execution(f"{report.leaf}+{number}=\u00e9;v:{number % 7}", user, report.uri, work, wanted, job=job)
            if wanted.get("outputFormat"):
                self.exported(e, wanted)
            self.executions[e.id] = e
        return e

    def worked(self, report: Report, given: list[dict[str, Any]], wanted: dict[str, Any]) -> Work:
        pages, invalid = report.printed(
            {one["name"]: list(one.get("value") or []) for one in given}, next(self.numbers)
        )
        if truth(wanted.get("ignorePagination")) and pages:
            pages = ["\n".join(pages)]
        return Work(report, pages, time.monotonic(), invalid)

    def exported(self, e: Execution, wanted: Any) -> Export:
        wanted = {**(wanted if isinstance(wanted, dict) else {})}
        wanted["outputFormat"] = wanted.get("outputFormat") or "pdf"
        if str(wanted["outputFormat"]).lower() not in (*papers.FORMATS, "html"):
            raise Refused(400, "webservices.error.errorExportingReportUnit", str(wanted["outputFormat"]))
        bounds = self.bounds(wanted.get("pages"))
        with self.lock:
            e.count += 1
            export = Export(str(e.count), e.work, wanted, bounds)
            e.exports = {export.id: export, **e.exports}
        return export

    def bounds(self, pages: Any) -> tuple[int, int] | None:
        if pages in (None, ""):
            return None
        first, dash, last = str(pages).partition("-")
        if not first.isdigit() or (dash and not last.isdigit()) or int(first) < 1:
            raise Refused(400, "report.invalid.page.range", str(pages))
        if dash and int(last) < int(first):
            raise Refused(400, "report.start.page.greater.then.end.page", str(pages))
        return int(first), int(last if dash else first)

    def wait(self, work: Work, until: float = INFINITE) -> None:
        while work.state() in BUSY and time.monotonic() < until:
            time.sleep(0.02)

    def described(self, e: Execution) -> dict[str, Any]:
        state = e.work.state()
        told: dict[str, Any] = {"reportURI": e.uri, "vendorNote": {"since": [1, 2]}, "status": state}
        if e.exports:
            told["exports"] = [self.told_export(e, one) for one in e.exports.values()]
        if state == "ready":
            told["totalPages"] = len(e.work.pages)
        if state == "failed":
            told["errorDescriptor"] = e.work.problem()
        return {**told, "requestId": e.id}

    def told_export(self, e: Execution, export: Export) -> dict[str, Any]:
        state = export.state()
        told: dict[str, Any] = {"status": state, "priority": 3, "id": export.id}
        if state == "ready":
            kind = papers.FORMATS.get(export.format, ("text/html; charset=utf-8", "", None))
            told["outputResource"] = {"outputFinal": e.work.state() == "ready", "contentType": kind[0]}
            if export.format != "html":
                told["outputResource"]["fileName"] = f"{e.work.report.leaf}.{kind[1]}"
            names = export.names()
            if names:
                told["attachments"] = [
                    {"fileName": name, "bytes": len(b), "contentType": t} for name, (t, b) in names.items()
                ]
        if state == "failed":
            told["errorDescriptor"] = export.problem()
        return told

    def export_of(self, e: Execution, id: str) -> Export:
        if id not in e.exports:
            raise Refused(404, "resource.not.found", id)
        return e.exports[id]

    # --- what can be asked of a run ----------------------------------------------------------------------------------

    def status(self, call: Call, state: str, problem: dict[str, Any] | None) -> Answer:
        kind = self.negotiated(call, POLLED)
        told = {"value": state}
        if "status+" in kind and state == "failed" and problem:
            told = {"value": state, "errorDescriptor": problem}  # type: ignore[dict-item]
        return self.told(call, "status", state if kind == PLAIN[0] else told, POLLED)

    def page(self, call: Call, e: Execution, page: str) -> Answer:
        _, last = self.bounds(page) or (1, 1)
        state = e.work.state()
        if state == "ready" and last > len(e.work.pages):
            raise Refused(404, "page.not.found", page)
        final = e.work.made() >= last
        told: dict[str, Any] = {
            "reportStatus": state,
            "pageFinal": str(final).lower(),
            "pageTimestamp": "0" if final else "1",
        }
        if state == "failed":
            told["errorDescriptor"] = e.work.problem()
        return self.told(call, "pageStatus", told, ["application/status+json", "application/json"])

    def output(self, e: Execution, export: Export, call: Call) -> Answer:
        if export.state() in BUSY and export.format != "html":
            raise Refused(409, "export.not.ready", export.id)
        while export.state() in BUSY:
            time.sleep(0.02)
        if export.state() != "ready":
            bad = export.problem()
            raise Refused(400 if export.work.state() == "ready" else 410, bad["errorCode"], *bad.get("parameters", []))
        final = ("OUTPUT-FINAL", json.dumps(e.work.state() == "ready"))
        if export.format == "html":
            body = papers.html(export.texts(), self.sources(e, export), export.wanted.get("markupType") == "embeddable")
            return Answer(200, body, [("content-type", "Text/HTML;charset=UTF-8"), final])
        kind, extension, make = papers.FORMATS[export.format]
        headers = [("content-type", kind), final]
        if not truth(call.argument("suppressContentDisposition")):
            headers.append(("content-disposition", f'Attachment; size=1; filename="{e.work.report.leaf}.{extension}"'))
        return Answer(200, make(export.texts()), headers)

    def sources(self, e: Execution, export: Export) -> list[str]:
        prefix = export.wanted.get("attachmentsPrefix") or "attachments/"
        named = (("contextPath", PREFIX), ("reportExecutionId", quote(e.id)), ("exportExecutionId", export.id))
        for name, value in named:
            prefix = prefix.replace("{" + name + "}", value)
        return [prefix + quote(name) for name in export.names()]

    def attachment(self, export: Export, name: str) -> Answer:
        names = export.names()
        if name not in names or export.state() != "ready":
            raise Refused(404, "resource.not.found", name)
        return Answer(200, names[name][1], [("content-type", names[name][0])])

    def changed(self, call: Call, e: Execution) -> Answer:
        given = self.read(call)
        if not isinstance(given, list):
            raise Refused(400, "serialization.error")
        with self.lock:
            e.work.stopped = min(e.work.stopped, time.monotonic())
            e.work, e.exports = self.worked(e.work.report, given, e.wanted), {}
        return Answer(204)

    def cancel(self, call: Call, user: str, id: str) -> Answer:
        self.negotiated(call, PLAIN)
        given, e = self.read(call), self.executions.get(id)
        if e is None:
            raise Refused(404, "resource.not.found", id)
        if not self.may_stop(user, e.owner):
            raise Refused(403, "access.denied", id)
        if not isinstance(given, dict) or given.get("value") != "cancelled":
            raise Refused(400, "illegal.parameter.value.error", "value")
        with self.lock:
            if e.work.state() not in BUSY:
                return Answer(204)
            e.work.stopped = time.monotonic()
        return self.told(
            call, "status", "cancelled" if self.negotiated(call, PLAIN) == PLAIN[0] else {"value": "cancelled"}
        )

    def may_stop(self, user: str, owner: str) -> bool:
        asks, owns = IDENTITIES[user], IDENTITIES[owner]
        return user == owner or asks.kind == "root" or (asks.kind == "admin" and asks.unit == owns.unit)

    def deleted(self, e: Execution) -> Answer:
        with self.lock:
            e.work.stopped = min(e.work.stopped, time.monotonic())
            self.executions.pop(e.id, None)
        return Answer(204)

    # --- search and jobs ---------------------------------------------------------------------------------------------

    def search(self, call: Call, user: str) -> Answer:
        self.negotiated(call, PLAIN)
        asked = {name: values[0] for name, values in call.query.items() if values[0]}
        times = {name: self.moment(text) for name, text in asked.items() if name.startswith("fireTime")}
        found = [
            e for e in list(self.executions.values()) if e.work.state() != "cancelled" and self.matches(e, asked, times)
        ]
        if not found:
            return Answer(204)
        entries = [
            {"completed": e.work.state(), "requestId": e.id, "reportURI": "repo:" + e.uri} for e in reversed(found)
        ]
        return self.told(call, "reportExecutions", {"reportExecution": entries})

    def moment(self, text: str) -> datetime:
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M%z")
        except ValueError:
            raise Refused(400, "illegal.parameter.value.error", text) from None

    def matches(self, e: Execution, asked: dict[str, str], times: dict[str, datetime]) -> bool:
        if asked.get("reportURI", e.uri).removeprefix("repo:") != e.uri:
            return False
        if not {"jobID", "jobLabel", "userName"} & set(asked) and not times:
            return True
        if e.job is None:
            return False
        names = (e.owner, e.owner.partition("|")[0])
        return (
            asked.get("jobID", str(e.job["id"])) == str(e.job["id"])
            and asked.get("jobLabel", e.job["label"]) == e.job["label"]
            and asked.get("userName", e.owner) in names
            and times.get("fireTimeFrom", e.job["fired"]) <= e.job["fired"] <= times.get("fireTimeTo", e.job["fired"])
        )

    def scheduler(self, call: Call, user: str, rest: str) -> Answer:
        kind = [("content-type", "application/job+json")]
        if call.method == "PUT" and not rest:
            wanted = call.json()
            report = self.permitted(user, wanted["source"]["reportUnitURI"])
            job = {**wanted, "id": next(self.numbers), "username": user, "version": 0}
            self.jobs[job["id"]] = job
            self.started(user, report, {"outputFormat": "pdf"}, {**job, "fired": datetime.now(UTC)})
            return Answer(200, json.dumps(job).encode(), kind)
        if call.method == "POST" and rest == "resume":
            return Answer(200, call.body, kind)
        id = int(rest.partition("/")[0]) if rest.partition("/")[0].isdigit() else 0
        if call.method == "DELETE" and id in self.jobs:
            del self.jobs[id]
            return Answer(200, str(id).encode(), kind)
        if call.method == "GET" and id in self.jobs:
            told = {"value": "NORMAL"} if rest.endswith("/state") else self.jobs[id]
            return Answer(200, json.dumps(told).encode(), kind)
        raise Refused(404)
