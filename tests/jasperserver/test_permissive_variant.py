"""The permissive variant differs from the reference server and meets the requirements of the chapter."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
import requests

from pytest_reportconformance.http.server import Server
from tests.jasperserver.identities import Visitor, visitor
from tests.jasperserver.permissive_variant import PermissiveVariant

REPORT = "reportExecutions"


@pytest.fixture(scope="module")
def variant_server() -> Iterator[Server]:
    """A permissive variant."""
    with Server(PermissiveVariant(slow_seconds=0.4, page_seconds=0.06)) as server:
        yield server


@pytest.fixture
def owner(variant_server: Server) -> Iterator[Visitor]:
    """The user who runs reports."""
    with visitor(variant_server, "owner") as session:
        yield session


def test_a_run_is_polled_exported_and_deleted(owner: Visitor) -> None:
    run = owner.run("runcounter", outputFormat="csv")
    id = quote(run["requestId"])
    assert (run["status"], run["exports"][0]["status"], run["reportURI"]) == (
        "ready",
        "execution",
        "repo:/reports/runcounter",
    )
    assert owner.output(id).status_code == 409
    time.sleep(0.1)
    first = owner.output(id)
    assert first.content.startswith(b'\xef\xbb\xbf"RUN-')
    assert first.headers["Content-Type"] == "text/plain; header=absent"
    export = owner.post(f"{REPORT}/{id}/exports", json={"outputFormat": "csv"}).json()["id"]
    time.sleep(0.1)
    assert owner.output(id, export).content == first.content
    assert owner.post(f"{REPORT}/{id}/parameters", json=[]).status_code == 204
    assert owner.output(id, export).content == first.content
    newer = owner.post(f"{REPORT}/{id}/exports", json={"outputFormat": "csv"}).json()["id"]
    time.sleep(0.1)
    assert owner.output(id, newer).content != first.content
    assert [owner.delete(f"{REPORT}/{id}").status_code for _ in range(2)] == [204, 404]


def test_xml_is_the_default_and_equals_json(owner: Visitor) -> None:
    id = owner.run("fast")["requestId"]
    for media, path in (("application/xml", "."), ("application/status+xml", "value"), ("", ".")):
        answer = owner.get(f"{REPORT}/{quote(id)}/status", headers={"Accept": media})
        root = ElementTree.fromstring(answer.content)
        assert (root.tag, (root.findtext(path) or "").strip()) == ("status", "ready")
    details = ElementTree.fromstring(owner.get(f"{REPORT}/{quote(id)}", headers={"Accept": "application/xml"}).content)
    assert details.findtext("requestId") == id


def test_attachments_have_absolute_addresses(owner: Visitor) -> None:
    run = owner.run("images", **{"async": False})
    html = owner.output(quote(run["requestId"])).text
    sources = re.findall(r"SRC='([^']*)'", html)
    assert [urlsplit(source).scheme for source in sources] == ["http", "http"]
    for source in sources:
        source = source.replace("&amp;", "&")
        assert requests.get(source, auth=owner.auth, timeout=5).headers["Content-Type"].startswith("image/")
    names = [attachment["fileName"] for attachment in run["exports"][0]["attachments"]]
    assert names == ["bild 0+1 (ü) 100%.jpg", "bild 0+2 (ü) 100%.png", "chart_0_0.js"]


def test_cancelling_and_searching(variant_server: Server, owner: Visitor) -> None:
    id = owner.run("slow")["requestId"]
    assert owner.status(quote(id)) == "execution"
    with visitor(variant_server, "other_user") as other_user, visitor(variant_server, "superuser") as superuser:
        listed = other_user.get(REPORT, params={"userName": "joeuser"}).json()["reportExecution"]
        assert id in [one["requestId"] for one in listed]
        assert other_user.put(f"{REPORT}/{quote(id)}/status", json={"value": "cancelled"}).status_code == 404
        assert other_user.get(f"{REPORT}/{quote(id)}").status_code == 403
        xml = {"Content-Type": "application/xml", "Accept": ""}
        answer = superuser.put(f"{REPORT}/{quote(id)}/status", data="<status>cancelled</status>", headers=xml)
    assert ElementTree.fromstring(answer.content).text == "cancelled"
    again = owner.put(f"{REPORT}/{quote(id)}/status", json={"value": "cancelled"})
    assert (again.status_code, again.headers["content-type"]) == (204, "application/json")
    assert owner.details(quote(id))["exports"][0]["status"] == "failed"
    assert owner.output(quote(id), "1").status_code == 410


def test_page_status_answers_at_once(owner: Visitor) -> None:
    id = quote(owner.run("slowpages")["requestId"])
    early = owner.get(f"{REPORT}/{id}/pages/8/status").json()
    assert (early["reportStatus"], early["pageFinal"]) == ("execution", False)
    owner.wait(id, "ready")
    assert owner.get(f"{REPORT}/{id}/pages/8/status").json()["pageFinal"] is True


def test_there_are_no_sessions_and_no_error_bodies(owner: Visitor) -> None:
    missing = owner.get(f"{REPORT}/none")
    assert (missing.status_code, missing.content, missing.cookies.get_dict()) == (404, b"", {})
    assert requests.get(owner.base + REPORT, timeout=5).headers["WWW-Authenticate"].startswith("Bearer")
    refused = owner.post(REPORT, json={"reportUnitUri": "/reports/forbidden"})
    assert (refused.status_code, refused.content) == (403, b"")
