"""Getting to know a JasperReports Server before the run: its product, version and edition."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.exchange import Exchange, Missing, Request
from pytest_reportconformance.recording import Steps
from pytest_reportconformance.target import Target

PRODUCT = "JasperReports Server"


def recognises(exchange: Exchange) -> bool:
    """Whether the answer to `serverInfo` is that of a JasperReports Server: it tells a version and an edition."""
    return bool(_info(exchange).get("version"))


def prepare(target: Target, step: Steps) -> Target:
    """Ask for version and edition, where the target's description does not give them.

    The product is what a target.toml says; only a bare URL, which cannot say it, has it read from the answer.
    """
    if target.product not in (None, PRODUCT) or (target.version and target.edition):
        return target
    if target.product is None and target.described:
        return target
    request = Request("GET", "/rest_v2/serverInfo", (("Accept", "application/json"),), credentials=False)
    info = _info(step("server-info", request))
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
        members = exchange.json
    except Missing:
        return {}
    return {key: value for key, value in members.items() if isinstance(value, str)} if isinstance(members, dict) else {}
