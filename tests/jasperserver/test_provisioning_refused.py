"""A server that refuses a request of provisioning is reported with that request, and nothing is left on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run.preparation import PreconditionError, Unreachable
from tests.jasperserver.provisioning import listing, provisioned


class HasNoAdministrator(Reference):
    """Refuses the list of users."""

    def list_users(self, caller: Any) -> Answer:
        return Answer(403)


class ReplacesUsers(Reference):
    """Answers 200 to a new user, as if it had existed."""

    def put_user(self, caller: Any, name: str) -> Answer:
        answer = super().put_user(caller, name)
        answer.status = 200
        return answer


class RefusesTheFolder(Reference):
    """Refuses the folder."""

    def create_resource(self, caller: Any, parent: str) -> Answer:
        return Answer(500, b'{"errorCode":"generic.error.message"}', [("Content-Type", "application/json")])


class CreatesAnotherFolder(Reference):
    """Answers with another path of the folder."""

    def create_resource(self, caller: Any, parent: str) -> Answer:
        answer = super().create_resource(caller, parent)
        answer.body = answer.body.replace(b'"uri":"/', b'"uri":"/other')
        return answer


class RefusesReports(Reference):
    """Has a license that allows no reports."""

    def put_resource(self, caller: Any, uri: str) -> Answer:
        kind = caller.call.header("Content-Type")
        return Answer(403) if "reportUnit" in kind else super().put_resource(caller, uri)


class LosesAReport(Reference):
    """Answers 201 to a report and does not store it."""

    def put_resource(self, caller: Any, uri: str) -> Answer:
        answer = super().put_resource(caller, uri)
        if uri.endswith("/images"):
            self.repository.remove(uri)
        return answer


class RefusesPermissions(Reference):
    """Refuses to set permissions."""

    def set_permission(self, caller: Any) -> Answer:
        return Answer(403)


class AnswersNoJson(Reference):
    """Answers 201 to a folder with an HTML page."""

    def create_resource(self, caller: Any, parent: str) -> Answer:
        answer = super().create_resource(caller, parent)
        answer.body = b"<html>"
        return answer


@pytest.mark.parametrize(
    ("server", "line"),
    [
        (ReplacesUsers, "_owner was answered 200 instead of 201"),
        (RefusesTheFolder, "/rest_v2/resources was answered 500 (generic.error.message) instead of 201"),
        (CreatesAnotherFolder, "/rest_v2/resources created /other"),
        (AnswersNoJson, "/rest_v2/resources: expected a JSON body"),
        (RefusesReports, "/fast was answered 403 instead of 201"),
        (LosesAReport, "does not list images, although it answered 201 for each"),
        (RefusesPermissions, "/rest_v2/permissions was answered 403 instead of 201"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_refusal_is_reported_and_leaves_nothing(tmp_path: Path, server: type[Reference], line: str) -> None:
    reference = server(bare=True)
    before = listing(reference)
    with pytest.raises(Unreachable) as raised, provisioned(reference, tmp_path):
        pass
    assert line in str(raised.value)
    assert "[reports.fast]" in str(raised.value)
    assert listing(reference) == before


def test_an_account_that_is_no_administrator_creates_nothing(tmp_path: Path) -> None:
    reference = HasNoAdministrator(bare=True)
    before = listing(reference)
    with pytest.raises(PreconditionError, match="is not an administrator"), provisioned(reference, tmp_path):
        pass
    assert listing(reference) == before
