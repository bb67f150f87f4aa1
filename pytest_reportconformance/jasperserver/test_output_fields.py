"""Checks of the header fields of outputs and attachments."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.jasperserver.assertions import delivered, downloads, output_resource
from pytest_reportconformance.jasperserver.scenarios.export import FORMATS
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

OTHERS = [format for format in FORMATS if format != "html"]


def disposition(output: Exchange) -> str:
    """Content-Disposition, empty if it is absent."""
    return ", ".join(output.header_values("Content-Disposition"))


@pytest.mark.parametrize("format", OTHERS)
@requirement("jasperserver.output.disposition")
def test_an_attachment_to_save_has_the_file_name_of_its_descriptor(exported: Transcript, format: str) -> None:
    output = exported[f"output-{format}"]
    delivered(output)
    name = output_resource(exported["details"], descriptors.made(exported, format)).get("fileName")
    expect.applies(bool(name), "the descriptor has no file name")
    found = re.fullmatch(r'\s*attachment\s*;.*?filename="([^"]*)".*', disposition(output), re.I | re.S)
    expect.that(found is not None, 'attachment; filename="…"', disposition(output), output)
    expect.among(name, (found[1], unquote(found[1])) if found else (), "the file name", output)


@requirement("jasperserver.output.html-inline")
def test_html_is_not_sent_as_an_attachment(finished: Transcript) -> None:
    delivered(finished["output"])
    found = disposition(finished["output"])
    expect.that(not found.lower().startswith("attachment"), "no attachment to save", found, finished["output"])


@requirement("jasperserver.output.suppressed-disposition")
def test_content_disposition_can_be_suppressed(exported: Transcript) -> None:
    delivered(exported["suppressed"])
    expect.applies(bool(disposition(exported["output-pdf"])), "there is no Content-Disposition to suppress")
    expect.equal(disposition(exported["suppressed"]), "", "Content-Disposition", exported["suppressed"])


@requirement("jasperserver.output.final-html")
def test_html_of_a_finished_report_is_final(finished: Transcript) -> None:
    delivered(finished["output"])
    for output in downloads(finished):
        if output.status_code == 200:
            expect.equal(output.header("output-final").strip().lower(), "true", "output-final", output)


@pytest.mark.parametrize("format", OTHERS)
@requirement("jasperserver.output.final-others")
def test_other_outputs_of_a_finished_report_are_final(exported: Transcript, format: str) -> None:
    output = exported[f"output-{format}"]
    delivered(output)
    expect.equal(output.header("output-final").strip().lower(), "true", "output-final", output)


@requirement("jasperserver.output.not-public")
def test_outputs_and_attachments_are_not_public(illustrated: Transcript) -> None:
    for exchange in (illustrated["output"], *illustrated.starting("attachment-")):
        cache = ", ".join(exchange.header_values("Cache-Control")).lower()
        expect.that("public" not in cache, "no public caching", cache, exchange)
