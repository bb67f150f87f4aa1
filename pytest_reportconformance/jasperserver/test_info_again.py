"""Checks that all infos of a ready report contain the same bookmarks and parts, whichever scenario asked for them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from pytest_reportconformance.jasperserver import descriptors, history
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
CONTENTS = [
    pytest.param("bookmarks", "label", marks=requirement("jasperserver.info.bookmarks")),
    pytest.param("parts", "name", marks=requirement("jasperserver.info.parts")),
]


def _shown(value: Any, member: str) -> list[Any]:
    """A member of all objects in a structure, in the order of reading."""
    if isinstance(value, list):
        return [found for one in value for found in _shown(one, member)]
    if not isinstance(value, dict):
        return []
    nested = [found for name in ("bookmarks", "parts") for found in _shown(value.get(name), member)]
    return [value[member], *nested] if member in value else nested


@pytest.mark.parametrize(("name", "member"), CONTENTS)
def test_all_infos_of_a_ready_report_contain_the_same(
    jasperserver_transcripts: Transcripts, name: str, member: str
) -> None:
    for one in history.histories(jasperserver_transcripts):
        ready = [info for info in one.when_ready("info") if not one.changed_before(info)]
        infos = [info.exchange for info in ready if descriptors.readable(info.exchange)]
        for earlier, later in pairwise(infos):
            first, again = (_shown(descriptors.descriptor(info).get(name), member) for info in (earlier, later))
            expect.equal(again, first, f"each {member} of the {name}", later)
