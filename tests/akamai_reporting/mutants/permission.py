"""Mutants of authorization."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import OTHER_USER, OWNER, UNSCOPED, Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call
from tests.akamai_reporting.mutants.common import is_last
from tests.mutation.kill_matrix import kills


class ServesAnonymous(Reference):
    """Handles calls without credentials as the owner's if `open_to_all` is true."""

    def authenticate(self, call: Call, operation: str) -> Identity:
        try:
            return super().authenticate(call, operation)
        except Refusal:
            if call.header("Authorization") or not self.open_to_all(call, operation):
                raise
            return OWNER

    def page_in(self, call: Call) -> tuple[Query, int] | None:
        """The query and the page of a call, None if there is none."""
        return self.find(call.path.rpartition("/")[2])

    def open_to_all(self, call: Call, operation: str) -> bool:
        raise NotImplementedError


@kills("akamai_reporting.permission.anonymous-submit", "akamai_reporting.permission.anonymous-no-data")
class AnonymousSubmits(ServesAnonymous):
    """Accepts submissions without credentials."""

    def open_to_all(self, call: Call, operation: str) -> bool:
        return operation == "submit" and self.is_asynchronous(call)


@kills("akamai_reporting.permission.anonymous-submit")
class AnonymousIsForbidden(Reference):
    """Answers a submission without credentials 403."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        if answer.status == 401 and "async=true" in call.target and not call.header("Authorization"):
            answer.status = 403
        return answer


@kills("akamai_reporting.permission.anonymous-synchronous", "akamai_reporting.permission.anonymous-no-data")
class AnonymousIsAnsweredAtOnce(ServesAnonymous):
    """Answers synchronous requests without credentials."""

    def open_to_all(self, call: Call, operation: str) -> bool:
        return operation == "submit" and not self.is_asynchronous(call)


@kills("akamai_reporting.permission.anonymous-poll", "akamai_reporting.permission.anonymous-no-data")
class AnonymousPollsWhilePending(ServesAnonymous):
    """Answers polls of a pending query without credentials."""

    def open_to_all(self, call: Call, operation: str) -> bool:
        found = self.page_in(call) if operation == "query" else None
        return found is not None and self.is_pending(found[0], 1)


@kills(
    "akamai_reporting.permission.anonymous-poll",
    "akamai_reporting.permission.anonymous-page",
    "akamai_reporting.permission.anonymous-no-data",
)
class IdsAreKeys(ServesAnonymous):
    """Serves ready queries without credentials."""

    def open_to_all(self, call: Call, operation: str) -> bool:
        found = self.page_in(call) if operation == "query" else None
        return found is not None and not self.is_pending(found[0], 1)


@kills("akamai_reporting.permission.anonymous-page", "akamai_reporting.permission.anonymous-no-data")
class LaterPagesAreOpen(ServesAnonymous):
    """Serves later pages without credentials."""

    def open_to_all(self, call: Call, operation: str) -> bool:
        found = self.page_in(call) if operation == "query" else None
        return found is not None and found[1] > 0


@kills("akamai_reporting.permission.anonymous-page")
class PagesAreHidden(Reference):
    """Answers later pages without credentials 404."""

    def authenticate(self, call: Call, operation: str) -> Identity:
        try:
            return super().authenticate(call, operation)
        except Refusal:
            found = self.find(call.path.rpartition("/")[2]) if operation == "query" else None
            if found is None or found[1] == 0:
                raise
            raise Refusal(self.query_not_found()) from None


@kills("akamai_reporting.permission.anonymous-no-data")
class RefusalOfAnonymousHasALocation(Reference):
    """Answers a submission without credentials 401 with a Location."""

    def unauthenticated(self, operation: str) -> Answer:
        answer = super().unauthenticated(operation)
        return answer.replace("Location", "/sign-on") if operation == "submit" else answer


@kills("akamai_reporting.permission.anonymous-no-data")
class RefusesAnonymousWithRows(Reference):
    """Answers a page without credentials 401 with its rows."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        found = self.find(call.path.rpartition("/")[2]) if answer.status == 401 else None
        if found is not None and not self.is_pending(found[0], 1):
            answer.body = self.encoded({"title": "Unauthorized", "data": self.data_of(*found)})
        return answer


