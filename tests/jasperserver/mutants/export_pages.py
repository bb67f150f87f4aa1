"""Servers with faults in the pages and formats of exports."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, PageRange
from tests.jasperserver.faults import sends_xml
from tests.mutation.kill_matrix import kills


class _Options(Reference):
    """Changes the options of an export."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        raise NotImplementedError

    def export_options(self, caller: Caller) -> ExportOptions:
        return self.change(super().export_options(caller), caller)


@kills("jasperserver.export.own-format")
class ExportsXmlAsCsv(_Options):
    """Exports CSV if XML is asked for."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="csv") if options.format == "xml" else options


@kills("jasperserver.export.own-format")
class ExportsRangesAsHtml(_Options):
    """Exports HTML if a page range is asked for as PDF."""

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
    """Ignores the page range of an export as CSV."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return None if options.format == "csv" and pages.last < 7 else pages


@kills("jasperserver.export.pages")
class IgnoresRangesInXml(_Ranged):
    """Ignores the page range of an export in XML."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return None if sends_xml(caller) else pages


@kills("jasperserver.export.pages")
class CountsPagesFromZero(_Ranged):
    """Counts pages from zero."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        shifted = PageRange(pages.text, pages.first + 1, pages.last + 1)
        return shifted if pages.text in ("2-3", "4") else pages


@kills("jasperserver.export.pages")
class CutsLongRanges(_Ranged):
    """Exports at most three pages of a range."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, pages.first, min(pages.last, pages.first + 2))


@kills("jasperserver.export.pages")
class OmitsTheLastPageOfRanges(_Ranged):
    """Omits the last page of the report from a range that ends with it."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, pages.first, 6) if pages.last == 7 else pages


@kills("jasperserver.export.pages")
class ShortensRangesOfPdf(_Ranged):
    """Omits the last page of a range from a PDF."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, pages.first, pages.first) if options.format == "pdf" else pages


@kills("jasperserver.export.pages")
class TakesASinglePageAsCount(_Ranged):
    """Treats a single page number as the number of pages from the first one."""

    def ranged(self, pages: PageRange, options: ExportOptions, caller: Caller) -> PageRange | None:
        return PageRange(pages.text, 1, pages.last) if pages.first == pages.last else pages


@kills("jasperserver.export.default-format")
class ExportsHtmlByDefault(_Options):
    """Exports HTML if no format is named."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return options if b"outputFormat" in caller.call.body else replace(options, format="html")


@kills("jasperserver.export.bad-pages", "jasperserver.output.bad-options")
class DropsBadPagesInXml(Reference):
    """Exports everything if a page range in XML is malformed."""

    def export_options(self, caller: Caller) -> ExportOptions:
        try:
            return super().export_options(caller)
        except Refusal:
            if sends_xml(caller) and b"two-three" in caller.call.body:
                return ExportOptions(format="csv")
            raise


@kills("jasperserver.export.unknown-format", "jasperserver.output.bad-options")
class ExportsUnknownFormatsAsPdf(_Options):
    """Exports a PDF if the format is unknown."""

    def change(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="pdf") if options.format == "nosuchformat" else options
