"""The independent server: authentication and routing.

It answers 200 where the chapter defines the answer and makes choices of its own wherever the chapter is silent: ids
that are full of reserved characters, export ids that count from 1 in each execution, a context of two segments, media
types with parameters, fields in lower case, a session cookie that changes on each answer, reports that are ready in the
first answer, exports that vanish when parameters change, scripts as attachments of every HTML export.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote

from pytest_reportconformance.http.server import Answer, Call
from tests.jasperserver.independent.reads import Reads
from tests.jasperserver.independent.reports import IDENTITIES, toml
from tests.jasperserver.independent.representation import Refused
from tests.jasperserver.independent.search import Search
from tests.jasperserver.independent.work import Execution

HOME = "/rest_v2/reportExecutions"


class Independent(Reads, Search):
    """The server; `slow_seconds` is how long its slow report takes."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds)
        self.sessions: dict[str, str] = {}

    def summary(self) -> str:
        return f"{next(self.numbers) - 41} numbers given"

    def target_toml(self, url: str) -> str:
        return toml(url, list(self.reports.values()))

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

    def routed(self, call: Call, user: str) -> Answer:
        path = call.path.removeprefix(self.prefix)
        if path.startswith("/rest_v2/jobs"):
            return self.scheduler(call, user, path.removeprefix("/rest_v2/jobs").strip("/"))
        if not call.path.startswith(self.prefix + HOME):
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
                return self.represented(call, "reportExecution", self.execution_members(e))
            case "GET", ["status"]:
                return self.status(call, e.work.state(), e.work.problem())
            case "GET", ["pages", page, "status"]:
                return self.page(call, e, page)
            case "GET", ["info"]:
                return self.represented(call, "reportInfo", e.work.report.info if e.work.state() == "ready" else {})
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
                return self.represented(call, "exportExecution", self.export_members(e, export))
            case "POST", ["parameters"]:
                return self.changed(call, e)
            case "DELETE", []:
                return self.deleted(e)
        raise Refused(405 if rest in ([], ["status"], ["info"], ["exports"], ["parameters"]) else 404)
