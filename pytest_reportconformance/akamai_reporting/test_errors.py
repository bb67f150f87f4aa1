"""Checks of refusals, and of the problem documents that explain them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_reportconformance.akamai_reporting import discovery, observation
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing
from pytest_reportconformance.transcript.transcript import Transcript

CONTROL = "lawful-submit"
TYPE = "application/problem+json"
BAD_REQUESTS = [
    "unknown-metric",
    "unknown-dimension",
    "unknown-operator",
    "unknown-member",
    "malformed-json",
    "end-before-start",
    "range-too-long",
    "too-many-dimensions",
]
SUBMISSIONS = ["unknown-report", *BAD_REQUESTS, "unknown-time-range"]
CHANGED = ["changed-early", "changed-middle", "changed-late"]
IDS = ["never-issued", *CHANGED, "truncated", "empty", "other-report"]
PAGE_IDS = [f"page-{name}" for name in IDS]
CLIENT_ERRORS = range(400, 500)
DOCUMENTED = [name for name in [*SUBMISSIONS, *IDS, *PAGE_IDS] if "empty" not in name and name != "unknown-time-range"]
"""The refusals of operations that the API has; a path without an id is none of them, an unknown time range open."""


def required(slug: str) -> pytest.MarkDecorator:
    """The mark of a requirement about errors."""
    mark: pytest.MarkDecorator = requirement(f"akamai_reporting.errors.{slug}")
    return mark


def refusal(refused: Transcript, name: str) -> Exchange:
    """An answer that refuses; blocked by its requirement where it does not."""
    exchange = refused[name]
    slug = "changed-id" if "changed" in name else name.removeprefix("page-")
    known = {"never-issued": "never-issued-id", "truncated": "truncated-id", "empty": "empty-id"}
    by = f"akamai_reporting.errors.{known.get(slug, slug)}"
    expect.precondition(exchange.status in CLIENT_ERRORS, f"{name} is answered {exchange.status}", exchange, by)
    expect.applies(exchange.status != 401, "an answer 401 has a form of its own")
    return exchange


def controls(refused: Transcript, name: str) -> Exchange:
    """The control of a link that nobody handed out: the link as it was handed out."""
    return refused["lawful-next" if name.startswith("page-") else "lawful-poll"]


@required("unknown-report")
def test_a_submission_to_an_unknown_report_is_not_found(refused: Transcript) -> None:
    expect.refused(refused["unknown-report"], 404, control=refused[CONTROL])


@pytest.mark.parametrize("name", [pytest.param(name, marks=required(name)) for name in BAD_REQUESTS])
def test_a_submission_that_does_not_fit_is_a_bad_request(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 400, control=refused[CONTROL])


@required("unknown-time-range")
def test_an_unknown_time_range_is_a_client_error(refused: Transcript) -> None:
    expect.refused(refused["unknown-time-range"], *CLIENT_ERRORS, control=refused[CONTROL])


@required("no-location")
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_refused_submission_leads_nowhere(refused: Transcript, name: str) -> None:
    exchange = refusal(refused, name)
    expect.equal(exchange.headers("Location"), [], "the header Location", exchange)


@required("errors-listed")
def test_an_unknown_metric_has_errors(refused: Transcript) -> None:
    exchange = refusal(refused, "unknown-metric")
    found = exchange.field("errors")
    expect.that(isinstance(found, list) and found != [], "an array errors with errors", found, exchange)


@required("errors-members")
def test_errors_have_type_title_and_detail(refused: Transcript) -> None:
    found = list(errors(refused))
    expect.applies(found != [], "no answer has errors")
    for exchange, error in found:
        texts = [error.get(name) if isinstance(error, dict) else None for name in ("type", "title", "detail")]
        expect.that(all(isinstance(text, str) and text for text in texts), "type, title and detail", error, exchange)


def errors(refused: Transcript) -> Iterator[tuple[Exchange, object]]:
    """Every member of the errors of every refusal."""
    for exchange in refused:
        if exchange.response is not None and exchange.response.status in CLIENT_ERRORS:
            try:
                found = exchange.field("errors")
            except Missing:
                continue
            yield from ((exchange, error) for error in found) if isinstance(found, list) else ()


@required("media-type")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_refusal_is_a_problem_document(refused: Transcript, name: str) -> None:
    expect.media_type(refusal(refused, name), TYPE)


@required("title")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_problem_has_a_title(refused: Transcript, name: str) -> None:
    exchange = problem(refused, name)
    found = exchange.field("title")
    expect.that(isinstance(found, str) and found != "", "a text title", found, exchange)


@required("status")
@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_problem_tells_the_status_of_the_answer(refused: Transcript, name: str) -> None:
    exchange = problem(refused, name)
    expect.equal(exchange.field("status"), exchange.status, "the member status", exchange)


def problem(refused: Transcript, name: str) -> Exchange:
    """A refusal whose body is a JSON object; blocked where it is none."""
    exchange = refusal(refused, name)
    try:
        found = exchange.json
    except Missing:
        found = None
    expect.precondition(isinstance(found, dict), f"{name}: no JSON object", by="akamai_reporting.errors.media-type")
    return exchange


@required("never-issued-id")
@pytest.mark.parametrize("name", ["never-issued", "page-never-issued"])
def test_an_id_never_issued_is_not_found(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 404, control=controls(refused, name))


@required("changed-id")
@pytest.mark.parametrize("name", [*CHANGED, *(f"page-{name}" for name in CHANGED)])
def test_an_id_with_a_character_changed_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=controls(refused, name))


@required("truncated-id")
@pytest.mark.parametrize("name", ["truncated", "page-truncated"])
def test_a_truncated_id_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=controls(refused, name))


@required("empty-id")
@pytest.mark.parametrize("name", ["empty", "page-empty"])
def test_an_empty_id_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], *CLIENT_ERRORS, control=controls(refused, name))


@required("other-report")
@pytest.mark.parametrize("name", ["other-report", "page-other-report"])
def test_an_id_under_another_report_is_refused(refused: Transcript, name: str) -> None:
    expect.refused(refused[name], 403, 404, control=controls(refused, name))


@required("no-rows")
@pytest.mark.parametrize("name", [*IDS, *PAGE_IDS])
def test_a_link_never_handed_out_yields_no_rows(refused: Transcript, name: str) -> None:
    exchange = refused[name]
    expect.that(not observation.carries_rows(exchange), "no rows", f"{exchange.status} with rows", exchange)


@required("media-type")
@pytest.mark.parametrize("name", ["unknown-family", "unknown-area", "unknown-report"])
def test_what_is_not_listed_is_refused_by_a_problem_document(listed: Transcript, name: str) -> None:
    exchange = listed[name]
    expect.precondition(exchange.status in CLIENT_ERRORS, f"{name} is answered {exchange.status}", exchange)
    expect.applies(exchange.status != 401, "an answer 401 has a form of its own")
    expect.media_type(exchange, TYPE)


@required("status")
@pytest.mark.parametrize("name", ["unknown-family", "unknown-area", "unknown-report"])
def test_a_problem_about_what_is_not_listed_tells_the_status(listed: Transcript, name: str) -> None:
    exchange = listed[name]
    expect.precondition(exchange.status in CLIENT_ERRORS, f"{name} is answered {exchange.status}", exchange)
    found = discovery.problem(exchange)
    expect.precondition(found is not None, f"{name}: no JSON object", by="akamai_reporting.errors.media-type")
    assert found is not None
    expect.equal(found.get("status"), exchange.status, "the member status", exchange)