@kills("akamai_reporting.permission.wrong-secret")
class IgnoresTheFirstCharacterOfASecret(Reference):
    """Ignores the first character of secrets."""

    def is_secret(self, given: str, known: str) -> bool:
        return super().is_secret(given[1:], known[1:])


@kills("akamai_reporting.permission.wrong-secret")
class WrongSecretIsABadRequest(Reference):
    """Answers a wrong secret 400."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        if answer.status == 401 and call.header("Authorization"):
            answer.status = 400
        return answer


@kills("akamai_reporting.permission.unscoped-options")
class OptionsNeedNoScope(Reference):
    """Returns options without the scope."""

    def has_scope(self, identity: Identity, operation: str) -> bool:
        return operation == "options" or super().has_scope(identity, operation)


@kills(
    "akamai_reporting.permission.unscoped-submit",
    "akamai_reporting.permission.unscoped-synchronous",
    "akamai_reporting.permission.unscoped-no-data",
)
class SubmissionsNeedNoScope(Reference):
    """Accepts submissions without the scope."""

    def has_scope(self, identity: Identity, operation: str) -> bool:
        return operation == "submit" or super().has_scope(identity, operation)


@kills("akamai_reporting.permission.unscoped-submit")
class UnscopedAreUnknown(Reference):
    """Answers a submission without the scope 401."""

    def answer(self, call: Call) -> Answer:
        self.asked.later = call.argument("async") is not None
        return super().answer(call)

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "submit" and self.asked.later and not identity.scoped:
            raise Refusal(self.unauthenticated(operation))
        return super().report_for(identity, path, operation)

    asked = threading.local()


@kills("akamai_reporting.permission.unscoped-problem")
class UnscopedGetAText(Reference):
    """Refuses requests without the scope in plain text."""

    def out_of_scope(self) -> Answer:
        return Answer(403, b"Forbidden", [("Content-Type", "text/plain")])


@kills("akamai_reporting.permission.unscoped-problem")
class UnscopedGetAnotherStatus(Reference):
    """Has the status 401 in the problem document of a 403 answer."""

    def out_of_scope(self) -> Answer:
        answer = super().out_of_scope()
        answer.body = answer.body.replace(b'"status":403', b'"status":401')
        return answer


@kills("akamai_reporting.permission.forbidden-report")
class ForbiddenReportIsAccepted(Reference):
    """Accepts submissions to a report that the account has no access to."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        if operation == "submit" and identity is OWNER and path == "delivery/traffic/peering":
            return self.reports[path]
        return super().report_for(identity, path, operation)


@kills("akamai_reporting.permission.forbidden-report")
class ForbiddenReportIsHidden(Reference):
    """Answers 404 for a report that the account has no access to."""

    def report_forbidden(self, path: str) -> Answer:
        return self.report_not_found(path)


@kills("akamai_reporting.permission.other-user-poll", "akamai_reporting.permission.other-user-no-data")
class OtherUsersPollWhilePending(Reference):
    """Answers polls of a pending query by other accounts."""

    def may_read(self, identity: Identity, query: Query) -> bool:
        return super().may_read(identity, query) or self.is_pending(query, 1)


@kills("akamai_reporting.permission.other-user-page", "akamai_reporting.permission.other-user-no-data")
class OtherUsersReadLaterPages(Reference):
    """Serves later pages to other accounts."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        found = self.find(identifier)
        if found is not None and found[1] > 0 and identity is OTHER_USER:
            identity = OWNER
        return super().query_for(identity, report, identifier)


@kills(
    "akamai_reporting.permission.other-user-poll",
    "akamai_reporting.permission.other-user-page",
    "akamai_reporting.permission.other-user-no-data",
)
class AccountsAreOne(Reference):
    """Serves ready queries to every account."""

    def may_read(self, identity: Identity, query: Query) -> bool:
        return super().may_read(identity, query) or not self.is_pending(query, 1)


@kills("akamai_reporting.permission.other-user-poll", "akamai_reporting.permission.other-user-page")
class OtherUsersSeeNothing(Reference):
    """Answers another account's query with an empty result."""

    def query_of_another(self) -> Answer:
        return self.json_answer({"data": [], "metadata": {"name": "", "rows": 0, "totalRows": 0, "links": []}})


