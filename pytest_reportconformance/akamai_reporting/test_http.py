"""Checks of methods and media types that are not documented."""

from __future__ import annotations

import pytest

from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

READY = "akamai_reporting.poll.becomes-ready"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("get-data", marks=requirement("akamai_reporting.http.get-data")),
        pytest.param("post-query", marks=requirement("akamai_reporting.http.post-query")),
        pytest.param("delete-query", marks=requirement("akamai_reporting.http.delete-query")),
    ],
)
def test_a_method_that_is_not_documented_is_refused(touched: Transcript, name: str) -> None:
    expect.refused(touched[name], 404, 405, control=touched["before"])


@requirement("akamai_reporting.http.allow")
def test_an_answer_405_names_the_methods_allowed(touched: Transcript) -> None:
    found = [one for one in touched if one.response is not None and one.response.status_code == 405]
    expect.applies(found != [], "no request was answered 405")
    for exchange in found:
        exchange.header("Allow")


@requirement("akamai_reporting.http.query-unchanged")
def test_a_query_does_not_change(touched: Transcript) -> None:
    before, after = touched["before"], touched["after"]
    expect.precondition(before.succeeded, "the query was not ready before", before, READY)
    expect.status(after, before.status_code)
    expected = before.observed("page").get("rows")
    expect.equal(after.observed("page").get("rows"), expected, "the rows of the query", after)


@requirement("akamai_reporting.http.head")
def test_head_is_answered_without_a_body(touched: Transcript) -> None:
    expect.precondition(touched["before"].succeeded, "the query was not ready before", touched["before"], READY)
    expect.status(touched["head"], 200)
    expect.empty(touched["head"])


@requirement("akamai_reporting.http.unknown-accept")
def test_a_request_for_an_image_is_refused_or_answered_as_json(touched: Transcript) -> None:
    expect.precondition(touched["before"].succeeded, "the query was not ready before", touched["before"], READY)
    expect.status(touched["image"], 200, 406)
    if touched["image"].status_code == 200:
        expect.media_type(touched["image"], "application/json")
