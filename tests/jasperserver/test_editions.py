"""The editions of the reference server show the registered deviations of their versions."""

from __future__ import annotations

import time
import tomllib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_reportconformance.http.server import Call, Server
from pytest_reportconformance.jasperserver.reference import deviations, editions
from pytest_reportconformance.jasperserver.reference.deviations import plays
from pytest_reportconformance.jasperserver.reference.deviations.output import ResetsExports
from pytest_reportconformance.jasperserver.reference.deviations.plays import played
from pytest_reportconformance.register.apis import modules
from pytest_reportconformance.register.register import load
from tests.jasperserver.identities import Visitor, visitor

REPORT = "reportExecutions"
CANCEL = {"value": "cancelled"}
BEFORE_8 = ("6.4.2", "7.8.1")


@pytest.fixture(scope="module", params=editions.VERSIONS)
def edition(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of each version."""
    reference = editions.edition(request.param)(slow_seconds=4, page_seconds=0.4)
    with Server(reference) as server:
        yield server


@pytest.fixture
def owner(edition: Server) -> Iterator[Visitor]:
    """The user who runs reports."""
    with visitor(edition, "owner") as session:
        yield session


@pytest.fixture
def version(edition: Server) -> str:
    """The version that the server reports."""
    return str(tomllib.loads(edition.reference.target_toml(edition.url))["target"]["version"])


def running(owner: Visitor, report: str = "slow") -> str:
    """The id of a run that is executing."""
    id = str(owner.run(report)["requestId"])
    for _ in range(2):
        owner.get(REPORT)
    owner.wait(id, "execution")
    return id


def test_every_registered_deviation_has_one_class_or_a_reason() -> None:
    shown = [id for id, _ in played(editions.MODULES)]
    assert sorted([*shown, *editions.NOT_PLAYED]) == sorted(load("jasperserver").deviations)


def test_every_class_shows_a_registered_deviation_or_is_listed_as_unregistered() -> None:
    classes = {
        one
        for module in editions.MODULES
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    }
    unregistered = {one for listed in editions.UNREGISTERED.values() for one in listed}
    assert classes == unregistered | set(editions.PLAYED.values())
    assert not unregistered & set(editions.PLAYED.values())


def test_every_module_of_deviations_is_used() -> None:
    names = {module.__name__ for module in modules(deviations.__name__)}
    assert names == {plays.__name__, *(module.__name__ for module in editions.MODULES)}


def test_a_deviation_without_a_class_occurs_in_no_edition_or_in_the_reference_server_too() -> None:
    known = load("jasperserver").deviations
    for id, reason in editions.NOT_PLAYED.items():
        occurs = any(known[id].applies(editions.PRODUCT, version) for version in editions.VERSIONS)
        assert occurs is (reason == editions.AS_REFERENCE), id


@pytest.mark.parametrize("version", editions.VERSIONS)
def test_an_edition_shows_exactly_the_deviations_of_its_version(version: str) -> None:
    bases = editions.edition(version).__mro__
    shown = {id for id, one in editions.PLAYED.items() if one in bases}
    applying = {id for id, one in load("jasperserver").deviations.items() if one.applies(editions.PRODUCT, version)}
    assert shown == applying - set(editions.NOT_PLAYED)


def test_a_deviation_says_how_it_is_known_for_versions_on_which_it_was_not_observed() -> None:
    for one in load("jasperserver").deviations.values():
        applying = {version for version in editions.VERSIONS if one.applies(editions.PRODUCT, version)}
        assert bool(applying - set(one.observed_on)) == (one.elsewhere is not None), one.id
        assert not one.shown_by or one.observed_on, one.id


def test_an_edition_has_a_short_name() -> None:
    assert editions.edition("8.2").version == "8.2.0"


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(ValueError, match=r"6\.4\.2"):
        editions.edition("5.0")


def test_the_target_names_the_product(edition: Server) -> None:
    target = tomllib.loads(edition.reference.target_toml(edition.url))["target"]
    assert (target["product"], target["edition"]) == (editions.PRODUCT, "CE")


def test_unknown_ids_are_cancelled_and_deleted(owner: Visitor) -> None:
    assert owner.put(f"{REPORT}/none/status", json=CANCEL).status_code == 204
    assert owner.delete(f"{REPORT}/none").status_code == 204
    assert owner.put(f"{REPORT}/none/status", json={"value": "x"}).status_code == 400


def test_deleting_a_running_execution(owner: Visitor, version: str) -> None:
    id = running(owner)
    assert owner.delete(f"{REPORT}/{id}").status_code == (400 if version == "6.4.2" else 204)
    assert owner.get(f"{REPORT}/{id}/status").status_code == (200 if version == "6.4.2" else 404)


def test_the_default_media_type(owner: Visitor, version: str) -> None:
    id = owner.run("fast", **{"async": False})["requestId"]
    default = owner.get(f"{REPORT}/{id}/status", headers={"Accept": "*/*"})
    assert default.headers["Content-Type"] == f"application/{'xml' if version == '6.4.2' else 'json'}"
    plain = owner.get(f"{REPORT}/{id}/status", headers={"Accept": "application/xml"})
    assert plain.status_code == (200 if version in BEFORE_8 else 500)
    extended = owner.get(f"{REPORT}/{id}/status", headers={"Accept": "application/status+xml"})
    assert extended.status_code == 200
    assert owner.get(f"{REPORT}/{id}/status").json().get("asyncCancel") == (None if version in BEFORE_8 else False)


def test_page_status_and_info(owner: Visitor, version: str) -> None:
    id = running(owner, "slowpages")
    time.sleep(0.1)
    expected = 404 if version == "6.4.2" else 200
    for path, accept, status in (
        ("pages/2/status", "application/json", expected),
        ("pages/2/status", "application/status+json", 404 if version == "6.4.2" else 406),
        ("info", "application/json", expected),
    ):
        assert owner.get(f"{REPORT}/{id}/{path}", headers={"Accept": accept}).status_code == status


def test_a_cancel_from_another_session_stays_hidden(edition: Server, owner: Visitor, version: str) -> None:
    id = running(owner)
    with visitor(edition, "admin") as admin:
        assert admin.put(f"{REPORT}/{id}/status", json=CANCEL).status_code == 200
    time.sleep(0.6)
    assert owner.status(id) == ("cancelled" if version == "8.2.0" else "execution")


def test_executions_and_sessions(edition: Server, owner: Visitor, version: str) -> None:
    id = owner.run("fast")["requestId"]
    with visitor(edition, "owner") as elsewhere:
        assert elsewhere.get(f"{REPORT}/{id}").status_code == (200 if version == "8.2.0" else 404)


def test_a_run_is_not_known_at_once(owner: Visitor, version: str) -> None:
    id = str(owner.run("slow")["requestId"])
    assert owner.put(f"{REPORT}/{id}/status", json=CANCEL).status_code == 204
    assert owner.wait(id, "execution", "queued")
    listed = [id in owner.get(REPORT).text for _ in range(2)]
    assert listed == [False, True]
    owner.wait(id, "queued" if version == "8.2.0" else "execution")
    assert owner.put(f"{REPORT}/{id}/status", json=CANCEL).status_code == 200


@pytest.mark.parametrize("version", editions.VERSIONS)
def test_an_encoded_parent_as_id(version: str) -> None:
    reference: Any = editions.edition(version)()
    token = b64encode(b"joeuser:joe-5d2f").decode()
    call = Call("GET", f"/jasperserver/rest_v2/{REPORT}/%2E%2E/status/", (("Authorization", f"Basic {token}"),), b"")
    assert (reference.answer(call).status == 500) == (version in ("7.8.1", "8.0.2", "8.1.1"))


def test_search(edition: Server, owner: Visitor, version: str) -> None:
    id = running(owner)
    with visitor(edition, "other_user") as other_user, visitor(edition, "admin") as admin:
        assert other_user.get(REPORT).status_code == (200 if version == "6.4.2" else 204)
        assert admin.get(REPORT).status_code == 200
    by_uri = owner.get(REPORT, params={"reportURI": "/reports/slow"})
    assert by_uri.status_code == (500 if version == "6.4.2" else 200)
    owner.put(f"{REPORT}/{id}/status", json=CANCEL)
    assert owner.get(REPORT, params={"jobID": "abc"}).status_code == 500


def test_exports(owner: Visitor, version: str) -> None:
    run = owner.run("multi", outputFormat="csv", pages="1", **{"async": False})
    id = run["requestId"]
    assert run["exports"][0]["outputResource"]["contentType"] == "application/vnd.ms-excel"
    assert ("report-pages" in owner.output(id).headers) == (version in BEFORE_8)
    assert ("output-final" in owner.output(id).headers) == (version in BEFORE_8)
    bad = owner.post(f"{REPORT}/{id}/exports", json={"outputFormat": "text"}).json()["id"]
    assert owner.output(id, bad).status_code == 403
    xml = {"Content-Type": "application/xml"}
    body = "<export><outputFormat>csv</outputFormat><pages>x</pages></export>"
    whole = owner.post(f"{REPORT}/{id}/exports", data=body, headers=xml).json()["id"]
    assert len(owner.output(id, whole).text.splitlines()) == 7
    empty = owner.run("multi", outputFormat="json", **{"async": False})["requestId"]
    assert owner.output(empty).status_code == (204 if version in BEFORE_8 else 200)
    assert owner.post(REPORT, data=b"", headers={"Content-Type": "application/json"}).status_code == 500


def test_old_exports_after_an_update(owner: Visitor, version: str) -> None:
    id = owner.run("runcounter", outputFormat="csv", **{"async": False})["requestId"]
    before = owner.output(id).content
    owner.post(f"{REPORT}/{id}/parameters", json=[])
    owner.wait(id, "ready")
    assert (owner.output(id).content == before) == (version != "6.4.2")


def test_xls(owner: Visitor, version: str) -> None:
    run = owner.run("fast", outputFormat="xls", **{"async": False})
    magic = b"PK" if version == "8.2.0" else b"\xd0\xcf"
    assert owner.output(run["requestId"]).content.startswith(magic)
    assert run["exports"][0]["outputResource"]["fileName"] == ("fast.xlsx" if version == "8.2.0" else "fast.xls")


def test_an_unlisted_value_is_replaced_or_fails(owner: Visitor, version: str) -> None:
    id = owner.run("params", parameters={"reportParameter": [{"name": "city", "value": ["Atlantis"]}]})["requestId"]
    assert owner.wait(id, "ready", "failed") == ("ready" if version == "6.4.2" else "failed")


def test_removing_users(edition: Server, version: str) -> None:
    with visitor(edition, "admin") as admin:
        admin.put("users/guest", json={"password": "g", "roles": [{"name": "ROLE_USER"}]})
        assert admin.delete("users/guest").status_code == (500 if version == "8.1.1" else 204)


def test_reading_the_output_of_a_reset_export_makes_it_ready() -> None:
    class Resets(ResetsExports):
        reset = ("fast",)

    with Server(Resets()) as server, visitor(server, "owner") as owner:
        id = owner.run("fast", **{"async": False})["requestId"]
        assert owner.details(id)["exports"][0]["status"] == "cancelled"
        assert owner.output(id).status_code == 200
        assert owner.details(id)["exports"][0]["status"] == "ready"
