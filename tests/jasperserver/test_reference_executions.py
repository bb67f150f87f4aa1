"""The reference server cancels, deletes, finds and protects executions as the chapter says, over real HTTP."""

from __future__ import annotations

import concurrent.futures
import time
import tomllib
from collections.abc import Callable

import pytest
import requests

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from tests.jasperserver.identities import Visitor, visitor

REPORT = "reportExecutions"


def test_cancelling_stops_the_work(owner: Visitor) -> None:
    id = owner.run("slow")["requestId"]
    answer = owner.put(f"{REPORT}/{id}/status", json={"value": "cancelled"})
    assert (answer.status_code, answer.json()) == (200, {"value": "cancelled"})
    assert owner.put(f"{REPORT}/{id}/status", json={"value": "cancelled"}).status_code == 204
    time.sleep(0.5)
    assert owner.status(id) == "cancelled"
    assert owner.output(id).status_code == 403
    assert owner.put(f"{REPORT}/{id}x/status", json={"value": "cancelled"}).status_code == 404


def test_cancelling_ends_a_wait_for_the_output(owner: Visitor, server: Server) -> None:
    id = owner.run("slow")["requestId"]
    with concurrent.futures.ThreadPoolExecutor(1) as pool, visitor(server, "owner") as other:
        waiting = pool.submit(other.output, id)
        time.sleep(0.1)
        xml = {"Content-Type": "application/xml", "Accept": "application/xml"}
        answer = owner.put(f"{REPORT}/{id}/status", data="<status>cancelled</status>", headers=xml)
        assert answer.text.endswith("<status>cancelled</status>")
        assert waiting.result(0.3).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("superuser", 200), ("admin", 200), ("other_admin", 403), ("other_user", 403)]
)
def test_cancelling_needs_authorization(owner: Visitor, server: Server, role: str, status: int) -> None:
    id = owner.run("slow")["requestId"]
    with visitor(server, role) as identity:
        listed = identity.get(REPORT).json()["reportExecution"]
        assert id in [execution["requestId"] for execution in listed]
        assert identity.put(f"{REPORT}/{id}/status", json={"value": "cancelled"}).status_code == status
    assert (owner.status(id) == "cancelled") == (status == 200)


def test_an_administrator_may_cancel_in_organizations_below(server: Server) -> None:
    with visitor(server, "child_user") as child, visitor(server, "admin") as admin:
        id = child.run("slow")["requestId"]
        assert admin.put(f"{REPORT}/{id}/status", json={"value": "cancelled"}).status_code == 200


def test_other_users_see_no_execution(owner: Visitor, other_user: Visitor) -> None:
    run = owner.run("images", **{"async": False})
    id, export = run["requestId"], run["exports"][0]["id"]
    for path in (
        "",
        "/status",
        "/info",
        "/pages/1/status",
        f"/exports/{export}/status",
        f"/exports/{export}/outputResource",
    ):
        assert owner.get(f"{REPORT}/{id}{path}").status_code == 200
        assert other_user.get(f"{REPORT}/{id}{path}").status_code == 404
    assert other_user.post(f"{REPORT}/{id}/exports", json={}).status_code == 404
    assert other_user.post(f"{REPORT}/{id}/parameters", json=[]).status_code == 404
    assert other_user.delete(f"{REPORT}/{id}").status_code == 404
    assert owner.status(id) == "ready"


def test_deleting(owner: Visitor) -> None:
    for report, wanted in (("fast", "ready"), ("slow", "execution"), ("failing", "failed")):
        id = owner.run(report)["requestId"]
        owner.wait(id, wanted)
        answer = owner.delete(f"{REPORT}/{id}/")
        assert (answer.status_code, answer.content) == (204, b"")
        assert owner.get(f"{REPORT}/{id}").status_code == owner.delete(f"{REPORT}/{id}").status_code == 404


