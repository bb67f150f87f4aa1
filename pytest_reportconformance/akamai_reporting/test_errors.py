"""Checks of refusals, and of the problem documents that explain them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_reportconformance.akamai_reporting import assertions, contract, discovery
from pytest_reportconformance.akamai_reporting.assertions import CLIENT_ERRORS
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

CONTROL = "valid-submit"
TYPE = "application/problem+json"
BAD_REQUESTS = {
    "unknown-metric": "akamai_reporting.errors.unknown-metric",
    "unknown-dimension": "akamai_reporting.errors.unknown-dimension",
    "unknown-operator": "akamai_reporting.errors.unknown-operator",
    "unknown-member": "akamai_reporting.errors.unknown-member",
    "malformed-json": "akamai_reporting.errors.malformed-json",
    "end-before-start": "akamai_reporting.errors.end-before-start",
    "range-too-long": "akamai_reporting.errors.range-too-long",
    "too-many-dimensions": "akamai_reporting.errors.too-many-dimensions",
}
"""Submissions that are answered 400, each with its requirement."""
SUBMISSIONS = ["unknown-report", *BAD_REQUESTS, "unknown-time-range"]
CHANGED = ["changed-early", "changed-middle", "changed-late"]
IDS = ["never-issued", *CHANGED, "truncated", "empty", "other-report"]
PAGE_IDS = [f"page-{name}" for name in IDS]
REQUIREMENTS = {
    **BAD_REQUESTS,
    "unknown-report": "akamai_reporting.errors.unknown-report",
    "unknown-time-range": "akamai_reporting.errors.unknown-time-range",
    "never-issued": "akamai_reporting.errors.never-issued-id",
    "changed-early": "akamai_reporting.errors.changed-id",
    "changed-middle": "akamai_reporting.errors.changed-id",
    "changed-late": "akamai_reporting.errors.changed-id",
    "truncated": "akamai_reporting.errors.truncated-id",
    "empty": "akamai_reporting.errors.empty-id",
    "other-report": "akamai_reporting.errors.other-report",
}
"""Each refusal with the requirement about its status."""
DOCUMENTED = [name for name in [*SUBMISSIONS, *IDS, *PAGE_IDS] if "empty" not in name and name != "unknown-time-range"]
"""The refusals of operations that the API has; a path without an id is none of them, an unknown time range open."""


def refusal(refused: Transcript, name: str) -> Exchange:
    """A refusal; blocked by the requirement of that refusal if the answer is none."""
    exchange = refused[name]
    by = REQUIREMENTS[name.removeprefix("page-")]
    expect.precondition(
        exchange.status_code in CLIENT_ERRORS, f"{name} is answered {exchange.status_code}", exchange, by
    )
    expect.applies(exchange.status_code != 401, "an answer 401 has a form of its own")
    return exchange


def control(refused: Transcript, name: str) -> Exchange:
    """The control of a link that was never issued: the link as it was issued."""
    return refused["valid-next" if name.startswith("page-") else "valid-poll"]


@requirement("akamai_reporting.errors.unknown-report")
def test_a_submission_to_an_unknown_report_is_not_found(refused: Transcript) -> None:
    expect.refused(refused["unknown-report"], 404, control=refused[CONTROL])


@pytest.mark.parametrize("name", [pytest.param(name, marks=requirement(id)) for name, id in BAD_REQUESTS.items()])
def test_an_invalid_submission_is_a_bad_request(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 400, control=refused[CONTROL])


@requirement("akamai_reporting.errors.unknown-time-range")
def test_an_unknown_time_range_is_a_client_error(refused: Transcript) -> None:
    expect.refused(refused["unknown-time-range"], *CLIENT_ERRORS, control=refused[CONTROL])


@requirement("akamai_reporting.errors.no-location")
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_refused_submission_has_no_location(refused: Transcript, name: str) -> None:
    exchange = refusal(refused, name)
    expect.equal(exchange.header_values("Location"), [], "the header Location", exchange)


@requirement("akamai_reporting.errors.errors-listed")
def test_an_unknown_metric_has_errors(refused: Transcript) -> None:
    exchange = refusal(refused, "unknown-metric")
    found = exchange.field("errors")
    expect.that(isinstance(found, list) and found != [], "an array errors with errors", found, exchange)


@requirement("akamai_reporting.errors.errors-members")
def test_errors_have_type_title_and_detail(refused: Transcript) -> None:
    found = list(errors(refused))
    expect.applies(found != [], "no answer has errors")
    for exchange, error in found:
        texts = [error.get(name) if isinstance(error, dict) else None for name in ("type", "title", "detail")]
        expect.that(all(isinstance(text, str) and text for text in texts), "type, title and detail", error, exchange)


def errors(refused: Transcript) -> Iterator[tuple[Exchange, object]]:
    """Every member of the errors of every refusal."""
    for exchange in refused:
        if exchange.response is not None and exchange.response.status_code in CLIENT_ERRORS:
            try:
                found = exchange.field("errors")
            except Missing:
                continue
            yield from ((exchange, error) for error in found) if isinstance(found, list) else ()


@requirement("akamai_reporting.errors.media-type")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_refusal_is_a_problem_document(refused: Transcript, name: str) -> None:
    expect.media_type(refusal(refused, name), TYPE)


@requirement("akamai_reporting.errors.title")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_problem_has_a_title(refused: Transcript, name: str) -> None:
    exchange = problem(refused, name)
    found = exchange.field("title")
    assertions.text(found, "a text title", found, exchange)


@requirement("akamai_reporting.errors.status")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_problem_has_the_status_of_its_answer(refused: Transcript, name: str) -> None:
    exchange = problem(refused, name)
    expect.equal(exchange.field("status"), exchange.status_code, "the member status", exchange)


def problem(refused: Transcript, name: str) -> Exchange:
    """A refusal whose body is a JSON object; blocked if it is none."""
    exchange = refusal(refused, name)
    try:
        found = exchange.json()
    except Missing:
        found = None
    expect.precondition(isinstance(found, dict), f"{name}: no JSON object", by="akamai_reporting.errors.media-type")
    return exchange


def documented(*transcripts: Transcript) -> list[Exchange]:
    """The refusals of all scenarios that are documented as problem documents; not applicable if there is none."""
    found = contract.refusals(*transcripts)
    expect.applies(found != [], "no documented request is refused")
    return found


@requirement("akamai_reporting.errors.media-type")
def test_every_documented_refusal_is_a_problem_document(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in documented(*akamai_reporting_transcripts):
        expect.media_type(exchange, TYPE)


@requirement("akamai_reporting.errors.problem-body")
def test_every_problem_document_fits_its_schema(akamai_reporting_transcripts: Transcripts) -> None:
    found = [one for one in documented(*akamai_reporting_transcripts) if one.media_type == TYPE]
    expect.applies(found != [], "no refusal is labelled as a problem document")
    for exchange in found:
        expect.members_fit(exchange.json(), exchange, "akamai_reporting", "problem")


@requirement("akamai_reporting.errors.title")
def test_every_problem_has_a_title(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in documented(*akamai_reporting_transcripts):
        found = discovery.problem(exchange)
        if found is not None:
            assertions.text(found.get("title"), "a text title", found.get("title"), exchange)


@requirement("akamai_reporting.errors.status")
def test_every_problem_has_the_status_of_its_answer(akamai_reporting_transcripts: Transcripts) -> None:
    for exchange in documented(*akamai_reporting_transcripts):
        found = discovery.problem(exchange)
        if found is not None:
            expect.equal(found.get("status"), exchange.status_code, "the member status", exchange)


@requirement("akamai_reporting.errors.never-issued-id")
@pytest.mark.parametrize("name", ["never-issued", "page-never-issued"])
def test_an_id_never_issued_is_not_found(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 404, control=control(refused, name))


@requirement("akamai_reporting.errors.changed-id")
@pytest.mark.parametrize("name", [*CHANGED, *(f"page-{name}" for name in CHANGED)])
def test_an_id_with_a_character_changed_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=control(refused, name))


@requirement("akamai_reporting.errors.truncated-id")
@pytest.mark.parametrize("name", ["truncated", "page-truncated"])
def test_a_truncated_id_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=control(refused, name))


@requirement("akamai_reporting.errors.empty-id")
@pytest.mark.parametrize("name", ["empty", "page-empty"])
def test_an_empty_id_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=control(refused, name))


@requirement("akamai_reporting.errors.other-report")
@pytest.mark.parametrize("name", ["other-report", "page-other-report"])
def test_an_id_under_another_report_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 403, 404, control=control(refused, name))


@requirement("akamai_reporting.errors.no-rows")
@pytest.mark.parametrize("name", [*IDS, *PAGE_IDS])
def test_a_link_that_was_never_issued_returns_no_rows(refused: Transcript, name: str) -> None:
    assertions.no_rows(refused[name])


@requirement("akamai_reporting.errors.media-type")
@pytest.mark.parametrize("name", ["unknown-family", "unknown-area", "unknown-report"])
def test_the_refusal_of_an_unknown_name_is_a_problem_document(listed: Transcript, name: str) -> None:
    exchange = listed[name]
    expect.precondition(exchange.status_code in CLIENT_ERRORS, f"{name} is answered {exchange.status_code}", exchange)
    expect.applies(exchange.status_code != 401, "an answer 401 has a form of its own")
    expect.media_type(exchange, TYPE)


@requirement("akamai_reporting.errors.status")
@pytest.mark.parametrize("name", ["unknown-family", "unknown-area", "unknown-report"])
def test_the_problem_of_an_unknown_name_has_the_status_of_its_answer(listed: Transcript, name: str) -> None:
    exchange = listed[name]
    expect.precondition(exchange.status_code in CLIENT_ERRORS, f"{name} is answered {exchange.status_code}", exchange)
    found = discovery.problem(exchange)
    expect.precondition(found is not None, f"{name}: no JSON object", by="akamai_reporting.errors.media-type")
    assert found is not None
    expect.equal(found.get("status"), exchange.status_code, "the member status", exchange)
