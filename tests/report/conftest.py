"""Conformance reports for all tests of renderings: of the reference server, of a hostile one, and of a mutant."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.report.stored import Stored
from tests.jasperserver.mutants.status import KnowsNoStatus
from tests.report.stored_runs import Hostile, play


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The report of the reference server."""
    return play(Reference(slow_seconds=0.6), tmp_path_factory.mktemp("reports") / "good")


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The report of a server that fails, with hostile texts."""
    return play(Hostile(slow_seconds=0.6), tmp_path_factory.mktemp("reports") / "bad")


@pytest.fixture(scope="session")
def blocking(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The report of a server with one fault, which blocks most checks."""
    return play(KnowsNoStatus(slow_seconds=0.6), tmp_path_factory.mktemp("reports") / "blocking")


@pytest.fixture(params=["good", "bad", "blocking"])
def stored(request: pytest.FixtureRequest) -> Stored:
    """Each of them."""
    found: Stored = request.getfixturevalue(request.param)
    return found
