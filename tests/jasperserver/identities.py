"""Plain HTTP access to a reference server in tests: a session for each identity, and the common flows."""

from __future__ import annotations

import time
from typing import Any

import requests

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference


class Visitor(requests.Session):
    """The session of an identity; paths are below `rest_v2`."""

    def __init__(self, server: Server, username: str, password: str) -> None:
        super().__init__()
        self.base = server.url + "/rest_v2/"
        self.password = password
        self.auth = (username, password)
        self.headers["Accept"] = "application/json"

    def request(self, method: str, path: str, *rest: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send to a path below `rest_v2`."""
        return super().request(method, self.base + path, *rest, **options | {"allow_redirects": False, "timeout": 20})

    def run(self, report: str, **members: Any) -> dict[str, Any]:
        """Run a report of the kit asynchronously and return the descriptor."""
        body = {"reportUnitUri": f"/reports/{report}", "outputFormat": "html", "async": True} | members
        answer = self.post("reportExecutions", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def status(self, id: str) -> str:
        """The status of an execution."""
        return str(self.get(f"reportExecutions/{id}/status").json()["value"])

    def wait(self, id: str, *expected: str) -> str:
        """Poll until the status is one of those expected."""
        for _ in range(500):
            if (status := self.status(id)) in expected:
                return status
            time.sleep(0.01)
        raise AssertionError(f"{id} is still {status}")

    def details(self, id: str) -> dict[str, Any]:
        """The descriptor of an execution."""
        return dict(self.get(f"reportExecutions/{id}").json())

    def output(self, id: str, export_id: str = "", **options: Any) -> requests.Response:
        """The output of an export, by default the first."""
        export_id = export_id or self.details(id)["exports"][0]["id"]
        return self.get(f"reportExecutions/{id}/exports/{export_id}/outputResource", **options)


def visitor(server: Server, role: str) -> Visitor:
    """The session of an identity of the server."""
    reference = server.reference
    assert isinstance(reference, Reference)
    account = reference.identities[role]
    return Visitor(server, account.username, account.password)
