"""Which requirement an answer in a walk over executions violates: by action, identity and state.

Rule: data.
"""

from __future__ import annotations

from pytest_reportconformance.jasperserver.media import EXPORT_STATUS_FORMS, STATUS_FORMS

GONE = {
    "status": "jasperserver.delete.status-gone",
    "details": "jasperserver.delete.details-gone",
    "output": "jasperserver.delete.output-gone",
    "info": "jasperserver.delete.everything-gone",
    "page-status": "jasperserver.delete.everything-gone",
    "export": "jasperserver.delete.everything-gone",
    "export-status": "jasperserver.delete.everything-gone",
    "cancel": "jasperserver.cancel.unknown-id",
    "delete": "jasperserver.delete.again",
}
UNKNOWN = {
    "status": "jasperserver.status.unknown-id",
    "details": "jasperserver.details.unknown-id",
    "cancel": "jasperserver.cancel.unknown-id",
    "delete": "jasperserver.delete.unknown-id",
    "output": "jasperserver.output.unknown-execution",
    "export": "jasperserver.export.unknown-execution",
}
OF_OTHER = {
    "output-of-other": "jasperserver.output.unknown-export",
    "export-status-of-other": "jasperserver.export-status.unknown-export",
}
ANSWERED = {
    **{f"status-{form}": id for form, id in STATUS_FORMS.items()},
    **{f"export-status-{form}": id for form, id in EXPORT_STATUS_FORMS.items()},
    "status-json": "jasperserver.status.known",
    "details-json": "jasperserver.details.same-request",
    "details-xml": "jasperserver.details.same-request",
    "page-status": "jasperserver.page-status.accepted",
    "info-json": "jasperserver.info.json",
    "info-xml": "jasperserver.info.xml",
    "export-json": "jasperserver.export.accepted-json",
    "export-xml": "jasperserver.export.accepted-xml",
    "output": "jasperserver.output.ready",
}
"""What a request of the owner about an execution that exists is answered 200 by."""
REFUSED = {
    ("other_user", "status"): ("jasperserver.permission.other-user-status", (403, 404)),
    ("other_user", "details"): ("jasperserver.permission.other-user-details", (403, 404)),
    ("other_user", "output"): ("jasperserver.permission.other-user-output", (403, 404)),
    ("other_user", "export"): ("jasperserver.permission.other-user-export", (403, 404)),
    ("other_admin", "status"): ("jasperserver.permission.other-admin-status", (403, 404)),
    ("other_admin", "details"): ("jasperserver.permission.other-admin-details", (403, 404)),
    ("other_admin", "output"): ("jasperserver.permission.other-admin-output", (403, 404)),
    ("other_admin", "export"): ("jasperserver.permission.other-admin-export", (403, 404)),
    ("anonymous", "status"): ("jasperserver.permission.anonymous-status", (401,)),
    ("anonymous", "details"): ("jasperserver.permission.anonymous-details", (401,)),
    ("anonymous", "output"): ("jasperserver.permission.anonymous-output", (401,)),
    ("anonymous", "export"): ("jasperserver.permission.anonymous-export", (401,)),
    ("anonymous", "cancel"): ("jasperserver.permission.anonymous-cancel", (401,)),
    ("anonymous", "delete"): ("jasperserver.permission.anonymous-delete", (401,)),
}
CANCEL_REFUSED = {
    "other_user": "jasperserver.permission.other-user-cancel",
    "other_admin": "jasperserver.permission.other-admin-cancel",
}
WITHOUT_EFFECT = {
    "other_user": "jasperserver.permission.other-user-cancel-without-effect",
    "other_admin": "jasperserver.permission.other-admin-cancel-without-effect",
}
NOT_DELETED = {
    "other_user": "jasperserver.permission.other-user-delete",
    "other_admin": "jasperserver.permission.other-admin-delete",
}
CANCEL_OVER = {
    "ready": "jasperserver.cancel.finished",
    "failed": "jasperserver.cancel.failed",
    "cancelled": "jasperserver.cancel.again",
}
CANCELS = {
    "owner": {"json": "jasperserver.cancel.json", "xml": "jasperserver.cancel.xml"},
    "admin": {"json": "jasperserver.permission.admin-cancel"},
    "superuser": {"json": "jasperserver.permission.superuser-cancel"},
}
STOPS = {
    "owner": "jasperserver.cancel.work-stops",
    "admin": "jasperserver.permission.admin-cancel-stops",
    "superuser": "jasperserver.permission.superuser-cancel-stops",
}
DELETES = {
    "running": "jasperserver.delete.running",
    "ready": "jasperserver.delete.finished",
    "failed": "jasperserver.delete.failed",
    "cancelled": "jasperserver.delete.cancelled",
}
