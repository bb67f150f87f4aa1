"""The Akamai Reporting API v2: its operations, scenarios, checks and reference server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_reportconformance.akamai_reporting import doctor, operations, preconditions, preparation
from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.api import Api, CleanUp

if TYPE_CHECKING:
    from pytest_reportconformance.http.server import Reference


def _reference(**options: Any) -> Reference:
    from pytest_reportconformance.akamai_reporting.reference import Reference

    made: Reference = Reference(**options)
    return made


API = Api(
    name="akamai_reporting",
    title="Akamai Reporting API v2: asynchronous mode and pagination",
    purposes=PURPOSES,
    probe=operations.reports(credentials=False),
    recognizes=preparation.recognizes,
    prepare=preparation.prepare,
    identify=operations.identify,
    creates=operations.creates,
    clean_up=CleanUp(removal=operations.removal),
    reference=_reference,
    needs_consent=False,
    deadline_seconds=900,
    explores=True,
    run_seconds=3600,
    counted_kind="query",
    counted_plural="submissions",
    examine=doctor.examine,
    sign_in=preconditions.sign_in_requests,
    preconditions=preconditions.verify,
    live_hosts=("*.akamaiapis.net",),
    preparation_cost=preparation.cost,
)
