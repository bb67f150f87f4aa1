"""Servers that accept requests without valid credentials, or do not serve a documented URL or method."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller, Identity, basic_credentials
from tests.mutation.kill_matrix import kills


class _Trusting(Reference):
    """Accepts any password of a known user for the requests that `trusts` selects."""

    def identity_of(self, call: Call) -> Identity | None:
        credentials = basic_credentials(call)
        account = self.accounts.find(credentials[0]) if credentials and self.trusts(call) else None
        return account.identity if account is not None else super().identity_of(call)

    def trusts(self, call: Call) -> bool:
        raise NotImplementedError


@kills("jasperserver.access.wrong-password")
class TrustsDownloads(_Trusting):
    """Accepts any password for downloads of outputs."""

    def trusts(self, call: Call) -> bool:
        return call.path.endswith("/outputResource")


@kills("jasperserver.access.wrong-password")
class TrustsSearches(_Trusting):
    """Accepts any password for searches."""

    def trusts(self, call: Call) -> bool:
        return call.method == "GET" and call.path.endswith("/reportExecutions")


@kills("jasperserver.access.wrong-password")
class TrustsRuns(_Trusting):
    """Accepts any password for runs."""

    def trusts(self, call: Call) -> bool:
        return call.method == "POST" and call.path.endswith("/reportExecutions")


@kills("jasperserver.access.wrong-password")
class TrustsCancels(_Trusting):
    """Accepts any password for cancels."""

    def trusts(self, call: Call) -> bool:
        return call.method == "PUT"


@kills("jasperserver.access.wrong-password")
class ForbidsWrongPasswords(Reference):
    """Answers 403 to a wrong password."""

    def unauthorized(self, call: Call) -> Refusal:
        refusal = super().unauthorized(call)
        return replace_status(refusal, 403) if call.header("Authorization") else refusal


@kills("jasperserver.access.wrong-password")
class RedirectsWrongPasswords(Reference):
    """Redirects an export with a wrong password to a login form."""

    def unauthorized(self, call: Call) -> Refusal:
        if call.header("Authorization") and call.path.endswith("/exports/"):
            return Refusal(302, None, (("Location", f"{self.prefix}/login.html"),))
        return super().unauthorized(call)


def replace_status(refusal: Refusal, status: int) -> Refusal:
    """The same refusal with another status."""
    return Refusal(status, refusal.fault, refusal.headers)


@kills("jasperserver.access.challenge")
class NeverChallenges(Reference):
    """Sends no challenge if the request has an Authorization header."""

    def unauthorized(self, call: Call) -> Refusal:
        return Refusal(401) if call.header("Authorization") else super().unauthorized(call)


@kills("jasperserver.access.challenge")
class NoChallengeForDelete(Reference):
    """Sends no challenge to a DELETE."""

    def unauthorized(self, call: Call) -> Refusal:
        return Refusal(401) if call.method == "DELETE" else super().unauthorized(call)


@kills("jasperserver.access.basic-challenge")
class AsksForATicket(Reference):
    """Sends a challenge for another scheme than Basic."""

    def unauthorized(self, call: Call) -> Refusal:
        refusal = super().unauthorized(call)
        changed = tuple((name, "Negotiate" if name == "WWW-Authenticate" else value) for name, value in refusal.headers)
        return Refusal(401, None, changed)


@kills("jasperserver.access.suppressed-challenge")
class InsistsOnTheChallenge(Reference):
    """Ignores X-Suppress-Basic."""

    def unauthorized(self, call: Call) -> Refusal:
        return Refusal(401, None, (("WWW-Authenticate", 'Basic realm="x"'),))


class _Slashes(Reference):
    """Answers 404 to some forms of a URL."""

    def answer_to(self, caller: Caller) -> Answer:
        path = caller.call.path
        if "/reportExecutions" in path and self.absent(caller.call.method, path) and self.applies(path):
            raise Refusal(404)
        return super().answer_to(caller)

    def applies(self, path: str) -> bool:
        return True

    def absent(self, method: str, path: str) -> bool:
        raise NotImplementedError


class _OfQuickReports(_Slashes):
    """Answers 404 only for executions of the quick report."""

    def applies(self, path: str) -> bool:
        return any(id in path and one.unit_uri.endswith("/fast") for id, one in list(self.executions.items()))


@kills(
    "jasperserver.access.status-url",
    "jasperserver.status.json",
)
class StatusWithoutSlash(_OfQuickReports):
    """Serves the status of a quick report only at the URL without the slash."""

    def absent(self, method: str, path: str) -> bool:
        return method == "GET" and path.endswith("/status/") and "/exports/" not in path and "/pages/" not in path


@kills(
    "jasperserver.access.status-url-without-slash",
    "jasperserver.status.json",
)
class StatusWithSlash(_Slashes):
    """Serves the status of a report only at the URL with the slash."""

    def absent(self, method: str, path: str) -> bool:
        return path.endswith("/status") and "/exports/" not in path and "/pages/" not in path


@kills(
    "jasperserver.access.status-url-without-slash",
    "jasperserver.status.final-unchanged",
)
class AlwaysQueuedWithoutSlash(Reference):
    """Answers `queued` at the URL of the status without the slash."""

    def read_status(self, caller: Caller, id: str) -> Answer:
        if caller.call.path.endswith("/status"):
            return self.answer_status("queued", None, self.negotiate("status", caller))
        return super().read_status(caller, id)


@kills("jasperserver.access.exports-url-without-slash")
class ExportsWithSlash(_Slashes):
    """Accepts exports only at the URL with the slash."""

    def absent(self, method: str, path: str) -> bool:
        return path.endswith("/exports")


@kills("jasperserver.access.exports-url")
class ExportsWithoutSlash(_OfQuickReports):
    """Accepts exports of a quick report only at the URL without the slash."""

    def absent(self, method: str, path: str) -> bool:
        return method == "POST" and path.endswith("/exports/")


@kills("jasperserver.access.trailing-slash")
class NoRunWithSlash(_Slashes):
    """Answers 404 to a run at the URL with a slash."""

    def absent(self, method: str, path: str) -> bool:
        return path.endswith("/reportExecutions/")


@kills("jasperserver.access.trailing-slash")
class NoOutputWithSlash(_Slashes):
    """Answers 404 to the output at the URL with a slash."""

    def absent(self, method: str, path: str) -> bool:
        return path.endswith("/outputResource/")


@kills("jasperserver.access.method-override")
class NoOverride(Reference):
    """Ignores X-HTTP-Method-Override."""

    def method(self, call: Call) -> str:
        return "GET" if call.method == "HEAD" else call.method


@kills("jasperserver.access.unsupported-method")
class UnknownMethodsAreMissing(Reference):
    """Answers 404 instead of 405 to an unsupported method."""

    def answer_to(self, caller: Caller) -> Answer:
        try:
            return super().answer_to(caller)
        except Refusal as refusal:
            raise replace_status(refusal, 404 if refusal.status == 405 else refusal.status) from None


@kills("jasperserver.access.unsupported-method")
class PostReadsTheStatus(Reference):
    """Answers a POST to the status as if it were a GET."""

    def method(self, call: Call) -> str:
        method = super().method(call)
        return "GET" if method == "POST" and call.path.rstrip("/").endswith("/status") else method


@kills("jasperserver.access.allow-header")
class AllowsNothing(Reference):
    """Sends no Allow header with a 405."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        return super().refused(call, refusal).replace("Allow", None)


@kills("jasperserver.access.wrong-password")
class TrustsEmptyChanges(Reference):
    """Accepts any password if the new parameters are an empty list."""

    def identity_of(self, call: Call) -> Identity | None:
        credentials = basic_credentials(call)
        if credentials and call.path.endswith("/parameters") and call.body == b"[]":
            account = self.accounts.find(credentials[0])
            return account.identity if account else None
        return super().identity_of(replace(call))
