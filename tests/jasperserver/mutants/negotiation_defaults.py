"""Servers whose default media type is JSON."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from tests.jasperserver.faults import accept_header, sends_xml
from tests.jasperserver.mutants.negotiation import exports
from tests.mutation.kill_matrix import kills


class _Default(Reference):
    """Answers in JSON if no media type is asked for and `applies` is true."""

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        offered = super().offered(kind, caller)
        return offered[::-1] if not accept_header(caller) and self.applies(caller) else offered

    def applies(self, caller: Caller) -> bool:
        raise NotImplementedError


@kills("jasperserver.negotiation.status-default-xml")
class StatusInJson(_Default):
    """Answers a status in JSON by default."""

    def applies(self, caller: Caller) -> bool:
        path = caller.call.path.rstrip("/")
        return caller.call.method == "GET" and path.endswith("/status") and "/exports/" not in path


@kills("jasperserver.negotiation.status-default-xml")
class FailedStatusInJson(StatusInJson):
    """Answers the status of a failed report in JSON by default."""

    def applies(self, caller: Caller) -> bool:
        if not super().applies(caller):
            return False
        execution = self.executions.get(self.segments(caller.call)[1])
        return execution is not None and execution.fill.status(self.clock()) == "failed"


@kills("jasperserver.negotiation.export-status-default-xml")
class ExportStatusInJson(_Default):
    """Answers the status of an export in JSON by default."""

    def applies(self, caller: Caller) -> bool:
        path = caller.call.path.rstrip("/")
        return caller.call.method == "GET" and path.endswith("/status") and "/exports/" in path


@kills("jasperserver.negotiation.export-default-xml")
class ExportInKind(_Default):
    """Answers an export in the family of its body by default."""

    def applies(self, caller: Caller) -> bool:
        return exports(caller) and not sends_xml(caller)


@kills("jasperserver.negotiation.search-default-xml")
class SearchInJson(_Default):
    """Answers a search in JSON by default."""

    def applies(self, caller: Caller) -> bool:
        return caller.call.method == "GET" and caller.call.path.rstrip("/").endswith("/reportExecutions")


@kills("jasperserver.negotiation.cancel-default-xml")
class CancelInJson(_Default):
    """Answers a cancel in JSON by default."""

    def applies(self, caller: Caller) -> bool:
        return caller.call.method == "PUT"
