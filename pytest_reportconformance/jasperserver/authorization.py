"""Which requirement refuses what to whom: tables of identities and operations, for the checks.

Rule: data alone; the checks are in `test_permission` and `test_permission_states`.
"""

from __future__ import annotations

CLOSED = {
    ("other_user", "details"): "jasperserver.permission.other-user-details",
    ("other_user", "status"): "jasperserver.permission.other-user-status",
    ("other_user", "output"): "jasperserver.permission.other-user-output",
    ("other_user", "attachment"): "jasperserver.permission.other-user-attachment",
    ("other_user", "export"): "jasperserver.permission.other-user-export",
    ("other_user", "parameters"): "jasperserver.permission.other-user-parameters",
    ("other_admin", "details"): "jasperserver.permission.other-admin-details",
    ("other_admin", "status"): "jasperserver.permission.other-admin-status",
    ("other_admin", "output"): "jasperserver.permission.other-admin-output",
    ("other_admin", "attachment"): "jasperserver.permission.other-admin-attachment",
    ("other_admin", "export"): "jasperserver.permission.other-admin-export",
    ("other_admin", "parameters"): "jasperserver.permission.other-admin-parameters",
    ("admin", "details"): "jasperserver.permission.admin-details",
    ("admin", "status"): "jasperserver.permission.admin-status",
    ("admin", "output"): "jasperserver.permission.admin-output",
    ("admin", "attachment"): "jasperserver.permission.admin-attachment",
    ("superuser", "details"): "jasperserver.permission.superuser-details",
    ("superuser", "status"): "jasperserver.permission.superuser-status",
    ("superuser", "output"): "jasperserver.permission.superuser-output",
    ("superuser", "attachment"): "jasperserver.permission.superuser-attachment",
}
"""What is refused to other identities, by identity and action."""
WITHOUT_CREDENTIALS = {
    "details": "jasperserver.permission.anonymous-details",
    "status": "jasperserver.permission.anonymous-status",
    "output": "jasperserver.permission.anonymous-output",
    "attachment": "jasperserver.permission.anonymous-attachment",
    "export": "jasperserver.permission.anonymous-export",
    "parameters": "jasperserver.permission.anonymous-parameters",
}
"""What is refused without credentials, by action."""
OTHER_READS = {
    ("other_user", "info"): "jasperserver.permission.other-user-info",
    ("other_user", "page-status"): "jasperserver.permission.other-user-page-status",
    ("other_user", "export-status"): "jasperserver.permission.other-user-export-status",
    ("other_admin", "info"): "jasperserver.permission.other-admin-info",
    ("other_admin", "page-status"): "jasperserver.permission.other-admin-page-status",
    ("other_admin", "export-status"): "jasperserver.permission.other-admin-export-status",
}
"""What else is refused to other identities, by identity and action."""
OTHER_ANONYMOUS = {
    "info": "jasperserver.permission.anonymous-info",
    "page-status": "jasperserver.permission.anonymous-page-status",
    "export-status": "jasperserver.permission.anonymous-export-status",
}
"""What else is refused without credentials, by action."""
OF_ATTACHMENTS = {key for key in CLOSED if key[1] == "attachment"}
BY_OTHERS = {key: id for key, id in {**CLOSED, **OTHER_READS}.items() if key not in OF_ATTACHMENTS}
CHANGES = ("export", "parameters")
READS_BY_OTHERS = {key: id for key, id in BY_OTHERS.items() if key[1] not in CHANGES}
ANONYMOUS = {action: id for action, id in {**WITHOUT_CREDENTIALS, **OTHER_ANONYMOUS}.items() if action != "attachment"}
ANONYMOUS_READS = {action: id for action, id in ANONYMOUS.items() if action not in CHANGES}
ANONYMOUS_CHANGES = {
    **ANONYMOUS,
    "cancel": "jasperserver.permission.anonymous-cancel",
    "delete": "jasperserver.permission.anonymous-delete",
}
GONE = {
    "details": "jasperserver.delete.details-gone",
    "status": "jasperserver.delete.status-gone",
    "output": "jasperserver.delete.output-gone",
    **dict.fromkeys(
        ("info", "page-status", "export-status", "export", "parameters"), "jasperserver.delete.everything-gone"
    ),
}
"""What a deleted execution no longer offers, by action."""
EFFECTS = {
    "other_user": "jasperserver.permission.other-user-delete",
    "other_admin": "jasperserver.permission.other-admin-delete",
}
"""A delete by others removes nothing, by identity."""
