"""The schemas accept every documented body and refuse invalid ones; a recorded body that they refuse is a deviation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.judging import expect
from pytest_reportconformance.register import register
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.failures import Broken

RECORDED = Path(__file__).parent / "recorded"
SCHEMA_OF = {
    "run": "report-execution",
    "details": "report-execution",
    "status": "status",
    "export_status": "status",
    "cancel": "status",
    "export": "export-execution",
    "search": "search",
    "errors": "error-descriptor",
}
REFUSED = {  # the product accepts them although no document describes their form
    ("PUT", "{}"): "cancel-by-empty-object",
    ("POST", "plain map of parameters"): "plain-map-of-parameters-ignored",
}
FULL = {
    "requestId": "r-1",
    "reportURI": "/demo/Fast",
    "status": "ready",
    "totalPages": 2,
    "exports": [
        {
            "id": "e-1",
            "status": "ready",
            "outputResource": {"contentType": "text/html", "outputFinal": True},
            "attachments": [{"contentType": "image/png", "fileName": "img_0_0_0.png"}],
        }
    ],
}
FAILURE = {"message": "m", "errorCode": "input.controls.validation.error", "parameters": ["bad integer"]}
CITY = {"name": "City", "value": ["Oslo", "Rome"]}
BOOKMARKS = {
    "id": "bkmrk_7",
    "type": "bookmarks",
    "bookmarks": [
        {
            "label": "North",
            "pageIndex": 0,
            "elementAddress": "0",
            "bookmarks": [{"label": "Oslo", "pageIndex": 1, "elementAddress": "4"}],
        }
    ],
}
PARTS = {"id": "parts_3", "type": "reportparts", "parts": [{"idx": 0, "name": "Cover"}]}
ENTRY = {"reportURI": "/demo/Slow", "requestId": "r-2"}
DOCUMENTED_JSON: list[tuple[str, dict[str, Any] | list[Any]]] = [
    ("report-execution-request", {"reportUnitUri": "/demo/Fast", "async": True, "outputFormat": "html"}),
    ("report-execution-request", {"reportUnitUri": "/demo/Fast", "async": "true", "pages": 1}),
    ("report-execution-request", {"reportUnitUri": "/demo/P", "parameters": {"reportParameter": [CITY]}}),
    ("report-parameters", [{"name": "City", "value": ["Oslo"]}]),
    ("report-execution", FULL),
    ("report-execution", {**FULL, "status": "queued", "exports": [{"id": "e-2", "status": "queued"}]}),
    ("report-execution", {"requestId": "912382875_1366638024956_2", "status": "execution"}),
    ("status", {"value": "ready"}),
    ("status", {"value": "cancelled", "asyncCancel": False}),
    ("extended-status", {"value": "execution"}),
    ("extended-status", {"value": "failed", "errorDescriptor": FAILURE}),
    ("page-status", {"reportStatus": "execution", "pageFinal": False, "pageTimestamp": 1700000000000}),
    ("page-status", {"reportStatus": "ready", "pageFinal": "true", "pageTimestamp": "0"}),
    ("page-status", {"reportStatus": "failed", "errorDescriptor": FAILURE}),
    ("export-request", {"outputFormat": "pdf", "pages": "1-2"}),
    ("export-request", {"outputFormat": "html", "pages": "10-20", "attachmentsPrefix": "./images/"}),
    ("export-execution", {"id": "e-3", "status": "queued"}),
    ("search", {"reportExecution": [ENTRY]}),
    ("error-descriptor", FAILURE),
    ("error-descriptor", {"errorCode": "access.denied", "errorUid": "u", "properties": [{"key": "k", "value": "v"}]}),
    ("report-info", {"bookmarks": BOOKMARKS, "parts": PARTS}),
    ("report-info", {}),
]
XML_EXPORT = (
    "<export><id>e-1</id><status>ready</status><outputResource><contentType>text/html</contentType>"
    "<outputFinal>true</outputFinal></outputResource><attachments><attachment><contentType>image/png</contentType>"
    "<fileName>img_0_0_0.png</fileName></attachment></attachments></export>"
)
XML_FAILURE = "<errorCode>a.b</errorCode><message>m</message><parameters><parameter>bad</parameter></parameters>"
XML_CITY = '<reportParameter name="City"><value>Oslo</value><value>Rome</value></reportParameter>'
XML_BOOKMARK = "<label>North</label><pageIndex>0</pageIndex><elementAddress>0</elementAddress>"
XML_BOOKMARKS = (
    f"<bookmarks><id>b</id><type>bookmarks</type><bookmarks><bookmark>{XML_BOOKMARK}<bookmarks><bookmark>"
    f"{XML_BOOKMARK}</bookmark></bookmarks></bookmark></bookmarks></bookmarks>"
)
XML_PARTS = "<parts><id>p</id><type>t</type><parts><part><idx>0</idx><name>Cover</name></part></parts></parts>"
DOCUMENTED_XML = [
    ("report-execution-request", "reportExecutionRequest", "<reportUnitUri>/a</reportUnitUri><async>true</async>"),
    (
        "report-execution-request",
        "reportExecutionRequest",
        f"<outputFormat>html</outputFormat><reportUnitUri>/a</reportUnitUri><parameters>{XML_CITY}</parameters>",
    ),
    ("report-parameters", "reportParameters", XML_CITY),
    (
        "report-execution",
        "reportExecution",
        f"<requestId>r</requestId><reportURI>/a</reportURI><status>ready</status><totalPages>2</totalPages>"
        f"<exports>{XML_EXPORT}{XML_EXPORT}</exports>",
    ),
    ("report-execution", "reportExecution", "<extra><x/></extra>\n<status>queued</status> <requestId>r</requestId>"),
    ("status", "status", "ready"),
    ("status", "status", "\n  cancelled\n"),
    (
        "extended-status",
        "status",
        f"<errorDescriptor>{XML_FAILURE}</errorDescriptor><value>failed</value>",
    ),
    ("extended-status", "status", "<value>ready</value>"),
    (
        "page-status",
        "pageStatus",
        "<pageFinal>true</pageFinal><pageTimestamp>0</pageTimestamp><reportStatus>ready</reportStatus>",
    ),
    ("export-request", "export", "<outputFormat>pdf</outputFormat><pages>1-2</pages>"),
    ("export-execution", "exportExecution", "<id>e-3</id><status>queued</status>"),
    (
        "search",
        "reportExecutions",
        "<reportExecution><reportURI>/a</reportURI><requestId>r</requestId></reportExecution>" * 2,
    ),
    ("error-descriptor", "errorDescriptor", XML_FAILURE),
    ("report-info", "reportInfo", XML_PARTS + XML_BOOKMARKS),
    ("report-info", "reportInfo", ""),
]
INVALID_JSON: list[tuple[str, Any]] = [
    ("report-execution", {**FULL, "requestId": 7}),
    ("report-execution", {**FULL, "requestId": ""}),
    ("report-execution", {**FULL, "requestId": None}),
    ("report-execution", {**FULL, "status": None}),
    ("report-execution", {**FULL, "status": "Ready"}),
    ("report-execution", {**FULL, "totalPages": "2"}),
    ("report-execution", {**FULL, "totalPages": -1}),
    ("report-execution", {**FULL, "exports": {"id": "e-1", "status": "ready"}}),
    ("report-execution", {**FULL, "exports": [{"status": "ready"}]}),
    ("report-execution", {**FULL, "exports": [{"id": "e", "status": "ready", "attachments": {"fileName": "a"}}]}),
    ("report-execution", {**FULL, "exports": [{"id": "e", "status": "ready", "outputResource": {}}]}),
    (
        "report-execution",
        {**FULL, "exports": [{"id": "e", "status": "ready", "outputResource": {"contentType": None}}]},
    ),
    ("report-execution", {"status": "ready"}),
    ("report-execution", [FULL]),
    ("status", {}),
    ("status", {"value": None}),
    ("status", {"value": "canceled"}),
    ("status", "ready"),
    ("extended-status", {"value": "failed", "errorDescriptor": "m"}),
    ("extended-status", {"errorDescriptor": FAILURE}),
    ("page-status", {"reportStatus": "ready"}),
    ("page-status", {"reportStatus": "ready", "pageFinal": 1, "pageTimestamp": 0}),
    ("page-status", {"reportStatus": "ready", "pageFinal": True, "pageTimestamp": "soon"}),
    ("export-execution", {"id": "e-3"}),
    ("export-execution", {"status": "queued"}),
    ("search", [ENTRY]),
    ("search", {"reportExecution": ENTRY}),
    ("search", {"reportExecution": []}),
    ("search", {"reportExecution": [{"reportURI": "/a"}]}),
    ("error-descriptor", {}),
    ("error-descriptor", {"errorCode": None}),
    ("error-descriptor", {**FAILURE, "parameters": "bad"}),
    ("report-info", {"bookmarks": []}),
    ("report-info", {"bookmarks": {**BOOKMARKS, "bookmarks": [{"label": "North", "pageIndex": -1}]}}),
    ("report-info", {"parts": {**PARTS, "parts": [{"idx": "0", "name": "Cover"}]}}),
    ("report-execution-request", {"outputFormat": "pdf"}),
    ("report-execution-request", {"reportUnitUri": "/a", "parameters": [CITY]}),
    ("report-parameters", {"reportParameter": [CITY]}),
    ("report-parameters", [{"name": "City", "value": "Oslo"}]),
]
INVALID_XML = [
    ("report-execution", "reportExecution", "<status>ready</status>"),
    ("report-execution", "reportExecution", "<requestId/><status>ready</status>"),
    ("report-execution", "reportExecution", "<requestId>r</requestId><status>done</status>"),
    ("report-execution", "execution", "<requestId>r</requestId><status>ready</status>"),
    (
        "report-execution",
        "reportExecution",
        "<requestId>r</requestId><status>ready</status><totalPages>two</totalPages>",
    ),
    (
        "report-execution",
        "reportExecution",
        "<requestId>r</requestId><status>ready</status><exports><export><status>ready</status></export></exports>",
    ),
    ("status", "status", "<value>ready</value>"),
    ("status", "status", "READY"),
    ("extended-status", "status", "ready"),
    ("extended-status", "status", "<errorDescriptor/>"),
    ("export-execution", "export", "<id>e</id><status>ready</status>"),
    ("export-execution", "exportExecution", "<status>ready</status>"),
    ("search", "reportExecutions", ""),
    ("search", "reportExecutions", "<reportExecution><reportURI>/a</reportURI></reportExecution>"),
    ("report-info", "reportInfo", "<parts><parts><part><name>Cover</name></part></parts></parts>"),
    ("page-status", "pageStatus", "<pageFinal>perhaps</pageFinal><reportStatus>ready</reportStatus>"),
    ("report-parameters", "reportParameters", "<reportParameter><value>Oslo</value></reportParameter>"),
    ("report-execution-request", "reportExecutionRequest", "<outputFormat>pdf</outputFormat>"),
]


def judge(schema: str, content_type: str, body: str) -> None:
    raw = body.encode()
    response = Response(200, "OK", (("Content-Type", content_type),), raw, len(raw), "")
    expect.schema(Exchange("step", "owner", Request("GET", "/"), response, 0.0, 0.0), "jasperserver", schema)


def element(root: str, content: str) -> str:
    return f"<{root}>{content}</{root}>"


def recorded() -> dict[str, tuple[str, dict[str, str]]]:
    """Every recorded body of an answer or of an accepted request, with its schema."""
    found = {}
    for file in sorted(RECORDED.glob("*.json")):
        for number, entry in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            plain = schema_of_request(entry) if file.stem == "requests" else SCHEMA_OF[file.stem]
            extended = "status+" in entry["contentType"]
            found[f"{file.stem}-{number}"] = ("extended-status" if extended else plain, entry)
    return found


def schema_of_request(entry: dict[str, str]) -> str:
    last = entry["path"].partition("?")[0].rstrip("/").rpartition("/")[2]
    known = {"exports": "export-request", "parameters": "report-parameters", "status": "status"}
    return known.get(last, "report-execution-request")


def refusal(entry: dict[str, str]) -> str | None:
    """The deviation that explains why the product accepted a body that is invalid."""
    plain_map = '"parameters": {"Country"' in entry["body"]
    return REFUSED.get((entry["method"], "plain map of parameters" if plain_map else entry["body"]))


@pytest.mark.parametrize(("schema", "entry"), recorded().values(), ids=recorded())
def test_a_recorded_body_is_valid_or_a_known_deviation(schema: str, entry: dict[str, str]) -> None:
    deviation = refusal(entry)
    if deviation is None:
        judge(schema, entry["contentType"], entry["body"])
        return
    assert deviation in register.load("jasperserver").deviations
    with pytest.raises(Broken):
        judge(schema, entry["contentType"], entry["body"])


def test_every_known_deviation_is_recorded() -> None:
    assert {refusal(entry) for _, entry in recorded().values()} - {None} == set(REFUSED.values())


@pytest.mark.parametrize(("schema", "body"), DOCUMENTED_JSON)
def test_documented_json_is_valid(schema: str, body: Any) -> None:
    judge(schema, "application/json", json.dumps(body))


@pytest.mark.parametrize(("schema", "root", "content"), DOCUMENTED_XML)
def test_documented_xml_is_valid(schema: str, root: str, content: str) -> None:
    judge(schema, "application/xml", element(root, content))


@pytest.mark.parametrize(("schema", "body"), [case for case in DOCUMENTED_JSON if isinstance(case[1], dict)])
def test_unknown_json_members_are_valid(schema: str, body: dict[str, Any]) -> None:
    judge(schema, "application/json", json.dumps({"unknown": [1], **body}))


@pytest.mark.parametrize(("schema", "root", "content"), [case for case in DOCUMENTED_XML if case[0] != "status"])
def test_unknown_xml_elements_and_attributes_are_valid(schema: str, root: str, content: str) -> None:
    judge(schema, "application/xml", f'<{root} version="9">{content}<unknown a="1"><b/></unknown></{root}>')


@pytest.mark.parametrize(("schema", "body"), INVALID_JSON)
def test_invalid_json_is_refused(schema: str, body: Any) -> None:
    with pytest.raises(Broken):
        judge(schema, "application/json", json.dumps(body))


@pytest.mark.parametrize(("schema", "root", "content"), INVALID_XML)
def test_invalid_xml_is_refused(schema: str, root: str, content: str) -> None:
    with pytest.raises(Broken):
        judge(schema, "application/xml", element(root, content))


def test_every_schema_has_accepted_and_refused_bodies() -> None:
    schemas = {file.stem for file in (register.folder("jasperserver") / "schemas").iterdir()} - {"types"}
    assert schemas == {case[0] for case in DOCUMENTED_JSON} == {case[0] for case in DOCUMENTED_XML}
    assert schemas - {"export-request"} == {case[0] for case in INVALID_JSON}
