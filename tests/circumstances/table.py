"""The table of circumstances: the rows of all kinds."""

from __future__ import annotations

from tests.circumstances import access_rows, exit_rows, http_rows, route_rows, secret_rows, size_rows

ROWS = [
    *access_rows.ROWS,
    *exit_rows.ROWS,
    *http_rows.ROWS,
    *route_rows.ROWS,
    *secret_rows.ROWS,
    *size_rows.ROWS,
]
