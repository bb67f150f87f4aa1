"""What an output file is: its format by its bytes, whether it opens, its pages and its text.

Rule: pure functions over bytes, independent of headers and descriptors. The only user of pypdf. Of a long text only
the beginning is decoded, and of a long archive only a part is unpacked: memory does not grow with the output.
"""

from __future__ import annotations

import codecs
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
from zipfile import BadZipFile, ZipFile

from pytest_reportconformance.judging import binary_formats
from pytest_reportconformance.judging.binary_formats import LOOKED_AT
from pytest_reportconformance.transcript import parsing
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached

EXTRA = "needs an extra: pip install 'pytest-reportconformance[content]'"
LONGEST_TEXT = 20_000
PIECE = 64 * 1024
LARGEST_PART = 32 * 1024 * 1024
LARGEST_DIRECTORY = 4 * 1024 * 1024
MOST_TEXT_PAGES = 50
HTML_NAMES = "html|head|body|div|table|span|style|script|a|p|img|link|meta|center|title|h[1-6]"
HTML = re.compile(rf"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+html\b|<({HTML_NAMES})[\s/>])", re.I | re.S)
OOXML = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
OOXML_TEXTS = ("spreadsheetml.worksheet+xml", "spreadsheetml.sharedStrings+xml", "presentationml.slide+xml")
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
    return read(exchange.content)


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
    except MemoryError:
        raise
    except Exception as error:  # pypdf raises many kinds at broken files
        return Content("pdf", broken=f"{type(error).__name__}: {error}")


def _pdf_text(reader: Any) -> str | None:
    """The text of its first pages; None if its fonts do not map to text."""
    try:
        texts: list[str] = []
        for page in reader.pages[:MOST_TEXT_PAGES]:
            texts.append(page.extract_text())
            if sum(len(text) for text in texts) > LONGEST_TEXT * 2:
                break
        return "\n".join(texts)
    except MemoryError:
        raise
    except Exception:  # text that a page shows is not always extractable
        return None


def _zip(body: bytes) -> Content:
    end = body.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(body[end + 12 : end + 16], "little") > LARGEST_DIRECTORY:
        return Content(None, broken=f"a zip archive whose directory is larger than {LARGEST_DIRECTORY} bytes")
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
    """Office Open XML (ECMA-376 part 2): the list of content types names the main part, and those that hold texts."""
    found: list[tuple[str, str]] = []
    others: list[str] = []

    def seen(_depth: int, name: str, attributes: dict[str, str]) -> None:
        kind, part = attributes.get("ContentType", ""), attributes.get("PartName", "").removeprefix("/")
        if name == "Override" and kind.endswith(OOXML_TEXTS):
            others.append(part.lower())  # the names of parts are compared without case
        found.extend((format, part) for sign, format in OOXML.items() if name == "Override" and kind.endswith(sign))

    parsing.xml_text(_part(archive, "[Content_Types].xml"), 0, seen)
    broken = Content(None, broken="Office Open XML without a main part")
    return _office_text(archive, *found[0], others) if found else broken


def _office_text(archive: ZipFile, kind: str, main: str, others: list[str]) -> Content:
    try:
        texts = [parsing.xml_text(_part(archive, main), LONGEST_TEXT)]
        left = LARGEST_PART
        for name in (name for name in archive.namelist() if name.lower() in others):
            if sum(map(len, texts)) <= LONGEST_TEXT and left > 0:
                left -= archive.getinfo(name).file_size
                texts.append(parsing.xml_text(_part(archive, name), LONGEST_TEXT))
        return Content(kind, text=" ".join(texts))
    except (ValueError, KeyError) as error:
        return Content(kind, broken=f"{main}: {error}")


def _open_document(archive: ZipFile) -> Content:
    """OpenDocument 1.2: the child of the body distinguishes text from spreadsheet."""
    path: list[str] = []
    kinds: list[str] = []

    def seen(depth: int, name: str, _attributes: dict[str, str]) -> None:
        path[depth - 1 :] = [name]
        if depth == 3 and path[1] == "body" and name in OPEN_DOCUMENT:
            kinds.append(OPEN_DOCUMENT[name])

    text = parsing.xml_text(_part(archive, "content.xml"), LONGEST_TEXT, seen)
    if not kinds:
        return Content(None, broken="an OpenDocument without text or spreadsheet")
    return Content(kinds[0], text=text)


def _part(archive: ZipFile, name: str) -> Iterator[bytes]:
    """A part of an archive, piece by piece."""
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise ValueError(f"{name} is larger than {LARGEST_PART} bytes")
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            yield piece


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
    for at in range(0, len(text), PIECE):
        if sum(len(piece) for piece in shown.pieces if not piece.isspace()) <= LONGEST_TEXT:
            shown.feed(text[at : at + PIECE])
    shown.close()
    return " ".join(shown.pieces)


def _plain(body: bytes) -> Content:
    """The text formats: html, xml, json; any other text that reads as a table is csv. The beginning decides."""
    cut = len(body) > LOOKED_AT
    text = _decoded(body[:LOOKED_AT], final=not cut)
    if not text.strip() or re.search(r"[\x00-\x08\x0e-\x1f]", text):
        return Content(None, broken="no bytes" if not body else "blank" if not text.strip() else "no known format")
    if HTML.match(text):
        return Content("html", text=_html_text(text))
    if text.lstrip().startswith("<"):
        return _opened("xml", lambda body: parsing.xml_text(_pieces(body), LONGEST_TEXT))(body)
    if text.lstrip().startswith(("{", "[")) and not cut:
        with suppress(parsing.Malformed):  # a row of a table can start like this
            parsing.parse_json(body)
            return Content("json", text=text)
    return _opened("csv", lambda _body: _table(text, cut))(body)


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[at : at + PIECE] for at in range(0, len(body), PIECE))


def _decoded(body: bytes, *, final: bool) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(body, final)
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _table(text: str, cut: bool) -> str:
    """The text of a table; of one that is cut, the last row is not judged."""
    rows: list[str] = []
    try:
        rows += (" ".join(row) for row in csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        if not cut:
            raise ValueError(str(error)) from None
    return "\n".join(rows)


READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Content]], ...] = (
    (lambda body: b"%PDF-" in body[:1024], _pdf),
    (_starts(b"PK\x03\x04", b"PK\x05\x06"), _zip),
    (_starts(b"\x89PNG\r\n\x1a\n"), _opened("png", binary_formats.png)),
    (_starts(b"\xff\xd8\xff"), _opened("jpeg", binary_formats.jpeg)),
    (_starts(b"GIF87a", b"GIF89a"), lambda body: Content("gif", None if body[-1:] in b";\0" else "no trailer")),
    (_starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _opened("xls", binary_formats.xls)),
    (_starts(b"{\\rtf"), _opened("rtf", binary_formats.rtf)),
    (
        _starts(b"\xac\xed\x00\x05"),
        lambda body: Content("jrprint", None if len(body) > 5 else "a stream without object"),
    ),
    (lambda _body: True, _plain),
)
"""Readers by first bytes; the last one reads all text formats."""
