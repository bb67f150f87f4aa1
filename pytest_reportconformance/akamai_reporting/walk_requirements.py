"""Which requirement an answer in a walk over queries violates: by identity, fault of the link, or member.

Rule: data.
"""

from __future__ import annotations

from collections.abc import Collection

CLIENT_ERRORS, A_CLIENT_ERROR = range(400, 500), "a client error"
POLL_REFUSED = {
    "anonymous": ("akamai_reporting.permission.anonymous-poll", (401,)),
    "other_user": ("akamai_reporting.permission.other-user-poll", (403, 404)),
    "unscoped": ("akamai_reporting.permission.unscoped-poll", (403, 404)),
}
"""What others are answered who ask for the Location, with the allowed statuses."""
PAGE_REFUSED = {
    "anonymous": ("akamai_reporting.permission.anonymous-page", (401,)),
    "other_user": ("akamai_reporting.permission.other-user-page", (403, 404)),
    "unscoped": ("akamai_reporting.permission.unscoped-poll", (403, 404)),
}
NO_DATA = {
    "anonymous": "akamai_reporting.permission.anonymous-no-data",
    "other_user": "akamai_reporting.permission.other-user-no-data",
    "unscoped": "akamai_reporting.permission.unscoped-no-data",
}
WRONG: dict[str, tuple[str, Collection[int], str]] = {
    "never-issued": ("akamai_reporting.errors.never-issued-id", (404,), "404"),
    "changed-early": ("akamai_reporting.errors.changed-id", CLIENT_ERRORS, A_CLIENT_ERROR),
    "changed-middle": ("akamai_reporting.errors.changed-id", CLIENT_ERRORS, A_CLIENT_ERROR),
    "changed-late": ("akamai_reporting.errors.changed-id", CLIENT_ERRORS, A_CLIENT_ERROR),
    "truncated": ("akamai_reporting.errors.truncated-id", CLIENT_ERRORS, A_CLIENT_ERROR),
    "empty": ("akamai_reporting.errors.empty-id", CLIENT_ERRORS, A_CLIENT_ERROR),
}
"""What a link with a fault is answered, with the allowed statuses."""
EQUAL = {
    "totalRows": "akamai_reporting.pages.total-rows-equal",
    "name": "akamai_reporting.pages.name-equal",
    "requestTime": "akamai_reporting.pages.request-time-equal",
    "evictionTime": "akamai_reporting.pages.eviction-time-equal",
}
"""Members of metadata that are equal on all pages."""
