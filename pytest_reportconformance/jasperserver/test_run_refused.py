"""Checks of runs that are refused: unknown and forbidden reports, malformed page ranges."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import IN_JSON, error_code, started
from pytest_reportconformance.jasperserver.scenarios.run_refused import BAD_PAGES
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

FAMILIES = pytest.mark.parametrize("family", ["json", "xml"])
MODES = pytest.mark.parametrize("mode", ["async", "sync"])
REFUSES = {
    "forbidden": "jasperserver.run.forbidden-report",
    "unknown": "jasperserver.run.unknown-report",
    "anonymous": "jasperserver.permission.anonymous-run",
}


@requirement("jasperserver.run.unknown-report")
@MODES
def test_a_run_of_an_unknown_report_answers_404(run_refused: Transcript, run_documented: Transcript, mode: str) -> None:
    family = run_documented.fact("family")
    expect.refused(run_refused[f"unknown-report-{family}-{mode}"], 404, control=started(run_documented))


@requirement("jasperserver.run.forbidden-report")
@MODES
def test_a_run_of_a_forbidden_report_answers_403(
    run_forbidden: Transcript, run_documented: Transcript, mode: str
) -> None:
    family = run_documented.fact("family")
    expect.refused(run_forbidden[f"{family}-{mode}"], 403, control=started(run_documented))


@requirement("jasperserver.run.forbidden-report")
@pytest.mark.parametrize("spelling", ["url-with-slash", "uri-with-slash", "uri-with-prefix"])
def test_a_forbidden_report_is_not_run_in_another_spelling(run_forbidden: Transcript, spelling: str) -> None:
    answer = run_forbidden[spelling]
    expect.that(not answer.succeeded, "a run that is refused", answer.status_code, answer)


@IN_JSON
@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("forbidden", 403, marks=requirement("jasperserver.run.forbidden-report")),
        pytest.param("unknown", 404, marks=requirement("jasperserver.run.unknown-report")),
    ],
)
def test_a_run_that_is_refused_beside_no_other_has_its_status(
    run_nothing: Transcript, run_documented: Transcript, name: str, status: int
) -> None:
    expect.refused(run_nothing[name], status, control=started(run_documented))


def _found(run_nothing: Transcript, when: str) -> dict[str, str | None]:
    """All executions that any search found, with the report of each."""
    found: dict[str, str | None] = {}
    for search in run_nothing.starting(f"{when}-"):
        if search.succeeded:
            found |= descriptors.found_executions(search)
    return found


def started_nothing(run_nothing: Transcript, name: str) -> None:
    """A refused run started no execution: none in its answer, and none that a search finds."""
    run, uri = run_nothing[name], run_nothing.fact("slow" if name == "anonymous" else name)
    expect.precondition(not run.succeeded, f"the run was answered with {run.status_code}", run, REFUSES[name])
    expect.equal(descriptors.request_id(run), None, "requestId in the refusal", run)
    new = {id: found for id, found in _found(run_nothing, "after").items() if id not in _found(run_nothing, "before")}
    ours = [id for id, found in new.items() if found is not None and found.removeprefix("repo:").endswith(uri)]
    expect.that(not ours, f"no execution of {uri}", ours, run)


@requirement("jasperserver.run.refused-starts-nothing")
@pytest.mark.parametrize("name", ["forbidden", "unknown"])
def test_a_refused_run_starts_nothing(run_nothing: Transcript, name: str) -> None:
    started_nothing(run_nothing, name)


@requirement("jasperserver.access.anonymous-run-starts-nothing")
def test_a_run_without_credentials_starts_nothing(run_nothing: Transcript) -> None:
    started_nothing(run_nothing, "anonymous")


@requirement("jasperserver.run.bad-pages")
@pytest.mark.parametrize("name", list(BAD_PAGES))
def test_a_run_of_a_malformed_page_range_answers_400(
    run_refused: Transcript, run_documented: Transcript, name: str
) -> None:
    family = run_documented.fact("family")
    expect.refused(run_refused[f"pages-{name}-{family}"], 400, control=started(run_documented))


@requirement("jasperserver.run.reversed-pages")
def test_a_reversed_page_range_answers_400(run_refused: Transcript, run_documented: Transcript) -> None:
    family = run_documented.fact("family")
    expect.refused(run_refused[f"pages-reversed-{family}"], 400, control=started(run_documented))


@requirement("jasperserver.run.bad-pages-code")
@FAMILIES
@pytest.mark.parametrize("name", list(BAD_PAGES))
def test_a_malformed_page_range_has_its_code(run_refused: Transcript, name: str, family: str) -> None:
    answer = run_refused[f"pages-{name}-{family}"]
    expect.equal(error_code(answer, 400), "report.invalid.page.range", "errorCode", answer)


@requirement("jasperserver.run.reversed-pages-code")
@FAMILIES
def test_a_reversed_page_range_has_its_code(run_refused: Transcript, family: str) -> None:
    answer = run_refused[f"pages-reversed-{family}"]
    expect.equal(error_code(answer, 400), "report.start.page.greater.then.end.page", "errorCode", answer)
