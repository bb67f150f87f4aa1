"""Pages that appear one after another: their status and their output, before the report is done."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import common_steps, descriptors, operations
from pytest_reportconformance.jasperserver.media import JSON
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.polling import wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange

ACCEPTED, PLAIN = "jasperserver.page-status.accepted", "jasperserver.page-status.plain-json"
PAGES_MADE = 2.5
MORE_PAGES_MADE = 2.0


@scenario(needs=["slowpages"], priority=True)
def unfolded(step: Steps, target: Target) -> None:
    """While the pages of a report appear: details, the status of three pages, outputs of one and of all; details."""
    watch(step, common_steps.run(step, "slowpages", pages="1", establishes="jasperserver.run.single-page"))


def watch(step: Steps, id: str) -> None:
    """Everything that is read while the pages of a run that has just begun appear."""
    report = step.target.report("slowpages")
    step.note(**{name: report[name] for name in ("pages", "page_text", "seconds_per_page")})
    step.wait(PAGES_MADE * report["seconds_per_page"], "until the first pages are finished")
    first = descriptors.first_export(step("details", operations.details(id)))
    whole = common_steps.export(step, "export", id, "jasperserver.export.while-running", outputFormat="csv")
    calls = [
        lambda: wait_until(
            step, "watch", operations.details(id), common_steps.over, establishes="jasperserver.status.known"
        ),
        lambda: _page(step, "first-page", id, 1),
        lambda: _page(step, "last-page", id, report["pages"], promised=False),
        lambda: _page(step, "middle-page", id, (report["pages"] + 1) // 2, promised=False),
        lambda: step("first-page-output", operations.output(id, first), observe=(file_formats.observe,)),
    ]
    if whole is not None:
        calls.append(lambda: _early(step, id, whole, MORE_PAGES_MADE * report["seconds_per_page"]))
    step.together(calls)
    if whole is not None:
        common_steps.finish_export(step, id, whole, "export-poll")
        step("output", operations.output(id, whole), observe=(file_formats.observe,))
    step("details-late", operations.details(id))


def _page(step: Steps, name: str, id: str, page: int, *, promised: bool = True) -> Exchange:
    """The status of a page; in plain JSON if the documented media type is refused, as one product does.

    It is not promised that a page exists which only target.toml speaks of.
    """
    establishes = [ACCEPTED, PLAIN] if promised else [None, None]
    asked = step(name, operations.page_status(id, page), establishes=establishes[0])
    if asked.response is None or asked.response.status_code != 406:
        return asked
    return step(name, operations.page_status(id, page, JSON), establishes=establishes[1])


def _early(step: Steps, id: str, export: str, seconds: float) -> Exchange:
    """The whole output when more pages, but not all, are finished: late enough for an answer within the time limit."""
    step.wait(seconds, "until more pages are finished")
    return step("early-output", operations.output(id, export), observe=(file_formats.observe,))
