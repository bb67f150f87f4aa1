"""Exports of a finished report: in every format, of some pages, with invalid options, of the same data."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.jasperserver import common_steps, operations
from pytest_reportconformance.jasperserver.media import EXPORT_STATUS_FORMS, JSON, STATUS_MEDIA, XML
from pytest_reportconformance.jasperserver.scenarios import snapshots
from pytest_reportconformance.jasperserver.timing import SETTLING_SECONDS
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target

EXPORTED = common_steps.EXPORTED
SHORT_SECONDS = 1.0
FORMATS = ("pdf", "html", "csv", "xlsx", "docx", "rtf", "xml", "odt", "xls", "ods", "pptx")
LATE = ("first", *FORMATS, "csv-2-3")
"""Exports that are downloaded twice."""
RANGES: dict[str, dict[str, Any]] = {
    "csv-2-3": {"outputFormat": "csv", "pages": "2-3"},
    "xml-body-2-3": {"outputFormat": "csv", "pages": "2-3", "media": XML},
    "csv-4": {"outputFormat": "csv", "pages": "4"},
    "html-2-3": {"outputFormat": "html", "pages": "2-3"},
    "pdf-2-3": {"outputFormat": "pdf", "pages": "2-3"},
    "csv-1-4": {"outputFormat": "csv", "pages": "1-4"},
    "csv-last-five": {"outputFormat": "csv", "pages": "{fifth_last}-{pages}"},
}
"""Exports of some pages by name."""
OFFERED = ("pdf", "html", "csv", "again-csv", *(name for name in RANGES if name != "csv-4"))
"""Exports that every server offers: the chapter leaves other formats, and single pages, open."""
MISTAKES: dict[str, dict[str, Any]] = {
    "unknown-format": {"outputFormat": "nosuchformat"},
    "unknown-format-xml": {"outputFormat": "nosuchformat", "media": XML},
    "bad-pages": {"outputFormat": "csv", "pages": "two-three"},
    "bad-pages-xml": {"outputFormat": "csv", "pages": "two-three", "media": XML},
    "page-past-end": {"outputFormat": "csv", "pages": "99"},
}
"""Exports that cannot succeed, by name."""


def pages_of(name: str, pages: int) -> str:
    """The range of pages that an export asks for of a report with this number of pages: `2-3`."""
    asked: str = RANGES[name]["pages"]
    return asked.format(pages=pages, fifth_last=pages - 4)


@scenario(needs=["multi"])
def exported(step: Steps, target: Target) -> None:
    """A finished report is exported in every format, in JSON and XML alternately, and in ranges of pages."""
    id, first = common_steps.ready(step, "multi")
    step.note(**{name: target.report("multi")[name] for name in ("pages", "page_text")})
    step("output-first", operations.output(id, first), observe=(file_formats.observe,))
    step("details-before", operations.details(id))
    for name, media in operations.MEDIA.items():
        unknown = operations.export(common_steps.unknown(id), accept=media, outputFormat="csv")
        step(f"export-unknown-execution-{name}", unknown)
    wanted: dict[str, dict[str, Any]] = {
        format: {"outputFormat": format, "media": (JSON, XML)[number % 2]} for number, format in enumerate(FORMATS)
    }
    wanted |= {"again-csv": {"outputFormat": "csv"}, "default": {}}
    wanted |= {name: {**one, "pages": pages_of(name, target.report("multi")["pages"])} for name, one in RANGES.items()}
    made = {
        name: common_steps.export(
            step, f"export-{name}", id, establishes=EXPORTED if name in OFFERED else None, **members
        )
        for name, members in wanted.items()
    }
    step.note(id=id, first=first, exports={name: export for name, export in made.items() if export is not None})
    _deliver(step, id, {name: export for name, export in made.items() if export is not None})
    _compare(step, id, {"first": first, **made})


def _deliver(step: Steps, id: str, exports: dict[str, str]) -> None:
    """Wait for each export and fetch what did not fail; the wait is short after one of them did not end."""
    patience = SETTLING_SECONDS
    for name, export in exports.items():
        end = common_steps.finish_export(step, id, export, f"poll-{name}", patience)
        if end != "failed":
            step(f"output-{name}", operations.output(id, export), observe=(file_formats.observe,))
        if end == "pending":
            patience = SHORT_SECONDS
            step(f"poll-{name}", operations.export_status(id, export))


def _compare(step: Steps, id: str, exports: dict[str, str | None]) -> None:
    """The details of all exports at the end, and some outputs once more."""
    step("details", operations.details(id))
    step("details-xml", operations.details(id, XML))
    step("status", operations.status(id))
    for name in LATE:
        export = exports[name]
        if export is not None:
            step(f"late-{name}", operations.output(id, export), observe=(file_formats.observe,))
    if exports["pdf"] is not None:
        unwanted = "?suppressContentDisposition=true"
        step("suppressed", operations.output(id, exports["pdf"], query=unwanted), observe=(file_formats.observe,))


@scenario(needs=["fast"])
def misexported(step: Steps, target: Target) -> None:
    """A finished report is exported with invalid options, and read afterwards."""
    id, first = common_steps.ready(step, "fast", outputFormat="csv")
    step("details-before", operations.details(id))
    step("output-before", operations.output(id, first), observe=(file_formats.observe,))
    for name, members in MISTAKES.items():
        export = common_steps.export(step, f"export-{name}", id, establishes=None, **members)
        if export is not None:
            common_steps.finish_export(step, id, export, f"poll-{name}")
            for extended in ("extended-json", "extended-xml"):
                request = operations.export_status(id, export, STATUS_MEDIA[extended])
                step(f"status-{extended}-{name}", request, establishes=EXPORT_STATUS_FORMS[extended])
            step(f"output-{name}", operations.output(id, export, JSON))
    step("details", operations.details(id))
    step("status", operations.status(id))
    step("output-after", operations.output(id, first), observe=(file_formats.observe,))


@scenario(needs=["runcounter"])
def recounted(step: Steps, target: Target) -> None:
    """Two runs of a report that prints a different value in each; exports of the first; a run after a removal."""
    facts = target.report("runcounter")
    id, export = common_steps.ready(step, "runcounter", **snapshots.saved(facts))
    other, other_export = common_steps.ready(step, "runcounter", **snapshots.fresh(facts))
    step.note(varies=facts["varies"], snapshots=snapshots.enabled(facts))
    first = step("output", operations.output(id, export), observe=(file_formats.observe,))
    step("output-of-other", operations.output(other, other_export), observe=(file_formats.observe,))
    step("details-before", operations.details(id))
    step("foreign-status", operations.export_status(id, other_export))
    step("foreign-output", operations.output(id, other_export), observe=(file_formats.observe,))
    wanted: dict[str, dict[str, Any]] = {
        "csv": {"outputFormat": "csv"},
        "csv-xml": {"outputFormat": "csv", "media": XML},
        "html": {"outputFormat": "html"},
    }
    for name, members in wanted.items():
        made = common_steps.export(step, f"export-{name}", id, **members)
        step(f"status-after-{name}", operations.status(id))
        if made is not None:
            common_steps.finish_export(step, id, made, f"poll-{name}")
            step(f"output-{name}", operations.output(id, made), observe=(file_formats.observe,))
    step("details", operations.details(id))
    step("output-late", operations.output(id, export), observe=(file_formats.observe,))
    step("other-late", operations.output(other, other_export), observe=(file_formats.observe,))
    step("delete-other", operations.delete(other), establishes="jasperserver.delete.finished")
    snapshots.run_by_default(step, facts, first)
