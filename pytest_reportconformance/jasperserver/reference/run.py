"""Running a report: `POST …/reportExecutions`."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import bodies
from pytest_reportconformance.jasperserver.reference.controls import rejected
from pytest_reportconformance.jasperserver.reference.details import Details
from pytest_reportconformance.jasperserver.reference.faults import Refusal, denied, illegal, not_found
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions, Values
from pytest_reportconformance.jasperserver.reference.reports import DESIGNS, INSTANT, Plan
from pytest_reportconformance.jasperserver.reference.resources import ADMINISTER, EXECUTE, READ, Resource
from pytest_reportconformance.jasperserver.reference.state import Execution, Fill, JobRun


class Run(Details):
    """Starts executions; `queued_seconds` is how long they are queued, `offers_snapshots` whether data are saved."""

    queued_seconds = 0.012
    offers_snapshots = True

    def run(self, caller: Caller) -> Answer:
        """Answer at once if the run is asynchronous, else when the report and its export are done."""
        media = self.negotiate("reportExecution", caller)
        options = self.run_options(caller)
        unit = self.report_unit(caller, options.uri)
        if not self.may_run(caller, unit):
            raise denied()
        execution = self.start(caller, unit, options)
        if not self.answers_at_once(options, caller):
            self.finish_before_answer(execution, caller)
        return self.represent("reportExecution", self.execution_members(execution, caller), media)

    def run_options(self, caller: Caller) -> RunOptions:
        """The options, from a body in JSON or XML."""
        return bodies.run_options(self.members_of(caller, "reportExecutionRequest"))

    def answers_at_once(self, options: RunOptions, caller: Caller) -> bool:
        """Whether the answer does not wait for the report."""
        return options.is_async

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        """The report of a path; 404 if there is nothing or a folder, 400 if it is something else."""
        path = uri.removeprefix("repo:")
        resource = self.repository.resources.get(self.absolute(caller.identity.organization, uri))
        if not path.startswith("/") or resource is None or resource.type == "folder":
            raise not_found(uri)
        if resource.type != "reportUnit":
            raise illegal("reportURI", uri)
        return resource

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        """Whether the caller may run a report: the right to read or to execute it is enough."""
        return bool(self.repository.mask(caller.identity, unit.uri) & (ADMINISTER | READ | EXECUTE))

    def start(self, caller: Caller, unit: Resource, options: RunOptions, job: JobRun | None = None) -> Execution:
        """Create an execution, and its first export if a format is requested."""
        fresh = self.run_is_fresh(options, caller)
        fill = self.fill(unit, options.values, options.export.ignore_pagination, fresh=fresh)
        execution = Execution(self.new_id(), caller.identity, caller.session, unit.uri, options, fill, job=job)
        if options.saves:
            self.save_snapshot(unit, options.values, fill)
        if options.export.format is not None:
            self.add_export(execution, options.export, caller)
        with self.lock:
            self.executions_started += job is None
            self.executions[execution.id] = execution
        return execution

    def run_is_fresh(self, options: RunOptions, caller: Caller) -> bool:
        """Whether a run queries its data even if there is a snapshot."""
        return options.fresh

    def save_snapshot(self, unit: Resource, values: Values, fill: Fill) -> None:
        """Save the data of a filling; they replace those of an earlier one."""
        if self.offers_snapshots:
            self.snapshots[self.snapshot_key(unit, values)] = fill

    def snapshot(self, unit: Resource, values: Values) -> Fill | None:
        """The saved data of a report with these values, once their run is ready."""
        saved = self.snapshots.get(self.snapshot_key(unit, values))
        return saved if saved and saved.status(self.clock()) == "ready" else None

    def snapshot_key(self, unit: Resource, values: Values) -> str:
        """What a snapshot belongs to: a report with its values."""
        return repr((unit.uri, sorted(values.items())))

    def fill(self, unit: Resource, values: Values, endless: bool | None, *, fresh: bool) -> Fill:
        """A filling that begins after `queued_seconds`, from the data of a snapshot unless fresh ones are requested."""
        saved = None if fresh else self.snapshot(unit, values)
        plan = saved.plan if saved else self.plan(unit, values)
        return Fill(plan, self.clock() + self.queued_seconds, bool(endless))

    def plan(self, unit: Resource, values: Values) -> Plan:
        """The result of a run."""
        fault = rejected(unit.design, values)
        if fault:
            return Plan((), (), INSTANT, fault)
        return DESIGNS[unit.design](self.effective_values(unit, values), self.pace)

    def effective_values(self, unit: Resource, values: Values) -> Values:
        """The values sent, and the report's own values of its waits."""
        return unit.waits | values

    def finish_before_answer(self, execution: Execution, caller: Caller) -> None:
        """Wait for report and export; if either fails, the execution is removed and the answer is 400."""
        self.wait_for_report(execution)
        for export in list(execution.exports.values()):
            self.wait_for_export(execution, export)
        faults = [export.options_fault(self.fill_of(execution, export)) for export in execution.exports.values()]
        fault = next((fault for fault in [execution.fill.plan.fault, *faults] if fault), None)
        if fault:
            self.remove(execution)
            raise Refusal(400, fault)

    def remove(self, execution: Execution) -> None:
        """Stop an execution and forget it."""
        with execution.changed:
            execution.deleted = True
            execution.changed.notify_all()
        with self.lock:
            self.executions.pop(execution.id, None)

    def restart(self, execution: Execution, values: Values, *, fresh: bool) -> None:
        """Fill the report of an execution again."""
        unit = self.repository.resources.get(execution.unit_uri)
        if unit is None:
            raise not_found(execution.options.uri)
        with execution.changed:
            endless = execution.options.export.ignore_pagination
            self.refill(execution, self.fill(unit, values, endless, fresh=fresh))
            execution.changed.notify_all()

    def refill(self, execution: Execution, fill: Fill) -> None:
        """Replace the filling; exports use the new one."""
        execution.fill = fill
        for id, export in execution.exports.items():
            execution.exports[id] = replace(export, asked=self.clock())
