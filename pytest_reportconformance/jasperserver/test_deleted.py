"""What was deleted stays deleted: over every exchange of a run, whatever state the execution was in.

That a refusal is 404 is judged where a control shows that the same request is answered otherwise.
"""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import history
from pytest_reportconformance.jasperserver.history import History, Statement
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]

OPERATIONS = [
    pytest.param("details", marks=requirement("jasperserver.delete.details-gone")),
    pytest.param("status", marks=requirement("jasperserver.delete.status-gone")),
    pytest.param("output", marks=requirement("jasperserver.delete.output-gone")),
    pytest.param("attachment", marks=requirement("jasperserver.delete.attachments-gone")),
    *(
        pytest.param(operation, marks=requirement("jasperserver.delete.everything-gone"))
        for operation in ("info", "page-status", "export-status", "export", "parameters")
    ),
    pytest.param("cancel", marks=requirement("jasperserver.cancel.unknown-id")),
    pytest.param("delete", marks=requirement("jasperserver.delete.again")),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_about_a_deleted_execution_succeeds(jasperserver_transcripts: Transcripts, operation: str) -> None:
    for one in history.histories(jasperserver_transcripts):
        for answer in one.of_owner(operation):
            if _is_deleted(one, answer):
                found = answer.exchange
                expect.that(not found.granted, "a refusal (404)", found.status_code, found)


def _is_deleted(one: History, answer: Statement) -> bool:
    """Whether the owner's delete of the execution was granted before a request; false if its id was given twice."""
    if sum(each.asked.operation == "run" for each in one.statements) > 1:
        return False
    deletes = (delete for delete in one.of_owner("delete") if delete.asked.execution == one.execution)
    return any(delete.exchange.status_code == 204 and delete.end <= answer.exchange.started for delete in deletes)
