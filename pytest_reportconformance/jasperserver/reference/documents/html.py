"""HTML output, with pictures as attachments."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pytest_reportconformance.jasperserver.reference.documents.pictures import chart_name, file_name
from pytest_reportconformance.jasperserver.reference.reports import Page

STYLE = "<style>.jrPage{width:420px;min-height:200px;margin:auto}span{display:block}</style>"


def write(pages: Iterable[tuple[int, Page]], prefix: str, *, whole: bool = True, base_url: str | None = None) -> bytes:
    """Pages with their indices (from 0) as a document, or as a fragment; `prefix` stands before attachments' names."""
    body = "".join(page_html(index, page, prefix) for index, page in pages)
    if not whole:
        return f'<div class="jrReport">{body}</div>'.encode()
    sheet = f'<link rel="stylesheet" href="{escape(base_url)}/reportresource/page.css"/>' if base_url else ""
    head = f'<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/><title>Report</title>{sheet}{STYLE}'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>{body}</body></html>\n".encode()


def page_html(index: int, page: Page, prefix: str) -> str:
    """One page."""
    anchors = "".join(f'<a name="{escape(name)}"></a>' for name in page.anchors)
    lines = "\n".join(f"<span>{escape(line)}</span>" for line in page.lines)
    images = "".join(
        f'<img src="{escape(prefix + file_name(index, place, kind))}" alt=""/>'
        for place, kind in enumerate(page.pictures, start=1)
    )
    if page.chart:
        images += f'<script src="{escape(prefix + chart_name(index))}"></script>'
    return f'\n<a name="JR_PAGE_ANCHOR_0_{index + 1}"></a>{anchors}<div class="jrPage">\n{lines}{images}</div>'
