"""Servers that lie about the pages and the formats of exports."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, PageRange
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


class _Options(Reference):
    """Changes what an export is asked for."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        raise NotImplementedError

    def export_options(self, caller: Caller) -> ExportOptions:
        return self.change(super().export_options(caller), caller)


@kills("jasperserver.export.own-format")
class ExportsXmlAsCsv(_Options):
    """Exports csv where xml is asked for."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="csv") if options.format == "xml" else options


@kills("jasperserver.export.own-format")
class ExportsRangesAsHtml(_Options):
    """Exports html where some pages are asked for as pdf."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="html") if options.format == "pdf" and options.pages else options


class _Ranged(_Options):
    """Changes the range of pages of an export."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        raise NotImplementedError

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if options.pages is None or options.pages.first == 99:
            return options
        return replace(options, pages=self.ranged(options.pages, options, caller))


@kills("jasperserver.export.pages", "jasperserver.export.coexist")
class IgnoresRangesOfCsv(_Ranged):
    """Exports every page as csv, whatever pages are asked for."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return None if options.format == "csv" and pages.last < 7 else pages


@kills("jasperserver.export.pages")
class IgnoresRangesInXml(_Ranged):
    """Exports every page where the export is described in XML."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return None if sends_xml(caller) else pages


@kills("jasperserver.export.pages")
class CountsPagesFromZero(_Ranged):
    """Takes page numbers as counted from zero."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        shifted = PageRange(pages.text, pages.first + 1, pages.last + 1)
        return shifted if pages.text in ("2-3", "4") else pages


@kills("jasperserver.export.pages")
class ShortensRangesOfPdf(_Ranged):
    """Leaves the last page of a range out of a pdf."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, pages.first, pages.first) if options.format == "pdf" else pages


@kills("jasperserver.export.pages")
class TakesASinglePageAsCount(_Ranged):
    """Takes a single page number for the number of pages from the first one on."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, 1, pages.last) if pages.first == pages.last else pages


@kills("jasperserver.export.default-format")
class ExportsHtmlByDefault(_Options):
    """Exports html where no format is named."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return options if b"outputFormat" in caller.call.body else replace(options, format="html")


@kills("jasperserver.export.bad-pages", "jasperserver.output.bad-options")
class DropsBadPagesInXml(Reference):
    """Exports everything where a page range in XML is malformed."""

    def export_options(self, caller: Caller) -> ExportOptions:
        try:
            return super().export_options(caller)
        except Refusal:
            if sends_xml(caller) and b"two-three" in caller.call.body:
                return ExportOptions(format="csv")
            raise


@kills("jasperserver.export.unknown-format", "jasperserver.output.bad-options")
class ExportsUnknownFormatsAsPdf(_Options):
    """Exports a pdf where the format is unknown."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="pdf") if options.format == "nosuchformat" else options
