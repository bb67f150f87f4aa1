"""What an output file is: its format by its bytes, whether it opens, its pages and its text.

Rule: pure functions over bytes, independent of headers and descriptors. The only user of pypdf.
"""

from __future__ import annotations

import csv
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from html.parser import HTMLParser
from importlib.util import find_spec
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached

EXTRA = "needs an extra: pip install 'pytest-reportconformance[content]'"
LONGEST_TEXT = 20_000
LARGEST_PART = 32 * 1024 * 1024
MOST_TEXT_PAGES = 50
HTML_NAMES = "html|head|body|div|table|span|style|script|a|p|img|link|meta|center|title|h[1-6]"
HTML = re.compile(rf"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+html\b|<({HTML_NAMES})[\s/>])", re.I | re.S)
OOXML = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods"}


@dataclass(frozen=True)
class Content:
    """What some bytes are.

    `format` is one of pdf, html, csv, xls, xlsx, docx, pptx, odt, ods, rtf, xml, json, png, jpeg, gif, jrprint; None
    if they are none of these. `broken` is the reason why a reader of that format refuses them, None if it opens
    them. `pages` counts the pages of a PDF; `unknown` is the reason why they could not be counted. `text` is the text
    that a reader shows, white space collapsed, at most 20 000 characters; None if it cannot be read.
    """

    format: str | None
    broken: str | None = None
    pages: int | None = None
    unknown: str | None = None
    text: str | None = None

    @property
    def opens(self) -> bool:
        """Whether the bytes are of a known format and open."""
        return self.format is not None and self.broken is None

    @property
    def page_count(self) -> int:
        """The number of pages; raises NotReached (untested or inconclusive) if it could not be counted."""
        if self.pages is None:
            raise NotReached("untested" if self.unknown == EXTRA else "inconclusive", self.unknown or "it has no pages")
        return self.pages

    def shows(self, wanted: str) -> bool:
        """Whether its text contains a text that is not part of a longer word or number."""
        pattern = r"\s+".join(re.escape(word) for word in wanted.split())
        return re.search(rf"(?<!\w){pattern}(?!\w)", self.text or "") is not None


def read(body: bytes) -> Content:
    """What bytes are."""
    found = next(reader(body) for signs, reader in READERS if signs(body))
    return found if found.text is None else replace(found, text=" ".join(found.text.split())[:LONGEST_TEXT])


def observe(body: bytes) -> Mapping[str, Any]:
    """`read` as an observation made while recording: `step(…, observe=(file_formats.observe,))`."""
    return {"content": asdict(read(body))}


def of(exchange: Exchange) -> Content:
    """What the body of an answer is: as observed while recording, else from the stored body."""
    if "content" in exchange.observations:
        return Content(**exchange.observations["content"])
    return read(exchange.body)


def _starts(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda body: body.startswith(signs)


def _opened(format: str, parse: Callable[[bytes], str | None]) -> Callable[[bytes], Content]:
    """A reader of a format: `parse` returns the text, or raises what its libraries raise for broken bytes."""

    def reader(body: bytes) -> Content:
        try:
            return Content(format, text=parse(body))
        except (ValueError, KeyError, IndexError, struct.error) as error:
            return Content(format, broken=str(error) or type(error).__name__)

    return reader


def _pdf(body: bytes) -> Content:
    if find_spec("pypdf") is None:
        broken = None if b"startxref" in body and b"%%EOF" in body else "it ends without startxref and %%EOF"
        return Content("pdf", broken, unknown=EXTRA)
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(body))
        if reader.is_encrypted:
            return Content("pdf", unknown="it is encrypted")
        pages = len(reader.pages)
        return Content("pdf", pages=pages, text=_pdf_text(reader))
    except Exception as error:  # pypdf raises many kinds at broken files
        return Content("pdf", broken=f"{type(error).__name__}: {error}")


def _pdf_text(reader: Any) -> str | None:
    """The text of its first pages; None if its fonts do not map to text."""
    try:
        return "\n".join(page.extract_text() for page in reader.pages[:MOST_TEXT_PAGES])
    except Exception:  # text that a page shows is not always extractable
        return None


def _zip(body: bytes) -> Content:
    try:
        with ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return _office(archive)
            if "content.xml" in names:
                return _open_document(archive)
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, KeyError, zlib.error) as error:
        return Content(None, broken=f"a zip archive that does not open: {error}")
    return Content(None, broken=f"a zip archive of no known kind: {', '.join(names[:5])}")


def _office(archive: ZipFile) -> Content:
    """Office Open XML (ECMA-376 part 2): the list of content types names the main part."""
    for entry in _part(archive, "[Content_Types].xml").iter("Override"):
        kind = next((kind for sign, kind in OOXML.items() if entry.get("ContentType", "").endswith(sign)), None)
        if kind is not None:
            main = entry.get("PartName", "").removeprefix("/")
            return _office_text(archive, kind, main)
    return Content(None, broken="Office Open XML without a main part")


