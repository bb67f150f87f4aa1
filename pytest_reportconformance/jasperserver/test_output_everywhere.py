"""Checks of the content of every output, whichever scenario downloaded it: its format, its text, its pages."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.jasperserver import descriptors, history, output_text, requests_sent
from pytest_reportconformance.jasperserver.assertions import READABLE, complete
from pytest_reportconformance.jasperserver.history import History, Statement
from pytest_reportconformance.jasperserver.scenarios.export import FORMATS
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.judging.file_formats import Content
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

Transcripts = tuple[Transcript, ...]
ALIKE = {"html": ("xml", "csv"), "csv": ("xml", "json"), "xml": ("html",), "xls": ("xlsx",)}
"""Formats that the beginning of a document may be taken for; the second of xls is another requirement's."""


def _content(output: Exchange) -> Content:
    """What the bytes of an output are, as far as they were kept or observed."""
    kept = output.answer.size > 0 and (output.answer.content is not None or "content" in output.observations)
    return file_formats.of(output) if kept else Content(None)


def _has_format(output: Exchange, asked: Exchange) -> None:
    """The bytes of an output, as far as their format is known, are of the format that a request asked for."""
    wanted, found = (requests_sent.format_of(asked) or "").lower(), _content(output).format
    if wanted in FORMATS and found is not None:
        expect.among(found, (wanted, *ALIKE.get(wanted, ())), "the format of the bytes", output)


def _outputs_of_run(one: History) -> Iterator[Statement]:
    """The outputs of the exports that a run made, until the client changes the execution."""
    later = min((made.exchange.started for made in one.of("export")), default=float("inf"))
    shown = [export for found, export in one.exports("run", "details") if found.end <= later]
    ids = {export.get("id") for export in shown}
    return (output for output in one.unchanged("output") if output.asked.export in ids)


@requirement("jasperserver.output.genuine")
def test_every_output_of_a_run_has_the_format_that_was_requested(jasperserver_transcripts: Transcripts) -> None:
    for one in history.histories(jasperserver_transcripts):
        for output in _outputs_of_run(one):
            _has_format(output.exchange, one.run.exchange)


@requirement("jasperserver.export.own-format")
def test_every_output_of_an_export_has_the_format_that_was_requested(jasperserver_transcripts: Transcripts) -> None:
    """Until the next update of parameters, which may replace exports."""
    for one in history.histories(jasperserver_transcripts):
        for made in one.of("export"):
            for output in one.of("output"):
                if one.of_export(made, output):
                    _has_format(output.exchange, made.exchange)


@requirement("jasperserver.output.own-content")
def test_every_output_of_the_quick_report_shows_its_text(run_used: Transcript) -> None:
    for one in history.histories([run_used]):
        for output in one.of("output"):
            content = _content(output.exchange)
            if content.format in READABLE and content.text is not None:
                text = run_used.fact("text")
                shows = output_text.shows(output.exchange, text)
                expect.that(shows, f"an output that shows {text}", content.text[:100], output.exchange)


@requirement("jasperserver.output.complete")
def test_an_export_requested_while_the_report_ran_shows_every_page(unfolded: Transcript) -> None:
    expect.applies("output" in unfolded, "the export was refused")
    output, poll = unfolded["output"], unfolded["export-poll"]
    ready = poll.succeeded and descriptors.status(poll) == "ready" and output.status_code == 200
    expect.precondition(ready, "it was not delivered", by="jasperserver.export.while-running")
    complete(output, unfolded)


@requirement("jasperserver.output.complete")
def test_a_second_export_to_csv_shows_every_page(exported: Transcript) -> None:
    output = exported["output-again-csv"]
    expect.precondition(
        output.status_code == 200, "it was not delivered", by="jasperserver.export-status.ready-downloads"
    )
    complete(output, exported)
