"""Checks of authorization."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting import assertions, discovery
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
    "last-by-anonymous",
]
BY_OTHER_USER = ["early-poll-by-other_user", "poll-by-other_user", "page-by-other_user", "last-by-other_user"]
PAGES = ["page", "last"]
GETS_BY_UNSCOPED = ["early-poll-by-unscoped", "poll-by-unscoped", "page-by-unscoped", "last-by-unscoped"]
BY_UNSCOPED = {
    "options-by-unscoped": "akamai_reporting.permission.unscoped-options",
    "submit-by-unscoped": "akamai_reporting.permission.unscoped-submit",
    "synchronous-by-unscoped": "akamai_reporting.permission.unscoped-synchronous",
}
"""Requests without the scope, each with the requirement about its status."""


def no_data(exchange: Exchange) -> None:
    """The answer has neither rows nor a Location."""
    expect.equal(exchange.header_values("Location"), [], "the header Location", exchange)
    assertions.no_rows(exchange)


@requirement("akamai_reporting.permission.anonymous-submit")
def test_a_submission_without_credentials_is_refused(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-anonymous"], 401, control=shielded[SUBMIT])


@requirement("akamai_reporting.permission.anonymous-synchronous")
def test_a_synchronous_request_without_credentials_is_refused(shielded: Transcript) -> None:
    expect.refused(shielded["synchronous-by-anonymous"], 401, control=shielded["synchronous-by-owner"])


@requirement("akamai_reporting.permission.anonymous-poll")
@pytest.mark.parametrize("name", ["early-poll-by-anonymous", "poll-by-anonymous"])
def test_a_poll_without_credentials_is_refused(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 401, control=shielded["poll-by-owner"])


@requirement("akamai_reporting.permission.anonymous-page")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_refused_without_credentials(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[f"{name}-by-anonymous"], 401, control=shielded[f"{name}-by-owner"])


@requirement("akamai_reporting.permission.anonymous-no-data")
@pytest.mark.parametrize("name", BY_ANONYMOUS)
def test_an_answer_without_credentials_has_no_data(shielded: Transcript, name: str) -> None:
    no_data(shielded[name])


@requirement("akamai_reporting.permission.wrong-secret")
def test_a_wrong_secret_is_refused(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-wrong_password"], 401, 403, control=shielded[SUBMIT])


@requirement("akamai_reporting.permission.unscoped-options")
def test_options_are_refused_without_the_scope(shielded: Transcript) -> None:
    expect.refused(shielded["options-by-unscoped"], 403, control=shielded["options-by-owner"])


@requirement("akamai_reporting.permission.unscoped-submit")
def test_a_submission_is_refused_without_the_scope(shielded: Transcript) -> None:
    expect.refused(shielded["submit-by-unscoped"], 403, control=shielded[SUBMIT])


@requirement("akamai_reporting.permission.unscoped-synchronous")
def test_a_synchronous_request_is_refused_without_the_scope(shielded: Transcript) -> None:
    expect.refused(shielded["synchronous-by-unscoped"], 403, control=shielded["synchronous-by-owner"])


@requirement("akamai_reporting.permission.unscoped-problem")
@pytest.mark.parametrize("name", BY_UNSCOPED)
def test_the_refusal_without_the_scope_is_a_problem_document(shielded: Transcript, name: str) -> None:
    exchange = shielded[name]
    expect.precondition(
        exchange.status_code == 403, f"{name} is answered {exchange.status_code}", exchange, BY_UNSCOPED[name]
    )
    expect.media_type(exchange, "application/problem+json")
    found = discovery.problem(exchange) or {}
    expect.that(isinstance(found.get("title"), str), "a problem document with a title", exchange.text, exchange)
    expect.equal(found.get("status"), 403, "the member status", exchange)


@requirement("akamai_reporting.permission.forbidden-report")
def test_a_report_without_access_is_forbidden(shielded: Transcript) -> None:
    expect.refused(shielded["forbidden-submit"], 403, control=shielded[SUBMIT])


@requirement("akamai_reporting.permission.other-user-poll")
@pytest.mark.parametrize("name", ["early-poll-by-other_user", "poll-by-other_user"])
def test_another_user_may_not_poll(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 403, 404, control=shielded["poll-by-owner"])


@requirement("akamai_reporting.permission.other-user-page")
@pytest.mark.parametrize("name", PAGES)
def test_another_user_may_not_fetch_a_page(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[f"{name}-by-other_user"], 403, 404, control=shielded[f"{name}-by-owner"])


@requirement("akamai_reporting.permission.other-user-no-data")
@pytest.mark.parametrize("name", BY_OTHER_USER)
def test_an_answer_to_another_user_has_no_data(shielded: Transcript, name: str) -> None:
    no_data(shielded[name])


@requirement("akamai_reporting.permission.unscoped-poll")
@pytest.mark.parametrize("name", GETS_BY_UNSCOPED)
def test_a_query_is_refused_without_the_scope(shielded: Transcript, name: str) -> None:
    control = name.removeprefix("early-").replace("unscoped", "owner")
    expect.refused(shielded[name], 403, 404, control=shielded[control])


@requirement("akamai_reporting.permission.unscoped-no-data")
@pytest.mark.parametrize("name", [*BY_UNSCOPED, *GETS_BY_UNSCOPED])
def test_an_answer_without_the_scope_has_no_data(shielded: Transcript, name: str) -> None:
    no_data(shielded[name])


@requirement("akamai_reporting.permission.object-without-access")
@pytest.mark.parametrize("name", ["unseen-submit", "unseen-synchronous"])
def test_an_object_without_access_is_forbidden(shielded: Transcript, name: str) -> None:
    expect.refused(shielded[name], 403, control=shielded[SUBMIT])


@requirement("akamai_reporting.permission.www-authenticate")
def test_an_answer_401_has_a_challenge(shielded: Transcript) -> None:
    found = [one for one in shielded if one.response is not None and one.response.status_code == 401]
    expect.applies(found != [], "no request was answered 401")
    for exchange in found:
        exchange.header("WWW-Authenticate")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("second-use", marks=requirement("akamai_reporting.permission.replayed-signature")),
        pytest.param("old", marks=requirement("akamai_reporting.permission.stale-signature")),
    ],
)
def test_a_signature_is_accepted_once_and_while_it_is_new(signed: Transcript, name: str) -> None:
    expect.refused(signed[name], 400, 401, 403, control=signed["first-use"])
