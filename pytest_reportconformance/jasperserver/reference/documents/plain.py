"""The text formats, and the format that is a serialized Java object."""

from __future__ import annotations

import csv as csv_text
import io
import json as json_text
import struct

from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.serialization import as_xml


def lines(pages: tuple[Page, ...]) -> list[str]:
    """The lines of all pages."""
    return [line for page in pages for line in page.lines]


def csv(pages: tuple[Page, ...]) -> bytes:
    """CSV (RFC 4180) with a row for each line."""
    written = io.StringIO()
    csv_text.writer(written, lineterminator="\n").writerows([line] for line in lines(pages))
    return written.getvalue().encode()


def xml(pages: tuple[Page, ...]) -> bytes:
    """A print of pages and texts."""
    return as_xml("jasperPrint", {"page": [{"text": list(page.lines)} for page in pages]})


def json(pages: tuple[Page, ...]) -> bytes:
    """An array of pages, each an array of lines."""
    return json_text.dumps([list(page.lines) for page in pages]).encode()


def rtf(pages: tuple[Page, ...]) -> bytes:
    """Rich text with a page break between pages."""
    body = "\\page\n".join("".join(f"{_rtf(line)}\\par\n" for line in page.lines) for page in pages)
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Helvetica;}}\n" + body + "}").encode("ascii")


def _rtf(line: str) -> str:
    escaped = "".join("\\" + char if char in "\\{}" else char for char in line)
    return "".join(char if ord(char) < 128 else f"\\u{ord(char)}?" for char in escaped)


def jrprint(pages: tuple[Page, ...]) -> bytes:
    """A Java serialization stream that holds one string."""
    body = "\n".join(lines(pages)).encode()[:65535]
    return b"\xac\xed\x00\x05t" + struct.pack(">H", len(body)) + body
