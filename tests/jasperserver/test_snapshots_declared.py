"""What target.toml says of data snapshots decides what is judged; a server without them is never accused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.target.target import Target
from tests.mutation.kill_matrix import judged, violated

SAVED = {"jasperserver.run.save-data-snapshot", "jasperserver.run.default-fresh-data"}
UPDATED = {"jasperserver.parameters.fresh-data-forced", "jasperserver.parameters.fresh-data-default"}


class OffersNoSnapshots(Reference):
    """Queries the data of every run and of every update."""

    offers_snapshots = False


def declaring(**facts: Any) -> Callable[[Target], Target]:
    """A target whose runcounter is described by these facts instead."""

    def changed(target: Target) -> Target:
        counter = {**target.reports["runcounter"], **facts}
        return replace(target, reports={**target.reports, "runcounter": counter})

    return changed


def by_outcome(server: Reference, change: Callable[[Target], Target]) -> dict[str, str]:
    judgements = judged(server, change)
    assert violated(judgements) == {}
    return {one.requirement: f"{one.outcome}: {one.reason}" for one in judgements if one.requirement in SAVED | UPDATED}


@pytest.mark.parametrize("server", [Reference, OffersNoSnapshots])
def test_without_a_declaration_nothing_is_judged(server: type[Reference]) -> None:
    undeclared = declaring(snapshots=False, parameters={}, changed={})
    found = by_outcome(server(slow_seconds=4), undeclared)
    assert set(found) == SAVED | UPDATED
    for said in found.values():
        assert said.startswith("not applicable: target.toml does not say that data snapshots are enabled")
        assert "write snapshots = true under [reports.runcounter]" in said


def test_without_other_values_updates_are_untested() -> None:
    found = by_outcome(Reference(slow_seconds=4), declaring(changed={}))
    assert {id for id, said in found.items() if said.startswith("passed")} == SAVED
    untested = {id for id, said in found.items() if said.startswith("untested: ") and "write changed under" in said}
    assert untested == UPDATED
