"""A check that inspected nothing does not pass; a scenario that ended early causes no failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.register import apis
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending, Transcript
from tests.mutation.kill_matrix import needs

CUT = Ending("blocked", "the poll was answered 500", "api.poll.status")


def exchange(name: str) -> Exchange:
    answer = Response(200, "OK", (), b"{}", 2, "")
    return Exchange(name, "owner", Request("GET", "http://x/"), answer, 0.0, 0.1)


def transcript(*names: str, ended: Ending | None = None) -> Transcript:
    return Transcript("api", "flow", tuple(map(exchange, names)), ended=ended)


def each_has_it(transcript: Transcript, *names: str, status: int = 200) -> None:
    """A check over families of steps."""
    with usage.require_evidence():
        for one in [one for name in names for one in (*transcript.all(name), *transcript.starting(f"{name}-"))]:
            assert one.status_code == status


def test_steps_that_a_scenario_cut_short_did_not_take_are_not_passed_over() -> None:
    with pytest.raises(NotReached, match="the poll was answered 500") as raised:
        each_has_it(transcript("run", "start", ended=CUT), "poll")
    assert (raised.value.outcome, raised.value.by) == ("blocked", "api.poll.status")


def test_steps_beside_those_that_were_taken_are_not_passed_over() -> None:
    with pytest.raises(NotReached, match="the poll was answered 500"):
        each_has_it(transcript("start", ended=CUT), "start", "poll")


def test_what_never_arose_is_not_applicable_where_it_is_all_there_is() -> None:
    each_has_it(transcript("start"), "start", "poll")
    with pytest.raises(NotReached, match="poll did not arise") as raised:
        each_has_it(transcript("start"), "poll")
    assert raised.value.outcome == "not applicable"


def test_steps_without_their_identity_are_untested() -> None:
    lacking = replace(transcript("start"), absent={"poll-by-other_user": Ending("untested", "no other user")})
    with pytest.raises(NotReached, match="no other user"):
        each_has_it(lacking, "start", "poll-by")


def test_what_a_check_raises_goes_before() -> None:
    with pytest.raises(AssertionError):
        each_has_it(transcript("start", ended=CUT), "poll", "start", status=303)


@pytest.mark.parametrize("api", apis.names())
def test_scenarios_that_end_early_cause_no_failure(api: str, tmp_path: Path) -> None:
    with Server(apis.load(api).reference(slow_seconds=0.6)) as server:
        with Run.prepared(RunSettings(describe(server), tmp_path)) as run:
            run.play(needs(api))
        context = run.judging_context
    for taken in (0, 1, 4):

        def cut(need: Need, taken: int = taken) -> Transcript:
            return replace(
                context.transcript(need), exchanges=context.transcript(need).exchanges[:taken], facts={}, ended=CUT
            )

        judgements = evaluate.judge(api, cut, context.facts, context.register)
        accused = [one for one in judgements if one.outcome in ("failed", "warned", "noted", "error")]
        assert accused == []
        assert taken or not any(one.outcome == "passed" for one in judgements)
