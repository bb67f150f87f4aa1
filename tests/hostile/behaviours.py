"""All hostile behaviours."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.behaviour import Behaviour
from tests.hostile.content_behaviours import AKAMAI, CONTENT, JASPER
from tests.hostile.wire_behaviours import WIRE


def all_of(api: str) -> Iterator[Behaviour]:
    """The behaviours that an API's server may have."""
    return (behaviour for behaviour in (*WIRE, *CONTENT, *JASPER, *AKAMAI) if api in behaviour.apis)
