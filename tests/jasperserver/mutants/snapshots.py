"""Servers with faults in saving data snapshots and in using them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions, Values
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.state import Execution, Fill
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


@kills("jasperserver.run.save-data-snapshot")
class SavesNoData(Reference):
    """Ignores saveDataSnapshot=true."""

    def save_snapshot(self, unit: Resource, values: Values, fill: Fill) -> None:
        pass


@kills("jasperserver.run.default-fresh-data")
class RunsAreFreshByDefault(Reference):
    """Queries the data of each run without freshData=false again, although a snapshot is saved."""

    def run_is_fresh(self, options: RunOptions, caller: Caller) -> bool:
        return True


@kills("jasperserver.run.default-fresh-data", "jasperserver.parameters.fresh-data-default")
class EverythingIsFreshByDefault(RunsAreFreshByDefault):
    """Queries the data again for each run, and for each update without freshData=false."""

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        return caller.call.argument("freshData") != "false"


@kills("jasperserver.parameters.fresh-data-forced")
class UpdatesAreNeverFresh(Reference):
    """Uses the saved data even for updates with freshData=true in XML."""

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        return not sends_xml(caller) and super().update_is_fresh(execution, caller)

    def snapshot_key(self, unit: Resource, values: Values) -> str:
        return unit.uri


@kills("jasperserver.parameters.fresh-data-forced")
class ForcesFreshDataOnce(Reference):
    """Queries the data again for the first update of an execution with freshData=true only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.forced: Counter[str] = Counter()

    def snapshot_key(self, unit: Resource, values: Values) -> str:
        return unit.uri

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        fresh = super().update_is_fresh(execution, caller)
        self.forced[execution.id] += fresh
        return fresh and self.forced[execution.id] == 1


@kills("jasperserver.parameters.fresh-data-default")
class UpdatesInXmlAreFreshByDefault(Reference):
    """Queries the data again for updates in XML without freshData=false."""

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        return sends_xml(caller) or super().update_is_fresh(execution, caller)


@kills("jasperserver.parameters.fresh-data-default")
class StaysFresh(Reference):
    """Queries the data again for each update that follows one with freshData=true, except with freshData=false."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.forced: set[str] = set()

    def update_is_fresh(self, execution: Execution, caller: Caller) -> bool:
        if super().update_is_fresh(execution, caller):
            self.forced.add(execution.id)
        return execution.id in self.forced and caller.call.argument("freshData") != "false"
