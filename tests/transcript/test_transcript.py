"""Tests of why something is absent from transcripts."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.transcript import Ending, Transcript, cut_short, untested

ANSWER = Response(200, "OK", (), b"{}", 2, "")
POLL = Exchange("poll", "owner", Request("GET", "http://host/"), ANSWER, 0.0, 0.1)
WHOLE = Transcript("akamai_reporting", "whole", (POLL,))
NOT_PLAYED = untested("akamai_reporting", "not_played", "inconclusive", "not played")


def test_the_scenario_that_ended_early_states_why_a_step_is_absent_from_all() -> None:
    open_ended = replace(WHOLE, scenario="open", ended=Ending("not applicable", "no report is known"))
    ended = replace(WHOLE, scenario="ended", ended=Ending("blocked", "500", "akamai_reporting.submit.accepted"))
    assert cut_short([NOT_PLAYED, WHOLE, open_ended, ended]) is ended


def test_a_scenario_that_was_played_states_it_if_none_ended_early() -> None:
    assert cut_short([NOT_PLAYED, WHOLE]) is WHOLE


def test_a_scenario_that_was_not_played_states_it_if_none_was() -> None:
    assert cut_short([NOT_PLAYED]) is NOT_PLAYED
