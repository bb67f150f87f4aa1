"""Scenarios, requirements and checks of the user's own, requests as an identity, and steps that do not exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pytest_reportconformance.hooks.own import OwnTests
from pytest_reportconformance.register import own
from pytest_reportconformance.register.register import RegisterError
from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.scenarios import Need, scenario
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import untested
from tests.hooks.test_command_line import ONE, results, run

OWN = """
[documents.agreement]
title = "Our agreement"
url = "https://reports.example/agreement"
normative = true

["own.version.for-all"]
level = "MUST"
says = "The version is the same for every user."
source = { document = "agreement", section = "1" }

["own.version.old"]
level = "MUST"
says = "The version is that of last year."
source = { document = "agreement", section = "2" }

["own.version.short"]
level = "SHOULD"
says = "The version has one digit."
source = { document = "agreement", section = "3" }

["own.version.secret"]
level = "MUST"
says = "The version is a secret."
source = { document = "agreement", section = "4" }
unchecked = "no check is written yet"
"""
CONFTEST = """
from pytest_reportconformance import Request, scenario

JSON = (("Accept", "application/json"),)


@scenario(read_only=True, params=["owner", "admin"])
def versioned(step, target, identity):
    \"\"\"The version is asked for by an identity, and without credentials.\"\"\"
    step("known", Request("GET", "/rest_v2/serverInfo", JSON), identity=identity)
    step("anonymous", Request("GET", "/rest_v2/serverInfo", JSON), identity="anonymous")
"""
TESTS = """
import pytest
from pytest_reportconformance import Request, requirement, scenario


@scenario(read_only=True)
def broken(step, target):
    \"\"\"A mistake in a scenario.\"\"\"
    step("known", Request("GET", "/rest_v2/serverInfo"))
    1 / 0
    step("later", Request("GET", "/rest_v2/serverInfo"))


@requirement("own.version.for-all")
def test_for_all(versioned):
    assert versioned["known"].json() == versioned["anonymous"].json()


@requirement("own.version.old")
def test_old(versioned):
    assert versioned["known"].field("version") == "1.0"


@requirement("own.version.short")
def test_short(identity):
    assert len(identity("admin").get("/rest_v2/serverInfo/version").text) == 1


def test_mistake(broken):
    assert broken["later"].status_code == 200


def test_misspelt(cancelled):
    assert cancelled["cancel-jsn"].status_code == 200


def test_misspelt_prefix(cancelled):
    assert not cancelled.starting("lte-")


def test_misspelt_own(versioned):
    assert "knowns" not in versioned


def test_identity_that_cannot_exist(identity):
    identity("admins")


def test_outcomes(conformance, client, identity):
    assert conformance["jasperserver.status.unknown-id"] == "passed"
    assert conformance["jasperserver.cancel.unknown-id"] == "not selected"
    with pytest.raises(LookupError, match="did you mean 'jasperserver.cancel.unknown-id'"):
        conformance["jasperserver.cancel.unknown-ids"]
    asked = {"reportUnitUri": "/reports/slow", "async": True, "outputFormat": "html"}
    made = client.post("/rest_v2/reportExecutions", json=asked, headers={"accept": "application/json"}, name="run")
    status = f"/rest_v2/reportExecutions/{made.json()['requestId']}/status"
    assert client.get(status, name="status").status_code == 200
    assert identity("anonymous").get(status, name="status-by-anonymous").status_code == 401
"""


@pytest.fixture(scope="module", params=[[], ["-n", "2"]], ids=["exclusive", "xdist"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A run of one packaged check and of the user's own tests, in one process and in three."""
    folder = tmp_path_factory.mktemp("own")
    for name, text in (
        ("tests/specs/own.toml", OWN),
        ("tests/inner/conftest.py", CONFTEST),
        ("tests/inner/test_mine.py", TESTS),
        ("pytest.ini", "[pytest]\ntestpaths = tests\n"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    arguments = ("-W", "error", "--target", "embedded:jasperserver", "-k", f"{ONE} or test_mine", "-rA")
    return run(folder, *arguments, *request.param), folder


def test_own_requirements_are_in_every_report_and_not_in_the_verdict(played: tuple[Any, Path]) -> None:
    done, folder = played
    record = results(folder)
    assert (record["verdict"], record["totals"]["requirements"]) == (
        "partial",
        {**record["totals"]["requirements"], "passed": 1},
    )
    outcomes = {one["id"]: one["outcome"] for one in record["own_requirements"]}
    assert outcomes == {
        "own.version.for-all": "passed",
        "own.version.old": "failed",
        "own.version.short": "warned",
        "own.version.secret": "unchecked",
    }
    assert not any(one["counts"] for one in record["own_requirements"])
    report = folder / "conformance" / "embedded-jasperserver"
    for name in ("report.html", "summary.md"):
        text = (report / name).read_text(encoding="utf-8")
        assert all(id in text for id in outcomes), name
    assert "which do not count for the verdict: 1 failed, 1 warned, 1 passed, 1 unchecked" in done.stdout
    assert "FAILED own.version.old" in done.stdout
    assert done.returncode == 1


def test_each_renderer_has_them(played: tuple[Any, Path]) -> None:
    stored = Stored.read(next(played[1].rglob("results.json")))
    for name in ("junit", "ctrf", "earl", "csv"):
        assert "own.version.old" in "".join(renderings.render(name, stored)), name


def test_requests_of_tests_are_recorded_and_what_they_created_is_removed(played: tuple[Any, Path]) -> None:
    record = results(played[1])
    assert record["leftovers"] == []
    (path,) = played[1].rglob("transcripts/*test_outcomes*.har")
    entries = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
    assert [(one["_step"], one["_identity"]) for one in entries[:3]] == [
        ("run", "owner"),
        ("status", "owner"),
        ("status-by-anonymous", "anonymous"),
    ]
    assert [one["_step"] for one in entries[3:]][:1] == ["cleanup"]
    assert path.stem in {one["name"] for one in record["scenarios"]}


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("test_mistake", "ZeroDivisionError in scenario broken"),
        ("test_misspelt", "cancelled has no step 'cancel-jsn'.*did you mean 'cancel-json'"),
        ("test_misspelt_prefix", "cancelled has no step 'lte-'"),
        ("test_misspelt_own", "versioned.* has no step 'knowns'; it has anonymous, known: did you mean 'known'"),
        ("test_identity_that_cannot_exist", "found 'admins'.*did you mean 'admin'"),
    ],
)
def test_a_mistake_in_a_test_fails_it_and_says_what_was_meant(test: str, says: str, played: tuple[Any, Path]) -> None:
    done, _ = played
    assert re.search(rf"FAILED \S*test_mine.py::{test}\b", done.stdout), done.stdout
    assert re.search(says, done.stdout, re.DOTALL)