def test_search(owner: Visitor, server: Server) -> None:
    id = owner.run("slow")["requestId"]

    def found(visitor: Visitor = owner, **arguments: str) -> bool:
        answer = visitor.get(REPORT, params=arguments)
        assert answer.status_code in (200, 204), answer.text
        listed = answer.json()["reportExecution"] if answer.status_code == 200 else []
        return id in [execution["requestId"] for execution in listed]

    assert found()
    assert found(reportURI="/reports/slow")
    assert found(reportURI="")
    assert not found(reportURI="/reports/fast")
    assert not found(jobID="1")
    assert not found(jobLabel="any")
    assert not found(fireTimeFrom="2020-01-01T00:00+0000")
    assert owner.get(REPORT, params={"fireTimeTo": "yesterday"}).json()["errorCode"] == "illegal.parameter.value.error"
    with visitor(server, "superuser") as superuser:
        assert found(superuser, reportURI="/organizations/organization_1/reports/slow")
    owner.put(f"{REPORT}/{id}/status", json={"value": "cancelled"})
    assert not found()


def test_authentication(server: Server, owner: Visitor) -> None:
    refused = requests.get(owner.base + REPORT, timeout=5)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="Protected area"')
    quiet = requests.get(owner.base + REPORT, headers={"X-Suppress-Basic": "true"}, timeout=5)
    assert "WWW-Authenticate" not in quiet.headers
    assert requests.get(owner.base + REPORT, auth=("joeuser", "wrong"), timeout=5).status_code == 401
    id = owner.run("fast")["requestId"]
    owner.auth = None
    assert owner.status(id)
    with visitor(server, "owner") as elsewhere:
        assert elsewhere.status(id)
        elsewhere.auth = ("joeuser|organization_1", elsewhere.password)
        assert elsewhere.status(id)


def test_sessions_can_be_bound() -> None:
    with (
        Server(Reference(bind_sessions=True)) as server,
        visitor(server, "owner") as here,
        visitor(server, "owner") as there,
    ):
        id = here.run("fast")["requestId"]
        assert there.get(f"{REPORT}/{id}").status_code == 404
        assert there.delete(f"{REPORT}/{id}").status_code == 204
        assert here.status(id)


def test_ten_concurrent_runs_do_not_mix(owner: Visitor, server: Server) -> None:
    def one(number: int) -> str:
        with visitor(server, "owner") as session:
            values = {"reportParameter": [{"name": "count", "value": [str(number)]}]}
            run = session.run("params", outputFormat="csv", parameters=values)
            return session.output(run["requestId"]).text.splitlines()[2]

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        assert list(pool.map(one, range(1, 11))) == [f"count={number}" for number in range(1, 11)]


@pytest.mark.parametrize("id", ["a%2Fb", "..", "%20", "x" * 4000, "%00", "ü"])
def test_malformed_ids_are_not_found(owner: Visitor, id: str) -> None:
    request = requests.Request("GET", owner.base, auth=owner.auth).prepare()
    request.url = f"{owner.base}{REPORT}/{id}/status"
    assert owner.send(request, timeout=5).status_code == 404


def test_the_target_file_describes_the_server(server: Server) -> None:
    described = tomllib.loads(server.reference.target_toml(server.url))
    assert described["target"]["url"] == server.url
    assert described["reports"]["slow"]["seconds"] == 0.4
    assert set(described["identities"]) == {
        "owner",
        "other_user",
        "child_user",
        "unscoped",
        "admin",
        "other_admin",
        "superuser",
    }


def test_it_counts_executions() -> None:
    reference = Reference()
    with Server(reference) as server, visitor(server, "owner") as owner:
        runs: list[Callable[[], object]] = [lambda: owner.run("fast"), lambda: owner.run("failing")]
        ids = [run() for run in runs]
        owner.delete(f"{REPORT}/{ids[0]['requestId']}")  # type: ignore[index]
    assert (reference.executions_started, reference.executions_left) == (2, 1)
    assert reference.summary() == "2 executions started, 1 left"
