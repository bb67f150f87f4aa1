"""Checks of the options of reports against the requests for data that the server accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_reportconformance.akamai_reporting import accepted_requests
from pytest_reportconformance.akamai_reporting.accepted_requests import Document, Requested
from pytest_reportconformance.akamai_reporting.query_results import Transcripts
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement

FORBIDDEN = (403,)


@pytest.mark.parametrize(
    ("contradicting", "expected"),
    [
        pytest.param(
            accepted_requests.unlisted,
            "the metrics and dimensions of every accepted request",
            marks=requirement("akamai_reporting.options.columns-listed"),
            id="columns",
        ),
        pytest.param(
            accepted_requests.not_filterable,
            "filterable columns for the filters of every accepted request",
            marks=requirement("akamai_reporting.options.filterable"),
            id="filterable",
        ),
        pytest.param(
            accepted_requests.values_not_listed,
            "the values of the filters of every accepted request in filterEnumValues",
            marks=requirement("akamai_reporting.options.enum-values-complete"),
            id="values",
        ),
        pytest.param(
            accepted_requests.not_filtered,
            "no mandatory column beyond the filters of an accepted request",
            marks=requirement("akamai_reporting.options.mandatory"),
            id="mandatory",
        ),
        pytest.param(
            accepted_requests.exceeded,
            "limits that every accepted request keeps",
            marks=requirement("akamai_reporting.options.limits-kept"),
            id="limits",
        ),
        pytest.param(
            accepted_requests.unlisted_time_range,
            "the time range of every accepted request in predefinedTimeRanges",
            marks=requirement("akamai_reporting.options.time-ranges-complete"),
            id="time ranges",
        ),
    ],
)
def test_options_allow_every_accepted_request(
    akamai_reporting_transcripts: Transcripts, contradicting: Callable[[Document, Requested], list[str]], expected: str
) -> None:
    for exchange, document, accepted in accepted_requests.with_options(akamai_reporting_transcripts):
        for request in accepted:
            found = contradicting(document, request)
            expect.that(not found, expected, f"{', '.join(found)}, for {request.exchange.line}", exchange)


@requirement("akamai_reporting.options.authorizable")
def test_a_dimension_whose_values_are_forbidden_is_authorizable(akamai_reporting_transcripts: Transcripts) -> None:
    accepted = {
        one.report for _, _, some in accepted_requests.with_options(akamai_reporting_transcripts) for one in some
    }
    for exchange, document, forbidden in accepted_requests.with_options(akamai_reporting_transcripts, FORBIDDEN):
        for request in [one for one in forbidden if one.report in accepted]:
            closed = accepted_requests.not_authorizable(document, request)
            expect.that(not closed, f"an authorizable dimension among {closed}", request.exchange.line, exchange)
