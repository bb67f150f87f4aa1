"""Whole runs against a bare server with nothing but an administrator's credentials."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.provisioning.provision import EXPENDABLE
from pytest_reportconformance.jasperserver.reference import Reference, editions
from pytest_reportconformance.secrets import tty
from pytest_reportconformance.target.toml import read
from tests.hooks.test_command_line import results, run
from tests.jasperserver.provisioning import ADMIN, listing

UNKNOWN_OUTCOMES = ("untested", "failed", "warned", "error")


def found(folder: Path, *words: str) -> dict[str, str]:
    """The requirements with one of these outcomes, with the reasons."""
    return {one["id"]: one["reason"] for one in results(folder)["requirements"] if one["outcome"] in words}


def test_a_bare_server_is_conformant_and_nothing_is_untested(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        done = run(tmp_path, "--target", server.url, "-v", **ADMIN)
    assert done.returncode == 0, done.stdout[-4000:]
    assert found(tmp_path, *UNKNOWN_OUTCOMES) == {}
    record = results(tmp_path)
    assert record["verdict"] == "conformant"
    assert (record["leftovers"], record["executions_started"] > 20) == ([], True)
    assert listing(reference) == before
    assert reference.executions_left == 0
    assert "provisioning: creates the folder /conf_" in done.stdout
    assert "identities: admin, owner, other_user" in done.stdout


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("version", ["6.4.2", "8.1.1"])
def test_an_edition_shows_registered_deviations_only(tmp_path: Path, version: str) -> None:
    reference = editions.edition(version)(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        done = run(tmp_path, "--target", server.url, "--accept-deviations", **ADMIN)
    assert found(tmp_path, *UNKNOWN_OUTCOMES) == {}, done.stdout[-4000:]
    assert done.returncode in (0, 6)
    users = {entry["id"]: entry["why"] for entry in results(tmp_path)["leftovers"] if entry["kind"] == "user"}
    left = set(listing(reference)["users"]) - set(before["users"])
    assert set(users) == left
    assert len(left) == (3 + EXPENDABLE if version == "8.1.1" else 0)
    for name, why in users.items():
        assert name in done.stdout
        assert "disabled" in why
        assert not reference.accounts.known[name].enabled
    assert {**listing(reference), "users": before["users"]} == before


def test_searches_run_exclusively_on_the_old_version(tmp_path: Path) -> None:
    with Server(editions.edition("6.4.2")(bare=True)) as server:
        run(tmp_path, "--target", server.url, "-k", "jasperserver.search or jasperserver.jobs", **ADMIN)
    exclusive = {one["name"]: one["exclusive_because"] for one in results(tmp_path)["scenarios"] if one["exclusive"]}
    assert {"searched_in_vain", "job_searched"} <= set(exclusive)
    assert "before 7.5 such searches answer 500 beside any run" in exclusive["job_searched"]
    assert "before 7.5 such searches answer 500" in next(tmp_path.rglob("exchanges.html")).read_text(encoding="utf-8")


def started(reference: Reference, folder: Path, url: str) -> subprocess.Popen[str]:
    """A run in the middle of its scenarios."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", url]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, **ADMIN})
    end = time.monotonic() + 60
    while reference.executions_left < 8 and time.monotonic() < end:
        time.sleep(0.02)
    return process


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        process = started(reference, tmp_path, server.url)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 2, output
    assert listing(reference) == before
    assert reference.executions_left == 0


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("named", [False, True], ids=["by-its-sessions", "by-the-administrator"])
def test_what_a_killed_run_left_is_removed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        process = started(reference, tmp_path, server.url)
        process.kill()
        process.communicate(timeout=60)
        assert listing(reference) != before
        time.sleep(0.3)
        folder = str(next((tmp_path / "conformance").iterdir()))
        if named:
            for name, value in ADMIN.items():
                monkeypatch.setenv(name, value)
            reference.accounts.sessions.clear()
        assert cli.main(["cleanup", folder, *(["--target", server.url] if named else [])]) in (0, 1)
    assert listing(reference) == before


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Reference, Server]]:
    """A bare server whose administrator is in the environment; no terminal."""
    reference = Reference(bare=True)
    monkeypatch.setattr(tty, "TERMINAL", tmp_path / "none" / "tty")
    for name, value in ADMIN.items():
        monkeypatch.setenv(name, value)
    with Server(reference) as server:
        yield reference, server


