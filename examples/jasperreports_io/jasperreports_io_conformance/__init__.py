"""The asynchronous report service of JasperReports IO, `rest_v2/reportExecutions` of a report engine without users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jasperreports_io_conformance import preconditions
from jasperreports_io_conformance.purposes import PURPOSES
from pytest_reportconformance.api import Api, CleanUp, RunningWork
from pytest_reportconformance.jasperserver import DEFAULT_SECONDS, operations
from pytest_reportconformance.scenarios import Cost

if TYPE_CHECKING:
    from pytest_reportconformance.http.server import Reference
    from pytest_reportconformance.recording.steps import Steps
    from pytest_reportconformance.target.target import Target


def _reference(**options: Any) -> Reference:
    from jasperreports_io_conformance.reference import Reference

    made: Reference = Reference(**{**DEFAULT_SECONDS, **options})
    return made


def _prepare(target: Target, step: Steps) -> Target:
    """The target as it is described: no request tells which version it is, or which reports it has."""
    return target


API = Api(
    name="jasperreports_io",
    title="JasperReports IO: reportExecutions",
    purposes=PURPOSES,
    probe=preconditions.PROBE,
    recognizes=preconditions.recognizes,
    prepare=_prepare,
    preparation_cost=lambda target: Cost(others=1 + len(target.identities)),
    sign_in=preconditions.sign_in_requests,
    preconditions=preconditions.verify,
    identify=operations.identify,
    clean_up=CleanUp(
        removal=operations.removal,
        presence=operations.presence,
        harmless=operations.harmless,
    ),
    running=RunningWork(resource_of=operations.resource_of, answered_late=operations.answered_late),
    reference=_reference,
    reference_library="fpdf",
    needs_consent=True,
    context_paths=("/jrio",),
    deadline_seconds=120,
)
