"""The reference server of `jasperserver`: it keeps every promise of the chapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from ...serving import Answer, Call
from .cancel import Cancel
from .delete import Delete
from .exports import Exports
from .faults import Refusal
from .info import Info
from .output import Output
from .page_status import PageStatus
from .parameters import Parameters
from .people import CHILD, FIRST, SECOND, WHOLE, Caller, lone_administrator, staff
from .reports import Pace
from .resources import furnish
from .search import Search
from .target import facts, toml

Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """A method and a path below `rest_v2` (`*` stands for one segment, handed on) with what answers it."""

    method: str
    path: str
    handler: Handler

    def match(self, segments: list[str]) -> list[str] | None:
        """The segments that stand for `*`, None where the path is another."""
        pattern = self.path.split("/")
        if len(pattern) != len(segments):
            return None
        pairs = list(zip(pattern, segments, strict=True))
        return [given for wanted, given in pairs if wanted == "*"] if all(w in ("*", g) for w, g in pairs) else None


class Reference(Cancel, Delete, Exports, Info, Output, PageStatus, Parameters, Search):
    """The server: routes, people, reports.

    `slow_seconds` and `page_seconds` set how long the slow reports take; `bind_sessions` shows executions only to the
    session that started them; `bare` leaves out all reports and all people but an administrator.
    """

    def __init__(
        self, slow_seconds: float = 0.8, page_seconds: float = 0.15, *, bind_sessions: bool = False, bare: bool = False
    ) -> None:
        people = lone_administrator() if bare else staff()
        super().__init__(people, Pace(slow_seconds, page_seconds), bind_sessions=bind_sessions)
        self.bare = bare
        for organisation in () if bare else (WHOLE, FIRST, CHILD, SECOND):
            furnish(self.repository, organisation.root)
        self._routes = self.routes()

    @property
    def executions_left(self) -> int:
        """How many executions nobody deleted."""
        return len(self.executions)

    def summary(self) -> str:
        """Executions asked for, and left."""
        return f"{self.executions_started} executions started, {self.executions_left} left"

    def target_toml(self, url: str) -> str:
        """The target.toml for this server at that base URL."""
        return toml(url, self.people, {} if self.bare else facts(self.pace))

    def routes(self) -> list[Route]:
        """All operations."""
        one = "reportExecutions/*"
        return [
            Route("POST", "reportExecutions", self.run),
            Route("GET", "reportExecutions", self.search),
            Route("GET", one, self.read_details),
            Route("DELETE", one, self.delete),
            Route("GET", f"{one}/status", self.read_status),
            Route("PUT", f"{one}/status", self.cancel),
            Route("GET", f"{one}/pages/*/status", self.read_page_status),
            Route("GET", f"{one}/info", self.read_info),
            Route("POST", f"{one}/parameters", self.set_parameters),
            Route("POST", f"{one}/exports", self.export_report),
            Route("GET", f"{one}/exports/*/status", self.read_export_status),
            Route("GET", f"{one}/exports/*/outputResource", self.read_output),
            Route("GET", f"{one}/exports/*/attachments/*", self.read_attachment),
        ]

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        try:
            caller = self.sign_on(call)
            answer = self.answer_to(caller)
        except Refusal as refusal:
            return self.refused(call, refusal)
        cookie = self.session_cookie(caller)
        if cookie:
            answer.headers.append(("Set-Cookie", cookie))
        return answer

    def answer_to(self, caller: Caller) -> Answer:
        """Find the operation and do it: 404 where no path fits, 405 where no method does."""
        segments = self.segments(caller.call)
        fitting = [(route, found) for route in self._routes if (found := route.match(segments)) is not None]
        if not fitting:
            raise Refusal(404)
        method = self.method(caller.call)
        for route, found in fitting:
            if route.method == method:
                return route.handler(caller, *found)
        allowed = ", ".join(sorted({route.method for route, _ in fitting}))
        raise Refusal(405, None, (("Allow", allowed),))

    def method(self, call: Call) -> str:
        """The method meant: HEAD reads, and POST may stand for another."""
        if call.method == "POST":
            return call.header("X-HTTP-Method-Override").upper() or "POST"
        return "GET" if call.method == "HEAD" else call.method

    def segments(self, call: Call) -> list[str]:
        """The path below `rest_v2`, decoded; a trailing slash makes no difference."""
        base = self.prefix + "/rest_v2/"
        if not call.path.startswith(base):
            raise Refusal(404)
        return [unquote(segment) for segment in call.path.removeprefix(base).removesuffix("/").split("/")]
