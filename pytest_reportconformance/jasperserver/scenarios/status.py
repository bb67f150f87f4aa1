"""Polling: a finished report, a long-running one, and reports that fail."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, descriptors, exploring, operations
from pytest_reportconformance.jasperserver.media import (
    EXPORT_STATUS_FORMS,
    JSON,
    STATUS_FORMS,
    STATUS_JSON,
    STATUS_MEDIA,
    XML,
)
from pytest_reportconformance.jasperserver.operations import MEDIA
from pytest_reportconformance.jasperserver.scenarios import attempts, rereads
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.polling import wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

ROUNDS = 4
ACCEPTED = "jasperserver.page-status.accepted"
PLAIN = "jasperserver.page-status.plain-json"


@scenario(needs=["multi"])
def finished(step: Steps, target: Target) -> None:
    """A report of several pages is run to its end; everything about it is requested, then about unknown ids."""
    id, export = common_steps.ready(step, "multi")
    step.note(**{name: target.report("multi")[name] for name in ("pages", "page_text")})
    step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
    _statuses(step, id, export)
    _outputs(step, id, export)
    _pages(step, id, target.report("multi")["pages"])
    step("info", operations.info(id))
    _unknown_ids(step, id, export)
    _polls(step, id)
    rereads.in_reverse(step, id, export, target.report("multi")["pages"])
    step("details-after", operations.details(id))
    step("output-late", operations.output(id, export), observe=(file_formats.observe,))
    exploring.walk_on(step, target, "multi", id)


@scenario(needs=["slow"], priority=True)
def awaited(step: Steps, target: Target) -> None:
    """A long-running report is read while it runs, and polled to its end."""
    step.note(seconds=target.report("slow")["seconds"])
    id = common_steps.run(step, "slow")
    common_steps.known(step, id)
    wait_until(step, "start", operations.status(id), common_steps.working, establishes="jasperserver.status.known")
    for name, media in STATUS_MEDIA.items():
        step(f"running-{name}", operations.status(id, media), establishes=STATUS_FORMS[name])
    shown = step("details-running", operations.details(id), establishes="jasperserver.details.same-request")
    for listed in descriptors.export_ids(shown)[:1]:
        for name, media in STATUS_MEDIA.items():
            request = operations.export_status(id, listed, media)
            step(f"running-export-status-{name}", request, establishes=EXPORT_STATUS_FORMS[name])
    step("details-running-xml", operations.details(id, XML))
    common_steps.finish(step, id)
    export = descriptors.first_export(common_steps.settle(step, id))
    step("details", operations.details(id))
    _statuses(step, id, export)
    step("output", operations.output(id, export), observe=(file_formats.observe,))
    _polls(step, id)
    step("details-late", operations.details(id))


@scenario(params=["failing", "failinglate"])
def failed(step: Steps, target: Target, purpose: str) -> None:
    """A report that fails is polled to its end; its error and its output are requested; it is cancelled and deleted."""
    id = common_steps.run(step, purpose)
    common_steps.finish(step, id, ends="jasperserver.status.reaches-failed")
    settled = common_steps.settle(step, id)
    step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
    _statuses(step, id, None)
    step("status-default", operations.status(id, None))
    _polls(step, id)
    for export in descriptors.export_ids(settled)[:1]:
        for name in STATUS_MEDIA:
            _export_status(step, id, export, name)
        step("output", operations.output(id, export, JSON))
    if purpose == "failing":
        first = next(iter(descriptors.export_ids(settled)), "none")
        attempts.read(step, "failed", id, first)
        _cancel(step, id)
        attempts.change(step, "failed", id)
        step("delete", operations.delete(id))
        step("details-deleted", operations.details(id))


def _cancel(step: Steps, id: str) -> None:
    """A cancel of what failed, in both media types, changes nothing."""
    for media, type in MEDIA.items():
        establishes = "jasperserver.cancel.failed" if media == "json" else None
        step(f"cancel-{media}", operations.cancel(id, media=type, accept=type), establishes=establishes)
    step("status-cancelled", operations.status(id), establishes="jasperserver.status.known")


def _statuses(step: Steps, id: str, export: str | None) -> None:
    """The status of a report, and of an export, in every media type."""
    for name, media in STATUS_MEDIA.items():
        step(f"status-{name}", operations.status(id, media), establishes=STATUS_FORMS[name])
        if export is not None:
            _export_status(step, id, export, name)


def _export_status(step: Steps, id: str, export: str, name: str) -> None:
    request = operations.export_status(id, export, STATUS_MEDIA[name])
    step(f"export-status-{name}", request, establishes=EXPORT_STATUS_FORMS[name])


def _polls(step: Steps, id: str) -> None:
    """Several polls of a status that is final, in every media type."""
    for _ in range(ROUNDS):
        for name, media in STATUS_MEDIA.items():
            step(f"again-{name}", operations.status(id, media), establishes=STATUS_FORMS[name])


def _outputs(step: Steps, id: str, export: str) -> None:
    step("output", operations.output(id, export), observe=(file_formats.observe,))
    step("output-again", operations.output(id, export), observe=(file_formats.observe,))
    step("output-as-json", operations.output(id, export, JSON), observe=(file_formats.observe,))


def _pages(step: Steps, id: str, pages: int) -> None:
    """The status of pages; in plain JSON if the documented media type is refused, as one product does."""
    documented = step("page-status", operations.page_status(id, 1), establishes=ACCEPTED)
    plain = operations.page_status(id, 1, JSON)
    step("page-status-plain", plain, establishes=PLAIN)
    media, establishes = (STATUS_JSON, ACCEPTED) if documented.succeeded else (JSON, PLAIN)
    for page in range(1, pages + 1):
        step(f"page-status-of-{page}", operations.page_status(id, page, media), establishes=establishes)
    step("page-status-past-end", operations.page_status(id, pages + 1, media))
    step("page-status-of-word", operations.page_status(id, "abc", media))
    step("page-status-of-range", operations.page_status(id, "1-2", media))
    step("page-status-unknown", operations.page_status(common_steps.unknown(id), 1, media))


def _unknown_ids(step: Steps, id: str, export: str) -> None:
    """Requests about an unknown execution, or an unknown export."""
    other, no_export = common_steps.unknown(id), common_steps.unknown(export)
    for name, media in STATUS_MEDIA.items():
        step(f"status-{name}-unknown", operations.status(other, media))
        step(f"export-status-{name}-unknown", operations.export_status(other, export, media))
        step(f"export-status-{name}-unknown-export", operations.export_status(id, no_export, media))
    for name, media in (("json", JSON), ("xml", XML)):
        step(f"details-{name}-unknown", operations.details(other, media))
    step("info-unknown", operations.info(other))
    step("output-unknown", operations.output(other, export))
    step("output-unknown-export", operations.output(id, no_export))
    step("exports", operations.exports(id))
