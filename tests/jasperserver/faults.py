"""Shared by mutants: predicates over a request or an execution that decide when a fault shows, and common faults.

XML: a request *sends* XML if its body is XML. It *asks for* XML if its Accept header names any XML media type
(`asks_xml`: also `application/status+xml`, parameters, lists), and for *plain* XML only if the header is exactly
`application/xml` (`asks_plain_xml`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import XML
from pytest_reportconformance.jasperserver.reference.state import Execution, Export

Members = dict[str, Any]

OWNER, OTHER_USER, ADMIN, OTHER_ADMIN, SUPERUSER = "joeuser", "janeuser", "jasperadmin", "secondadmin", "superuser"
CHILD_USER = "eastuser"


def accept_header(caller: Caller) -> str:
    """The Accept header of a request."""
    return caller.call.header("Accept")


def asks_xml(caller: Caller) -> bool:
    """Whether the Accept header names an XML media type."""
    return "xml" in accept_header(caller)


def asks_plain_xml(caller: Caller) -> bool:
    """Whether the Accept header is exactly `application/xml`."""
    return accept_header(caller) == XML


def sends_xml(caller: Caller) -> bool:
    """Whether the body of a request is XML."""
    return "xml" in caller.call.header("Content-Type")


def is_run(caller: Caller) -> bool:
    """Whether a request runs a report."""
    return caller.call.method == "POST" and caller.call.path.rstrip("/").endswith("/reportExecutions")


def reads_details(caller: Caller) -> bool:
    """Whether a request reads the details of an execution."""
    parts = caller.call.path.rstrip("/").split("/")
    return caller.call.method == "GET" and len(parts) > 1 and parts[-2] == "reportExecutions"


def is_by(caller: Caller, *names: str) -> bool:
    """Whether one of these users sends a request."""
    return caller.identity.username in names


def as_owner(server: Reference, caller: Caller, id: str) -> Caller:
    """The same request as if the owner of the execution had sent it."""
    execution = server.executions.get(id)
    return replace(caller, identity=execution.owner, session=execution.session) if execution else caller


def siblings(server: Reference, execution: Execution) -> list[Execution]:
    """The other executions of the same report that the same session started, oldest first."""
    return [
        one
        for one in list(server.executions.values())
        if one is not execution and one.session == execution.session and one.unit_uri == execution.unit_uri
    ]


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


def of(server: Reference, id: str, unit: str) -> bool:
    """Whether an id is that of an execution of the report of this name."""
    execution = server.executions.get(id)
    return execution is not None and is_of(execution, unit)


def format_of(server: Reference, id: str, export_id: str) -> str | None:
    """The format of an export; None if there is no such export."""
    execution = server.executions.get(id)
    export = execution.exports.get(export_id) if execution else None
    return export.options.format if export else None


def all_cancelled(server: Reference, caller: Caller) -> bool:
    """Whether the session has executions, all of them cancelled."""
    own = [one for one in list(server.executions.values()) if one.session == caller.session]
    return bool(own) and all(one.fill.cancelled_at is not None for one in own)


def nth(server: Reference, key: str) -> int:
    """How often this was called with a key, this time included."""
    with server.lock:
        counts: Counter[str] = vars(server).setdefault("times_called", Counter())
        counts[key] += 1
        return counts[key]


def members(answer: Answer) -> Members:
    """The members of a body in JSON."""
    found: Members = json.loads(answer.body)
    return found


def with_members(answer: Answer, **changed: Any) -> Answer:
    """A success in JSON with other members; any other answer as it is."""
    if answer.status == 200 and answer.body.startswith(b"{"):
        answer.body = json.dumps(members(answer) | changed).encode()
    return answer


def in_namespace(answer: Answer) -> Answer:
    """The answer with its root element in a namespace, as a prefix declares it."""
    text = answer.body.decode()
    root = re.findall(r"<(\w+)", text)[0]
    text = text.replace(f"<{root}", f'<r:{root} xmlns:r="urn:reports"', 1)
    start, _, end = text.rpartition(f"</{root}>")
    answer.body = f"{start}</r:{root}>{end}".encode()
    return answer
