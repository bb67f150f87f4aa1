"""Servers of other authors get the outcomes that are right for them."""

from __future__ import annotations

import json

import pytest

from pytest_reportconformance.register import register
from tests.foreign.expect import API, EXPECTED, outcomes
from tests.mutation.kill_matrix import VIOLATED


def expected(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    return found


def level(id: str) -> str:
    return register.load(API).requirements[id].level


@pytest.mark.parametrize("name", ["mountebank", "mockoon", "prism"])
def test_a_foreign_server_is_found_to_be_what_it_is(name: str) -> None:
    assert outcomes(name) == expected(name)


def test_one_that_keeps_the_flow_passes_every_must_of_polling() -> None:
    musts = {expected("mountebank")[id] for id in register.load(API).match(f"{API}.poll.*") if level(id) == "MUST"}
    assert musts == {"passed"}


def test_one_that_counts_polls_is_warned_about_that_alone() -> None:
    amiss = {id for id, outcome in expected("mountebank").items() if outcome != "passed"}
    assert amiss == {f"{API}.poll.ready-without-polling"}


def test_one_that_begins_anew_is_not_ready_for_good_and_breaks_nothing_else() -> None:
    violated = {id: outcome for id, outcome in expected("mockoon").items() if outcome in VIOLATED}
    assert violated == {f"{API}.poll.stays-ready": "failed"}


def test_one_without_a_memory_breaks_exactly_what_needs_one() -> None:
    failed = {id.removeprefix(f"{API}.") for id, outcome in expected("prism").items() if outcome == "failed"}
    of_earlier_submissions, of_the_submission = {"ids.unique"}, {"pages.at-most", "pages.full", "pages.one-row"}
    of_the_page_before = {"links.distinct", "links.reach-all"}
    assert failed == of_earlier_submissions | of_the_submission | of_the_page_before
