"""Checks of what search, cancel, details and delete do with executions that the scheduler started."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import descriptors, jobs
from pytest_reportconformance.jasperserver.assertions import cancel_in_time
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken
from pytest_reportconformance.transcript.transcript import Transcript

CONTROLS = {
    "other-id": "id",
    "shorter-id": "id",
    "other-label": "label",
    "shorter-label": "label",
    "longer-label": "label",
    "other-user": "user",
    "shorter-user": "user",
    "longer-user": "user",
    "other-user-xml": "user",
    "other-uri": "uri",
    "shorter-uri": "uri",
    "from-later": "from",
    "from-later-zone": "from-zone",
    "to-earlier": "to",
    "to-earlier-zone": "to-zone",
    "range-earlier": "range",
    "range-later": "range",
    "other-id-xml": "id-xml",
    "other-label-xml": "label-xml",
    "from-later-xml": "from-xml",
    "to-earlier-xml": "to-xml",
    "other-uri-xml": "uri-xml",
    "range-later-xml": "range-xml",
}
COMBINED = {
    "id-other-label": "id",
    "label-other-id": "label",
    "uri-other-id": "uri",
    "label-other-uri": "label",
    "id-other-user": "id",
    "id-later": "id",
    "label-earlier": "label",
    "id-other-uri": "id",
    "id-earlier": "id",
    "uri-later": "uri",
    "uri-earlier": "uri",
    "range-other-user": "range",
}


def _in(transcript: Transcript, name: str, id: str | None = None) -> bool:
    """Whether a search lists the execution of the job, or the one of that id."""
    return (id or transcript.fact("execution")) in descriptors.found_executions(transcript[name])


def _lists(transcript: Transcript, name: str) -> None:
    """The search lists the execution of the job, unless it was over by then."""
    search = transcript[name]
    expect.status(search, 200, 204)
    if not _in(transcript, name):
        runs = _in(transcript, "listed-still") or jobs.executing(transcript["state-still"])
        expect.seen(runs, "the job was over before the last search")
        raise Broken(f"a search that lists {transcript.fact('execution')}", search.text[:200] or "204", search)


def _user_search(transcript: Transcript) -> str:
    """The search by the creator of the job: the first spelling of the name that finds it, or the first of all."""
    names = [f"by-user-{number}" for number, _ in enumerate(transcript.fact("users"))]
    expect.seen(bool(names), "the creator of the job is unknown")
    return next((name for name in names if _in(transcript, name)), names[0])


def _leaves_out(transcript: Transcript, name: str, control: str) -> None:
    """The search does not list the execution of the job, though its control does."""
    control = _user_search(transcript) if control == "user" else f"by-{control}"
    expect.precondition(_in(transcript, control), f"{control} does not list the execution", transcript[control])
    search = transcript[f"by-{name}"]
    expect.status(search, 200, 204)
    expect.that(not _in(transcript, f"by-{name}"), "a search without the job's execution", search.text[:200], search)


def _between_finds(job_searched: Transcript) -> list[Exchange]:
    """The searches without arguments before and after which a search by the job's id found its execution."""
    finds = [
        job_searched.fact("execution") in descriptors.found_executions(find) for find in job_searched.all("found-by-id")
    ]
    listings = job_searched.all("listed")
    return [listing for before, after, listing in zip(finds, finds[1:], listings[1:], strict=False) if before and after]


@requirement("jasperserver.jobs.listed")
def test_a_search_without_arguments_lists_the_execution_of_a_job(job_searched: Transcript) -> None:
    if "execution" not in job_searched.facts:
        outlasted = bool(job_searched.fact("outlasted_searches"))
        expect.seen(outlasted, "the job was not seen running before and after a search")
        raise Broken("a search that lists the execution of a running job", "none does", job_searched["listed"])
    for search in _between_finds(job_searched):
        expect.that(
            job_searched.fact("execution") in descriptors.found_executions(search),
            "a search that lists the job's execution, like those by its id before and after",
            search.text[:200] or "204",
            search,
        )
    search = job_searched["listed-now"]
    if not _in(job_searched, "listed-now"):
        expect.seen(jobs.executing(job_searched["state-now"]), "the job was over before the search")
        raise Broken(f"a search that lists {job_searched.fact('execution')}", search.text[:200] or "204", search)


