"""Pin the ids and levels of all requirements, and list them in the OpenAPI documents: `python -m tests.pin`."""

from __future__ import annotations

import json

from pytest_reportconformance.register import register
from tests import openapi
from tests.test_traceability import PINNED

if __name__ == "__main__":
    ids = {api: {one.id: one.level for one in register.load(api).requirements.values()} for api in register.api_names()}
    PINNED.write_text(json.dumps(ids, indent=1) + "\n", encoding="utf-8")
    for api in register.api_names():
        openapi.path(api).write_text(openapi.updated(api), encoding="utf-8")
