"""Servers whose runs have other outputs than the ones asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.bodies import Members
from pytest_reportconformance.jasperserver.reference.documents.formats import FORMATS
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import ExportOptions, PageRange, RunOptions
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import is_run, sends_xml
from tests.mutation.kill_matrix import kills


class _Asked(Reference):
    """Changes the export options of a run."""

    def run_options(self, caller: Caller) -> RunOptions:
        options = super().run_options(caller)
        return replace(options, export=self.changed(options.export, caller))

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        raise NotImplementedError


def of_several(options: ExportOptions) -> bool:
    """Whether a range of more than one page is asked for."""
    return options.pages is not None and options.pages.first < options.pages.last


def ranged(options: ExportOptions, first: int, last: int) -> ExportOptions:
    """The same options for other pages, under the text that was asked for."""
    return replace(options, pages=PageRange(options.pages.text if options.pages else "", first, last))


@kills("jasperserver.run.pages-range", "jasperserver.run.pages-in-descriptor", "jasperserver.run.pages-in-header")
class IgnoresRanges(_Asked):
    """Exports all pages if a range is asked for."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, pages=None) if of_several(options) else options


@kills("jasperserver.run.pages-range")
class CountsFromZero(_Asked):
    """Counts the pages of a range from 0."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if not of_several(options) or options.pages is None:
            return options
        return ranged(options, options.pages.first + 1, options.pages.last + 1)


@kills("jasperserver.run.pages-range")
class LeavesTheLastPageOut(_Asked):
    """Treats the end of a range in XML as exclusive."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if not of_several(options) or options.pages is None or not sends_xml(caller):
            return options
        return ranged(options, options.pages.first, options.pages.last - 1)


@kills("jasperserver.run.pages-range")
class BeginsAtTheFirstPage(_Asked):
    """Starts every range of a JSON request at page 1."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if not of_several(options) or options.pages is None or sends_xml(caller):
            return options
        return ranged(options, 1, options.pages.last)


@kills("jasperserver.run.single-page", "jasperserver.negotiation.pages-as-number")
class NextPage(_Asked):
    """Exports as CSV the page after the single one that a run asks for."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if options.pages is None or of_several(options) or options.format != "csv":
            return options
        return ranged(options, options.pages.first + 1, options.pages.last + 1)


@kills("jasperserver.run.single-page", "jasperserver.negotiation.pages-as-number")
class UpToThePage(_Asked):
    """Exports all pages up to the single one that a run asks for."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        if options.pages is None or of_several(options):
            return options
        return ranged(options, 1, options.pages.last)


@kills("jasperserver.run.pages-in-descriptor")
class DescribesOtherPages(Reference):
    """Names only the first page in the output resource."""

    def output_members(self, execution: Execution, export: Export, caller: Caller) -> dict[str, Any]:
        members = super().output_members(execution, export, caller)
        return members | {"pages": members["pages"].partition("-")[0]} if "pages" in members else members


@kills("jasperserver.run.pages-in-header")
class NoPagesInHeader(Reference):
    """Sends no report-pages header."""

    def output_headers(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[str, str]]:
        headers = super().output_headers(execution, export, caller)
        return [pair for pair in headers if pair[0] != "report-pages"]


@kills("jasperserver.run.ignore-pagination")
class AlwaysPaginates(_Asked):
    """Ignores ignorePagination."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, ignore_pagination=None)


