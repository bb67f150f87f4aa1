"""The suite creates users and reports on a bare server, and removes them however the run ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.cleanup import ledger
from pytest_reportconformance.http.server import Answer, Server
from pytest_reportconformance.jasperserver import jobs, preparation
from pytest_reportconformance.jasperserver.provisioning import kit
from pytest_reportconformance.jasperserver.provisioning.speed import Waits, waits
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run import prompts
from pytest_reportconformance.run.preparation import Unreachable
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.secrets import tty
from pytest_reportconformance.secrets.scan import Secrets, scan
from pytest_reportconformance.target import target
from pytest_reportconformance.target.target import Identity, Provision
from pytest_reportconformance.transcript.failures import NotReached
from tests.jasperserver.provisioning import administrator, bare_target, listing, provisioned


def test_the_kit_is_complete_and_removed_afterwards(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with provisioned(reference, tmp_path) as run:
        assert set(run.target.reports) == set(PURPOSES) == set(kit.UNITS)
        assert set(run.target.identities) == {"owner", "other_user", "admin"}
        assert run.target.identity("admin").value("username") != "jasperadmin"
        assert run.target.unfilled == {}
        assert (run.target.version, run.target.edition) == ("8.2.0", "CE")
        assert {entry.kind for entry in run.created} == {"folder", "user"}
    assert listing(reference) == before
    assert reference.executions_left == 0
    assert (run.created, run.warnings) == ([], [])


def test_reports_and_checks_get_the_same_waits(tmp_path: Path) -> None:
    with provisioned(Reference(bare=True), tmp_path) as run:
        slow, pages = run.target.report("slow"), run.target.report("slowpages")
        assert slow["parameters"] == {"seconds": [str(int(slow["seconds"]))]}
        assert pages["parameters"] == {"millis": [str(round(pages["seconds_per_page"] * 1000))]}
        assert slow["output_folder"].endswith("/out")


@pytest.mark.parametrize(
    ("answer", "run", "in_flight", "expected"),
    [
        (0.002, 0.01, 8, Waits(2, 150)),
        (0.03, 0.15, 8, Waits(8, 300)),
        (0.03, 0.15, 1, Waits(4, 250)),
        (5.0, 9.0, 8, Waits(15, 2000)),
    ],
)
def test_waits_follow_from_the_measured_speed(answer: float, run: float, in_flight: int, expected: Waits) -> None:
    assert waits([answer] * 3, run, in_flight) == expected


def test_two_concurrent_runs_do_not_share_anything(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        one, two = (RunSettings(bare_target(server.url), tmp_path / name) for name in ("one", "two"))
        with Run.prepared(one) as first:
            with Run.prepared(two) as second:
                names = [{entry.id for entry in run.created} for run in (first, second)]
                assert not names[0] & names[1]
            assert names[0] & set(reference.accounts.known)
            assert names[1].isdisjoint(reference.accounts.known)
    assert listing(reference) == before


def test_the_parent_folder_can_be_chosen(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    with provisioned(reference, tmp_path, provision=Provision(parent="/reports/of ours")) as run:
        assert run.target.report("fast")["uri"].startswith("/reports/of ours/conf_")
        assert reference.repository.below("/reports/of ours", deep=False)


def test_declared_identities_and_reports_stay(tmp_path: Path) -> None:
    owner = Identity("owner", "basic", {"username": "jasperadmin", "password": administrator().values["password"]})
    declared = {"fast": {"uri": "/mine", "text": "MINE"}}
    identities = {"owner": owner, "admin": administrator()}
    with provisioned(
        Reference(bare=True), tmp_path, identities=identities, reports=declared, provision=Provision(True)
    ) as run:
        assert run.target.identities["owner"] is owner
        assert run.target.report("fast") == declared["fast"]
        assert "other_user" in run.target.identities


class HasNoEffect(Reference):
    """Answers 201 to a permission that it does not apply."""

    def apply_permission(self, path: str, recipient: str, mask: int) -> None:
        if mask != 0:
            super().apply_permission(path, recipient, mask)


def test_a_permission_without_effect_leaves_its_purpose_unfilled(tmp_path: Path) -> None:
    with provisioned(HasNoEffect(bare=True), tmp_path) as run:
        with pytest.raises(NotReached, match="has no effect") as raised:
            run.target.report("forbidden")
        assert raised.value.outcome == "untested"
        assert "executeonly" in run.target.reports


class FiltersClasses(Reference):
    """Refuses the slow report."""

    def run(self, caller: Any) -> Answer:
        return Answer(400) if b"/slow" in caller.call.body else super().run(caller)


def test_a_site_that_filters_classes_is_reported(tmp_path: Path) -> None:
    with provisioned(FiltersClasses(bare=True), tmp_path) as run:
        with pytest.raises(NotReached, match=r"class\.filter"):
            run.target.report("slow")
        assert any("class.filter" in note for note in run.target.notes)


class KeepsFolders(Reference):
    """Answers 204 to a removal and keeps the resource."""

    def delete_resource(self, caller: Any, uri: str) -> Answer:
        return Answer(204)


class KeepsUsers(Reference):
    """Cannot delete users, like one version of the product."""

    def delete_user(self, caller: Any, name: str) -> Answer:
        return Answer(500)


class KeepsUsersUnchanged(KeepsUsers):
    """Cannot change users either."""

    def put_user(self, caller: Any, name: str) -> Answer:
        return Answer(500) if b'"enabled": false' in caller.call.body else super().put_user(caller, name)


def test_a_folder_that_cannot_be_removed_is_reported(tmp_path: Path) -> None:
    with provisioned(KeepsFolders(bare=True), tmp_path) as run:
        run.preparation.remove()
        (entry,) = run.created
        assert entry.kind == "folder"
        assert "still there after" in entry.why
        assert not entry.settled
    assert run.ledger.path.exists()
    run.ledger.path.unlink()


def users(run: Run) -> int:
    """How many users the suite created: all those of a bare server."""
    return len(run.target.identities) + len(run.target.expendable)


def test_users_that_cannot_be_removed_are_disabled_and_reported(tmp_path: Path) -> None:
    reference = KeepsUsers(bare=True)
    with provisioned(reference, tmp_path) as run:
        passwords = {name: account.password for name, account in reference.accounts.known.items()}
        run.preparation.remove()
        assert [entry.kind for entry in run.created] == ["user"] * users(run)
        assert all(entry.settled and "disabled" in entry.why for entry in run.created)
        for entry in run.created:
            account = reference.accounts.known[str(entry.id)]
            assert not account.enabled
            assert account.identity.roles == frozenset()
            assert account.password not in passwords.values()
    assert not run.ledger.path.exists(), "a settled entry needs no further clean-up"


def test_users_that_cannot_be_disabled_are_reported(tmp_path: Path) -> None:
    with provisioned(KeepsUsersUnchanged(bare=True), tmp_path) as run:
        run.preparation.remove()
        assert all(not entry.settled and "answered 500" in entry.why for entry in run.created)
    run.ledger.path.unlink()


class NamesAnotherUser(Reference):
    """Answers with the name of another user."""

    def put_user(self, caller: Any, name: str) -> Answer:
        answer = super().put_user(caller, name)
        answer.body = json.dumps({"username": "jasperadmin"}).encode()
        return answer


def test_an_answer_cannot_cause_the_removal_of_another_user(tmp_path: Path) -> None:
    reference = NamesAnotherUser(bare=True)
    before = listing(reference)
    with provisioned(reference, tmp_path):
        pass
    assert listing(reference) == before


def test_jobs_and_their_executions_are_stopped(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    before = listing(reference)
    with provisioned(reference, tmp_path) as run:
        slow = run.target.report("slow")
        request = jobs.create(slow["uri"], "left over", slow["output_folder"], parameters={"seconds": ["60"]})
        assert run.preparation.steps("job", replace(request, creates=None)).succeeded
        assert reference.jobs
    assert listing(reference) == before
    states = [one.fill.status(reference.clock()) for one in reference.executions.values() if one.job]
    assert states == ["cancelled"]


def test_secrets_are_in_no_file(tmp_path: Path) -> None:
    with provisioned(Reference(bare=True), tmp_path) as run:
        known = dict(run.client.redactor.known)
        passwords = {identity.value("password") for identity in run.target.identities.values()}
    assert passwords <= set(known)
    assert scan([tmp_path], Secrets(known), tmp_path) == []
    assert "conf_" in (tmp_path / "target.har").read_text(encoding="utf-8")


def test_the_ledger_has_each_entry_before_its_creation(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    class ReadsTheLedger(Reference):
        def put_user(self, caller: Any, name: str) -> Answer:
            for path, _ in ledger.kept():
                seen.extend((entry.kind, entry.id) for entry in ledger.read(path).entries if entry.id == name)
            return super().put_user(caller, name)

    with provisioned(ReadsTheLedger(bare=True), tmp_path) as run:
        assert [kind for kind, _ in seen] == ["user"] * users(run)
        assert {id for _, id in seen} <= {entry.id for entry in run.created}


def test_without_consent_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "is_loopback", lambda url: False)
    reference = Reference(bare=True)
    before = listing(reference)
    with provisioned(reference, tmp_path) as run:
        assert run.created == []
        assert listing(reference) == before
        with pytest.raises(NotReached, match=r"disposable = true.*RC_DISPOSABLE=true.*write .reports.fast"):
            run.target.report("fast")
    with provisioned(reference, tmp_path, disposable=True) as run:
        assert "fast" in run.target.reports


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"identities": {}}, False),
        ({"reports": {"fast": {"uri": "/fast"}}}, False),
        ({"reports": {"fast": {"uri": "/fast"}}, "provision": Provision(True)}, True),
        ({"provision": Provision(False)}, False),
    ],
)
def test_provisioning_depends_on_the_target(changes: dict[str, Any], expected: bool) -> None:
    assert preparation.wanted(bare_target("http://127.0.0.1:1", **changes)) is expected


def test_provisioning_without_an_administrator_is_an_error(tmp_path: Path) -> None:
    without = provisioned(Reference(bare=True), tmp_path, identities={}, provision=Provision(True))
    with pytest.raises(Unreachable, match="without an administrator"), without:
        pass


def test_each_action_is_logged(tmp_path: Path) -> None:
    reference = Reference(bare=True)
    said: list[str] = []
    with Server(reference) as server, Run.prepared(RunSettings(bare_target(server.url), tmp_path, say=said.append)):
        pass
    assert all("\n" not in line for line in said)
    for word in (
        "creates the user",
        "creates the folder",
        "creates the reportUnit",
        "permission",
        "removes the folder",
    ):
        assert any(word in line for line in said), word


def test_credentials_and_consent_are_asked_for_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def line(prompt: str) -> str:
        asked.append(prompt)
        return "jasperadmin" if "user name" in prompt else "yes"

    monkeypatch.setattr(tty, "line", line)
    monkeypatch.setattr(tty, "hidden", lambda prompt: "admin-e83b")
    found = prompts.completed(bare_target("http://reports.example/jasperserver", identities={}))
    assert found.identity("admin").value("password") == "admin-e83b"
    assert found.disposable
    assert len(asked) == 2
    known = bare_target("http://127.0.0.1:1")
    assert prompts.completed(known) is known


def test_nothing_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tty, "TERMINAL", tmp_path / "none" / "tty")
    incomplete = bare_target("http://127.0.0.1:1", identities={})
    assert prompts.completed(incomplete) is incomplete
    with pytest.raises(LookupError, match="no terminal"):
        tty.hidden("password: ")
