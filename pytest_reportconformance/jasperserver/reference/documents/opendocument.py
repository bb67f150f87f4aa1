"""OpenDocument output, with odfpy."""

from __future__ import annotations

import io

from pytest_reportconformance.jasperserver.reference.documents.plain import lines
from pytest_reportconformance.jasperserver.reference.reports import Page


def odt(pages: tuple[Page, ...]) -> bytes:
    """A paragraph for each line, the first of a page after a page break."""
    from odf.opendocument import OpenDocumentText
    from odf.style import ParagraphProperties, Style
    from odf.text import P

    document = OpenDocumentText()
    breaking = Style(name="PageBreak", family="paragraph")
    breaking.addElement(ParagraphProperties(breakbefore="page"))
    document.automaticstyles.addElement(breaking)
    for index, page in enumerate(pages):
        for place, line in enumerate(page.lines):
            style = {"stylename": breaking} if index and not place else {}
            document.text.addElement(P(text=line, **style))
    return _saved(document)


def ods(pages: tuple[Page, ...]) -> bytes:
    """One table with a row for each line."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="report")
    document.spreadsheet.addElement(table)
    for line in lines(pages):
        row, cell = TableRow(), TableCell(valuetype="string")
        cell.addElement(P(text=line))
        row.addElement(cell)
        table.addElement(row)
    return _saved(document)


def _saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.write(stream)  # type: ignore[attr-defined]  # odfpy has no types
    return stream.getvalue()
