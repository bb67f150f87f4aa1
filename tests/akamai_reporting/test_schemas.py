"""The schemas accept documented instances and refuse faulty ones; every MUST has a normative source."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from pytest_reportconformance.register import register

SCHEMAS = register.folder("akamai_reporting") / "schemas"
DOCUMENTS = {file.name: json.loads(file.read_text()) for file in sorted(SCHEMAS.glob("*.json"))}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in DOCUMENTS.items())
QUERIES = "/reporting-api/v2/reports/delivery/traffic/current/queries/"
ABSENT = object()


def link(rel: str, href: str, *allow: str) -> dict[str, Any]:
    return {"rel": rel, "href": href, "allow": list(allow)}


GOOD = {
    "link": link("first", QUERIES + ".p1+A=", "GET"),
    "async-data": {
        "data": [{"hostname": "a.test", "edgeHitsSum": 7}],
        "metadata": {
            "name": "Traffic",
            "rows": 1,
            "totalRows": 3,
            "requestTime": "2026-11-21T10:00:00.000000001Z",
            "evictionTime": "2026-11-28T10:00:00Z",
            "links": [link("first", QUERIES + ".p1+A=", "GET"), link("next", QUERIES + ".p2+B=", "GET")],
        },
    },
    "sync-data": {
        "data": [{"hostname": "a.test", "edgeHitsSum": 7}],
        "metadata": {
            "name": "Traffic",
            "start": "2026-11-21T10:00:00Z",
            "end": "2026-11-21T11:00:00Z",
            "hasMoreRows": False,
            "limit": 5,
            "links": [link("self", "/reporting-api/v2/reports/delivery/traffic/current/data", "POST")],
        },
    },
    "data-request": {
        "metrics": ["edgeHitsSum"],
        "dimensions": ["hostname"],
        "filters": [
            {"dimensionName": "responseClass", "operator": "IN_LIST", "expressions": ["2xx"]},
            {"metricName": "edgeHitsSum", "operator": "GREATER_THAN", "expression": 7},
        ],
        "sortBys": [{"name": "edgeHitsSum", "sortOrder": "DESCENDING"}],
        "limit": 5,
    },
    "report-list": {
        "reports": [
            {
                "reportName": "Traffic",
                "reportLink": "/reporting-api/v2/reports/delivery/traffic/current",
                "status": "PUBLISHED",
            }
        ]
    },
    "report-options": {
        "name": "Traffic",
        "status": "DEPRECATED",
        "metrics": [{"name": "edgeHitsSum", "type": "LONG", "filterable": True, "mandatory": False}],
        "dimensions": [
            {
                "name": "responseClass",
                "type": "STRING",
                "filterable": True,
                "filterType": "ENUM",
                "filterEnumValues": ["2xx", "4xx"],
                "mandatory": False,
                "authorizable": False,
            }
        ],
        "defaults": {
            "defaultTimeRange": {"start": "now - 19min", "end": "now"},
            "defaultMetrics": ["edgeHitsSum"],
            "defaultDimensions": ["responseClass"],
            "defaultSortBys": [{"name": "edgeHitsSum", "sortOrder": "DESCENDING"}],
        },
        "limits": {"maxDimensions": 4, "dataPointsLimit": 50000},
        "predefinedTimeRanges": ["LAST_15_MINUTES", "LAST_1_DAY"],
        "links": [link("data", "/reporting-api/v2/reports/delivery/traffic/current/data", "POST")],
    },
    "problem": {
        "type": "/reporting-api/error-types/invalid-request",
        "title": "Invalid request",
        "status": 400,
        "problemId": "x-1",
        "errors": [{"type": "metrics", "title": "Validation error", "detail": "No metric 'nope'"}],
    },
}

INVALID = [
    ("link", "rel", ABSENT),
    ("link", "rel", 1),
    ("link", "href", ABSENT),
    ("link", "href", ""),
    ("link", "href", None),
    ("link", "allow", ABSENT),
    ("link", "allow", "GET"),
    ("link", "allow", []),
    ("link", "allow/0", 1),
    ("async-data", "data", ABSENT),
    ("async-data", "data", {}),
    ("async-data", "data/0", ["a.test", 7]),
    ("async-data", "metadata", ABSENT),
    ("async-data", "metadata", []),
    ("async-data", "metadata/name", ""),
    ("async-data", "metadata/rows", "1"),
    ("async-data", "metadata/rows", True),
    ("async-data", "metadata/totalRows", "3"),
    ("async-data", "metadata/totalRows", -1),
    ("async-data", "metadata/totalRows", None),
    ("async-data", "metadata/requestTime", 1732183200),
    ("async-data", "metadata/evictionTime", None),
    ("async-data", "metadata/links", {}),
    ("async-data", "metadata/links", []),
    ("async-data", "metadata/links/1/allow", "GET"),
    ("sync-data", "data", ABSENT),
    ("sync-data", "metadata/name", ABSENT),
    ("sync-data", "metadata/start", ABSENT),
    ("sync-data", "metadata/end", 0),
    ("sync-data", "metadata/hasMoreRows", "false"),
    ("sync-data", "metadata/hasMoreRows", ABSENT),
    ("sync-data", "metadata/links", []),
    ("sync-data", "metadata/limit", "5"),
    ("report-list", "reports", ABSENT),
    ("report-list", "reports", {}),
    ("report-list", "reports/0/reportName", ABSENT),
    ("report-list", "reports/0/reportLink", ""),
    ("report-list", "reports/0/status", "RETIRED"),
    ("report-options", "name", ABSENT),
    ("report-options", "status", "published"),
    ("report-options", "metrics", ABSENT),
    ("report-options", "metrics/0/type", "STRING"),
    ("report-options", "metrics/0/mandatory", "no"),
    ("report-options", "dimensions/0/authorizable", ABSENT),
    ("report-options", "dimensions/0/type", "TEXT"),
    ("report-options", "dimensions/0/filterType", "TEXT"),
    ("report-options", "dimensions/0/filterEnumValues", []),
    ("report-options", "defaults/defaultSortBys/0/sortOrder", "DOWN"),
    ("report-options", "defaults/defaultMetrics", "edgeHitsSum"),
    ("report-options", "limits/maxDimensions", 0),
    ("report-options", "limits/dataPointsLimit", "50000"),
    ("report-options", "predefinedTimeRanges/0", "LAST_1_MINUTE"),
    ("report-options", "links", []),
    ("problem", "title", ABSENT),
    ("problem", "title", ""),
    ("problem", "status", ABSENT),
    ("problem", "status", "400"),
    ("problem", "status", 99),
    ("problem", "errors", []),
    ("problem", "errors/0/detail", ABSENT),
    ("problem", "errors/0", "No metric 'nope'"),
]


def fits(name: str, instance: Any) -> bool:
    return Draft202012Validator(DOCUMENTS[f"{name}.json"], registry=REGISTRY).is_valid(instance)


def changed(instance: Any, path: str, value: Any) -> Any:
    """A copy of an instance with the member at a path set, or removed for ABSENT."""
    instance = copy.deepcopy(instance)
    *way, last = (int(key) if key.isdigit() else key for key in path.split("/"))
    place = instance
    for key in way:
        place = place[key]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return instance


def extended(instance: Any) -> Any:
    """A copy with an unknown member in every object."""
    match instance:
        case dict():
            return {key: extended(value) for key, value in instance.items()} | {"unknown": [1]}
        case list():
            return [extended(item) for item in instance]
    return instance


def test_every_schema_has_an_instance_and_is_valid() -> None:
    assert {f"{name}.json" for name in GOOD} == set(DOCUMENTS)
    for schema in DOCUMENTS.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", GOOD)
def test_a_documented_instance_fits(name: str) -> None:
    assert fits(name, GOOD[name])


@pytest.mark.parametrize("name", GOOD)
def test_unknown_members_fit(name: str) -> None:
    assert fits(name, extended(GOOD[name]))


def test_equal_rows_and_no_rows_fit() -> None:
    row = {"hostname": "a.test"}
    assert fits("async-data", changed(GOOD["async-data"], "data", [row, row]))
    assert fits("async-data", changed(GOOD["async-data"], "data", []))


def test_an_enumerated_dimension_needs_no_listed_values() -> None:
    assert fits("report-options", changed(GOOD["report-options"], "dimensions/0/filterEnumValues", ABSENT))


@pytest.mark.parametrize(("name", "path", "value"), INVALID)
def test_a_faulty_instance_does_not_fit(name: str, path: str, value: Any) -> None:
    assert not fits(name, changed(GOOD[name], path, value))


def test_every_must_cites_a_section_of_the_normative_page() -> None:
    sections = {"Introduction", "Enable asynchronous mode", "Get the data", "Navigate between pages"}
    musts = [r for r in register.load("akamai_reporting").requirements.values() if r.level == "MUST"]
    assert musts
    assert {requirement.section for requirement in musts} <= sections


def test_every_document_is_cited() -> None:
    found = register.load("akamai_reporting")
    assert {requirement.document.key for requirement in found.requirements.values()} == set(found.documents)
