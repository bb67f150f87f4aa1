"""EdgeGrid from end to end: the reference server verifies every signature."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.edgegrid import signed_fields
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.target.target import Target, TargetError
from pytest_reportconformance.target.toml import parse
from tests.mutation.kill_matrix import judged, violated

SWITCH_KEY = "1-5C0YLB:1-8BYUX"


class Recording(Reference):
    """Keeps every call."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slow_seconds=0.3, auth="edgegrid", **options)
        self.calls: list[Call] = []

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        return super().answer(call)


def signed(reference: Recording) -> list[Call]:
    """The calls that carry a signature."""
    return [call for call in reference.calls if call.header("Authorization")]


def test_a_run_with_signed_requests_is_conformant() -> None:
    judgements = judged(Recording())
    assert violated(judgements) == {}
    outcomes = {one.requirement: one.outcome for one in judgements if "signature" in one.requirement}
    assert set(outcomes.values()) == {"passed"}


def test_every_request_is_signed_on_its_own() -> None:
    reference = Recording()
    judged(reference)
    nonces = [signed_fields(call.header("Authorization"))["nonce"] for call in signed(reference)]
    replayed = len(nonces) - len(set(nonces))
    assert len(nonces) > 100
    assert replayed == 1  # the scenario that replays one on purpose


def test_credentials_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "edgerc"
    reference = Recording(edgerc=str(path))

    def written(target: Target) -> Target:
        path.write_text(reference.edgerc_text(target.url), encoding="utf-8")
        return target

    assert violated(judged(reference, written)) == {}


def test_a_missing_section_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "edgerc"
    path.write_text("[other]\n", encoding="utf-8")
    with Server(Recording(edgerc=str(path))) as server:
        settings = RunSettings(describe(server), tmp_path / "report")
        with pytest.raises(TargetError, match=r"\[owner\]"), Run.prepared(settings):
            pass


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reference = Recording()
    with Server(reference) as server:
        values = tomllib.loads(reference.target_toml(server.url))
    for name in ("client_token", "client_secret", "access_token"):
        monkeypatch.setenv(f"OWNER_{name.upper()}", values["identities"]["owner"][name])
        values["identities"]["owner"][name] = f"env:OWNER_{name.upper()}"
    identities = parse(Table("target.toml", "", values, TargetError), Path(tmp_path)).identities
    judgements = judged(reference, lambda target: replace(target, identities=identities))
    assert violated(judgements) == {}


def switched(target: Target) -> Target:
    """The owner acts for another account; a constant argument and a constant header for all."""
    owner = target.identities["owner"]
    owner = replace(owner, values={**owner.values, "account_switch_key": SWITCH_KEY})
    identities = {**target.identities, "owner": owner}
    return replace(target, identities=identities, query={"tenant": "a&b"}, headers={"X-Tenant": "a"})


def test_constant_arguments_are_added_once_and_signed() -> None:
    reference = Recording()
    judgements = judged(reference, switched)
    assert violated(judgements) == {}
    own = [call for call in signed(reference) if "client-owner" in call.header("Authorization")]
    assert {tuple(call.query.get("accountSwitchKey", ())) for call in own} == {(SWITCH_KEY,)}
    assert {tuple(call.query.get("tenant", ())) for call in reference.calls} == {("a&b",)}
    assert {call.header("X-Tenant") for call in reference.calls} == {"a"}
    others = [call for call in reference.calls if call not in own]
    assert not any("accountSwitchKey" in call.query for call in others)


class Repeating(Recording):
    """Repeats the account that was switched to in its links."""

    def href_of(self, query: Query, page: int) -> str:
        return f"{super().href_of(query, page)}?accountSwitchKey={SWITCH_KEY}"


def test_an_argument_that_a_link_has_is_not_added() -> None:
    reference = Repeating()
    assert violated(judged(reference, switched)) == {}
    queries = [call for call in signed(reference) if "/queries/." in call.path]
    assert {len(call.query["accountSwitchKey"]) for call in queries} == {1}
