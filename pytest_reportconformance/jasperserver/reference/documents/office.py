"""Word, Excel and PowerPoint output, with python-docx, openpyxl, python-pptx and xlwt."""

from __future__ import annotations

import io

from pytest_reportconformance.jasperserver.reference.documents.plain import lines
from pytest_reportconformance.jasperserver.reference.reports import Page


def docx(pages: tuple[Page, ...]) -> bytes:
    """A paragraph for each line, a page break between pages."""
    from docx import Document

    document = Document()
    for index, page in enumerate(pages):
        if index:
            document.add_page_break()  # type: ignore[no-untyped-call]  # python-docx leaves it without types
        for line in page.lines:
            document.add_paragraph(line)
    return _saved(document)


def xlsx(pages: tuple[Page, ...]) -> bytes:
    """One sheet with a row for each line."""
    from openpyxl import Workbook

    book = Workbook()
    for line in lines(pages):
        book.active.append([line])
    return _saved(book)


def pptx(pages: tuple[Page, ...]) -> bytes:
    """A slide for each page."""
    from pptx import Presentation

    show = Presentation()
    for page in pages:
        slide = show.slides.add_slide(show.slide_layouts[6])
        box = slide.shapes.add_textbox(0, 0, show.slide_width, show.slide_height)
        box.text_frame.text = "\n".join(page.lines)
    return _saved(show)


def xls(pages: tuple[Page, ...]) -> bytes:
    """One sheet with a row for each line, in the older binary format."""
    from xlwt import Workbook

    book = Workbook()
    sheet = book.add_sheet("report")
    for row, line in enumerate(lines(pages)):
        sheet.write(row, 0, line)
    return _saved(book)


def _saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]  # four libraries without a common type
    return stream.getvalue()
