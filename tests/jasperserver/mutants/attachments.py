"""Servers with faults in attachments."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.documents.pictures import png
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import DEFAULT_PREFIX
from pytest_reportconformance.jasperserver.reference.reports import Page
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.faults import is_first
from tests.mutation.kill_matrix import kills

Pages = list[tuple[int, Page]]


@kills("jasperserver.attachments.delivered")
class DeliversNothing(Reference):
    """Answers 200 without content to the PNG picture of the HTML that the run asked for."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        first = is_first(execution, export) and kind == "png"
        return b"" if first else super().attachment_body(execution, export, name, kind)


@kills("jasperserver.attachments.delivered", "jasperserver.export-status.ready-downloads")
class DeliversFirstExportOnly(Reference):
    """Answers 404 to the attachments of a later export."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        if not is_first(execution, export):
            raise Refusal(404)
        return super().attachment_body(execution, export, name, kind)


@kills("jasperserver.attachments.content-type")
class CallsEverythingPng(Reference):
    """Sends every picture as image/png."""

    def attachment_headers(self, name: str, kind: str) -> list[tuple[str, str]]:
        fields = dict(super().attachment_headers(name, kind))
        return list((fields | ({} if kind == "js" else {"Content-Type": "image/png"})).items())


@kills("jasperserver.attachments.content-type")
class DescribesPicturesAsBytes(Reference):
    """Describes the pictures of a later export as application/octet-stream in the details."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[dict[str, Any]]:
        members = super().attachment_members(execution, export, caller)
        later = {} if is_first(execution, export) else {"contentType": "application/octet-stream"}
        return [one | later for one in members]


@kills("jasperserver.attachments.genuine")
class SwapsPictures(Reference):
    """Sends the bytes of one picture in place of another."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        other = {"jpg": "png", "png": "jpg"}.get(kind, kind)
        return super().attachment_body(execution, export, name, other)


@kills("jasperserver.attachments.genuine")
class CutsPictures(Reference):
    """Cuts off the end of a picture of a later export."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        body = super().attachment_body(execution, export, name, kind)
        return body if is_first(execution, export) else body[:-8]


@kills("jasperserver.attachments.genuine")
class SendsPagesForPictures(Reference):
    """Sends an HTML page in place of a picture."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        body = super().attachment_body(execution, export, name, kind)
        return b"<html><body>no picture</body></html>" if kind == "png" else body


@kills("jasperserver.attachments.unknown-execution", "jasperserver.delete.attachments-gone")
class HasPicturesOfUnknown(Reference):
    """Answers 200 with a picture for an unknown execution."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        if id not in self.executions:
            return Answer(200, png(1, 1), self.attachment_headers(name, "png"))
        return super().read_attachment(caller, id, export_id, name)


@kills("jasperserver.attachments.unknown-export")
class FindsPicturesByName(Reference):
    """Finds a picture in any export of the execution by its name."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        execution = self.execution(caller, id)
        known = export_id if export_id in execution.exports else next(iter(execution.exports))
        return super().read_attachment(caller, id, known, name)


@kills("jasperserver.attachments.unknown-name")
class SendsAnEmptyPicture(Reference):
    """Answers 200 with an empty picture for an unknown name."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        execution, export = self.export(caller, id, export_id)
        if name not in self.attachments_of(execution, export):
            return Answer(200, png(1, 1), self.attachment_headers(name, "png"))
        return super().read_attachment(caller, id, export_id, name)


@kills("jasperserver.attachments.unknown-name")
class RefusesUnknownNames(Reference):
    """Answers 400 instead of 404 to an unknown name."""

    def read_attachment(self, caller: Caller, id: str, export_id: str, name: str) -> Answer:
        execution, export = self.export(caller, id, export_id)
        if name not in self.attachments_of(execution, export):
            raise Refusal(400)
        return super().read_attachment(caller, id, export_id, name)


