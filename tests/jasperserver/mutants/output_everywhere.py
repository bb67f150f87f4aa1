"""Servers whose faults in outputs show only if every output of a run is read, whichever scenario downloads it."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import CountedDownloads, is_first, is_of
from tests.mutation.kill_matrix import kills


@kills("jasperserver.output.genuine")
class SendsHtmlForCsv(Reference):
    """Sends HTML in place of the CSV that a run of the report with parameters asks for."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        if is_of(execution, "params") and is_first(execution, export) and export.options.format == "csv":
            return self.html(execution, export, self.output_pages(execution, export, caller), caller)
        return super().output_body(execution, export, caller)


@kills("jasperserver.export.own-format")
class ExportsHtmlForCsv(Reference):
    """Sends HTML in place of the CSV that an export of the report with a value of its own asks for."""

    def output_body(self, execution: Execution, export: Export, caller: Caller) -> bytes:
        later = not is_first(execution, export) and export.options.format == "csv"
        if is_of(execution, "runcounter") and later:
            return self.html(execution, export, self.output_pages(execution, export, caller), caller)
        return super().output_body(execution, export, caller)


@kills("jasperserver.output.own-content")
class SendsAnotherFragment(Reference):
    """Sends the text of another report in an HTML fragment of the quick report."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        if is_of(execution, "fast") and export.options.markup == "embeddable":
            return [(0, Page(("SLOW",)))]
        return super().output_pages(execution, export, caller)


@kills("jasperserver.output.complete")
class EarlyExportsEndEarly(CountedDownloads):
    """Leaves the last page out of an export that was asked for while pages appeared, from its second download on."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        pages = super().output_pages(execution, export, caller)
        whole = is_of(execution, "slowpages") and export.options.pages is None
        again = self.downloads[export.id] > 1 and export.asked < execution.fill.ends
        return pages[:-1] if whole and again else pages


@kills("jasperserver.output.complete")
class SecondExportsOfAFormatEndEarly(Reference):
    """Leaves the last page out of the second export to CSV."""

    def output_pages(self, execution: Execution, export: Export, caller: Caller) -> list[tuple[int, Page]]:
        pages = super().output_pages(execution, export, caller)
        whole = [one for one in execution.exports.values() if one.options.format == "csv" and one.options.pages is None]
        again = is_of(execution, "multi") and len(whole) > 1 and export is whole[1]
        return pages[:-1] if again else pages
