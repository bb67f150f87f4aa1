"""The reference server of `jasperserver`: it meets every requirement of the chapter."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference.cancel import Cancel
from pytest_reportconformance.jasperserver.reference.delete import Delete
from pytest_reportconformance.jasperserver.reference.exports import Exports
from pytest_reportconformance.jasperserver.reference.faults import GENERIC, Refusal
from pytest_reportconformance.jasperserver.reference.identities import (
    CHILD,
    FIRST,
    SECOND,
    WHOLE,
    Account,
    Caller,
    Organization,
    identities_of_two_organizations,
    lone_administrator,
)
from pytest_reportconformance.jasperserver.reference.info import Info
from pytest_reportconformance.jasperserver.reference.jobs import Jobs
from pytest_reportconformance.jasperserver.reference.output import Output
from pytest_reportconformance.jasperserver.reference.page_status import PageStatus
from pytest_reportconformance.jasperserver.reference.parameters import Parameters
from pytest_reportconformance.jasperserver.reference.reports import Duration
from pytest_reportconformance.jasperserver.reference.resources import furnish
from pytest_reportconformance.jasperserver.reference.server_info import ServerInfo
from pytest_reportconformance.jasperserver.reference.target import facts, toml
from pytest_reportconformance.jasperserver.reference.users import Users

LOG = logging.getLogger(__name__)
Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """A method and a path below `rest_v2` with their handler.

    `*` matches one segment, `**` at the end all that follow; both are passed to the handler.
    """

    method: str
    path: str
    handler: Handler

    def match(self, segments: list[str]) -> list[str] | None:
        """The segments that `*` and `**` match; None if the path does not match."""
        pattern = self._pattern
        if pattern[-1] == "**":
            fixed = len(pattern) - 1
            rest = "".join(f"/{segment}" for segment in segments[fixed:])
            return [rest] if segments[:fixed] == pattern[:fixed] else None
        if len(pattern) != len(segments) or any(w not in ("*", g) for w, g in zip(pattern, segments, strict=True)):
            return None
        return [given for wanted, given in zip(pattern, segments, strict=True) if wanted == "*"]

    @cached_property
    def _pattern(self) -> list[str]:
        return self.path.split("/")


class Reference(Cancel, Delete, Exports, Info, Output, PageStatus, Parameters, Jobs, Users, ServerInfo):
    """The server: routes, accounts, reports.

    `slow_seconds` and `page_seconds` set how long the slow reports take; `bind_sessions` shows executions only to the
    session that started them; `bare` leaves out all reports and all accounts but an administrator's. `version`
    and `edition` are those that it reports.
    """

    def __init__(
        self,
        slow_seconds: float = 0.8,
        page_seconds: float = 0.15,
        *,
        bind_sessions: bool = False,
        bare: bool = False,
        version: str | None = None,
        edition: str | None = None,
    ) -> None:
        super().__init__(self.staff(bare=bare), Duration(slow_seconds, page_seconds), bind_sessions=bind_sessions)
        self.bare = bare
        self.version = version or self.version
        self.edition = edition or ("CE" if bare else self.edition)
        for organization in () if bare else self.organizations():
            furnish(self.repository, organization.root)
        self._routes = self.routes()

    def staff(self, *, bare: bool) -> dict[str, Account]:
        """The accounts by role."""
        return lone_administrator() if bare else identities_of_two_organizations()

    def organizations(self) -> tuple[Organization, ...]:
        """The organizations that have the reports in their part of the repository."""
        return WHOLE, FIRST, CHILD, SECOND

    @property
    def executions_left(self) -> int:
        """How many executions are not deleted; those of the scheduler do not count."""
        return sum(1 for execution in list(self.executions.values()) if execution.job is None)

    def summary(self) -> str:
        """How many executions were started, and how many are left."""
        return f"{self.executions_started} executions started, {self.executions_left} left"

    def target_toml(self, url: str) -> str:
        """The target.toml for this server at that base URL."""
        reports = {} if self.bare else facts(self.pace, snapshots=self.offers_snapshots)
        return toml(url, self.identities, reports, **self.target_facts())

    def target_facts(self) -> dict[str, str]:
        """Further members of its table `target`."""
        return {}

    def routes(self) -> list[Route]:
        """All operations."""
        return self.execution_routes() + self.repository_routes() + self.identities_and_job_routes()

    def execution_routes(self) -> list[Route]:
        """The operations of the chapter."""
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

    def repository_routes(self) -> list[Route]:
        """The repository."""
        return [
            Route("GET", "resources", self.list_resources),
            Route("GET", "resources/**", self.read_resource),
            Route("POST", "resources/**", self.create_resource),
            Route("PUT", "resources/**", self.put_resource),
            Route("DELETE", "resources/**", self.delete_resource),
            Route("POST", "permissions", self.set_permission),
            Route("GET", "permissions/**", self.read_permissions),
            Route("DELETE", "permissions/**", self.delete_permission),
        ]

    def identities_and_job_routes(self) -> list[Route]:
        """Accounts and the scheduler."""
        return [
            Route("GET", "users", self.list_users),
            Route("GET", "users/*", self.read_user),
            Route("PUT", "users/*", self.put_user),
            Route("DELETE", "users/*", self.delete_user),
            Route("GET", "roles", self.list_roles),
            Route("GET", "jobs", self.list_jobs),
            Route("PUT", "jobs", self.create_job),
            Route("POST", "jobs/resume", self.resume_jobs),
            Route("GET", "jobs/*", self.read_job),
            Route("DELETE", "jobs/*", self.delete_job),
            Route("GET", "jobs/*/state", self.read_job_state),
        ]

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        try:
            if self.is_public(call):
                return self.read_server_info(call)
            caller = self.sign_on(call)
            answer = self.answer_to(caller)
        except Refusal as refusal:
            return self.refused(call, refusal)
        except MemoryError:
            raise
        except Exception:
            LOG.exception("%s %s", call.method, call.target)
            return self.refused(call, Refusal(500, GENERIC))
        cookie = self.session_cookie(caller)
        if cookie:
            answer.headers.append(("Set-Cookie", cookie))
        return answer

    def answer_to(self, caller: Caller) -> Answer:
        """Call the handler: 404 if no path matches, 405 if no method does."""
        segments, method = self.segments(caller.call), self.method(caller.call)
        for route in self._routes:
            if route.method == method and (found := route.match(segments)) is not None:
                return route.handler(caller, *found)
        fitting = {route.method for route in self._routes if route.match(segments) is not None}
        if not fitting:
            raise Refusal(404)
        allowed = ", ".join(sorted(fitting))
        if method == "OPTIONS":
            return Answer(204, b"", [("Allow", allowed)])
        raise Refusal(405, None, (("Allow", allowed),))

    def method(self, call: Call) -> str:
        """The effective method: HEAD reads, and POST may override its method."""
        if call.method == "POST":
            return call.header("X-HTTP-Method-Override").upper() or "POST"
        return "GET" if call.method == "HEAD" else call.method

    def segments(self, call: Call) -> list[str]:
        """The path below `rest_v2`, decoded; a trailing slash makes no difference."""
        base = self.prefix + "/rest_v2/"
        if not call.path.startswith(base):
            raise Refusal(404)
        return [unquote(segment) for segment in call.path.removeprefix(base).removesuffix("/").split("/")]
