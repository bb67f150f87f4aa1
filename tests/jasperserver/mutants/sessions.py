"""Servers that lose sessions, or the executions of a session."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.mutation.kill_matrix import kills


@kills("jasperserver.sessions.cookie")
class NoCookie(Reference):
    """Sets no cookie."""

    def session_cookie(self, caller: Caller) -> str | None:
        return None


@kills("jasperserver.sessions.cookie-alone")
class RequiresThePassword(Reference):
    """Requires the password in every request."""

    def sign_on(self, call: Call) -> Caller:
        if not call.header("Authorization"):
            raise self.unauthorized(call)
        return super().sign_on(call)


@kills("jasperserver.sessions.cookie-alone")
class KnowsTheCookieOnly(Reference):
    """Accepts the cookie and finds no executions that were started with the password."""

    def execution(self, caller: Caller, id: str) -> Execution:
        if not caller.call.header("Authorization"):
            raise not_found(id)
        return super().execution(caller, id)


@kills("jasperserver.sessions.other-session")
class BoundToTheSession(Reference):
    """Shows an execution only in the session that started it."""

    def __init__(self, slow_seconds: float = 0.8, page_seconds: float = 0.15) -> None:
        super().__init__(slow_seconds, page_seconds, bind_sessions=True)


@kills("jasperserver.sessions.id-serves-all", "jasperserver.status.known", "jasperserver.status.json")
class ForgetsWhatRunsAgain(Reference):
    """Forgets an execution with many exports when it runs again."""

    def execution(self, caller: Caller, id: str) -> Execution:
        execution = super().execution(caller, id)
        newest = max((export.asked for export in execution.exports.values()), default=0.0)
        if len(execution.exports) > 15 and execution.fill.begins >= newest and caller.call.method == "GET":
            raise not_found(id)
        return execution


@kills(
    "jasperserver.sessions.id-serves-all",
    "jasperserver.cancel.finished",
)
class ForgetsTheCancelled(Reference):
    """Answers 404 to a cancel of an execution with many exports."""

    def cancel(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        if execution is not None and len(execution.exports) > 15:
            raise Refusal(404)
        return super().cancel(caller, id)


@kills(
    "jasperserver.sessions.id-serves-all",
    "jasperserver.export.accepted-json",
)
class TwentyExports(Reference):
    """Answers 404 to the twenty-first export of an execution."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        execution = self.executions.get(id)
        if execution is not None and len(execution.exports) > 19:
            raise not_found(id)
        return super().export_report(caller, id)
