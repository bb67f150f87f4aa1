"""A run holds every documented case, or specs/<api>/coverage.toml gives the reason why not."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pytest_reportconformance.register import apis
from pytest_reportconformance.register import steps as listed
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.transcript import Transcript
from tests import steps
from tests.coverage.cases import (
    SLOW_SECONDS,
    Case,
    Coverage,
    Explanation,
    before,
    coverage,
    explanations,
    pairs,
    played,
)

URL = "http://x/jasperserver/rest_v2/reportExecutions"
JSON = (("Accept", "application/json"),)


def answered(request: Request, status: int, body: bytes = b"", identity: str = "owner") -> Exchange:
    response = Response(status, "", (("Content-Type", "application/json"),), body, len(body), "")
    return Exchange("step", identity, request, response, 0.0, 0.1)


RUN = answered(
    Request("POST", URL, JSON, b'{"outputFormat": "pdf"}', creates="execution"),
    200,
    b'{"requestId": "ab", "status": "execution", "exports": [{"id": "e", "status": "queued"}]}',
)
POLL = answered(Request("GET", f"{URL}/ab/status/", JSON), 200, b'{"value": "ready"}')
DELETE = answered(Request("DELETE", f"{URL}/ab", JSON), 204)
DETAILS = answered(Request("GET", f"{URL}/ab", JSON), 404)
UPPER = answered(Request("GET", f"{URL}/AB", JSON), 404)


def holds(*exchanges: Exchange) -> set[Case]:
    return set(coverage("jasperserver", [Transcript("jasperserver", "flow", exchanges)]).held)


@cache
def transcripts_of_a_run(api: str) -> list[Transcript]:
    return played(api)


@pytest.mark.parametrize("api", apis.names())
def test_the_steps_of_a_run_are_listed(api: str) -> None:
    """The help of fixtures and docs/steps.md list them; `python -m tests.steps --write` writes them anew."""
    found = steps.played(transcripts_of_a_run(api))
    assert [one for one in steps.changes(listed.of(api), found) if one.endswith("is new")] == []
    assert set(found) == set(listed.of(api))


def test_the_page_of_steps_is_made_of_them() -> None:
    assert steps.PAGE.read_text(encoding="utf-8") == steps.page()


@pytest.mark.parametrize("api", apis.names())
def test_every_documented_case_is_played_or_explained(api: str) -> None:
    """A report may be over before a busy machine asks for it: then a second run counts too, with a longer report."""
    transcripts = transcripts_of_a_run(api)
    found = coverage(api, transcripts)
    if found.unexplained:
        found = coverage(api, [*transcripts, *played(api, 4 * SLOW_SECONDS)])
    assert [str(case) for case in found.unexplained] == []
    assert list(found.stale()) == []


def test_an_exchange_holds_the_state_that_the_exchanges_before_it_show() -> None:
    found = holds(RUN, POLL, DELETE, DETAILS)
    assert Case("status", "identity × state", "owner × ready") in found
    assert Case("delete", "identity × state", "owner × ready") in found
    assert Case("details", "identity × state", "owner × deleted") in found
    assert Case("details", "identity × state", "owner × ready") not in holds(RUN, DETAILS)


def test_a_refused_delete_leaves_the_state() -> None:
    refused = answered(DELETE.request, 404, identity="other_user")
    found = holds(RUN, POLL, refused, DETAILS)
    assert Case("delete", "identity × state", "other_user × ready") in found
    assert Case("details", "identity × state", "owner × ready") in found


def test_an_id_in_another_letter_case_is_not_an_unknown_one() -> None:
    assert Case("details", "id", "id in another letter case") in holds(RUN, UPPER)
    assert Case("details", "id", "unknown id") in holds(UPPER)


def test_repeated_requests_are_counted() -> None:
    times = [case.value for case in sorted(holds(RUN, POLL, POLL, POLL)) if case.dimension == "asked × time"]
    assert times == ["json × first", "json × second", "json × third"]


def test_holes_are_explained_by_patterns_and_explanations_explain_holes() -> None:
    cases = [Case("details", "identity × state", value) for value in pairs(("owner", "admin"), ("ready", "failed"))]
    known = Explanation(("d*",), "identity × state", ("admin × *", "visitor × *"), "reason")
    found = Coverage(tuple(cases), frozenset(cases[:1]), (known,))
    assert [case.value for case in found.unexplained] == ["owner × failed"]
    assert list(found.stale()) == ["d* · identity × state · visitor × *"]
    assert before(("a", "b")) == ("a before b", "b before a")


def test_an_explanation_without_reason_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "coverage.toml"
    path.write_text('[[explained]]\noperations = ["run"]\ndimension = "pages"\nvalues = ["all"]\n', encoding="utf-8")
    with pytest.raises(TypeError, match="reason"):
        explanations(path)


def test_the_command_reads_a_stored_report(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.coverage", "jasperserver", "--report", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "not a conformance report" in done.stderr