@requirement("jasperserver.jobs.by-id")
@pytest.mark.parametrize("name", ["by-id", "by-id-xml"])
def test_a_search_by_job_id_finds_the_execution(job_searched: Transcript, name: str) -> None:
    _lists(job_searched, name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("label", marks=requirement("jasperserver.jobs.by-label")),
        pytest.param("uri", marks=requirement("jasperserver.jobs.by-report-uri")),
        pytest.param("from", marks=requirement("jasperserver.jobs.by-fire-time-from")),
        pytest.param("from-zone", marks=requirement("jasperserver.jobs.by-fire-time-from")),
        pytest.param("to", marks=requirement("jasperserver.jobs.by-fire-time-to")),
        pytest.param("to-zone", marks=requirement("jasperserver.jobs.by-fire-time-to")),
        pytest.param("range", marks=requirement("jasperserver.jobs.by-fire-time-range")),
        pytest.param("range-zone", marks=requirement("jasperserver.jobs.by-fire-time-range")),
    ],
)
def test_a_search_by_an_argument_that_matches_finds_the_execution(job_searched: Transcript, name: str) -> None:
    _lists(job_searched, f"by-{name}")


@requirement("jasperserver.jobs.by-user")
def test_a_search_by_the_creator_finds_the_execution(job_searched: Transcript) -> None:
    _lists(job_searched, _user_search(job_searched))


@requirement("jasperserver.jobs.unmatched-argument")
@pytest.mark.parametrize("name", CONTROLS)
def test_an_argument_that_does_not_match_excludes_the_execution(job_searched: Transcript, name: str) -> None:
    _leaves_out(job_searched, name, CONTROLS[name])


@requirement("jasperserver.jobs.combined")
@pytest.mark.parametrize("name", COMBINED)
def test_one_argument_that_does_not_match_excludes_the_execution(job_searched: Transcript, name: str) -> None:
    _leaves_out(job_searched, name, COMBINED[name])


@requirement("jasperserver.jobs.combined")
def test_several_arguments_that_match_find_the_execution(job_searched: Transcript) -> None:
    for single in ("by-id", "by-label", "by-uri", "by-range"):
        expect.precondition(_in(job_searched, single), f"{single} does not list the execution", job_searched[single])
    _lists(job_searched, "by-all")


@requirement("jasperserver.jobs.combined")
def test_a_job_that_does_not_exist_excludes_a_run(searched: Transcript) -> None:
    id = descriptors.id_of(searched["run"])
    listed = searched["by-uri"]
    by = "jasperserver.search.by-report-uri"
    expect.precondition(_in(searched, "by-uri", id), "the search by the report alone does not list it", listed, by)
    search = searched["by-unknown-job-id"]
    expect.precondition(search.status_code == 204, f"the search by the job alone answered {search.status_code}", search)
    expect.status(searched["by-unknown-job-and-uri"], 204)


@requirement("jasperserver.jobs.fire-time-from-inclusive")
def test_the_range_of_fire_times_includes_its_first_minute(job_searched: Transcript) -> None:
    expect.seen(job_searched.fact("minute_known"), "the server sends no Date header")
    expect.precondition(
        _in(job_searched, "by-from"), "an earlier minute does not find it either", job_searched["by-from"]
    )
    _lists(job_searched, "by-from-minute")


@requirement("jasperserver.jobs.fire-time-to-inclusive")
def test_the_range_of_fire_times_includes_its_last_minute(job_searched: Transcript) -> None:
    expect.seen(job_searched.fact("minute_known"), "the server sends no Date header")
    expect.precondition(_in(job_searched, "by-to"), "a later minute does not find it either", job_searched["by-to"])
    _lists(job_searched, "by-to-minute")


def _leaves_the_run_out(job_searched: Transcript, name: str) -> None:
    id = descriptors.id_of(job_searched["run-beside"])
    listed = any(_in(job_searched, control, id) for control in ("beside-all", "beside-still"))
    expect.seen(listed, "the run beside the job is not listed at all")
    search = job_searched[name]
    expect.status(search, 200, 204)
    expect.that(not _in(job_searched, name, id), f"a search without the run {id}", search.text[:200], search)


@requirement("jasperserver.jobs.runs-left-out")
@pytest.mark.parametrize("name", ["beside-by-id", "beside-by-label"])
def test_a_search_for_a_job_does_not_list_reports_run_over_rest(job_searched: Transcript, name: str) -> None:
    _leaves_the_run_out(job_searched, name)


