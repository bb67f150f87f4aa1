"""Authorization: what others may read and change of an execution, each attempt beside a permitted one."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations, patience
from pytest_reportconformance.jasperserver.media import XML
from pytest_reportconformance.jasperserver.scenarios import attempts
from pytest_reportconformance.jasperserver.scenarios.attempts import OTHERS, WITHOUT_PERMISSION
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request


@scenario(needs=["images"])
def guarded(step: Steps, target: Target) -> None:
    """A finished execution is read, exported, changed and deleted by others, and then by its owner."""
    id, export = common_steps.ready(step, "images")
    details = step("details", operations.details(id), establishes="jasperserver.details.lists-attachments")
    names = [str(one["fileName"]) for one in descriptors.attachments(details, export)]
    reads = _reads(id, export, names[0] if names else None)
    for identity in (*OTHERS, "owner"):
        for what, request in reads.items():
            promised = attempts.READABLE[what] if identity == "owner" else None
            step(f"{identity}-{what}", request, identity=identity, establishes=promised)
    step("anonymous-run", operations.run(target.report("images")["uri"]), identity="anonymous")
    for identity in (*WITHOUT_PERMISSION, "admin", "superuser"):
        step(f"{identity}-cancel", operations.cancel(id), identity=identity)
    step("details-after-cancels", operations.details(id), establishes="jasperserver.details.same-request")
    for identity in (*WITHOUT_PERMISSION, "owner"):
        step(f"{identity}-export", operations.export(id, outputFormat="csv"), identity=identity)
    for identity in (*WITHOUT_PERMISSION, "owner"):
        step(f"{identity}-parameters", operations.parameters(id, {}), identity=identity)
    common_steps.finish(step, id, "again", "jasperserver.parameters.runs-again")
    reads |= _attachment_again(step, id)
    for identity in WITHOUT_PERMISSION:
        step(f"{identity}-delete", operations.delete(id), identity=identity)
        step(f"details-after-{identity}", operations.details(id), establishes="jasperserver.details.same-request")
    step("owner-delete", operations.delete(id), establishes="jasperserver.delete.finished")
    if "attachment" in reads:
        step("attachment-after", reads["attachment"])
        for identity in OTHERS:
            step(f"attachment-after-{identity}", reads["attachment"], identity=identity)


def _attachment_again(step: Steps, id: str) -> dict[str, Request]:
    """An attachment of a new export, which others and the owner read: an update may have removed the one of before."""
    export = common_steps.export_again(step, id)
    details = step("details-again", operations.details(id), establishes="jasperserver.details.lists-attachments")
    names = [str(one["fileName"]) for one in descriptors.attachments(details, export)] if export else []
    if not export or not names:
        return {}
    request = operations.attachment(id, export, names[0])
    step("attachment-before", request, establishes="jasperserver.attachments.delivered")
    return {"attachment": request}


def _reads(id: str, export: str, name: str | None) -> dict[str, Request]:
    reads = attempts.reads(id, export)
    return reads if name is None else {**reads, "attachment": operations.attachment(id, export, name)}


@scenario(needs=["forbidden", "fast"])
def forbidden(step: Steps, target: Target) -> None:
    """Another regular user runs a report that is forbidden, and one that is not."""
    fast, closed = target.report("fast")["uri"], target.report("forbidden")["uri"]
    step("allowed", operations.run(fast), identity="other_user", establishes="jasperserver.run.accepted")
    for name, media in operations.MEDIA.items():
        step(f"refused-{name}", operations.run(closed, media=media, accept=media), identity="other_user")


@scenario(needs=["slow"], priority=True)
def cancelled_by_others(step: Steps, target: Target) -> None:
    """Running reports that others try to cancel: first those without permission, then those with it."""
    step.note(seconds=float(target.report("slow")["seconds"]))
    ids = {"admin" if step.has("admin") else "owner": common_steps.run(step, "slow")}
    if step.has("superuser"):
        ids["superuser"] = common_steps.run(step, "slow", name="run-second")
    for identity, id in ids.items():
        common_steps.begin(step, id, f"begin-{identity}")
    begun = step.clock.now()
    first = next(iter(ids.values()))
    for name, request in _forms(first).items():
        step(f"cancel-{name}", request, identity="other_user")
    common_steps.still(step, first, "status-after-other_user")
    for identity in ("anonymous", "child_user", "other_admin"):
        step(f"cancel-{identity}", operations.cancel(first), identity=identity)
        common_steps.still(step, first, f"status-after-{identity}")
    for identity in {**ids, "admin": "", "superuser": ""}:
        cancel = step(f"cancel-{identity}", operations.cancel(ids.get(identity, first)), identity=identity)
        if cancel.response and cancel.status_code == 204:
            common_steps.still(step, ids.get(identity, first), f"status-after-{identity}")
    patience.outlast(step, begun)
    for identity, id in ids.items():
        step(f"late-{identity}", operations.status(id), establishes="jasperserver.status.known")


def _forms(id: str) -> dict[str, Request]:
    """A cancel in all forms in which it can be written."""
    plain = operations.cancel(id)
    return {
        "other_user": plain,
        "other_user-bare": replace(plain, url=plain.url.removesuffix("/")),
        "other_user-xml": operations.cancel(id, media=XML, accept=XML),
    }
