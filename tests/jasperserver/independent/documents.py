# ruff: noqa: E501 - markup of documents in one line each
"""The reports of the independent server in each output format, written with the standard library alone."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from html import escape

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
SCRIPT = b"document.title = document.title;\n"
OFFICE = "http://schemas.openxmlformats.org"


def png() -> bytes:
    """A gray pixel."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x7f")),
        (b"IEND", b""),
    ]
    framed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def html(pages: list[str], sources: list[str], fragment: bool) -> bytes:
    """Pages as sections; a comment, an inline script and a link name files that are not attachments."""
    body = "".join(f"<section lang=en><P>{escape(text)}\n</P></section>" for text in pages)
    for source in sources:
        quoted = escape(source).replace("/", "&#47;")
        body += (
            f'<script defer SRC="{quoted}"></script>'
            if source.endswith(".js")
            else f"<IMG alt='a > b' src = '{quoted}'>"
        )
    body = (
        f"{body}<!-- <img src='attachments/draft.png'> --><script>var t = \"<img src='attachments/not.png'>\";</script>"
        '<a href="https://example.invalid/help">?</a><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
    )
    head = "<!doctype HTML><HTML><head><meta charset=utf-8><title>r</title></head><body>"
    return (f"<div>{body}</div>" if fragment else f"{head}{body}</body></HTML>").encode()


def pdf(pages: list[str]) -> bytes:
    """One page object for each page, uncompressed."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for at, text in enumerate(pages):
        drawn = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        stream = f"BT /F1 12 Tf 40 700 Td ({drawn}) Tj ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * at} 0 R >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def csv(pages: list[str]) -> bytes:
    """A quoted field on each line (RFC 4180)."""
    return "".join('"' + line.replace('"', '""') + '"\r\n' for text in pages for line in text.split("\n")).encode()


def xml(pages: list[str]) -> bytes:
    return (
        '<?xml version="1.0"?>\n<print>' + "".join(f"<page>{escape(text)}</page>" for text in pages) + "</print>"
    ).encode()


def rtf(pages: list[str]) -> bytes:
    return ("{\\rtf1\\ansi " + "\\page ".join(text.replace("\n", "\\par ") for text in pages) + "}").encode()


def _zip(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _ooxml(main: str, kind: str, text: str, more: dict[str, tuple[str, str]], word: str) -> bytes:
    """A package: its main part, further parts (type and text for each name), relationships in their order."""
    parts = {main: (kind, text), **more}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, (kind, _) in parts.items()
    )
    relations = f"{OFFICE}/package/2006/relationships"
    office = f"{OFFICE}/officeDocument/2006/relationships"
    folder, _, leaf = main.rpartition("/")
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{office}/{word}" Target="{name[len(folder) + 1 :]}"/>'
        for at, name in enumerate(more, 1)
    )
    return _zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/officeDocument" '
            f'Target="{main}"/></Relationships>',
            f"{folder}/_rels/{leaf}.rels": f'<Relationships xmlns="{relations}">{links}</Relationships>',
            **{name: text for name, (_, text) in parts.items()},
        }
    )


def xlsx(pages: list[str]) -> bytes:
    main, rel = f"{OFFICE}/spreadsheetml/2006/main", f"{OFFICE}/officeDocument/2006/relationships"
    rows = "".join(f'<row><c t="inlineStr"><is><t>{escape(text)}</t></is></c></row>' for text in pages)
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    book = f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="all" sheetId="1" r:id="rId1"/></sheets></workbook>'
    return _ooxml(
        "xl/workbook.xml",
        "spreadsheetml.sheet.main",
        book,
        {"xl/worksheets/one.xml": ("spreadsheetml.worksheet", sheet)},
        "worksheet",
    )


def docx(pages: list[str]) -> bytes:
    text = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in pages)
    body = f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{text}</w:body></w:document>'
    return _ooxml("word/document.xml", "wordprocessingml.document.main", body, {}, "")


def pptx(pages: list[str]) -> bytes:
    space = f'xmlns:p="{OFFICE}/presentationml/2006/main" xmlns:a="{OFFICE}/drawingml/2006/main"'
    shape = '<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
    tree = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    slides = {
        f"ppt/slides/s{at}.xml": (
            "presentationml.slide",
            f"<p:sld {space}><p:cSld><p:spTree>{tree}{shape}<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
            "</p:spTree></p:cSld></p:sld>",
        )
        for at, text in enumerate(pages)
    }
    ids = "".join(f'<p:sldId id="{256 + at}" r:id="rId{at}"/>' for at in range(1, len(pages) + 1))
    show = f'<p:presentation {space} xmlns:r="{OFFICE}/officeDocument/2006/relationships"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    return _ooxml("ppt/presentation.xml", "presentationml.presentation.main", show, slides, "slide")


def _odf(kind: str, body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    media = f"application/vnd.oasis.opendocument.{kind}"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{type}"/>'
        for path, type in (("/", media), ("content.xml", "text/xml"))
    )
    return _zip(
        {
            "mimetype": media,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>',
            "content.xml": f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>",
        }
    )


def odt(pages: list[str]) -> bytes:
    text = "".join(f"<text:p>{escape(text)}</text:p>" for text in pages)
    return _odf("text", f"<office:text>{text}</office:text>")


def ods(pages: list[str]) -> bytes:
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{escape(text)}</text:p></table:table-cell></table:table-row>"
        for text in pages
    )
    return _odf(
        "spreadsheet", f'<office:spreadsheet><table:table table:name="all">{rows}</table:table></office:spreadsheet>'
    )


def xls(pages: list[str]) -> bytes:
    """A compound file with one stream, an empty workbook of BIFF8."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", fat, end, *range(3, 10), end, *[free] * 118)
    stream = b"".join(
        struct.pack("<HHHH", 0x809, 16, 0x600, kind) + bytes(12) + struct.pack("<HH", 10, 0) for kind in (5, 16)
    )

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16le")
        links = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, 4096)
    return head + table + folder.ljust(512, b"\0") + stream.ljust(4096, b"\0")


def printed(pages: list[str]) -> bytes:
    """A serialized Java string for each page."""
    texts = [text.encode() for text in pages]
    return b"\xac\xed\x00\x05" + b"".join(b"t" + struct.pack(">H", len(text)) + text for text in texts)


FORMATS: dict[str, tuple[str, str, Callable[[list[str]], bytes]]] = {
    "pdf": ("application/pdf", "pdf", pdf),
    "csv": ("text/csv;charset=UTF-8", "csv", csv),
    "xml": ("application/vnd.example.print+xml", "xml", xml),
    "rtf": ("text/rtf", "rtf", rtf),
    "xls": ("application/vnd.ms-excel", "xls", xls),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", xlsx),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", docx),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", pptx),
    "odt": ("application/vnd.oasis.opendocument.text", "odt", odt),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", "ods", ods),
    "json": ("application/json", "json", lambda pages: json.dumps(pages).encode()),
    "jrprint": ("application/x-java-serialized-object", "jrprint", printed),
}
"""Content type, file extension and maker of each format but html."""