def _office_text(archive: ZipFile, kind: str, main: str) -> Content:
    try:
        root = _part(archive, main)
        others = [name for name in archive.namelist() if re.search(r"/(sharedStrings|sheet\d+|slide\d+)\.xml$", name)]
        return Content(kind, text=" ".join(_texts(root, *(_part(archive, name) for name in sorted(others)))))
    except (ValueError, KeyError) as error:
        return Content(kind, broken=f"{main}: {error}")


def _open_document(archive: ZipFile) -> Content:
    """OpenDocument 1.2: the child of the body distinguishes text from spreadsheet."""
    root = _part(archive, "content.xml")
    body = root.find("body")
    kinds = [] if body is None else [OPEN_DOCUMENT[child.tag] for child in body if child.tag in OPEN_DOCUMENT]
    if not kinds:
        return Content(None, broken="an OpenDocument without text or spreadsheet")
    return Content(kinds[0], text=" ".join(_texts(root)))


def _part(archive: ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise ValueError(f"{name} is larger than {LARGEST_PART} bytes")
    return parsing.parse_xml(archive.read(name))


def _texts(*roots: Element) -> Iterator[str]:
    return (text for root in roots for text in root.itertext() if text.strip())


def _png(body: bytes) -> None:
    """PNG (ISO/IEC 15948): chunks with correct checksums from IHDR to IEND."""
    at = 8
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        (length,) = struct.unpack_from(">I", body, at)
        name, data = body[at + 4 : at + 8], body[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", body, at + 8 + length)
        if zlib.crc32(name + data) != checksum:
            raise ValueError(f"the checksum of its chunk {name!r} is wrong")
        names.append(name)
        at += 12 + length
    if names[0] != b"IHDR" or b"IDAT" not in names:
        raise ValueError("it lacks IHDR or IDAT")


def _jpeg(body: bytes) -> None:
    """JPEG (ITU-T T.81): segments up to the scan, and an end of image."""
    at = 2
    while body[at + 1] != 0xDA:
        if body[at] != 0xFF:
            raise ValueError(f"no marker at byte {at}")
        at += 1 if body[at + 1] == 0xFF else 2 + struct.unpack_from(">H", body, at + 2)[0]
    if b"\xff\xd9" not in body[at:]:
        raise ValueError("it has no end of image")


def _xls(body: bytes) -> None:
    """Excel 97 in a compound file: its directory names the stream of the workbook."""
    if not any(name.encode("utf-16-le") in body for name in ("Workbook", "Book")):
        raise ValueError("a compound file without a workbook")


def _rtf(body: bytes) -> str:
    bare = re.sub(rb"\\[\\{}]", b"", body)
    if bare.count(b"{") != bare.count(b"}"):
        raise ValueError("its groups do not close")
    plain = re.sub(r"\\'([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), body.decode("latin-1"))
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]", " ", plain)


class _Shown(HTMLParser):
    """The text of an HTML document, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "title") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _html_text(text: str) -> str:
    shown = _Shown()
    shown.feed(text)
    shown.close()
    return " ".join(shown.pieces)


def _plain(body: bytes) -> Content:
    """The text formats: html, xml, json; any other text that reads as a table is csv."""
    text = _decoded(body)
    if not text.strip() or re.search(r"[\x00-\x08\x0e-\x1f]", text):
        return Content(None, broken="no bytes" if not body else "blank" if not text.strip() else "no known format")
    if HTML.match(text):
        return Content("html", text=_html_text(text))
    if text.lstrip().startswith("<"):
        return _opened("xml", lambda body: " ".join(_texts(parsing.parse_xml(body))))(body)
    if text.lstrip().startswith(("{", "[")):
        with suppress(parsing.Malformed):  # a row of a table can start like this
            parsing.parse_json(body)
            return Content("json", text=text)
    return _opened("csv", lambda _body: _table(text))(body)


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _table(text: str) -> str:
    try:
        return "\n".join(" ".join(row) for row in csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None


READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Content]], ...] = (
    (lambda body: b"%PDF-" in body[:1024], _pdf),
    (_starts(b"PK\x03\x04", b"PK\x05\x06"), _zip),
    (_starts(b"\x89PNG\r\n\x1a\n"), _opened("png", _png)),
    (_starts(b"\xff\xd8\xff"), _opened("jpeg", _jpeg)),
    (_starts(b"GIF87a", b"GIF89a"), lambda body: Content("gif", None if body[-1:] in b";\0" else "no trailer")),
    (_starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _opened("xls", _xls)),
    (_starts(b"{\\rtf"), _opened("rtf", _rtf)),
    (
        _starts(b"\xac\xed\x00\x05"),
        lambda body: Content("jrprint", None if len(body) > 5 else "a stream without object"),
    ),
    (lambda _body: True, _plain),
)
"""Readers by first bytes; the last one reads all text formats."""
