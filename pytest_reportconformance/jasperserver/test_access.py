"""Checks of authentication, URL forms and methods."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

OPERATIONS = (
    *("run", "status", "details", "output", "export-status", "search"),
    *("page-status", "info", "export", "parameters", "cancel", "delete"),
)


def _uses_a_password(run_used: Transcript) -> None:
    scheme = run_used.fact("signs_on")
    expect.applies(scheme == "basic", f"the owner authenticates with {scheme}, not with a password")


@requirement("jasperserver.access.wrong-password")
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_wrong_password_answers_401(run_used: Transcript, name: str) -> None:
    _uses_a_password(run_used)
    expect.refused(run_used[f"wrong-{name}"], 401, control=run_used[name])


def _refusals(run_used: Transcript) -> list[Exchange]:
    """The 401 answers to requests without valid credentials."""
    names = [f"wrong-{name}" for name in OPERATIONS] + ["anonymous", "no-credentials"]
    found = [run_used[name] for name in names if name in run_used and run_used[name].status_code == 401]
    expect.seen(bool(found), "no request was answered with 401")
    return found


@requirement("jasperserver.access.challenge")
def test_a_401_carries_a_challenge(run_used: Transcript) -> None:
    for answer in _refusals(run_used):
        answer.header("WWW-Authenticate")


@requirement("jasperserver.access.basic-challenge")
def test_a_challenge_offers_basic(run_used: Transcript) -> None:
    for answer in _refusals(run_used):
        schemes = [value.split()[0].lower() for value in answer.header_values("WWW-Authenticate") if value.strip()]
        expect.precondition(bool(schemes), "no challenge", answer, "jasperserver.access.challenge")
        expect.that(any("basic" in value for value in schemes), "a challenge of the scheme Basic", schemes, answer)


@requirement("jasperserver.access.suppressed-challenge")
def test_a_challenge_can_be_suppressed(run_used: Transcript) -> None:
    answer = run_used["anonymous-suppressed"]
    expect.precondition(
        answer.status_code == 401, f"the request without credentials was answered with {answer.status_code}", answer
    )
    expect.equal(answer.header_values("WWW-Authenticate"), [], "WWW-Authenticate", answer)


@requirement("jasperserver.access.status-url")
def test_the_status_answers_at_its_documented_url(run_used: Transcript) -> None:
    printed, other = run_used["status-printed"], run_used["status-without-slash"]
    expect.precondition(
        printed.succeeded or other.succeeded, "it answers at neither URL", by="jasperserver.status.known"
    )
    expect.status(printed, 200)


@requirement("jasperserver.access.status-url-without-slash")
def test_the_status_answers_without_the_slash(run_used: Transcript) -> None:
    printed, answer = run_used["status-printed"], run_used["status-without-slash"]
    expect.precondition(printed.status_code == 200, "no status", printed)
    expect.status(answer, 200)
    if descriptors.status(printed) in descriptors.TERMINAL:
        expect.equal(descriptors.status(answer), descriptors.status(printed), "status", answer)


@requirement("jasperserver.access.exports-url")
def test_exports_are_accepted_at_the_documented_url(run_used: Transcript) -> None:
    printed, other = run_used["exports-printed"], run_used["exports-without-slash"]
    expect.precondition(
        printed.succeeded or other.succeeded, "no export is accepted", by="jasperserver.export.accepted-json"
    )
    expect.status(printed, 200)


@requirement("jasperserver.access.exports-url-without-slash")
def test_exports_are_accepted_without_the_slash(run_used: Transcript) -> None:
    expect.precondition(run_used["exports-printed"].succeeded, "no export is accepted", run_used["exports-printed"])
    expect.status(run_used["exports-without-slash"], 200)


@requirement("jasperserver.access.trailing-slash")
@pytest.mark.parametrize("name", ["run", "details", "output", "parameters"])
def test_a_slash_at_the_end_makes_no_difference(run_used: Transcript, name: str) -> None:
    printed, answer = run_used[f"{name}-printed"], run_used[f"{name}-with-slash"]
    expect.precondition(printed.status_code not in (404, 405), f"it was answered with {printed.status_code}", printed)
    expect.equal(answer.status_code, printed.status_code, "status with a slash at the end", answer)


@requirement("jasperserver.access.method-override")
def test_a_post_acts_as_another_method(run_used: Transcript) -> None:
    expect.precondition(run_used["cancel-finished"].succeeded, "no cancel is accepted", run_used["cancel-finished"])
    expect.status(run_used["cancel-overridden"], run_used["cancel-finished"].status_code)


UNSUPPORTED = pytest.mark.parametrize("name", ["unsupported-details", "unsupported-status"])


@requirement("jasperserver.access.unsupported-method")
@UNSUPPORTED
def test_an_unsupported_method_answers_405(run_used: Transcript, name: str) -> None:
    expect.status(run_used[name], 405)


@requirement("jasperserver.access.allow-header")
@UNSUPPORTED
def test_a_405_lists_the_allowed_methods(run_used: Transcript, name: str) -> None:
    answer = run_used[name]
    expect.applies(answer.status_code == 405, f"it was answered with {answer.status_code}")
    answer.header("Allow")
