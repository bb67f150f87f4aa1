"""The output formats: media type, ending of the file name, and what writes them.

Writers import their libraries when they are first used; equal pages are written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pytest_reportconformance.jasperserver.reference.documents import office, opendocument, pdf, plain
from pytest_reportconformance.jasperserver.reference.reports import Page


@dataclass(frozen=True)
class Format:
    """An output format; `extension` is None if its output has no file name."""

    content_type: str
    extension: str | None


_OOXML = "application/vnd.openxmlformats-officedocument."
_OASIS = "application/vnd.oasis.opendocument."
FORMATS = {
    "pdf": Format("application/pdf", "pdf"),
    "csv": Format("text/csv", "csv"),
    "xml": Format("text/xml", "xml"),
    "json": Format("application/json", "json"),
    "rtf": Format("application/rtf", "rtf"),
    "jrprint": Format("application/octet-stream", None),
    "docx": Format(_OOXML + "wordprocessingml.document", "docx"),
    "xlsx": Format(_OOXML + "spreadsheetml.sheet", "xlsx"),
    "pptx": Format(_OOXML + "presentationml.presentation", "pptx"),
    "xls": Format("application/vnd.ms-excel", "xls"),
    "odt": Format(_OASIS + "text", "odt"),
    "ods": Format(_OASIS + "spreadsheet", "ods"),
    "html": Format("text/html", None),
}
WRITERS: dict[str, Callable[[tuple[Page, ...]], bytes]] = {
    "pdf": pdf.write,
    "csv": plain.csv,
    "xml": plain.xml,
    "json": plain.json,
    "rtf": plain.rtf,
    "jrprint": plain.jrprint,
    "docx": office.docx,
    "xlsx": office.xlsx,
    "pptx": office.pptx,
    "xls": office.xls,
    "odt": opendocument.odt,
    "ods": opendocument.ods,
}
"""All but HTML, which needs addresses besides pages: see `html.write`."""


@lru_cache(maxsize=512)
def document(format: str, pages: tuple[Page, ...]) -> bytes:
    """The pages as a document of this format (not HTML)."""
    return WRITERS[format](pages)
