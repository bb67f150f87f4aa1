"""Servers with faults in the header fields of outputs and attachments."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.mutation.kill_matrix import kills

Fields = list[tuple[str, str]]


@kills("jasperserver.output.disposition")
class NamesFilesUnquoted(Reference):
    """Writes the file name of an output without quotes."""

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        found = super().content_disposition(execution, export, caller)
        return found and found.replace('"', "")


@kills("jasperserver.output.disposition")
class NamesWorkbooksAlike(Reference):
    """Names every workbook report.xlsx, whatever its descriptor contains."""

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        found = super().content_disposition(execution, export, caller)
        return 'attachment; filename="report.xlsx"' if export.options.format == "xlsx" else found


@kills("jasperserver.output.disposition")
class ShowsRtfInline(Reference):
    """Sends RTF with the disposition `inline`."""

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        found = super().content_disposition(execution, export, caller)
        return found and found.replace("attachment", "inline") if export.options.format == "rtf" else found


@kills("jasperserver.output.html-inline")
class SavesHtml(Reference):
    """Sends HTML as an attachment."""

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        found = super().content_disposition(execution, export, caller)
        return "Attachment" if export.options.format == "html" else found


@kills("jasperserver.output.suppressed-disposition")
class AlwaysSaves(Reference):
    """Ignores suppressContentDisposition."""

    def content_disposition(self, execution: Execution, export: Export, caller: Caller) -> str | None:
        name = self.output_file_name(execution, export)
        return f'attachment; filename="{name}"' if name else None


@kills("jasperserver.output.final-html")
class NeverFinal(Reference):
    """Marks the HTML of a finished report as not final."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> Fields:
        fields = super().output_headers(execution, export, caller)
        html = export.options.format == "html"
        return [(name, "false") if name == "output-final" and html else (name, value) for name, value in fields]


@kills("jasperserver.output.final-others")
class FinalForHtmlOnly(Reference):
    """Sends output-final only for HTML."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> Fields:
        fields = super().output_headers(execution, export, caller)
        return [pair for pair in fields if pair[0] != "output-final" or export.options.format == "html"]


@kills("jasperserver.output.not-public")
class PublishesPictures(Reference):
    """Marks pictures as publicly cacheable for a year."""

    def attachment_headers(self, name: str, kind: str) -> Fields:
        fields = dict(super().attachment_headers(name, kind))
        return list((fields | {"Cache-Control": "max-age=31536000,public"}).items())


@kills("jasperserver.output.not-public")
class PublishesOutputs(Reference):
    """Marks HTML as publicly cacheable."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> Fields:
        fields = dict(super().output_headers(execution, export, caller))
        return list((fields | {"Cache-Control": "Public"}).items())
