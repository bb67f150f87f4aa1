"""Who calls, and what they may do."""

from __future__ import annotations

import base64
import binascii
import hmac

from pytest_reportconformance.akamai_reporting.reference import edgegrid
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Person
from pytest_reportconformance.akamai_reporting.reference.problems import Problems, Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call

CHALLENGES = {"basic": 'Basic realm="reporting", charset="UTF-8"', "bearer": "Bearer", "edgegrid": edgegrid.SCHEME}


class Permissions(Problems):
    """Authentication, and the four things that may be denied: scope, report, object, query of another account."""

    def anonymous(self, operation: str) -> Person | None:
        """As whom a call without valid credentials is handled; None refuses it."""
        del operation
        return None

    def authenticate(self, call: Call, operation: str) -> Person:
        """Who calls; refuses with 401 whoever cannot prove it. `operation` is list, options, submit or query."""
        person = self.person_of(call) or self.anonymous(operation)
        if person is None:
            raise Refusal(self.unauthenticated(operation))
        return person

    def unauthenticated(self, operation: str) -> Answer:
        """401 in the vendor's form, which is no problem document."""
        del operation
        document = {
            "code": "PAPI-401",
            "title": "Authentication failed",
            "incidentId": self.problem_id(),
            "solution": "Send valid credentials",
        }
        return self.json_answer(document, 401).replace("WWW-Authenticate", CHALLENGES[self.auth])

    def person_of(self, call: Call) -> Person | None:
        """The person whose credentials the call carries, None where they are missing or wrong."""
        authorization = call.header("Authorization")
        if self.auth == "basic":
            return self.person_by_password(authorization)
        if self.auth == "bearer":
            return self.person_by_token(authorization)
        return self.person_by_signature(call)

    def person_by_password(self, authorization: str) -> Person | None:
        """HTTP Basic (RFC 7617)."""
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        person = next((person for person in self.people if person.name == name), None)
        return person if person and self.is_secret(password, person.password) else None

    def person_by_token(self, authorization: str) -> Person | None:
        """Bearer tokens (RFC 6750)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return next((person for person in self.people if self.is_secret(token.strip(), person.token)), None)

    def person_by_signature(self, call: Call) -> Person | None:
        """EdgeGrid: a known client, a right signature, a timestamp of now, a nonce never seen."""
        fields = edgegrid.signed_fields(call.header("Authorization"))
        pair = (fields.get("client_token"), fields.get("access_token"))
        person = next((one for one in self.people if (one.client_token, one.access_token) == pair), None)
        if person is None or not self.is_signed(call, person) or not self.is_timely(fields.get("timestamp", "")):
            return None
        return person if self.is_fresh(fields.get("nonce", "")) else None

    def is_secret(self, given: str, known: str) -> bool:
        """Whether a password or token is the right one."""
        return hmac.compare_digest(given.encode(), known.encode())

    def is_signed(self, call: Call, person: Person) -> bool:
        """Whether the EdgeGrid signature is right."""
        return edgegrid.is_signed(call, person.client_secret)

    def is_timely(self, timestamp: str) -> bool:
        """Whether an EdgeGrid timestamp is of now."""
        return edgegrid.is_timely(timestamp, self.now())

    def is_fresh(self, nonce: str) -> bool:
        """Whether an EdgeGrid nonce is used for the first time."""
        with self.lock:
            return edgegrid.is_fresh(nonce, self.nonces, self.clock())

    def has_scope(self, person: Person, operation: str) -> bool:
        """Whether a person may use report options and data at all."""
        del operation
        return person.scoped

    def may_use(self, person: Person, report: Report) -> bool:
        """Whether a report is open to the person's account."""
        return report.accounts is None or person.account in report.accounts

    def may_read(self, person: Person, query: Query) -> bool:
        """Whether a person may fetch a query: those of their own account."""
        return person.account == query.account

    def forbidden_objects(self, person: Person, selection: Selection) -> list[str]:
        """The objects named by filters on authorizable dimensions that the person may not see."""
        found = []
        for filter in selection.filters:
            dimension = selection.report.dimension(filter.name)
            if dimension and dimension.authorizable and filter.operator in ("IN_LIST", "EXACT"):
                found += [text for text in filter.expressions if text not in person.objects]
        return found

    def report_for(self, person: Person, path: str, operation: str) -> Report:
        """The report of that path; refuses with 404 where there is none, with 403 where the person may not use it."""
        report = self.reports.get(path)
        if report is None:
            raise Refusal(self.report_not_found(path))
        if not self.has_scope(person, operation):
            raise Refusal(self.out_of_scope())
        if not self.may_use(person, report):
            raise Refusal(self.report_forbidden(path))
        return report
