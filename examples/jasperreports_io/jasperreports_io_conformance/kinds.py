"""What JasperReports IO documents of what JasperReports Server has more kinds of, by the names of steps."""

from __future__ import annotations

FORMS = ("json", "extended-json")
"""Media types of a status: application/json and application/status+json."""
FORMATS = ("pdf", "csv")
"""Formats of exports that every engine offers, besides HTML, the format of the runs."""
RANGES = ("csv-2-3", "html-2-3", "pdf-2-3")
"""Exports of a range of pages."""
