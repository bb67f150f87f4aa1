"""What liars want to know of a request or an execution before they lie, and lies that several of them share."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import XML
from pytest_reportconformance.jasperserver.reference.state import Execution, Export

Members = dict[str, Any]


def accepts(caller: Caller) -> str:
    """The media type asked for."""
    return caller.call.header("Accept")


def in_xml(caller: Caller) -> bool:
    """Whether XML is asked for."""
    return accepts(caller) == XML


def sent_xml(caller: Caller) -> bool:
    """Whether the request's body is XML."""
    return caller.call.header("Content-Type") == XML


def reads_details(caller: Caller) -> bool:
    """Whether details, and nothing else, are asked for."""
    return caller.call.method == "GET" and caller.call.path.rstrip("/").split("/")[-2] == "reportExecutions"


def is_of(execution: Execution, *units: str) -> bool:
    """Whether an execution is of one of the reports of these names."""
    return execution.unit_uri.rpartition("/")[2] in units


def is_first(execution: Execution, export: Export) -> bool:
    """Whether an export is the one that the run asked for."""
    return next(iter(execution.exports), None) == export.id


class ChangedDetails(Reference):
    """Changes the descriptor that a GET of the details answers."""

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        """Change the members of the descriptor."""
        raise NotImplementedError

    def execution_members(self, execution: Execution, caller: Caller) -> Members:
        members = super().execution_members(execution, caller)
        if reads_details(caller):
            self.change(members, execution, caller)
        return members


class ChangedExports(ChangedDetails):
    """Changes the exports in the details."""

    def change_export(self, export: Members, number: int, execution: Execution, caller: Caller) -> None:
        """Change the members of an export, counted from 0."""
        raise NotImplementedError

    def change(self, members: Members, execution: Execution, caller: Caller) -> None:
        for number, export in enumerate(members.get("exports", [])):
            self.change_export(export, number, execution, caller)


class CountedDownloads(Reference):
    """Counts the downloads of each output, and changes its bytes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.downloads: Counter[str] = Counter()

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        with self.lock:
            self.downloads[export.id] += 1
        return self.altered(super().output_body(execution, export, caller), execution, export)

    def altered(self, body: bytes, execution: Execution, export: Export) -> bytes:
        """The bytes to send; `downloads` counts this one already."""
        return body
