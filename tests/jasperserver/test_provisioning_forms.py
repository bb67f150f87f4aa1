"""Every request of provisioning has the form of a recorded one, and every recorded answer can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver import jobs
from pytest_reportconformance.jasperserver.provisioning import ids
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from tests.jasperserver.provisioning import Recording, provisioned

RECORDED = Path(__file__).parent / "recorded" / "provisioning"
VERSIONS = ("6.4.2", "8.1.1")
TRIED = {
    ("GET", "/users", None, "application/json", ()),
    ("GET", "/users/conf_other_user", None, "application/json", ()),
    ("GET", "/users/conf_admin", None, "application/json", ()),
    ("GET", "/resources/conf/forbidden", None, "application/json", ()),
    ("GET", "/resources", None, "application/json", ()),
    ("GET", "/reportExecutions", None, "application/json", ()),
    ("DELETE", "/reportExecutions/*", None, "application/json", ()),
}
"""Forms that were tried on the same servers but not recorded, or that belong to the API itself."""
Form = tuple[str, str, str | None, str | None, tuple[str, ...]]


def entries(version: str) -> list[dict[str, Any]]:
    """The recorded requests of a version, with their answers."""
    found: list[dict[str, Any]] = json.loads((RECORDED / f"{version}.json").read_text(encoding="utf-8"))
    return found


def shape(path: str) -> str:
    """A path without query, its ids and random names replaced except the last segment of a resource."""
    plain = re.sub(r"conf_[0-9a-f]+", "conf", path.partition("?")[0])
    plain = re.sub(r"/(reportExecutions|jobs)/(?!resume)[^/]+", r"/\1/*", plain)
    plain = re.sub(r"/conf_expendable_\d+", "/conf_owner", plain)
    return plain.rstrip("/")


def members(body: Any, at: str = "") -> tuple[str, ...]:
    """The paths of all members of a body, sorted; items of a list count once."""
    if isinstance(body, dict):
        found = {path for name, value in body.items() for path in [f"{at}/{name}", *members(value, f"{at}/{name}")]}
    elif isinstance(body, list):
        found = {path for item in body for path in members(item, f"{at}[]")}
    else:
        found = set()
    return tuple(sorted(found))


def recorded_forms() -> set[Form]:
    return {
        (one["method"], shape(one["path"]), one["contentType"], one["accept"], members(one["body"]))
        for version in VERSIONS
        for one in entries(version)
    }


def form(call: Call, prefix: str) -> Form:
    body = members(json.loads(call.body)) if call.body else ()
    path = shape(call.path.removeprefix(f"{prefix}/rest_v2"))
    return call.method, path, call.header("Content-Type") or None, call.header("Accept") or None, body


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Call, int]]:
    """Every request of provisioning and removal, with the status of its answer."""
    reference = Recording()
    with provisioned(reference, tmp_path_factory.mktemp("run")):
        pass
    return [(call, answer.status) for call, answer in reference.calls]


def test_every_request_has_a_recorded_form(calls: list[tuple[Call, int]]) -> None:
    known = recorded_forms() | TRIED
    odd = []
    for call, _ in calls:
        found = form(call, Recording.prefix)
        if found[1] == "/reportExecutions" and found[0] == "POST":
            assert {"/reportUnitUri", "/outputFormat"} <= set(found[4])
        elif not any(_fits(found, one) for one in known):
            odd.append(found)
    assert odd == []


def _fits(found: Form, known: Form) -> bool:
    """Equal except for the optional description of a folder."""
    optional = {"/description"} if found[1].startswith("/resources") and found[0] == "POST" else set()
    return found[:4] == known[:4] and set(found[4]) - optional == set(known[4]) - optional


def test_answers_are_those_of_the_recorded_requests(calls: list[tuple[Call, int]]) -> None:
    statuses: dict[Form, set[int]] = {}
    for version in VERSIONS:
        for one in entries(version):
            key = (one["method"], shape(one["path"]), one["contentType"], one["accept"], members(one["body"]))
            statuses.setdefault(key, set()).add(one["status"])
    for call, status in calls:
        allowed = statuses.get(form(call, Recording.prefix))
        if allowed is not None and "/reportExecutions" not in call.path:
            assert status in allowed or (call.method, status) in (("GET", 204), ("GET", 404)), call.target


def test_all_recorded_kinds_are_sent(calls: list[tuple[Call, int]]) -> None:
    sent = {form(call, Recording.prefix)[:2] for call, _ in calls}
    skipped = ("/jobs", "/reportExecutions", "/serverInfo")
    left_out = {one[:2] for one in recorded_forms() if not one[1].startswith(skipped)} - sent
    assert left_out == set()


def exchange(one: dict[str, Any]) -> Exchange:
    """A recorded entry as an exchange."""
    raw = one["answer"].encode()
    fields = (("Content-Type", one["answerType"]),) if one["answerType"] else ()
    request = Request(one["method"], f"/rest_v2{one['path']}")
    return Exchange("step", one["identity"], request, Response(one["status"], "", fields, raw, len(raw), ""), 0.0, 0.0)


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_answers_can_be_read(version: str) -> None:
    for one in entries(version):
        found = exchange(one)
        if one["method"] == "PUT" and one["path"].startswith("/users/"):
            assert ids.identify("user", found) == one["path"].removeprefix("/users/")
        elif one["method"] == "POST" and one["path"] == "/resources":
            assert ids.identify("folder", found) == "/conf_3f9a1c"
        elif one["path"].startswith("/resources?folderUri"):
            assert {"/conf_3f9a1c/fast", "/conf_3f9a1c/out"} <= ids.uris(found)
        elif (one["method"], one["path"]) == ("PUT", "/jobs"):
            assert str(jobs.job_id(found)).isdigit()
        elif one["status"] >= 400 or one["status"] == 204:
            assert ids.identify("user", found) is None
            assert ids.uris(found) == set()