def test_what_the_tests_expect_holds(played: tuple[Any, Path]) -> None:
    done, _ = played
    assert re.search(r"PASSED \S*test_mine.py::test_outcomes", done.stdout), done.stdout
    assert "warning" not in done.stdout.lower().replace("warned", "")


def test_an_unknown_id_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "own.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "test_a.py").write_text(TESTS.replace("own.version.old", "own.version.odl"), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", ".")
    assert done.returncode == 4
    assert re.search("found 'own.version.odl'.*did you mean 'own.version.old'", done.stderr)


def declared(api: str) -> OwnTests:
    """What the user's own tests declare, without a pytest around it."""
    config: Any = SimpleNamespace(pluginmanager=SimpleNamespace(register=lambda *_: None), rootpath=Path("/"))
    context: Any = SimpleNamespace(api=api)
    return OwnTests(config, [context], lambda _, need: untested(api, need.key, "error", "not played"))


def test_a_scenario_may_not_have_the_name_of_another() -> None:
    def cancelled(_step: Any, _target: Any) -> None: ...

    module: Any = ModuleType("conftest")
    module.one = scenario()(cancelled)
    with pytest.raises(pytest.UsageError, match="scenario cancelled: the suite has a scenario of this name"):
        declared("jasperserver").pytest_plugin_registered(module)
    other: Any = ModuleType("conftest")
    other.one = module.one
    tests = declared("akamai_reporting")
    tests.pytest_plugin_registered(module)
    tests.pytest_plugin_registered(other)
    assert list(tests.scenarios) == ["cancelled"]
    another: Any = ModuleType("other")
    another.one = scenario(read_only=True)(cancelled)
    with pytest.raises(pytest.UsageError, match=r"scenario cancelled: .* has one of this name"):
        tests.pytest_plugin_registered(another)


def test_a_scenario_of_an_api_that_is_not_under_test_is_untested() -> None:
    def there(_step: Any, _target: Any) -> None: ...

    with pytest.raises(NotReached, match="no target of this run is of that API"):
        declared("jasperserver").transcript(scenario(api="akamai_reporting")(there), Need("there"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[documents.agreement]", "[documents.x]", "document: found 'agreement'"),
        ("own.version.old", "mine.version.old", r"id: found 'mine.version.old'; allowed: own.<operation>"),
        ("own.version.old", "own.old", r"id: found 'own.old'"),
        ("is that of last year", "must be that of last year", "no modal verb"),
        ("normative = true", "normative = false", "level: found 'MUST'"),
    ],
)
def test_a_fault_in_own_toml_names_the_file_and_what_is_allowed(old: str, new: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(RegisterError, match=says) as raised:
        own.read(tmp_path / "own.toml")
    assert str(tmp_path / "own.toml") in str(raised.value)


def test_the_nearest_own_toml_counts_up_to_the_root(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a" / "b"):
        (folder / "specs").mkdir(parents=True)
        (folder / own.FILE).write_text("", encoding="utf-8")
    assert own.file_beside(tmp_path / "a" / "b" / "c" / "test.py", tmp_path) == tmp_path / "a" / "b" / own.FILE
    assert own.file_beside(tmp_path / "a" / "test.py", tmp_path) == tmp_path / own.FILE
    assert own.file_beside(tmp_path / "a" / "test.py", tmp_path / "a") is None


def test_the_help_of_fixtures_lists_steps_and_sends_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "--target", "embedded:jasperserver", "--fixtures")
    assert done.returncode == 0, done.stdout
    assert re.search(r"Steps: .*cancel-json", done.stdout)
    assert "jasperserver_url" in done.stdout
    assert not list(tmp_path.rglob("*.har"))
