"""Authentication, the forms of URLs, and methods."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace

from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import ANONYMOUS, Target
from pytest_reportconformance.transcript.exchange import Request

WRONG = "conformance-wrong-password"
MOST_WRONG = 2
"""Wrong passwords for one account in a run: a product locks an account after ten."""
FIRST = ("output", "run", "details", "search", "cancel", "export")
"""The operations that are tried with a wrong password before all others."""
TOO_FEW = "one wrong password for the owner, two for each expendable account: name user names in target.expendable"


def status_forms(step: Steps, id: str) -> None:
    """The URL of the status as documented, and without its slash."""
    _without_slash(step, "status", operations.status(id))


def _without_slash(step: Steps, name: str, request: Request) -> None:
    step(f"{name}-printed", request)
    step(f"{name}-without-slash", replace(request, url=request.url.removesuffix("/")))


def url_forms(step: Steps, id: str, export: str) -> None:
    """Each other URL as documented, and with or without the slash at its end."""
    _without_slash(step, "exports", operations.export(id, outputFormat="csv"))
    unreadable = operations.raw_run(b"{")
    without_slash = {
        "run": unreadable,
        "details": operations.details(id),
        "output": operations.output(id, export),
        "parameters": replace(operations.parameters(id, {}), body=b"{"),
    }
    for name, request in without_slash.items():
        step(f"{name}-printed", request)
        step(f"{name}-with-slash", replace(request, url=request.url + "/"))


def methods(step: Steps, id: str) -> None:
    """Methods that resources do not support, and a method that overrides another."""
    details, cancel = operations.details(id), operations.cancel(id)
    step("unsupported-details", replace(details, method="PUT"))
    step("unsupported-status", replace(operations.status(id), method="POST"))
    step("cancel-finished", cancel, establishes="jasperserver.cancel.finished")
    step("cancel-overridden", replace(cancel, method="POST").with_header("X-HTTP-Method-Override", "PUT"))


def tried(target: Target) -> list[str]:
    """The user names with which wrong passwords are tried: one of the operator's own accounts is tried once only."""
    own = [name for name in target.expendable for _ in range(MOST_WRONG)]
    return own or [target.identity("owner").value("username")]


def wrong_passwords(step: Steps, requests: Mapping[str, Request]) -> None:
    """Operations with a wrong password, each followed by an ordinary request of the owner."""
    owner = step.target.identity("owner")
    if owner.auth != "basic":
        step.note(signs_on=owner.auth)
        return
    step.note(signs_on="basic")
    order, users = sorted(requests, key=lambda name: (name not in FIRST, name)), tried(step.target)
    for name in order[len(users) :]:
        step.leave_out(f"wrong-{name}", TOO_FEW)
    for name, user in zip(order, users, strict=False):
        token = base64.b64encode(f"{user}:{WRONG}".encode()).decode()
        step(f"wrong-{name}", requests[name].with_header("Authorization", f"Basic {token}"), identity=ANONYMOUS)
        step("between", requests["details"], establishes="jasperserver.details.same-request")
    step("anonymous", requests["details"], identity=ANONYMOUS)
    step("anonymous-suppressed", requests["details"].with_header("X-Suppress-Basic", "true"), identity=ANONYMOUS)
