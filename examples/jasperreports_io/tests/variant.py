"""A correct server that differs from the reference server wherever the guides leave a choice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jasperreports_io_conformance.reference import Reference

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import answers
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.state import Execution, Export


class Variant(Reference):
    """Understands XML, numbers what it makes, answers errors without a body, and describes more than it has to."""

    prefix = ""
    queued_seconds = 0.1

    def offered(self, kind: str, caller: Caller) -> Sequence[str]:
        """JSON and XML, as JasperReports Server."""
        return super(Reference, self).offered(kind, caller)

    def body_is_json(self, caller: Caller) -> bool:
        """JSON or XML, as JasperReports Server."""
        return answers.Answers.body_is_json(self, caller)

    def new_id(self) -> str:
        """An id that is no UUID."""
        return f"{super().new_id()[:8]}_{self.executions_started}"

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        """An error without a body."""
        return Answer(refusal.status, b"", [("Content-Type", "text/plain")])

    def as_json(self, kind: str, members: Any) -> bytes:
        """JSON with line breaks, members in another order, and one that no guide names."""
        known = members if isinstance(members, list) else {"x-engine": "variant", **dict(reversed(members.items()))}
        return json.dumps(known, indent=1).encode()

    def content_type(self, kind: str, media: str) -> str:
        """A media type with a parameter."""
        return f"{media}; charset=UTF-8"

    def listed_exports(self, execution: Execution, caller: Caller) -> list[Export]:
        """The exports in the order of their ids."""
        return sorted(super().listed_exports(execution, caller), key=lambda export: export.id)
