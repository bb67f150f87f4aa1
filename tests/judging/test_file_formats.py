"""Outputs are known by their bytes: documents of our writers, damaged ones, and ambiguous first bytes."""

from __future__ import annotations

import tracemalloc

import pytest

from pytest_reportconformance.jasperserver.reference.documents import html, pictures
from pytest_reportconformance.jasperserver.reference.documents.formats import WRITERS
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.failures import NotReached

PAGES = tuple(Page((f"PAGE-{number}-OF-3",)) for number in (1, 2, 3))
UNREADABLE = ("xls", "jrprint")


@pytest.mark.parametrize("format", sorted(WRITERS))
def test_a_document_is_known_and_opens(format: str) -> None:
    found = file_formats.read(WRITERS[format](PAGES))
    assert (found.format, found.broken) == (format, None)
    assert format in UNREADABLE or "PAGE-3-OF-3" in (found.text or "")


@pytest.mark.parametrize("format", sorted(set(WRITERS) - {"csv", "jrprint"}))
def test_half_a_document_does_not_open(format: str) -> None:
    body = WRITERS[format](PAGES)
    found = file_formats.read(body[: len(body) // 2])
    assert not found.opens or found.format != format


def test_the_pages_of_a_pdf_are_counted() -> None:
    assert file_formats.read(WRITERS["pdf"](PAGES)).page_count == 3


def test_without_the_extra_pages_are_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_formats, "find_spec", lambda _name: None)
    found = file_formats.read(WRITERS["pdf"](PAGES))
    assert found.opens
    with pytest.raises(NotReached, match="pip install") as caught:
        _ = found.page_count
    assert caught.value.outcome == "untested"


@pytest.mark.parametrize("whole", [True, False])
def test_html_is_known_as_a_document_and_as_a_fragment(whole: bool) -> None:
    found = file_formats.read(html.write(enumerate(PAGES), "images/", whole=whole))
    assert (found.format, found.text) == ("html", "PAGE-1-OF-3 PAGE-2-OF-3 PAGE-3-OF-3")


@pytest.mark.parametrize("ending", sorted(pictures.PICTURES))
def test_a_picture_is_known_and_a_half_one_is_broken(ending: str) -> None:
    body = pictures.PICTURES[ending]
    assert file_formats.read(body).opens
    assert file_formats.read(body).format == {"jpg": "jpeg"}.get(ending, ending)
    assert not file_formats.read(body[:-6]).opens


@pytest.mark.parametrize("body", [b"", b" \n", b"\x00\x01\x02", b"PK\x03\x04 nothing"])
def test_what_is_no_document_is_of_no_format(body: bytes) -> None:
    assert file_formats.read(body).format is None


def test_an_observation_outlives_the_body() -> None:
    facts = file_formats.observe(b"FAST\n")
    answer = Response(200, "OK", (), None, 5, "")
    exchange = Exchange("output", "owner", Request("GET", "/"), answer, 0, 0, observations=facts)
    assert file_formats.of(exchange) == file_formats.read(b"FAST\n")


def test_the_memory_for_a_long_output_is_bounded() -> None:
    row = ",".join(f"value {number}" for number in range(40)) + "\n"
    table = (row * (63_000_000 // len(row))).encode()
    for body, format in ((table, "csv"), (b"<html><body>" + table, "html"), (b"[" + table, "csv")):
        tracemalloc.start()
        found = file_formats.read(body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (found.format, found.opens) == (format, True)
        assert len(found.text or "") == file_formats.LONGEST_TEXT
        assert peak < 40_000_000


def test_the_last_row_of_a_table_that_is_cut_is_not_judged() -> None:
    quoted = b'"' + b"x" * 1000 + b'",1\n'
    assert file_formats.read(quoted * 4000).opens
    assert file_formats.read(quoted * 4000).format == "csv"
