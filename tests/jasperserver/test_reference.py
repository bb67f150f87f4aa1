"""The reference server runs, exports and describes reports as the chapter says, over real HTTP."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest

from tests.jasperserver.identities import Visitor

REPORT = "reportExecutions"
ALL_FORMATS = {
    "pdf": b"%PDF-",
    "html": b"<",
    "xls": b"\xd0\xcf\x11\xe0",
    "xlsx": b"PK",
    "rtf": b"{\\rtf",
    "csv": b"PAGE-1",
    "xml": b"<?xml",
    "docx": b"PK",
    "odt": b"PK",
    "ods": b"PK",
    "pptx": b"PK",
    "json": b"[",
    "jrprint": b"\xac\xed",
}


def test_a_synchronous_run_answers_when_the_output_is_ready(owner: Visitor) -> None:
    began = time.monotonic()
    run = owner.run("slow", **{"async": False})
    assert time.monotonic() - began >= 0.4
    assert (run["status"], run["totalPages"], run["reportURI"]) == ("ready", 1, "/reports/slow")
    assert run["exports"][0]["status"] == "ready"
    assert b"SLOW-0.4" in owner.output(run["requestId"]).content


def test_an_asynchronous_run_answers_at_once(owner: Visitor) -> None:
    began = time.monotonic()
    run = owner.run("slow")
    assert time.monotonic() - began < 0.2
    assert run["status"] in ("queued", "execution")
    assert run["exports"][0]["status"] == "queued"
    assert owner.wait(run["requestId"], "execution")
    assert owner.wait(run["requestId"], "ready")


def test_xml_is_read_and_written(owner: Visitor) -> None:
    body = (
        "<reportExecutionRequest><reportUnitUri>/reports/params</reportUnitUri><outputFormat>csv</outputFormat>"
        '<parameters><reportParameter name="tags"><value>a</value><value>c</value></reportParameter></parameters>'
        "</reportExecutionRequest>"
    )
    answer = owner.post(REPORT, data=body, headers={"Content-Type": "application/xml; charset=UTF-8", "Accept": ""})
    root = ElementTree.fromstring(answer.content)
    assert (answer.headers["Content-Type"], root.tag) == ("application/xml", "reportExecution")
    id, status, export = (root.findtext(path) for path in ("requestId", "status", "exports/export/id"))
    assert status == "ready"
    assert id is not None
    assert export is not None
    assert b"tags=[a;c]" in owner.output(id, export).content


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"reportUnitUri": "/reports/forbidden"}, 403, "access.denied"),
        ({"reportUnitUri": "/reports/unknown"}, 404, "resource.not.found"),
        ({"reportUnitUri": "/reports"}, 404, "resource.not.found"),
        ({"outputFormat": "pdf"}, 400, "mandatory.parameter.error"),
        ({"reportUnitUri": "/reports/fast", "pages": "1,2"}, 400, "report.invalid.page.range"),
        ({"reportUnitUri": "/reports/fast", "pages": "3-1"}, 400, "report.start.page.greater.then.end.page"),
        ({"reportUnitUri": "/reports/multi", "pages": "9", "outputFormat": "pdf"}, 400, "page.number.out.of.range"),
        ({"reportUnitUri": "/reports/fast", "parameters": []}, 200, None),
        ({"reportUnitUri": "/reports/fast", "parameters": [1]}, 400, "serialization.error"),
        ({"reportUnitUri": "/reports/failing"}, 400, "generic.error.message"),
        ({"reportUnitUri": "/reports/executeonly", "surprise": None, "async": "true"}, 200, None),
    ],
)
def test_invalid_runs_are_refused(owner: Visitor, body: dict[str, object], status: int, code: str | None) -> None:
    answer = owner.post(REPORT, json=body)
    assert (answer.status_code, answer.json().get("errorCode")) == (status, code)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"async": "maybe", "reportUnitUri": "/x"}']
)
def test_unreadable_bodies_are_refused(owner: Visitor, body: bytes) -> None:
    answer = owner.post(REPORT, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "serialization.error")


def test_negotiation(owner: Visitor) -> None:
    id = owner.run("fast", **{"async": False})["requestId"]

    def negotiated(accept: str, path: str = "/status") -> tuple[int, str | None]:
        answer = owner.get(f"{REPORT}/{id}{path}", headers={"Accept": accept})
        return answer.status_code, answer.headers.get("Content-Type")

    for media in ("application/xml", "application/json", "application/status+xml", "application/status+json"):
        assert negotiated(media) == negotiated(media + ";charset=UTF-8", "/status/") == (200, media)
    assert negotiated("*/*") == (200, "application/xml")
    assert negotiated("application/xml;q=0.5, application/json;q=0.9") == (200, "application/json")
    assert negotiated("application/*;q=0.1, text/html", "") == (200, "application/xml")
    assert negotiated("text/html") == (406, None)
    assert owner.post(REPORT, data="x", headers={"Content-Type": "text/plain"}).status_code == 415
    refused = owner.patch(f"{REPORT}/{id}/status")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, PUT")


def test_an_invalid_parameter_fails_the_run(owner: Visitor) -> None:
    id = owner.run("params", parameters={"reportParameter": [{"name": "count", "value": ["x"]}]})["requestId"]
    assert owner.wait(id, "failed")
    extended = owner.get(f"{REPORT}/{id}/status", headers={"Accept": "application/status+xml"})
    root = ElementTree.fromstring(extended.content)
    assert (root.findtext("value"), root.findtext("errorDescriptor/errorCode")) == (
        "failed",
        "input.controls.validation.error",
    )
    assert root.findtext("errorDescriptor/parameters/parameter")
    assert owner.output(id).status_code == 403


@pytest.mark.parametrize("format", sorted(ALL_FORMATS))
def test_every_format_is_valid(owner: Visitor, format: str) -> None:
    run = owner.run("multi", outputFormat=format.upper(), **{"async": False})
    described = run["exports"][0]["outputResource"]
    answer = owner.output(run["requestId"])
    assert answer.content.startswith(ALL_FORMATS[format])
    assert answer.headers["Content-Type"] == described["contentType"]
    assert answer.headers["output-final"] == "true"
    name = described.get("fileName")
    assert answer.headers.get("Content-Disposition") == (f'attachment; filename="{name}"' if name else None)


def test_pages_and_pagination(owner: Visitor) -> None:
    pypdf = pytest.importorskip("pypdf")
    import io

    run = owner.run("multi", outputFormat="pdf", pages="2-3", **{"async": False})
    answer = owner.output(run["requestId"], params={"suppressContentDisposition": "true"})
    texts = [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    assert texts == ["PAGE-2-OF-7", "PAGE-3-OF-7"]
    assert answer.headers["report-pages"] == run["exports"][0]["outputResource"]["pages"] == "2-3"
    assert "Content-Disposition" not in answer.headers
    assert run["totalPages"] == 7
    assert owner.run("multi", ignorePagination=True, **{"async": False})["totalPages"] == 1


def test_attachments(owner: Visitor) -> None:
    prefix = "/x/{contextPath}/{reportExecutionId}/{exportExecutionId}/"
    run = owner.run("images", attachmentsPrefix=prefix, **{"async": False})
    id, export = run["requestId"], run["exports"][0]
    assert f"/x//jasperserver/{id}/{export['id']}/img_0_0_1.jpg" in owner.output(id).text
    for attachment, magic in zip(export["attachments"], (b"\xff\xd8\xff", b"\x89PNG", b"document."), strict=True):
        answer = owner.get(f"{REPORT}/{id}/exports/{export['id']}/attachments/{attachment['fileName']}")
        assert answer.content.startswith(magic)
        assert answer.headers["Content-Type"] == attachment["contentType"]
    assert owner.get(f"{REPORT}/{id}/exports/{export['id']}/attachments/none.png").status_code == 404


def test_an_export_does_not_run_the_report_again(owner: Visitor) -> None:
    id = owner.run("runcounter", outputFormat="csv", **{"async": False})["requestId"]
    first = owner.output(id).content
    export = owner.post(f"{REPORT}/{id}/exports/", json={"outputFormat": "csv"}).json()["id"]
    assert owner.output(id, export).content == first
    assert [one["id"] for one in owner.details(id)["exports"]][1:] == [export]
    assert owner.get(f"{REPORT}/{id}/exports/{export}/status").json() == {"value": "ready"}


def test_invalid_export_options_fail_the_export_only(owner: Visitor) -> None:
    id = owner.run("fast", **{"async": False})["requestId"]
    for options in ({"outputFormat": "text"}, {"outputFormat": "pdf", "pages": "7"}, {"anchor": "none"}):
        export = owner.post(f"{REPORT}/{id}/exports", json=options).json()["id"]
        assert owner.output(id, export).status_code == 400
    assert [export["status"] for export in owner.details(id)["exports"]] == ["ready", "failed", "failed", "failed"]
    assert owner.status(id) == "ready"


def test_parameters_run_the_report_again(owner: Visitor) -> None:
    id = owner.run("runcounter", outputFormat="csv", **{"async": False})["requestId"]
    before = owner.output(id).content
    answer = owner.post(f"{REPORT}/{id}/parameters?freshData=true", json=[{"name": "any", "value": ["x"]}])
    assert (answer.status_code, answer.content) == (204, b"")
    assert owner.wait(id, "ready")
    assert owner.output(id).content != before
    xml = '<reportParameters><reportParameter name="a"><value>b</value></reportParameter></reportParameters>'
    sent = owner.post(f"{REPORT}/{id}/parameters", data=xml, headers={"Content-Type": "application/xml"})
    assert sent.status_code == 204


def test_pages_exist_before_the_report_is_done(owner: Visitor) -> None:
    id = owner.run("slowpages", pages="1-2")["requestId"]
    page = owner.get(f"{REPORT}/{id}/pages/2/status", headers={"Accept": "application/status+json"}).json()
    assert page == {"reportStatus": "execution", "pageFinal": True, "pageTimestamp": 0}
    assert "PAGE-2-OF-8" in owner.output(id).text
    assert owner.details(id)["currentPage"] >= 2
    assert owner.get(f"{REPORT}/{id}/pages/9/status").status_code == 404
    assert owner.status(id) == "ready"
    assert owner.get(f"{REPORT}/{id}/pages/x/status").status_code == 400


def test_info(owner: Visitor) -> None:
    id = owner.run("bookmarks")["requestId"]
    tree = owner.get(f"{REPORT}/{id}/info").json()["bookmarks"]["bookmarks"]
    assert [(one["label"], one["pageIndex"]) for one in tree] == [("North", 0), ("South", 2)]
    root = ElementTree.fromstring(owner.get(f"{REPORT}/{id}/info", headers={"Accept": "application/xml"}).content)
    assert root.findtext("bookmarks/bookmarks/bookmark/bookmarks/bookmark/label") == "Oslo"
    parts = owner.run("parts")["requestId"]
    assert owner.get(f"{REPORT}/{parts}/info").json()["parts"]["parts"][2] == {"idx": 2, "name": "Annex"}
