"""Whether a record fits its schema, specs/results.schema.json: asked once, when a record is read.

Rule: the second user of jsonschema. What fits has every member that a renderer reads, of the right type.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pytest_reportconformance.register import installed
from pytest_reportconformance.transcript.parsing import excerpt


def fault(record: Any) -> str | None:
    """What does not fit first, with its JSON pointer; None if everything does."""
    error = next(_validator().iter_errors(record), None)
    if error is None:
        return None
    at = "".join(f"/{step}" for step in error.absolute_path)
    return f"{excerpt(at)}: {excerpt(error.message)}" if at else excerpt(error.message)


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    file = installed.specs_folder() / "results.schema.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))
