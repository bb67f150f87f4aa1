"""The asynchronous report service of JasperReports Server, `rest_v2/reportExecutions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_reportconformance.api import Api, CleanUp, RunningWork
from pytest_reportconformance.jasperserver import doctor, operations, preconditions, preparation
from pytest_reportconformance.jasperserver.provisioning import deprovision, ids
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.transcript.exchange import Request

if TYPE_CHECKING:
    from pytest_reportconformance.http.server import Reference


DEFAULT_SECONDS = {"slow_seconds": 2.0, "page_seconds": 0.3}
"""How long reports take by default: long enough to be seen running on a busy machine."""


def _reference(edition: str | None = None, **options: Any) -> Reference:
    from pytest_reportconformance.jasperserver import reference

    options = options if "slow_seconds" in options else {**DEFAULT_SECONDS, **options}
    if edition is None:
        return reference.Reference(**options)
    from pytest_reportconformance.jasperserver.reference import editions

    server: Reference = editions.edition(edition)(**options)
    return server


API = Api(
    name="jasperserver",
    title="JasperReports Server: reportExecutions",
    purposes=PURPOSES,
    probe=Request("GET", "/rest_v2/serverInfo", (("Accept", "application/json"),), credentials=False),
    recognizes=preparation.recognizes,
    prepare=preparation.prepare,
    examine=doctor.examine,
    sign_in=preconditions.sign_in_requests,
    preconditions=preconditions.verify,
    provisioner=ids.MAKER,
    identify=operations.identify,
    creates=operations.creates,
    clean_up=CleanUp(
        removal=operations.removal,
        retired=ids.retired,
        presence=operations.presence,
        verified=ids.KINDS,
        harmless=operations.harmless,
        stopping=operations.stopping,
        deprovision=deprovision.deprovision,
    ),
    running=RunningWork(
        search=operations.search(),
        started_by=operations.started_by,
        found=operations.running_executions,
        resource_of=operations.resource_of,
        answered_late=operations.answered_late,
    ),
    reference=_reference,
    reference_library="fpdf",
    needs_consent=True,
    landmark=operations.search(),
    context_paths=("/jasperserver", "/jasperserver-pro"),
    deadline_seconds=120,
    explores=True,
)
