"""The media types of the service, as the chapter prints them."""

from __future__ import annotations

JSON = "application/json"
XML = "application/xml"
STATUS_JSON = "application/status+json"
STATUS_XML = "application/status+xml"
