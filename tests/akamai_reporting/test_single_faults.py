"""A seeded part of the single faults of the storing server: each violates a requirement of its level."""

from __future__ import annotations

import random

import pytest

from tests.akamai_reporting.single_faults import fate, faults
from tests.akamai_reporting.storing_server import Fault

ENOUGH = {"MUST": ("MUST",), "SHOULD": ("MUST", "SHOULD")}
SAMPLE = random.Random(7).sample(faults(), 12)


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_a_single_fault_is_found(fault: Fault) -> None:
    assert fate(fault) in (*ENOUGH[fault.level], "unseen")


def test_every_fault_has_a_name_of_its_own() -> None:
    names = [fault.name for fault in faults()]
    assert len(names) == len(set(names)) > 500
