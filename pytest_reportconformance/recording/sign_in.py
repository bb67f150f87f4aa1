"""Whether the identities of a target are let in, asked before anything is judged.

Rule: one odd answer proves nothing about the credentials: an identity counts as refused only if two different requests
are refused alike. What is refused once is left to the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from pytest_reportconformance.api import Finding
from pytest_reportconformance.http.refusal import intermediary, refusal
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request

DEMANDS = (401, 403)
"""Statuses that demand credentials of a request without."""

Requests = Callable[[str], tuple[Request, Request] | None]
"""Two requests that every identity of that role is let in to; None if the role may be refused both."""


def refused(target: Target, step: Steps, requests: Requests) -> dict[str, Finding | Exchange]:
    """For each identity the answer to its first request, or what keeps it out: `wrong` or `unreachable`."""
    asked = {role: pair for role in target.identities if (pair := requests(role)) is not None}
    calls = [partial(step, f"sign-in-{role}", pair[0], identity=role) for role, pair in asked.items()]
    answers = dict(zip(asked, step.together(calls), strict=True))
    return {role: _finding(target, step, role, answer, asked[role][1]) or answer for role, answer in answers.items()}


def _finding(target: Target, step: Steps, role: str, answer: Exchange, second: Request) -> Finding | None:
    about, identity = f"identities.{role}", target.identities[role]
    if answer.response is None:
        return Finding(about, "unreachable", answer.error.text if answer.error else "no answer")
    reason = refusal(identity, answer)
    if reason is None or refusal(identity, step(f"sign-in-again-{role}", second, identity=role)) is None:
        return None
    return Finding(about, "wrong", reason)


def without_credentials(target: Target, step: Steps, requests: Requests, advice: str) -> list[Finding]:
    """What keeps a target without identities from being judged: nothing if its server needs no credentials."""
    pair = requests("owner")
    if target.identities or pair is None:
        return []
    first, second = (step("without-credentials", request) for request in pair)
    if first.response is None or second.response is None:
        return []
    if (text := intermediary(first)) is not None and intermediary(second) is not None:
        return [Finding("identities", "wrong", text)]
    if first.status_code not in DEMANDS or second.status_code not in DEMANDS:
        return []
    text = f"no credentials are given, and the server demands some ({first.status_code} to {first.line})"
    return [Finding("identities", "untested", text, advice)]


def listed(found: dict[str, Finding | Exchange]) -> Iterator[Finding]:
    """The findings among them."""
    return (one for one in found.values() if isinstance(one, Finding))
