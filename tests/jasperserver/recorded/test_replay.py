"""The editions answer like the recorded servers: every difference in the form of an answer has a reason here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from tests.jasperserver.recorded.replay import VERSIONS, Replay, run

LEAST = 2000
"""Exchanges of all versions that are compared at least."""


@dataclass(frozen=True)
class Difference:
    """What may differ: the part of the form, in steps whose name matches, and the reason.

    `most` is how many exchanges of one version it explains at most.
    """

    part: str
    step: str
    reason: str
    most: int
    versions: tuple[str, ...] = VERSIONS

    def explains(self, version: str, step: str, parts: set[str]) -> bool:
        """Whether it is the difference of a step: of the status alone, or of the parts named."""
        return version in self.versions and self.part in parts and bool(re.fullmatch(self.step, step))


DIFFERENCES = (
    Difference("status", r"by-(to|from|range|all)(-\w+)*", "fire times are those of the day of the recording", 12),
    Difference(
        "body",
        "exported|between|details-(late|last)",
        "an export lists an attachment without a file name",
        20,
        versions=("7.8.1", "8.2.0"),
    ),
    Difference("media", "odd-(details|status)-dots", "the container refuses without its page", 2, versions=("8.2.0",)),
    Difference(
        "body",
        "details-late|details-last|gone-(json|xml)|details-(json|xml)|settling",
        "a cancelled export has no error descriptor, by the race export-reset-to-cancelled or after a cancel",
        6,
        versions=("6.4.2",),
    ),
    Difference("body", "run", "the export of a synchronous run shows cancelled: a race", 1, versions=("6.4.2",)),
    Difference("media", "other-value", "the answer without a body has a media type", 1, versions=("6.4.2",)),
    Difference("status", "cleanup", "the race export-reset-to-cancelled: it can still be deleted", 1, ("6.4.2",)),
)


def compared(one: dict[str, Any]) -> bool:
    """Whether an exchange is of the service that is judged: the others only bring about its states."""
    return str(one["url"]).startswith("/rest_v2/reportExecutions")


def _differing(one: dict[str, Any], form: dict[str, Any]) -> set[str]:
    """The parts in which an answer differs; if its status does, the others tell nothing more."""
    recorded = one["form"]
    parts = {part for part in form if _plain(one, part, recorded[part]) != _plain(one, part, form[part])}
    return {"status"} if "status" in parts else parts


def _plain(one: dict[str, Any], part: str, value: Any) -> Any:
    """What is compared of a part: outputs are compared by their media type, of an error descriptor only its code.

    README.md says why details of error bodies and of the current page may differ.
    """
    is_output = "/outputResource" in one["url"] or "/attachments/" in one["url"]
    if part == "body" and is_output and one["form"]["status"] == 200:
        return None
    return _without_details(value) if part == "body" else value


def _without_details(form: Any) -> Any:
    if isinstance(form, list):
        return [_without_details(one) for one in form]
    if not isinstance(form, dict):
        return form
    if "errorCode" in form:
        return {"errorCode": form["errorCode"]}
    return {name: _without_details(member) for name, member in form.items() if name != "currentPage"}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_edition_answers_like_the_recorded_server(version: str) -> None:
    explained: Counter[Difference] = Counter()
    unexplained = []
    for one, form in Replay(version).play():
        parts = _differing(one, form) if compared(one) else set()
        if not parts:
            continue
        reason = next((known for known in DIFFERENCES if known.explains(version, one["step"], parts)), None)
        if reason is None:
            shown = {part: (one["form"][part], form[part]) for part in parts}
            unexplained.append((one["scenario"], one["step"], one["method"], one["url"], shown))
        else:
            explained[reason] += 1
    assert unexplained == []
    assert {known.step: count for known, count in explained.items() if count > known.most} == {}


def test_enough_exchanges_are_compared() -> None:
    assert sum(compared(one) for version in VERSIONS for one in run(version)) >= LEAST


def test_recordings_hold_no_hosts_and_no_secrets() -> None:
    for version in VERSIONS:
        text = repr(run(version))
        assert not re.search(r"https?://(?!localhost/static|jasperreports\.sourceforge\.net|www\.w3\.org)", text)
        assert not re.search(r"JSESSIONID|Basic |password", text)


@pytest.mark.parametrize("known", DIFFERENCES, ids=[one.step for one in DIFFERENCES])
def test_a_difference_names_a_recorded_step(known: Difference) -> None:
    steps = {one["step"] for version in known.versions for one in run(version) if compared(one)}
    assert any(re.fullmatch(known.step, step) for step in steps), known.step
