"""Exporting a report in another format: `POST …/exports`."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import bodies
from pytest_reportconformance.jasperserver.reference.details import Details
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions


class Exports(Details):
    """Adds exports to an execution; the report does not run again."""

    def export_report(self, caller: Caller, id: str) -> Answer:
        """Make an export and answer with its descriptor."""
        media = self.negotiate("exportExecution", caller)
        self.body_is_json(caller)
        execution = self.execution(caller, id)
        export = self.add_export(execution, self.export_options(caller), caller)
        return self.represent("exportExecution", self.export_members(execution, export, caller), media)

    def export_options(self, caller: Caller) -> ExportOptions:
        """The options, from a body in JSON or XML; PDF if no format is named."""
        options = bodies.export_options(self.members_of(caller, "export"))
        return options if options.format else replace(options, format="pdf")
