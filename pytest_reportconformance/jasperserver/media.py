"""The media types of the service, as the chapter prints them, and which requirement each form of a status meets."""

from __future__ import annotations

JSON = "application/json"
XML = "application/xml"
STATUS_JSON = "application/status+json"
STATUS_XML = "application/status+xml"

STATUS_MEDIA = {
    "json": JSON,
    "xml": XML,
    "extended-json": STATUS_JSON,
    "extended-xml": STATUS_XML,
}
"""The media types of a status by the names of steps."""

STATUS_FORMS = {
    "json": "jasperserver.status.json",
    "xml": "jasperserver.status.xml",
    "extended-json": "jasperserver.status.extended-json",
    "extended-xml": "jasperserver.status.extended-xml",
}
"""The requirements on the form of a report's status, by the names of STATUS_MEDIA."""
EXPORT_STATUS_FORMS = {
    "json": "jasperserver.export-status.json",
    "xml": "jasperserver.export-status.xml",
    "extended-json": "jasperserver.export-status.extended-json",
    "extended-xml": "jasperserver.export-status.extended-xml",
}
"""The requirements on the form of an export's status, by the names of STATUS_MEDIA."""
