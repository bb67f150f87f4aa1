"""Repository, accounts, permissions and scheduler of the reference server, over HTTP."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from tests.jasperserver.identities import Visitor, visitor

WAIT = '<parameter name="seconds" class="I"><defaultValueExpression><![CDATA[8]]></defaultValueExpression></parameter>'


def put(admin: Visitor, path: str, kind: str, **members: Any) -> requests.Response:
    """Create a resource."""
    content_type = f"application/repository.{kind}+json"
    return admin.put(f"resources{path}", json=members, headers={"Content-Type": content_type})


def put_unit(admin: Visitor, name: str, design: str, *controls: str) -> requests.Response:
    """Create a report unit from a definition of that name."""
    definition = f'<?xml version="1.0"?>\n<jasperReport pageWidth="1"\n name="{design}">{WAIT}</jasperReport>'
    file = {"label": f"{design}.jrxml", "type": "jrxml", "content": base64.b64encode(definition.encode()).decode()}
    references = [{"inputControlReference": {"uri": f"/kit/{control}"}} for control in controls]
    return put(admin, f"/kit/{name}", "reportUnit", label=name, jrxml={"jrxmlFile": file}, inputControls=references)


@pytest.fixture
def bare() -> Iterator[Server]:
    """A bare server."""
    with Server(Reference(bare=True)) as server:
        yield server


@pytest.fixture
def admin(bare: Server) -> Iterator[Visitor]:
    """Its administrator, after the creation of a folder, two users and some reports."""
    with visitor(bare, "admin") as admin:
        made = admin.post(
            "resources",
            json={"label": "kit", "description": "d"},
            headers={"Content-Type": "application/repository.folder+json"},
        )
        assert (made.status_code, made.json()["uri"]) == (201, "/kit")
        for name in ("owner", "other_user"):
            account = {"fullName": name, "enabled": True, "password": f"{name}!", "roles": [{"name": "ROLE_USER"}]}
            assert admin.put(f"users/{name}", json=account).status_code == 201
        assert put_unit(admin, "fast", "fast").status_code == 201
        assert put_unit(admin, "forbidden", "fast").status_code == 201
        assert put_unit(admin, "slow", "slow", "seconds").status_code == 201
        for path, mask in (("/kit", "2"), ("/kit/forbidden", "0")):
            set = admin.post("permissions", json={"uri": path, "recipient": "role:/ROLE_USER", "mask": mask})
            assert set.status_code == 201
        yield admin


@pytest.fixture
def member(bare: Server, admin: Visitor) -> Iterator[Visitor]:
    """A user that the administrator created."""
    with Visitor(bare, "owner", "owner!") as member:
        yield member


def test_server_info_needs_no_authentication(bare: Server) -> None:
    answer = requests.get(bare.url + "/rest_v2/serverInfo", headers={"Accept": "application/json"}, timeout=5)
    assert (answer.status_code, answer.json()["edition"]) == (200, "CE")
    assert Reference(version="9.1").server_info_members()["version"] == "9.1"


def test_created_reports_run(member: Visitor) -> None:
    def run(path: str) -> requests.Response:
        return member.post("reportExecutions", json={"reportUnitUri": path, "outputFormat": "csv"})

    assert member.output(run("/kit/fast").json()["requestId"]).text == "FAST\n"
    assert run("/kit/forbidden").status_code == 403
    assert put(member, "/kit/mine", "folder", label="mine").status_code == 403
    assert member.get("users/other_user").status_code == 403


def test_an_uploaded_report_has_its_own_waits(member: Visitor) -> None:
    id = member.post("reportExecutions", json={"reportUnitUri": "/kit/slow", "async": True}).json()["requestId"]
    time.sleep(1)
    assert member.status(id) == "execution"


def test_resources_are_listed(admin: Visitor, member: Visitor) -> None:
    answer = member.get("resources", params={"folderUri": "/kit", "recursive": "true", "limit": "0"})
    listed = [resource["uri"] for resource in answer.json()["resourceLookup"]]
    assert (listed, answer.headers["Total-Count"]) == (["/kit/fast", "/kit/slow"], "2")
    assert member.get("resources", params={"folderUri": "/nowhere"}).status_code == 204
    read = admin.get("resources/kit/fast")
    assert read.headers["Content-Type"] == "application/repository.reportUnit+json"
    assert admin.get("permissions/kit/forbidden").json()["permission"][0]["mask"] == 0
    assert admin.get("permissions/kit/fast").status_code == 204


def test_an_existing_resource_is_not_created_again(admin: Visitor) -> None:
    conflict = put_unit(admin, "fast", "fast")
    assert (conflict.status_code, conflict.json()["errorCode"]) == (409, "version.not.match")
    folder = {"Content-Type": "application/repository.folder+json"}
    assert admin.post("resources", json={"label": "kit"}, headers=folder).status_code == 500
    assert put(admin, "/kit/bad", "reportUnit", label="bad", jrxml={"jrxmlFile": {"content": ""}}).status_code == 400
    assert put(admin, "/none/a?createFolders=false", "folder", label="a").json()["errorCode"] == "folder.not.found"
    assert admin.put("users/owner", json={"password": "new", "roles": []}).status_code == 200
    assert requests.get(admin.base + "reportExecutions", auth=("owner", "owner!"), timeout=5).status_code == 401


def test_an_overwritten_resource_loses_its_permissions(admin: Visitor, member: Visitor) -> None:
    put(admin, "/kit/forbidden?overwrite=true", "folder", label="forbidden")
    assert admin.get("permissions/kit/forbidden").status_code == 204


def test_resources_and_users_are_removed(admin: Visitor, member: Visitor) -> None:
    assert admin.delete("resources/kit").status_code == 204
    assert admin.delete("resources/kit").status_code == 204
    assert admin.get("resources/kit/fast").status_code == 404
    assert admin.delete("users/owner").status_code == 204
    assert admin.delete("users/owner").status_code == 404
    assert member.get("reportExecutions").status_code == 401


def schedule(member: Visitor, **trigger: Any) -> requests.Response:
    """Create a job that runs the slow report for a second."""
    job = {
        "label": "nightly slow",
        "trigger": {"simpleTrigger": {"startType": 1, "occurrenceCount": 1} | trigger},
        "source": {
            "reportUnitURI": "/kit/slow",
            "parameters": {"parameterValues": {"seconds": ["1"], "dropped": ["1"]}},
        },
        "baseOutputFilename": "slow",
        "repositoryDestination": {"folderURI": "/kit", "saveToRepository": True},
        "outputFormats": {"outputFormat": ["PDF"]},
    }
    types = {"Content-Type": "application/job+json", "Accept": "application/job+json"}
    return member.put("jobs", json=job, headers=types)


def test_search_finds_executions_of_the_scheduler(admin: Visitor, member: Visitor) -> None:
    made = schedule(member)
    assert (made.status_code, made.headers["Content-Type"]) == (200, "application/job+json")
    id = made.json()["id"]
    assert made.json()["source"]["parameters"]["parameterValues"] == {"seconds": ["1"]}
    assert member.post("jobs/resume", json={"jobId": [id]}).json() == {"jobId": [id]}

    def when(minutes: int) -> str:
        return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M+0000")

    matching = {"jobID": id, "jobLabel": "nightly slow", "userName": "owner", "fireTimeFrom": when(-1)}
    for arguments in ({}, {"reportURI": "/kit/slow"}, {"fireTimeTo": when(1)}, matching):
        answer = member.get("reportExecutions", params=arguments)
        assert [one["reportURI"] for one in answer.json()["reportExecution"]] == ["/kit/slow"]
    for arguments in (
        {"jobID": "9"},
        {"fireTimeFrom": when(2)},
        {"fireTimeTo": when(-2)},
        matching | {"userName": "x"},
    ):
        assert member.get("reportExecutions", params=arguments).status_code == 204
    assert member.get(f"jobs/{id}/state").json()["value"] == "EXECUTING"
    found = member.get("reportExecutions").json()["reportExecution"][0]["requestId"]
    assert member.wait(found, "ready")
    assert member.get(f"jobs/{id}/state").status_code == 404
    assert admin.get("resources/kit/slow.pdf").status_code == 200


def test_jobs_are_listed_and_removed(admin: Visitor, member: Visitor) -> None:
    assert admin.get("jobs", params={"reportUnitURI": "/kit/slow"}).status_code == 204
    id = schedule(member, startType=2, startDate="2099-01-01 00:00").json()["id"]
    assert admin.get("jobs", params={"reportUnitURI": "/kit/slow"}).json()["jobsummary"][0]["id"] == id
    assert member.get(f"jobs/{id}/state").json()["value"] == "NORMAL"
    removed = member.delete(f"jobs/{id}")
    assert (removed.status_code, removed.text) == (200, str(id))
    assert member.delete(f"jobs/{id}").status_code == 404
