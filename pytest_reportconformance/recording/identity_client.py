"""Requests of the user's own tests, as an identity of target.toml: called like the library requests.

Rule: this module sends nothing; `send` does, in the process that plays: recorded, redacted, on the ledger, paced.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from pytest_reportconformance.transcript.exchange import Exchange, Request

Send = Callable[[str, str, Request], Exchange]
"""Sends a request of an identity and records it under a name."""


class IdentityClient:
    """Sends requests as one identity; each answer is an `Exchange`.

    `url` is a path below the base URL of the target, or an absolute URL. What a request creates on the target is
    removed at the end of the test. Every request raises NotReached if the target lacks the identity.
    """

    def __init__(self, identity: str, send: Send) -> None:
        self.identity = identity
        self._send = send

    def get(self, url: str, **options: Any) -> Exchange:
        """GET; options as for `request`."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Exchange:
        """POST; options as for `request`."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> Exchange:
        """PUT; options as for `request`."""
        return self.request("PUT", url, **options)

    def delete(self, url: str, **options: Any) -> Exchange:
        """DELETE; options as for `request`."""
        return self.request("DELETE", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: str | bytes | None = None,
        name: str = "request",
    ) -> Exchange:
        """Send a request: `params` are query arguments, `json` or `data` the body, `name` its step in evidence."""
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
        fields = dict(headers or {})
        body = data.encode() if isinstance(data, str) else data
        if json is not None:
            body = json_module.dumps(json).encode()
            if "content-type" not in {field.lower() for field in fields}:
                fields["Content-Type"] = "application/json"
        return self.send(Request(method, url, tuple(fields.items()), body), name)

    def send(self, request: Request, name: str = "request") -> Exchange:
        """Send a request that was made before, such as one of the operations of an API."""
        return self._send(self.identity, name, request)
