"""Checks of who is served."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import discovery, observation
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

SUBMIT = "own-submit"
BY_ANONYMOUS = [
    "submit-by-anonymous",
    "synchronous-by-anonymous",
    "early-poll-by-anonymous",
    "poll-by-anonymous",
    "page-by-anonymous",
]
BY_OTHER_USER = ["early-poll-by-other-user", "poll-by-other-user", "page-by-other-user"]
BY_UNSCOPED = ["options-by-unscoped", "submit-by-unscoped"]


def required(slug: str) -> pytest.MarkDecorator:
    """The mark of a requirement about permissions."""
    mark: pytest.MarkDecorator = requirement(f"akamai_reporting.permission.{slug}")
    return mark


def nothing_given(exchange: Exchange) -> None:
    """The answer has neither rows nor a Location."""
    expect.equal(exchange.headers("Location"), [], "the header Location", exchange)
    expect.that(not observation.carries_rows(exchange), "no rows", f"{exchange.status} with rows", exchange)


@required("anonymous-submit")
def test_nobody_submits(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-anonymous"], 401, control=shielded[SUBMIT])


@required("anonymous-synchronous")
def test_nobody_is_answered_at_once(shielded: Transcript) -> None:
    expect.refused(shielded["synchronous-by-anonymous"], 401, control=shielded["synchronous-by-owner"])


@required("anonymous-poll")
@pytest.mark.parametrize("name", ["early-poll-by-anonymous", "poll-by-anonymous"])
def test_nobody_polls(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 401, control=shielded["poll-by-owner"])


@required("anonymous-page")
def test_nobody_fetches_a_page(shielded: Transcript) -> None:
    expect.refused(shielded["page-by-anonymous"], 401, control=shielded["page-by-owner"])


@required("anonymous-no-data")
@pytest.mark.parametrize("name", BY_ANONYMOUS)
def test_nobody_is_given_anything(shielded: Transcript, name: str) -> None:
    nothing_given(shielded[name])


@required("wrong-secret")
def test_a_wrong_secret_is_refused(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-wrong-password"], 401, 403, control=shielded[SUBMIT])


@required("unscoped-options")
def test_the_unscoped_may_not_read_options(shielded: Transcript) -> None:
    expect.refused(shielded["options-by-unscoped"], 403, control=shielded["options-by-owner"])


@required("unscoped-submit")
def test_the_unscoped_may_not_submit(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-unscoped"], 403, control=shielded[SUBMIT])


@required("unscoped-problem")
@pytest.mark.parametrize("name", BY_UNSCOPED)
def test_the_unscoped_are_told_by_a_problem_document(shielded: Transcript, name: str) -> None:
    exchange = shielded[name]
    slug = "unscoped-options" if "options" in name else "unscoped-submit"
    by = f"akamai_reporting.permission.{slug}"
    expect.precondition(exchange.status == 403, f"{name} is answered {exchange.status}", exchange, by)
    expect.media_type(exchange, "application/problem+json")
    found = discovery.problem(exchange) or {}
    expect.that(isinstance(found.get("title"), str), "a problem document with a title", exchange.text, exchange)
    expect.equal(found.get("status"), 403, "the member status", exchange)


@required("forbidden-report")
def test_a_report_beyond_reach_is_forbidden(shielded: Transcript) -> None:
    expect.refused(shielded["forbidden-submit"], 403, control=shielded[SUBMIT])


@required("other-user-poll")
@pytest.mark.parametrize("name", ["early-poll-by-other-user", "poll-by-other-user"])
def test_another_user_may_not_poll(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 403, 404, control=shielded["poll-by-owner"])


@required("other-user-page")
def test_another_user_may_not_fetch_a_page(shielded: Transcript) -> None:
    expect.refused(shielded["page-by-other-user"], 403, 404, control=shielded["page-by-owner"])


@required("other-user-no-data")
@pytest.mark.parametrize("name", BY_OTHER_USER)
def test_another_user_is_given_nothing(shielded: Transcript, name: str) -> None:
    nothing_given(shielded[name])


@required("unseen-object")
@pytest.mark.parametrize("name", ["unseen-submit", "unseen-synchronous"])
def test_an_object_beyond_reach_is_forbidden(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 403, control=shielded[SUBMIT])


@required("www-authenticate")
def test_an_answer_401_says_how_to_sign_on(shielded: Transcript) -> None:
    found = [one for one in shielded if one.response is not None and one.response.status == 401]
    expect.applies(found != [], "no request was answered 401")
    for exchange in found:
        exchange.header("WWW-Authenticate")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("second-use", marks=required("replayed-signature")),
        pytest.param("old", marks=required("stale-signature")),
    ],
)
def test_a_signature_serves_once_and_soon(signed: Transcript, name: str) -> None:
    expect.refused(signed[name], 400, 401, 403, control=signed["first-use"])
