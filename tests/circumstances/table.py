"""The table of circumstances: the rows of all kinds."""

from __future__ import annotations

from tests.circumstances import http_rows

ROWS = [*http_rows.ROWS]
