"""A run that sent nothing states nothing: not even a check of every exchange passes or is blocked."""

from __future__ import annotations

import pytest

from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.outcomes import Context
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.register import load
from pytest_reportconformance.transcript.transcript import untested


@pytest.mark.parametrize("api", apis.names())
def test_every_check_is_untested_with_the_reason_of_the_scenarios(api: str) -> None:
    reason = "identities: no credentials are given"
    register = load(api)
    found = evaluate.judge(api, lambda need: untested(api, need.key, "untested", reason), Context(api), register)
    assert {one.outcome for one in found} == {"untested"}
    assert {one.reason for one in found} == {reason}
