"""What the answers of a walk about the exports of an execution violate: their status, their output, their pages.

Rule: pure functions over answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.jasperserver.walk_moves import OVER, Export, Subject
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.walk import Judged, judged

Found = Iterator[Judged]


def listed(subject: Subject, found: Mapping[str, Mapping[str, Any]], exchange: Exchange) -> Found:
    """The exports in the details of a ready report: each that was made, with its final status."""
    if subject.final != "ready":
        return
    for number, export in enumerate(subject.exports):
        id = "jasperserver.details.lists-every-export" if number else "jasperserver.details.lists-output"
        yield judged(id, export.id in found, f"the export {export.id}", f"exports {list(found)}", exchange)
        if export.id in found:
            yield from said(export, str(found[export.id].get("status")), "details", exchange)


def said(export: Export, status: str, shown_by: str, exchange: Exchange) -> Found:
    """The status of an export, against its final status, and against the one that another answer showed.

    A later poll changes nothing: it shows the final status that an earlier one showed, or any if none did.
    """
    same = shown_by == export.shown_by == "status"
    if export.final is not None:
        id = "jasperserver.status.polling-changes-nothing" if same else "jasperserver.export-status.agrees-with-details"
        yield judged(id, status == export.final, f"{export.final}, as before", status, exchange)
    elif status in OVER:
        export.final, export.shown_by = status, shown_by
    if shown_by == "status" and export.polled and not same:
        yield judged("jasperserver.status.polling-changes-nothing", True, status, status, exchange)
    export.polled = export.polled or shown_by == "status"


def delivered(subject: Subject, export: Export, facts: Mapping[str, Any], exchange: Exchange) -> Found:
    """An output: the pages that it has to show, and the same ones at every request."""
    report = facts.get(subject.name, {})
    if "page_text" in report:
        wanted = [2, 3] if export.pages else [*range(1, report["pages"] + 1)]
        shown = output_text.pages(exchange, report)
        yield judged(_of_pages(export, shown), shown == wanted, f"the pages {wanted}", shown, exchange)
    for other, its in facts.items():
        if other != subject.name:
            own = not _shows(exchange, its)
            yield judged("jasperserver.output.own-content", own, f"the report {subject.name}", other, exchange)
    yield judged("jasperserver.output.ready", True, "200", exchange.status_code, exchange)
    if export.output is not None:
        same = _same(export.output, exchange)
        yield judged("jasperserver.output.repeatable", same, "the same output as before", "another one", exchange)
    export.output = export.output or exchange


def _same(one: Exchange, other: Exchange) -> bool:
    return one.answer.sha256 == other.answer.sha256 or file_formats.of(one).text == file_formats.of(other).text


def _of_pages(export: Export, shown: list[int]) -> str:
    if export.pages:
        return "jasperserver.export.pages"
    return "jasperserver.output.complete" if shown or export.output is None else "jasperserver.output.own-content"


def _shows(exchange: Exchange, report: Mapping[str, Any]) -> bool:
    """Whether an output shows the text of a report."""
    if "page_text" in report:
        return bool(output_text.pages(exchange, dict(report)))
    return "text" in report and output_text.shows(exchange, report["text"])


def paged(subject: Subject, exchange: Exchange) -> Found:
    """The status of a page of a ready report."""
    found = descriptors.descriptor(exchange)
    shown = (found.get("reportStatus"), found.get("pageFinal"))
    if subject.final == "ready":
        final = shown[0] in (None, "ready") and shown[1] is not False
        yield judged("jasperserver.page-status.final", final, "ready, and a final page", shown, exchange)
