"""Exports of a report: formats, pages, mistakes, pictures, bookmarks, and new parameters."""

from __future__ import annotations

from jasperreports_io_conformance.taken_over import documented
from pytest_reportconformance.jasperserver.scenarios import attachments, export, info, parameters

exported = documented(export.exported, __name__)
misexported = documented(export.misexported, __name__)
recounted = documented(export.recounted, __name__)
illustrated = documented(attachments.illustrated, __name__)
placed = documented(attachments.placed, __name__)
bookmarked = documented(info.bookmarked, __name__)
parted = documented(info.parted, __name__)
updated_in_json = documented(parameters.updated_in_json, __name__)