@requirement("jasperserver.jobs.fire-time-leaves-runs-out")
def test_a_search_by_fire_time_does_not_list_reports_run_over_rest(job_searched: Transcript) -> None:
    _leaves_the_run_out(job_searched, "beside-by-fire-time")


@requirement("jasperserver.jobs.finished-listed")
@pytest.mark.parametrize("name", ["finished", "finished-by-id"])
def test_the_finished_execution_of_a_job_is_listed(job_searched: Transcript, name: str) -> None:
    details = job_searched["details"]
    expect.applies(details.succeeded, f"the details of the job's execution answer {details.status_code}")
    after, search = job_searched["details-after"], job_searched[name]
    expect.applies(after.status_code == 200, f"the details of the finished execution answer {after.status_code}")
    expect.precondition(name == "finished" or _in(job_searched, "by-id"), "the job is not found by its id", search)
    expect.status(search, 200, 204)
    expect.that(_in(job_searched, name), "a search that lists the finished execution", search.text[:200], search)


@requirement("jasperserver.jobs.cancel")
def test_a_jobs_execution_is_cancelled_with_200(job_cancelled: Transcript, awaited: Transcript) -> None:
    cancel = cancel_in_time(job_cancelled, awaited, "cancel", "create", "status")
    before = "cancel-other_user" in job_cancelled and job_cancelled["cancel-other_user"].status_code == 200
    expect.precondition(not before, "the cancel by another user was accepted before", cancel)
    expect.status(cancel, 200)
    expect.equal(cancel.field("value"), "cancelled", "value", cancel)


@requirement("jasperserver.jobs.other-user-search")
def test_another_regular_user_sees_the_execution_of_a_job(job_searched: Transcript) -> None:
    expect.precondition(_in(job_searched, "listed-now"), "the job's owner does not see it", job_searched["listed-now"])
    _lists(job_searched, "seen-by-other_user")


@requirement("jasperserver.jobs.other-user-cancel")
def test_a_cancel_of_a_jobs_execution_by_another_regular_user_is_refused(job_cancelled: Transcript) -> None:
    attempt, control = job_cancelled["cancel-other_user"], job_cancelled["cancel"]
    expect.precondition(control.succeeded, f"the permitted cancel answered {control.status_code}", control)
    expect.seen(200 in (attempt.status_code, control.status_code), "the job was over before it was cancelled")
    expect.that(400 <= attempt.status_code < 500, f"a status 4xx to {attempt.line}", attempt.status_code, attempt)


@requirement("jasperserver.jobs.cancel-stops")
def test_a_cancelled_execution_of_a_job_yields_no_output(job_cancelled: Transcript, awaited: Transcript) -> None:
    details, cancel = job_cancelled["details"], cancel_in_time(job_cancelled, awaited, "cancel", "create", "status")
    expect.applies(details.succeeded, f"the details of the job's execution answer {details.status_code}")
    expect.precondition(cancel.status_code == 200, f"the cancel answered {cancel.status_code}", cancel)
    late = job_cancelled["late-status"]
    expect.that(descriptors.status(late) != "ready", "a status other than ready", descriptors.status(late), late)
    if "output" in job_cancelled:
        output = job_cancelled["output"]
        expect.that(not (output.succeeded and output.answer.size), "no output", f"status {output.status_code}", output)


@requirement("jasperserver.jobs.delete")
def test_deleting_a_jobs_execution_answers_204(job_deleted: Transcript) -> None:
    expect.status(job_deleted["delete"], 204)


@requirement("jasperserver.jobs.delete")
def test_deleting_a_jobs_execution_that_is_over_answers_204(
    job_searched: Transcript, job_cancelled: Transcript
) -> None:
    looked_at = ((job_searched, "details-after"), (job_cancelled, "late-status"))
    found = [transcript for transcript, before in looked_at if before in transcript and transcript[before].succeeded]
    expect.applies(bool(found), "no execution of a job is answered when it is over")
    for transcript in found:
        expect.status(transcript["delete"], 204)


@requirement("jasperserver.jobs.delete-removes")
def test_a_deleted_execution_of_a_job_is_no_longer_listed(job_deleted: Transcript) -> None:
    delete, last = job_deleted["delete"], job_deleted["after"]
    expect.precondition(delete.succeeded, f"the delete answered {delete.status_code}", delete)
    expect.seen(_in(job_deleted, "before"), "the execution was not listed when it was deleted")
    expect.that(not _in(job_deleted, "after"), "a search without the deleted execution", last.text[:200], last)
