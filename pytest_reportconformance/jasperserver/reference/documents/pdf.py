"""PDF output, with fpdf2."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_reportconformance.jasperserver.reference.reports import Page

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def write(pages: tuple[Page, ...]) -> bytes:
    """A sheet for each page of the report, as high as its lines need; a report without pages gives an empty sheet."""
    from fpdf import FPDF

    document = FPDF(unit="pt", format=(420, 200))
    document.set_auto_page_break(auto=False)
    document.set_creation_date(MADE)
    document.set_font("Helvetica", size=10)
    for page in pages or (Page(()),):
        document.add_page(format=(420, max(200, 60 + 20 * len(page.lines))))
        for line in page.lines:
            document.cell(0, 20, line.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())
