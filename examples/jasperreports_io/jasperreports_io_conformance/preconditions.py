"""How a server is recognized, and what has to hold before anything is judged.

The engine has no users. Something before it may ask for credentials: then target.toml names an owner.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.api import Finding
from pytest_reportconformance.jasperserver import descriptors, operations
from pytest_reportconformance.jasperserver.preconditions import NO_EXECUTION
from pytest_reportconformance.recording import sign_in
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

PROBE = replace(operations.status(NO_EXECUTION), credentials=False)
CREDENTIALS = "write [identities.owner] in a target.toml; beside a bare URL set RC_OWNER_USERNAME and RC_OWNER_PASSWORD"


def recognizes(answer: Exchange) -> bool:
    """Whether the status of an unknown execution is answered 404 by a report service without credentials.

    JasperReports Server answers so as well, but to its users only.
    """
    public = not answer.request.credentials and answer.status_code == 404
    return public and descriptors.error_descriptor(answer) is not None


def sign_in_requests(role: str) -> tuple[Request, Request]:
    """Two requests that everybody is let in to: the status and the details of an execution that does not exist."""
    return operations.status(NO_EXECUTION), operations.details(NO_EXECUTION)


def verify(target: Target, step: Steps) -> list[Finding]:
    """The findings about credentials; a finding `wrong` ends the run as an error of the configuration."""
    lacking = sign_in.without_credentials(target, step, sign_in_requests, CREDENTIALS)
    return [*lacking, *sign_in.listed(sign_in.refused(target, step, sign_in_requests))]
