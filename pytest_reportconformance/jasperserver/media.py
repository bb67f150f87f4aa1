"""The media types of the service, as the chapter prints them."""

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
