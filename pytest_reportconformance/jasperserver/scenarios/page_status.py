"""Pages that appear one after another: their status and their output, before the report is done."""

from __future__ import annotations

from pytest_reportconformance import content
from pytest_reportconformance.jasperserver import flows, operations, reading
from pytest_reportconformance.polling import wait_until
from pytest_reportconformance.recording import Steps, scenario
from pytest_reportconformance.target import Target

PAGES_MADE = 2.5


@scenario(needs=["slowpages"])
def unfolded(step: Steps, target: Target) -> None:
    """While the pages of a report appear: its details, the status of the first and last, outputs of one and of all."""
    report = target.report("slowpages")
    step.note(**{name: report[name] for name in ("pages", "page_text", "seconds_per_page")})
    id = flows.run(step, "slowpages", pages="1")
    step.wait(PAGES_MADE * report["seconds_per_page"], "until the first pages are made")
    first = reading.first_export(step("details", operations.details(id)))
    whole = flows.export(step, "export", id, outputFormat="csv")
    media = _first_page(step, id)
    calls = [
        lambda: wait_until(step, "watch", operations.details(id), flows.over, establishes="jasperserver.status.known"),
        lambda: step("last-page", operations.page_status(id, report["pages"], media)),
        lambda: step("first-page-output", operations.output(id, first), observe=(content.observe,)),
    ]
    if whole is not None:
        calls.append(lambda: step("early-output", operations.output(id, whole), observe=(content.observe,)))
    step.together(calls)
    if whole is not None:
        flows.finish_export(step, id, whole, "export-poll")
        step("output", operations.output(id, whole), observe=(content.observe,))


def _first_page(step: Steps, id: str) -> str:
    """Ask for the status of the first page; the media type to go on with, as one product refuses the documented one."""
    asked = step("first-page", operations.page_status(id, 1))
    if asked.response is None or asked.response.status != 406:
        return operations.STATUS_JSON
    step("first-page", operations.page_status(id, 1, operations.JSON))
    return operations.JSON
