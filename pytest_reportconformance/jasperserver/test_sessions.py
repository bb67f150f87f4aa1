"""Checks of sessions, and of the use of a request id within one."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.scenarios.attempts import READABLE
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

USES = (
    *("status", "details", "output", "export-status", "export", "parameters", "poll-again"),
    *("status-late", "details-late", "cancel", "details-last"),
)


@requirement("jasperserver.sessions.cookie")
def test_the_first_answer_sets_a_cookie(run_used: Transcript) -> None:
    expect.precondition(run_used["run"].succeeded, "no run is accepted", run_used["run"])
    run_used["run"].header("Set-Cookie")


@requirement("jasperserver.sessions.cookie-alone")
def test_the_cookie_alone_is_enough(run_used: Transcript) -> None:
    expect.applies(bool(run_used["run"].header_values("Set-Cookie")), "no answer set a cookie")
    expect.precondition(
        run_used["no-credentials"].status_code == 401, "credentials are not required", run_used["no-credentials"]
    )
    answer = run_used["cookie-alone"]
    expect.status(answer, 200)
    expect.equal(descriptors.id_of(answer), descriptors.id_of(run_used["run"]), "requestId", answer)


@requirement("jasperserver.sessions.cookie-alone")
@pytest.mark.parametrize("name", [name for name in (*READABLE, "search") if name != "attachment"])
def test_the_cookie_alone_is_enough_for_every_read(run_used: Transcript, name: str) -> None:
    """What the owner cannot read with credentials either is not judged here."""
    expect.applies(bool(run_used["run"].header_values("Set-Cookie")), "no answer set a cookie")
    expect.precondition(run_used[name].succeeded, "it is refused with credentials as well", run_used[name])
    expect.status(run_used[f"cookie-alone-{name}"], 200, 204)


@requirement("jasperserver.sessions.id-serves-all")
@pytest.mark.parametrize("name", USES)
def test_an_id_is_valid_for_every_operation(run_used: Transcript, name: str) -> None:
    expect.never(run_used[name], 401, 403, 404, 410)


@requirement("jasperserver.sessions.other-session")
def test_another_session_reads_the_execution(run_used: Transcript) -> None:
    expect.precondition(run_used["details"].succeeded, "no details", run_used["details"])
    expect.status(run_used["other-session"], 200)
