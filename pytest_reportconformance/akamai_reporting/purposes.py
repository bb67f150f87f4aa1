"""What reports a server of the Reporting API has to offer for all checks to be made, and what may be told about each."""

from __future__ import annotations

from pytest_reportconformance.apis import Key, Purpose

KEYS = {
    "path": Key(str, "productFamily/reportingArea/report", required=True),
    "start": Key(str, "begin of the time range, RFC 3339"),
    "end": Key(str, "end of the time range, RFC 3339"),
    "time_range": Key(str, "a predefined time range"),
    "metrics": Key(list, "names of metrics"),
    "dimensions": Key(list, "names of dimensions"),
    "filters": Key(list, "filters as the API has them"),
    "sort_bys": Key(list, "sort order as the API has it"),
    "limit": Key(int, "most rows"),
    "seconds": Key(float, "how long a query is pending"),
}

PURPOSES = {
    "paged": Purpose("Many rows that stay the same.", KEYS),
    "slow": Purpose("A query that is pending for a while.", KEYS),
    "empty": Purpose("A request that matches nothing.", KEYS),
    "forbidden": Purpose("A report that the owner may not use.", KEYS),
    "unseen": Purpose("A filter by an object that the owner may not see.", KEYS),
    "sorted": Purpose("Rows in a total order.", KEYS),
}