def test_provision_and_deprovision(served: tuple[Reference, Server], tmp_path: Path, capsys: Any) -> None:
    reference, server = served
    before = listing(reference)
    path = tmp_path / "t.toml"
    assert cli.main(["provision", str(path), "--target", server.url, "-v"]) == 0
    output = capsys.readouterr()
    assert "14 reports" in output.out
    assert "creates the folder /conf_" in output.err
    made = read(path)
    assert set(made.identities) == {"owner", "other_user"}
    assert len(made.reports) == 14
    owners = {identity.value("username") for identity in made.identities.values()}
    assert set(made.provision.made["user"]) == owners | set(made.expendable)
    secrets = sorted(tmp_path.glob("*.password"))
    assert [stat.S_IMODE(secret.stat().st_mode) for secret in secrets] == [0o600, 0o600]
    assert made.identity("owner").value("password") not in path.read_text(encoding="utf-8")
    assert listing(reference) != before
    assert cli.main(["deprovision", str(path)]) == 0
    assert "nothing is left" in capsys.readouterr().out
    assert listing(reference) == before
    assert not list(tmp_path.glob("*.password"))


def test_the_suite_runs_without_administrator_rights(served: tuple[Reference, Server], tmp_path: Path) -> None:
    reference, server = served
    before = listing(reference)
    assert cli.main(["provision", str(tmp_path / "t.toml"), "--target", server.url]) == 0
    made = listing(reference)
    done = run(tmp_path, "--target", "t.toml", "-k", "jasperserver.status or jasperserver.jobs")
    assert done.returncode == 0, done.stdout
    now = listing(reference)
    now["resources"] = [path for path in now["resources"] if "/out/" not in path]  # what a job printed
    assert now == made, "a run neither makes nor removes anything then"
    assert cli.main(["deprovision", str(tmp_path / "t.toml")]) == 0
    assert listing(reference) == before


def test_provision_keeps_files_and_servers_as_they_are(
    served: tuple[Reference, Server], tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, server = served
    before = listing(reference)
    path = tmp_path / "t.toml"
    path.write_text("", encoding="utf-8")
    assert cli.main(["provision", str(path), "--target", server.url]) == 4
    assert "exists already" in capsys.readouterr().err
    path.unlink()
    monkeypatch.setenv("RC_ADMIN_PASSWORD", "another")
    assert cli.main(["provision", str(path), "--target", server.url]) == 4
    assert "identities.admin: the server refuses" in capsys.readouterr().err
    monkeypatch.delenv("RC_ADMIN_PASSWORD")
    monkeypatch.delenv("RC_ADMIN_USERNAME")
    assert cli.main(["provision", str(path), "--target", server.url]) == 4
    assert "RC_ADMIN_USERNAME" in capsys.readouterr().err
    assert not path.exists()
    assert listing(reference) == before


def test_deprovision_reports_what_is_wrong_with_its_file(
    served: tuple[Reference, Server], tmp_path: Path, capsys: Any
) -> None:
    reference, server = served
    assert cli.main(["deprovision", str(tmp_path / "none.toml")]) == 4
    path = tmp_path / "t.toml"
    path.write_text(reference.target_toml(server.url), encoding="utf-8")
    assert cli.main(["deprovision", str(path)]) == 4
    assert "provision.made" in capsys.readouterr().err


def test_deprovision_reports_users_that_cannot_be_removed(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ADMIN.items():
        monkeypatch.setenv(name, value)
    with Server(editions.edition("8.1.1")(bare=True)) as server:
        assert cli.main(["provision", str(tmp_path / "t.toml"), "--target", server.url]) == 0
        names = [identity.value("username") for identity in read(tmp_path / "t.toml").identities.values()]
        assert cli.main(["deprovision", str(tmp_path / "t.toml")]) == 1
    output = capsys.readouterr().out
    assert all(f"user {name}: the server does not delete it; it is disabled" in output for name in names)