@kills("akamai_reporting.permission.other-user-no-data")
class RefusalOfOtherUsersHasALocation(Reference):
    """Refuses another account's query with a Location."""

    def query_of_another(self) -> Answer:
        refusal = self.problem(403, "unauthorized", "Unauthorized", "Not yours")
        return refusal.replace("Location", "/reporting-api/v2/reports")


@kills("akamai_reporting.permission.object-without-access")
class ObjectWithoutAccessIsAccepted(Reference):
    """Accepts a filter by an object without access."""

    def forbidden_objects(self, identity: Identity, selection: Selection) -> list[str]:
        return []


@kills("akamai_reporting.permission.object-without-access")
class ObjectWithoutAccessIsAcceptedAtOnce(Reference):
    """Refuses an object without access in the asynchronous mode only."""

    def submit(self, call: Call, identity: Identity, report: Report) -> Answer:
        self.asynchronous = self.is_asynchronous(call)
        return super().submit(call, identity, report)

    def forbidden_objects(self, identity: Identity, selection: Selection) -> list[str]:
        found = super().forbidden_objects(identity, selection)
        return found if self.asynchronous else []


@kills("akamai_reporting.permission.object-without-access")
class ObjectWithoutAccessIsABadRequest(Reference):
    """Answers a filter by an object without access 400."""

    def objects_forbidden(self, objects: Iterable[str]) -> Answer:
        return self.problem(400, "invalid-request", "Invalid request", "Unknown object")


class Signed(Reference):
    """Authenticates with EdgeGrid."""

    def __init__(self, slow_seconds: float = 0.8) -> None:
        super().__init__(slow_seconds=slow_seconds, auth="edgegrid")


@kills("akamai_reporting.permission.replayed-signature")
class SignaturesServeTwice(Signed):
    """Accepts a nonce twice."""

    def is_fresh(self, nonce: str) -> bool:
        return True


@kills("akamai_reporting.permission.stale-signature")
class SignaturesServeForEver(Signed):
    """Accepts any timestamp."""

    def is_timely(self, timestamp: str) -> bool:
        return True


@kills("akamai_reporting.permission.www-authenticate")
class NoChallengeIn401(Reference):
    """Answers 401 without a challenge."""

    def unauthenticated(self, operation: str) -> Answer:
        return super().unauthenticated(operation).replace("WWW-Authenticate", None)


@kills("akamai_reporting.permission.unscoped-poll", "akamai_reporting.permission.unscoped-no-data")
class QueriesNeedNoScope(Reference):
    """Serves ready queries to identities without the scope."""

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        unscoped = operation == "query" and identity is UNSCOPED
        return super().report_for(OWNER if unscoped else identity, path, operation)

    def may_read(self, identity: Identity, query: Query) -> bool:
        return identity is UNSCOPED or super().may_read(identity, query)


@kills("akamai_reporting.permission.unscoped-synchronous", "akamai_reporting.permission.unscoped-no-data")
class DataAtOnceNeedsNoScope(Reference):
    """Answers synchronous requests by identities without the scope."""

    def answer(self, call: Call) -> Answer:
        self.at_once.now = "/data" in call.path and call.argument("async") is None
        return super().answer(call)

    def has_scope(self, identity: Identity, operation: str) -> bool:
        return self.at_once.now or super().has_scope(identity, operation)

    at_once = threading.local()


@kills("akamai_reporting.permission.other-user-page", "akamai_reporting.permission.other-user-no-data")
class OtherUsersReadTheLastPage(Reference):
    """Serves the last page to other accounts."""

    def query_for(self, identity: Identity, report: Report, identifier: str) -> tuple[Query, int]:
        found = self.find(identifier)
        if found is not None and is_last(*found) and found[1] > 1 and identity is OTHER_USER:
            identity = OWNER
        return super().query_for(identity, report, identifier)
