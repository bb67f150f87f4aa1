"""Random walks through the life of executions violate nothing, in whatever order requests are sent and repeated."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver.walk_rules import ExecutionLife
from pytest_reportconformance.transcript import walk
from pytest_reportconformance.transcript.transcript import Transcript


def holds(id: str) -> object:
    """The parameter of a requirement, marked with it."""
    return pytest.param(id, marks=pytest.mark.requirement(id), id=id.partition(".")[2])


@pytest.mark.parametrize(
    "id",
    [
        holds("jasperserver.cancel.json"),
        holds("jasperserver.cancel.xml"),
        holds("jasperserver.cancel.finished"),
        holds("jasperserver.cancel.failed"),
        holds("jasperserver.cancel.again"),
        holds("jasperserver.cancel.state-unchanged"),
        holds("jasperserver.cancel.unknown-id"),
        holds("jasperserver.cancel.work-stops"),
        holds("jasperserver.cancel.leaves-others"),
        holds("jasperserver.delete.finished"),
        holds("jasperserver.delete.details-gone"),
        holds("jasperserver.delete.status-gone"),
        holds("jasperserver.delete.output-gone"),
        holds("jasperserver.delete.everything-gone"),
        holds("jasperserver.delete.running"),
        holds("jasperserver.delete.running-gone"),
        holds("jasperserver.delete.unknown-id"),
        holds("jasperserver.delete.again"),
        holds("jasperserver.delete.failed"),
        holds("jasperserver.delete.cancelled"),
        holds("jasperserver.delete.leaves-others"),
        holds("jasperserver.details.unknown-id"),
        holds("jasperserver.details.same-request"),
        holds("jasperserver.details.lists-output"),
        holds("jasperserver.details.total-pages"),
        holds("jasperserver.details.lists-every-export"),
        holds("jasperserver.export.accepted-json"),
        holds("jasperserver.export.accepted-xml"),
        holds("jasperserver.export.id-and-status"),
        holds("jasperserver.export.unknown-execution"),
        holds("jasperserver.export.report-stays-ready"),
        holds("jasperserver.export.pages"),
        holds("jasperserver.export-status.json"),
        holds("jasperserver.export-status.xml"),
        holds("jasperserver.export-status.extended-json"),
        holds("jasperserver.export-status.extended-xml"),
        holds("jasperserver.export-status.unknown-export"),
        holds("jasperserver.export-status.agrees-with-details"),
        holds("jasperserver.info.json"),
        holds("jasperserver.info.xml"),
        holds("jasperserver.output.ready"),
        holds("jasperserver.output.complete"),
        holds("jasperserver.output.own-content"),
        holds("jasperserver.output.unknown-execution"),
        holds("jasperserver.output.unknown-export"),
        holds("jasperserver.output.repeatable"),
        holds("jasperserver.output.available-until-delete"),
        holds("jasperserver.page-status.accepted"),
        holds("jasperserver.page-status.final"),
        holds("jasperserver.permission.superuser-cancel"),
        holds("jasperserver.permission.superuser-cancel-stops"),
        holds("jasperserver.permission.admin-cancel"),
        holds("jasperserver.permission.admin-cancel-stops"),
        holds("jasperserver.permission.other-admin-cancel"),
        holds("jasperserver.permission.other-admin-cancel-without-effect"),
        holds("jasperserver.permission.other-admin-details"),
        holds("jasperserver.permission.other-admin-status"),
        holds("jasperserver.permission.other-admin-output"),
        holds("jasperserver.permission.other-admin-export"),
        holds("jasperserver.permission.other-admin-delete"),
        holds("jasperserver.permission.other-user-cancel"),
        holds("jasperserver.permission.other-user-cancel-without-effect"),
        holds("jasperserver.permission.other-user-details"),
        holds("jasperserver.permission.other-user-status"),
        holds("jasperserver.permission.other-user-output"),
        holds("jasperserver.permission.other-user-export"),
        holds("jasperserver.permission.other-user-delete"),
        holds("jasperserver.permission.anonymous-details"),
        holds("jasperserver.permission.anonymous-status"),
        holds("jasperserver.permission.anonymous-output"),
        holds("jasperserver.permission.anonymous-export"),
        holds("jasperserver.permission.anonymous-cancel"),
        holds("jasperserver.permission.anonymous-delete"),
        holds("jasperserver.status.known"),
        holds("jasperserver.status.unknown-id"),
        holds("jasperserver.status.json"),
        holds("jasperserver.status.xml"),
        holds("jasperserver.status.extended-json"),
        holds("jasperserver.status.extended-xml"),
        holds("jasperserver.status.final-unchanged"),
        holds("jasperserver.status.agrees-with-details"),
        holds("jasperserver.status.polling-changes-nothing"),
    ],
)
def test_no_walk_violates_it(explored: Transcript, finished: Transcript, id: str) -> None:
    walk.judge(ExecutionLife, id, explored, finished)
