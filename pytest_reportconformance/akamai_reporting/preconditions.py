"""Verifies that the credentials of every identity are accepted.

Rule: `wrong` is what target.toml has to change before anything can be judged.
"""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import discovery, operations
from pytest_reportconformance.api import Finding
from pytest_reportconformance.recording import sign_in
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

CREDENTIALS = "write [identities.owner] in a target.toml, with edgerc and section or with a token"
UNKNOWN_FAMILY = "no-such-product-family"


def verify(target: Target, step: Steps) -> list[Finding]:
    """The findings about identities."""
    lacking = sign_in.without_credentials(target, step, sign_in_requests, CREDENTIALS)
    found = sign_in.refused(target, step, sign_in_requests)
    return [*lacking, *(_accepted(role, one) if isinstance(one, Exchange) else one for role, one in found.items())]


def sign_in_requests(role: str) -> tuple[Request, Request] | None:
    """Two reads of the lists of reports. The identity without the scope may be refused everything."""
    return None if role == "unscoped" else (operations.reports(), operations.reports(UNKNOWN_FAMILY))


def _accepted(role: str, answer: Exchange) -> Finding:
    about = f"identities.{role}"
    if answer.succeeded:
        count = len(discovery.entries(answer))
        return Finding(about, "good", f"the credentials are accepted; {count} reports listed")
    advice = f"check [{about}] and whether its API client has the Reporting API"
    return Finding(about, "note", f"{answer.line} is answered {answer.status_code}", advice)
