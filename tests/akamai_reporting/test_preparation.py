"""Purposes that target.toml leaves out are discovered in few requests, for any answer of the server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.akamai_reporting.reference.server import Route
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.failures import NotReached
from tests.akamai_reporting.permissive_variant import PermissiveVariant
from tests.mutation.kill_matrix import judged, violated

MOST_REQUESTS = 24


def prepared(reference: Any, folder: Path, change: Callable[[Target], Target] = lambda target: target) -> Target:
    """The target as it is known after the preparation of a run."""
    with (
        Server(reference) as server,
        Run.prepared(RunSettings(change(replace(describe(server), name="found")), folder)) as run,
    ):
        return run.target


@pytest.mark.parametrize("server", [Reference, PermissiveVariant])
def test_every_purpose_is_found_from_url_and_credentials(server: Any, tmp_path: Path) -> None:
    reference = server(bare=True, slow_seconds=0.5)
    target = prepared(reference, tmp_path)
    assert sorted(target.reports) == sorted(PURPOSES)
    assert reference.submissions <= 3
    assert reference.requests <= MOST_REQUESTS
    assert any("paged" in note for note in target.notes)


@pytest.mark.parametrize("server", [Reference, PermissiveVariant])
def test_a_server_with_a_bare_description_is_conformant(server: Any) -> None:
    judgements = judged(server(bare=True, slow_seconds=0.5))
    lacking = {one.check: one.reason for one in judgements if one.outcome in ("untested", "blocked", "inconclusive")}
    assert lacking == {}
    assert {id for id in violated(judgements) if "retry-after" not in id} <= set(noted(judgements))


def noted(judgements: list[Judgement]) -> list[str]:
    """The requirements of the level MAY that are violated."""
    return [one.requirement for one in judgements if one.outcome == "noted"]


def test_a_described_purpose_is_not_discovered(tmp_path: Path) -> None:
    reference = Reference(slow_seconds=0.2)
    target = prepared(reference, tmp_path)
    assert reference.requests == 1 + len(target.identities) - 1  # the probe, and all but the unscoped sign in
    assert target.notes == ()


def test_a_described_purpose_takes_precedence(tmp_path: Path) -> None:
    described = {"path": "delivery/purge/audit-requests-details", "dimensions": ["requestId"]}
    target = prepared(Reference(bare=True), tmp_path, lambda target: replace(target, reports={"paged": described}))
    assert target.reports["paged"] == described
    assert target.reports["sorted"]["path"] == described["path"]
    assert target.reports["empty"]["filters"][0]["dimensionName"] == "requestId"


def test_without_another_user_hidden_reports_and_objects_are_unknown(tmp_path: Path) -> None:
    target = prepared(
        Reference(bare=True), tmp_path, lambda target: replace(target, identities={"owner": target.identities["owner"]})
    )
    assert {"forbidden", "unseen"} <= set(target.unfilled)
    with pytest.raises(NotReached, match=r"write \[reports.unseen\]") as raised:
        target.report("unseen")
    assert raised.value.outcome == "untested"


class Silent(Reference):
    """Has neither lists nor options."""

    def discovered(self, call: Call, route: Route, identity: Identity) -> Answer:
        return self.resource_not_found()


def test_without_discovery_every_purpose_has_to_be_described(tmp_path: Path) -> None:
    target = prepared(Silent(bare=True), tmp_path)
    assert target.reports == {}
    assert sorted(target.unfilled) == sorted(PURPOSES)
    assert all("write [reports." in note for note in target.notes)


def test_without_discovery_described_purposes_suffice() -> None:
    judgements = judged(Silent(slow_seconds=0.5))
    assert [one for one in judgements if one.outcome in ("failed", "error", "untested")] == []


LISTS = [
    b"[]",
    b"{",
    b'{"reports": 7}',
    b'{"reports": [null, 1, {}, {"reportLink": 5}, {"reportLink": "http://["}]}',
    b'{"reports": [{"reportLink": "/reporting-api/v2/reports/a/b/../c"}, {"reportLink": "/a/b/c"}]}',
    b'{"reports": [{"reportLink": "/reporting-api/v2/reports/a b/c\\r\\nX: y/d"}]}',
    json.dumps({"reports": [{"reportLink": f"/reporting-api/v2/reports/a/b/{n}"} for n in range(5000)]}).encode(),
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", LISTS, ids=range(len(LISTS)))
def test_a_list_of_any_form_costs_few_requests(body: bytes, tmp_path: Path) -> None:
    class Odd(Reference):
        def list_answer(self, identity: Identity, path: str) -> Answer:
            return Answer(200, body, [("Content-Type", "application/json")])

    reference = Odd(bare=True)
    target = prepared(reference, tmp_path)
    assert target.reports == {}
    assert reference.requests <= MOST_REQUESTS


OPTIONS = [
    [],
    {"metrics": 7, "dimensions": None},
    {"metrics": [{"name": 7}], "dimensions": [[], {"name": "x", "mandatory": True}]},
    {"metrics": [{"name": "m"}], "dimensions": [{"name": "d"}], "limits": {"maxDimensions": -3}, "defaults": "none"},
    {"metrics": [{"name": "m"}], "limits": {"maxRetentionInDays": 10**30, "maxDateRangeInDays": 10**30}},
]


@pytest.mark.parametrize("document", OPTIONS, ids=range(len(OPTIONS)))
def test_options_of_any_form_cost_few_requests(document: dict[str, Any], tmp_path: Path) -> None:
    class Odd(Reference):
        def options_document(self, report: Report) -> Any:
            return document

    reference = Odd(bare=True)
    assert prepared(reference, tmp_path).unfilled
    assert reference.requests <= MOST_REQUESTS


def test_data_of_any_form_is_no_report(tmp_path: Path) -> None:
    class Odd(Reference):
        def page_document(self, query: Query, page: int) -> dict[str, Any]:
            return {"data": "none", "metadata": {"totalRows": "many"}}

        def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
            return self.json_answer({"data": {"rows": 7}})

    assert "paged" in prepared(Odd(bare=True), tmp_path).unfilled
