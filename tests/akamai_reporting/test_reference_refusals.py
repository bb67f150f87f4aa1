"""The reference server refuses what it cannot understand, with problem documents, and makes nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from pytest_reportconformance.akamai_reporting.reference import Reference
from tests.akamai_reporting.plain_client import BASE, TRAFFIC, Client

BAD_BODIES = {
    "unknown metric": {"metrics": ["nope"]},
    "unknown dimension": {"dimensions": ["nope"]},
    "too many dimensions": {"dimensions": ["countryCode", "responseClass", "cpcode", "dayPart", "hostname"]},
    "named twice": {"metrics": ["edgeHitsSum", "edgeHitsSum"]},
    "names of no text": {"metrics": [{"name": "edgeHitsSum"}]},
    "unknown member": {"metric": ["edgeHitsSum"]},
    "unknown operator": {"filters": [{"dimensionName": "countryCode", "operator": "IS", "expressions": ["DE"]}]},
    "number for an operator": {"filters": [{"dimensionName": "countryCode", "operator": [], "expressions": ["DE"]}]},
    "no expression": {"filters": [{"dimensionName": "countryCode", "operator": "IN_LIST", "expressions": []}]},
    "half a filter": {"filters": [{"dimensionName": "countryCode"}]},
    "not filterable": {"filters": [{"dimensionName": "dayPart", "operator": "IN_LIST", "expressions": ["1"]}]},
    "metric by text": {"filters": [{"metricName": "edgeHitsSum", "operator": "EQUAL", "expression": "many"}]},
    "no regular expression": {
        "filters": [{"dimensionName": "countryCode", "operator": "MATCH_REGEXP", "expressions": ["("]}]
    },
    "sorted by what is not there": {"sortBys": [{"name": "cpcode", "sortOrder": "ASCENDING"}]},
    "sorted sideways": {"sortBys": [{"name": "countryCode", "sortOrder": "SIDEWAYS"}]},
    "negative limit": {"limit": -1},
    "limit of text": {"limit": "5"},
    "an array": ["edgeHitsSum"],
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_is_a_problem_and_creates_no_query(owner: Client, reference: Reference, body: Any) -> None:
    before = reference.submissions
    assert_invalid(owner.post(f"{TRAFFIC}/data?async=true", body))
    assert reference.submissions == before


BAD_PARAMETERS = [
    "pageSize=0",
    "pageSize=-1",
    "pageSize=abc",
    "pageSize=1.5",
    "pageSize=",
    "async=banana",
    "timeRange=last_1_minute",
    "start=2026-01-02T00:00:00Z",
    "start=yesterday&end=today",
    "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z",
    "start=2025-01-01T00:00:00Z&end=2026-01-01T00:00:00Z",
]


@pytest.mark.parametrize("parameters", BAD_PARAMETERS)
def test_a_bad_parameter_is_a_problem(owner: Client, parameters: str) -> None:
    joined = parameters if parameters.startswith("async") else f"async=true&{parameters}"
    assert_invalid(owner.post(f"{TRAFFIC}/data?{joined}"))


def assert_invalid(answer: requests.Response) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Location" not in answer.headers
    assert all({"type", "title", "detail"} == {*error} for error in problem["errors"])
    assert problem["errors"]


def test_malformed_bodies_are_refused(owner: Client) -> None:
    as_json = {"Content-Type": "application/json; charset=utf-8"}
    for text in ("{", '{"limit": }', "[" * 100000, b"\xff"):
        assert_invalid(owner.send("POST", f"{TRAFFIC}/data?async=true", data=text, headers=as_json))
    form = owner.send("POST", f"{TRAFFIC}/data?async=true", data="{}", headers={"Content-Type": "text/plain"})
    assert form.status_code == 415


def test_a_mandatory_dimension_is_filtered_by(owner: Client) -> None:
    streams = f"{BASE}/media/delivery/streams/data"
    assert_invalid(owner.post(streams))
    filters = [{"dimensionName": "streamType", "operator": "IN_LIST", "expressions": ["LIVE"]}]
    assert owner.post(streams, {"filters": filters}).status_code == 200


def test_a_query_above_the_maximum_cost_is_refused(owner: Client) -> None:
    body = {"dimensions": ["countryCode", "responseClass", "cpcode", "dayPart"]}
    body["metrics"] = ["edgeHitsSum", "edgeBytesSum", "originHitsSum", "offloadedHitsPercentage"]
    answer = owner.post(f"{TRAFFIC}/data?async=true&timeRange=LAST_90_DAYS", body)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)


NOWHERE = ["/", f"{BASE}/nope", f"{BASE}/delivery/nope", f"{TRAFFIC}x", f"{TRAFFIC}/nope", f"{TRAFFIC}/queries"]


@pytest.mark.parametrize("path", [*NOWHERE, f"{TRAFFIC}/queries/", f"{TRAFFIC}/queries/a/b", f"{BASE}/"])
def test_unknown_paths_are_404_problems(owner: Client, path: str) -> None:
    answer = owner.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_a_wrong_method_is_answered_with_the_allowed_ones(owner: Client) -> None:
    location = owner.submit()
    cases = [("GET", f"{TRAFFIC}/data", "POST"), ("POST", location, "GET, HEAD"), ("DELETE", location, "GET, HEAD")]
    for method, path, allow in cases:
        answer = owner.send(method, path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    head = owner.send("HEAD", location)
    assert (head.status_code, head.content) == (200, b"")
