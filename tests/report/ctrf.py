"""The Common Test Report Format as far as our reports use it: what is required, and that nothing else is allowed."""

from __future__ import annotations

from typing import Any

STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}
TEXT = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer", "minimum": 0}


def closed(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    """An object with these members and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


TEST = closed(
    {"name": TEXT, "status": STATUS, "duration": WHOLE},
    {
        "id": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "suite": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "message": {"type": "string"},
        "rawStatus": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "type": {"type": "string"},
        "extra": {"type": "object"},
    },
)
COUNTS = ("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop")
RESULTS = closed(
    {
        "tool": closed({"name": TEXT}, {"version": {"type": "string"}, "extra": {"type": "object"}}),
        "summary": closed(dict.fromkeys(COUNTS, WHOLE), {"suites": WHOLE, "duration": WHOLE}),
        "tests": {"type": "array", "items": TEST},
    },
    {
        "environment": closed(
            {},
            {
                "appName": {"type": "string"},
                "appVersion": {"type": "string"},
                "testEnvironment": {"type": "string"},
                "extra": {"type": "object"},
            },
        )
    },
)
SCHEMA = closed(
    {
        "reportFormat": {"const": "CTRF"},
        "specVersion": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
        "results": RESULTS,
    },
    {
        "reportId": {"type": "string"},
        "timestamp": {"type": "string"},
        "generatedBy": {"type": "string"},
    },
)
