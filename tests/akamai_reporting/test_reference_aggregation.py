"""The reference server filters and sorts as requested."""

from __future__ import annotations

import pytest

from tests.akamai_reporting.plain_client import HOSTNAMES, TRAFFIC, Client, rows

FILTERS = [
    ("IN_LIST", ["DE", "FR"], {"DE", "FR"}),
    ("NOT_IN_LIST", ["DE", "FR"], {"AT", "BR", "CH", "JP"}),
    ("EXACT", ["DE"], {"DE"}),
    ("BEGINS_WITH", ["D", "J"], {"DE", "JP"}),
    ("NOT_BEGINS_WITH", ["D", "J"], {"AT", "BR", "CH", "FR"}),
    ("ENDS_WITH", ["R"], {"BR", "FR"}),
    ("NOT_ENDS_WITH", ["R"], {"AT", "CH", "DE", "JP"}),
    ("CONTAINS", ["H"], {"CH"}),
    ("NOT_CONTAINS", ["R", "T"], {"CH", "DE", "JP"}),
    ("MATCH_REGEXP", ["^[A-C]"], {"AT", "BR", "CH"}),
    ("NOT_MATCH_REGEXP", ["^[A-C]"], {"DE", "FR", "JP"}),
]


@pytest.mark.parametrize(("operator", "expressions", "left"), FILTERS, ids=[case[0] for case in FILTERS])
def test_a_dimension_filter_selects_rows(owner: Client, operator: str, expressions: list[str], left: set[str]) -> None:
    filters = [{"dimensionName": "countryCode", "operator": operator, "expressions": expressions}]
    data = owner.post(f"{TRAFFIC}/data", {"filters": filters}).json()["data"]
    assert {row["countryCode"] for row in data} == left


@pytest.mark.parametrize("operator", ["EQUAL", "NOT_EQUAL", "LESS_THAN", "GREATER_THAN"])
def test_a_metric_filter_selects_rows(owner: Client, operator: str) -> None:
    data = owner.post(f"{TRAFFIC}/data").json()["data"]
    middle = sorted(row["edgeHitsSum"] for row in data)[12]
    filters = [{"metricName": "edgeHitsSum", "operator": operator, "expression": str(middle)}]
    found = {row["edgeHitsSum"] for row in owner.post(f"{TRAFFIC}/data", {"filters": filters}).json()["data"]}
    passes = {"EQUAL": (0,), "NOT_EQUAL": (-1, 1), "LESS_THAN": (-1,), "GREATER_THAN": (1,)}[operator]
    hits = [row["edgeHitsSum"] for row in data]
    assert found == {hit for hit in hits if (hit > middle) - (hit < middle) in passes}


def test_rows_are_sorted_over_all_pages(owner: Client) -> None:
    sort_bys = [{"name": "responseClass", "sortOrder": "DESCENDING"}, {"name": "edgeHitsSum", "sortOrder": "ASCENDING"}]
    found = rows(owner.pages(owner.submit(TRAFFIC, "&pageSize=5", {"sortBys": sort_bys})))
    assert found == sorted(found, key=lambda row: (-int(row["responseClass"][0]), row["edgeHitsSum"]))
    descending = {"sortBys": [{"name": "hostname", "sortOrder": "DESCENDING"}], "limit": 2}
    assert [row["hostname"][:11] for row in owner.post(f"{HOSTNAMES}/data", descending).json()["data"]] == [
        "host-000236",
        "host-000235",
    ]
