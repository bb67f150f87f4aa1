"""Authentication and authorization of every operation."""

from __future__ import annotations

import base64
import binascii
import hmac

from pytest_reportconformance.akamai_reporting.reference import edgegrid
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.problems import Problems, Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call

CHALLENGES = {"basic": 'Basic realm="reporting", charset="UTF-8"', "bearer": "Bearer", "edgegrid": edgegrid.SCHEME}


class Permissions(Problems):
    """Authentication, and authorization of scope, report, object, and queries of other accounts."""

    def anonymous(self, operation: str) -> Identity | None:
        """The identity that handles a call without valid credentials; None refuses it."""
        del operation
        return None

    def authenticate(self, call: Call, operation: str) -> Identity:
        """The identity of a call, else a refusal with 401. `operation` is list, options, submit or query."""
        identity = self.identity_of(call) or self.anonymous(operation)
        if identity is None:
            raise Refusal(self.unauthenticated(operation))
        return identity

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

    def identity_of(self, call: Call) -> Identity | None:
        """The identity whose credentials the call carries, None if they are missing or wrong."""
        authorization = call.header("Authorization")
        if self.auth == "basic":
            return self.identity_by_password(authorization)
        if self.auth == "bearer":
            return self.identity_by_token(authorization)
        return self.identity_by_signature(call)

    def identity_by_password(self, authorization: str) -> Identity | None:
        """HTTP Basic (RFC 7617)."""
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        identity = next((identity for identity in self.identities if identity.name == name), None)
        return identity if identity and self.is_secret(password, identity.password) else None

    def identity_by_token(self, authorization: str) -> Identity | None:
        """Bearer tokens (RFC 6750)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return next((identity for identity in self.identities if self.is_secret(token.strip(), identity.token)), None)

    def identity_by_signature(self, call: Call) -> Identity | None:
        """EdgeGrid: a known client, a right signature, a timestamp of now, a nonce never seen."""
        fields = edgegrid.signed_fields(call.header("Authorization"))
        pair = (fields.get("client_token"), fields.get("access_token"))
        identity = next((one for one in self.identities if (one.client_token, one.access_token) == pair), None)
        if identity is None or not self.is_signed(call, identity) or not self.is_timely(fields.get("timestamp", "")):
            return None
        return identity if self.is_fresh(fields.get("nonce", "")) else None

    def is_secret(self, given: str, known: str) -> bool:
        """Whether a password or token is the right one."""
        return hmac.compare_digest(given.encode(), known.encode())

    def is_signed(self, call: Call, identity: Identity) -> bool:
        """Whether the EdgeGrid signature is right."""
        return edgegrid.is_signed(call, identity.client_secret)

    def is_timely(self, timestamp: str) -> bool:
        """Whether an EdgeGrid timestamp is of now."""
        return edgegrid.is_timely(timestamp, self.now())

    def is_fresh(self, nonce: str) -> bool:
        """Whether an EdgeGrid nonce is used for the first time."""
        with self.lock:
            return edgegrid.is_fresh(nonce, self.nonces, self.clock())

    def has_scope(self, identity: Identity, operation: str) -> bool:
        """Whether an identity has the scope for report options and data."""
        del operation
        return identity.scoped

    def may_use(self, identity: Identity, report: Report) -> bool:
        """Whether the account of an identity has access to a report."""
        return report.accounts is None or identity.account in report.accounts

    def may_read(self, identity: Identity, query: Query) -> bool:
        """Whether an identity may fetch a query: those of its own account."""
        return identity.account == query.account

    def forbidden_objects(self, identity: Identity, selection: Selection) -> list[str]:
        """The objects in filters on authorizable dimensions that the identity has no access to."""
        found = []
        for filter in selection.filters:
            dimension = selection.report.dimension(filter.name)
            if dimension and dimension.authorizable and filter.operator in ("IN_LIST", "EXACT"):
                found += [text for text in filter.expressions if text not in identity.objects]
        return found

    def report_for(self, identity: Identity, path: str, operation: str) -> Report:
        """The report of that path; refuses with 404 if there is none, with 403 if the identity has no access to it."""
        report = self.reports.get(path)
        if report is None:
            raise Refusal(self.report_not_found(path))
        if not self.has_scope(identity, operation):
            raise Refusal(self.out_of_scope())
        if not self.may_use(identity, report):
            raise Refusal(self.report_forbidden(path))
        return report
