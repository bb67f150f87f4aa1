"""Discovers a JasperReports Server before the run, and provisions reports on one that has none."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver.provisioning import provision
from pytest_reportconformance.jasperserver.provisioning.ids import MAKER
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import ANONYMOUS, Target
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Missing

PRODUCT = "JasperReports Server"
CONSENT = "consent with disposable = true under [target], with RC_DISPOSABLE=true beside a bare URL, or else"


def recognizes(exchange: Exchange) -> bool:
    """Whether the answer to `serverInfo` is that of a JasperReports Server: it holds a version."""
    return bool(_info(exchange).get("version"))


def prepare(target: Target, step: Steps) -> Target:
    """The target with its product, version and edition, and with provisioned reports and users if that is wanted.

    Raises NotReached if the server refuses to create them.
    """
    target = discover(target, step)
    if not wanted(target):
        return target
    if not target.consents:
        why = f"nothing was provisioned, because other users could notice it: {CONSENT}"
        return replace(target, unfilled=dict.fromkeys(PURPOSES, why), notes=(*target.notes, why))
    return provision.provide(target, step)


def wanted(target: Target) -> bool:
    """Whether to provision reports: by default if target.toml names none and has an administrator."""
    if target.provision.enabled is not None:
        return target.provision.enabled
    return not target.reports and MAKER in target.identities


def discover(target: Target, step: Steps) -> Target:
    """Request version and edition if target.toml does not give them.

    The product is read from the answer only for a bare URL; otherwise target.toml decides.
    """
    if target.product not in (None, PRODUCT) or (target.version and target.edition):
        return target
    if target.product is None and target.described:
        return target
    request = Request("GET", "/rest_v2/serverInfo", (("Accept", "application/json"),), credentials=False)
    info = _info(step("server-info", request, identity=ANONYMOUS))
    product = target.product or (PRODUCT if info.get("edition") in ("CE", "PRO") else None)
    return replace(
        target,
        product=product,
        version=target.version or info.get("version"),
        edition=target.edition or info.get("edition"),
    )


def _info(exchange: Exchange) -> dict[str, str]:
    if not exchange.succeeded:
        return {}
    try:
        if exchange.media_type.endswith("xml"):
            return {child.tag: child.text or "" for child in exchange.xml}
        members = exchange.json()
    except Missing:
        return {}
    return {key: value for key, value in members.items() if isinstance(value, str)} if isinstance(members, dict) else {}