class _Prefix(Reference):
    """Writes another prefix before the names of attachments than the one asked for."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        raise NotImplementedError

    def attachments_prefix(self, execution: Execution, export: Export, caller: Caller) -> str:
        return self.other(super().attachments_prefix(execution, export, caller), execution, export)


@kills("jasperserver.attachments.default-path")
class RefersToImages(_Prefix):
    """Refers to pictures in a folder `images` by default."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        return "images/" if export.options.attachments_prefix == DEFAULT_PREFIX else prefix


@kills("jasperserver.attachments.default-path")
class RefersToTheFirstExport(_Prefix):
    """Refers to the pictures of the first export in the HTML of a later one."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        later = export.options.attachments_prefix == DEFAULT_PREFIX and not is_first(execution, export)
        return prefix.replace(export.id, next(iter(execution.exports))) if later else prefix


@kills("jasperserver.attachments.default-path")
class DropsTheContextPath(_Prefix):
    """Omits the context path from the references by default."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        return prefix.removeprefix(self.prefix) if export.options.attachments_prefix == DEFAULT_PREFIX else prefix


@kills("jasperserver.attachments.prefix")
class IgnoresThePrefixOfRuns(_Prefix):
    """Ignores a prefix without placeholders in a run."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        ignored = is_first(execution, export) and "{" not in export.options.attachments_prefix
        return "pictures/" if ignored else prefix


@kills("jasperserver.attachments.prefix")
class DoublesThePrefix(_Prefix):
    """Writes the default path followed by the prefix of the run."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        literal = is_first(execution, export) and "{" not in export.options.attachments_prefix
        return f"/rest_v2/{prefix.removeprefix('./')}" if literal else prefix


@kills("jasperserver.attachments.prefix-placeholders")
class LeavesPlaceholders(_Prefix):
    """Does not replace the placeholder of the export."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        asked = export.options.attachments_prefix
        return prefix.replace(export.id, "{exportExecutionId}") if asked.startswith("/conformance") else prefix


@kills("jasperserver.attachments.prefix-placeholders")
class SwapsPlaceholders(_Prefix):
    """Replaces the placeholder of the execution with the export and that of the export with the execution."""

    def other(self, prefix: str, execution: Execution, export: Export) -> str:
        if not export.options.attachments_prefix.startswith("/conformance"):
            return prefix
        return prefix.replace(export.id, "?").replace(execution.id, export.id).replace("?", execution.id)


@kills("jasperserver.attachments.referenced-are-listed")
class ListsOnePictureLess(Reference):
    """Omits the last picture from the details."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[dict[str, Any]]:
        members = super().attachment_members(execution, export, caller)
        pictures = [one for one in members if one["contentType"].startswith("image/")]
        return [one for one in members if one not in pictures[1:]]


@kills("jasperserver.attachments.listed-are-referenced")
class ListsOnePictureMore(Reference):
    """Lists a picture that the HTML does not refer to."""

    def attachments_of(self, execution: Execution, export: Export) -> dict[str, str]:
        kinds = super().attachments_of(execution, export)
        return kinds | {"pixel.png": "png"} if kinds else kinds


@kills("jasperserver.output.available-until-delete")
class DeliversPicturesOnce(Reference):
    """Answers 404 to a picture of the first export after the report has been exported again."""

    def attachment_body(self, execution: Execution, export: Export, name: str, kind: str) -> bytes:
        if is_first(execution, export) and len(execution.exports) > 1:
            raise Refusal(404)
        return super().attachment_body(execution, export, name, kind)


@kills("jasperserver.run.interactive-charts")
class DrawsChartsWithoutScripts(Reference):
    """Lists no script of the chart if the run says in JSON that it is interactive."""

    def attachment_members(self, execution: Execution, export: Export, caller: Caller) -> list[dict[str, Any]]:
        members = super().attachment_members(execution, export, caller)
        placed = export.options.attachments_prefix.startswith("/conformance")
        return [one for one in members if not (placed and one["contentType"] == "text/javascript")]