@kills("jasperserver.run.ignore-pagination")
class OnePageInNameOnly(Reference):
    """Counts one page and exports several if pagination is ignored."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[Any]:
        pages = execution.fill.plan.pages
        if export.options.ignore_pagination and export.options.format == "pdf":
            return list(enumerate(pages))
        return super().output_pages(execution, export, caller)


@kills("jasperserver.run.formats")
class NoOpenDocument(Reference):
    """Fails the export as ODT."""

    def add_export(self, execution: Execution, options: ExportOptions, caller: Caller) -> Export:
        fails = options.format == "odt"
        return super().add_export(execution, replace(options, format="none") if fails else options, caller)


@kills("jasperserver.run.formats")
class RefusesTheNinth(Reference):
    """Answers 400 to an export as PPTX of an execution with more than eight exports."""

    def add_export(self, execution: Execution, options: ExportOptions, caller: Caller) -> Export:
        if options.format == "pptx" and len(execution.exports) > 8:
            raise Refusal(400)
        return super().add_export(execution, options, caller)


def format_of(caller: Caller) -> str:
    """The format of a JSON request, as it is written."""
    written = caller.call.body.partition(b'"outputFormat"')[2]
    return written.split(b'"')[1].decode() if b'"' in written else ""


@kills("jasperserver.run.format-case")
class FormatsInSmallLetters(Reference):
    """Answers 400 to a run with a format in capitals."""

    def run_options(self, caller: Caller) -> RunOptions:
        if format_of(caller).isupper():
            raise Refusal(400)
        return super().run_options(caller)


@kills("jasperserver.run.format-case")
class CapitalsArePdf(Reference):
    """Exports as PDF if the format is in capitals."""

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        return replace(options, format="pdf") if format_of(caller).isupper() else options


@kills("jasperserver.run.unknown-format", "jasperserver.run.unknown-format-sync")
class UnknownRunsAreHtml(_Asked):
    """Exports HTML for a run in an unknown format."""

    def changed(self, options: ExportOptions, caller: Caller) -> ExportOptions:
        return replace(options, format="html") if options.format == "abacus" else options


@kills("jasperserver.run.unknown-format", "jasperserver.export.unknown-format", "jasperserver.output.bad-options")
class UnknownExportsArePdf(Reference):
    """Exports PDF for an export in an unknown format."""

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        return options if options.format in FORMATS else replace(options, format="pdf")


@kills("jasperserver.run.unknown-format-sync")
class FailsWithServerError(Reference):
    """Answers 500 to a synchronous run in an unknown format."""

    def run(self, caller: Caller) -> Answer:
        if b"abacus" in caller.call.body:
            raise Refusal(500)
        return super().run(caller)


@kills("jasperserver.run.unknown-anchor")
class AnyAnchor(Reference):
    """Ignores an unknown anchor."""

    def export_options(self, caller: Caller) -> ExportOptions:
        return replace(super().export_options(caller), anchor=None)


@kills("jasperserver.run.pages-past-end")
class PagesWithoutEnd(Reference):
    """Exports everything if the pages asked for are past the end."""

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        return replace(options, pages=None) if options.pages and options.pages.first == 900 else options


@kills("jasperserver.run.page-to-itself")
class NoRangeOfOnePage(Reference):
    """Answers 400 to a range from a page to itself."""

    def export_options(self, caller: Caller) -> ExportOptions:
        options = super().export_options(caller)
        if options.pages and options.pages.text == "1-1":
            raise Refusal(400)
        return options


@kills("jasperserver.run.embeddable-markup")
class AlwaysWhole(Reference):
    """Exports a whole document instead of embeddable markup."""

    def export_options(self, caller: Caller) -> ExportOptions:
        return replace(super().export_options(caller), markup="full")


class _Refusing(Reference):
    """Answers 400 to a run that names one of some members."""

    names: tuple[bytes, ...] = ()

    def members_of(self, caller: Caller, root: str) -> Members:
        if is_run(caller) and self.refuses(caller):
            raise Refusal(400)
        return super().members_of(caller, root)

    def refuses(self, caller: Caller) -> bool:
        return any(name in caller.call.body for name in self.names)


@kills("jasperserver.run.documented-properties")
class NoInteractionInXml(_Refusing):
    """Answers 400 to interactive=false in XML."""

    names = (b"<interactive>false",)


@kills("jasperserver.run.documented-properties", "jasperserver.run.optional-properties")
class NoContainer(_Refusing):
    """Answers 400 to reportContainerWidth."""

    names = (b"reportContainerWidth",)


@kills("jasperserver.run.documented-properties")
class NotTogether(_Refusing):
    """Answers 400 to interactive=true together with a page range."""

    def refuses(self, caller: Caller) -> bool:
        body = caller.call.body
        return b'"interactive": true' in body and b'"pages": "2-' in body


@kills("jasperserver.run.optional-properties")
class NoTransformer(_Refusing):
    """Answers 400 to transformerKey."""

    names = (b"transformerKey",)


@kills("jasperserver.run.optional-properties")
class NoScripts(_Refusing):
    """Answers 400 to allowInlineScripts=false."""

    names = (b'"allowInlineScripts": false',)
