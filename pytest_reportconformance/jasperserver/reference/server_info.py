"""Version and edition of the server, without authentication: `GET /rest_v2/serverInfo`."""

from __future__ import annotations

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.negotiation import JSON, XML, choose


class ServerInfo(Core):
    """Version and edition, without authentication."""

    version = "8.2.0"
    edition = "reference"

    def is_public(self, call: Call) -> bool:
        """Whether a request needs no authentication."""
        return call.method == "GET" and call.path.rstrip("/") == f"{self.prefix}/rest_v2/serverInfo"

    def read_server_info(self, call: Call) -> Answer:
        """Version, edition and date patterns."""
        media = choose(call.header("Accept"), (JSON, XML))
        if media is None:
            raise Refusal(406)
        return self.represent("serverInfo", self.server_info_members(), media)

    def server_info_members(self) -> dict[str, str]:
        """The members of the answer."""
        return {
            "dateFormatPattern": "yyyy-MM-dd",
            "datetimeFormatPattern": "yyyy-MM-dd'T'HH:mm:ss",
            "version": self.version,
            "edition": self.edition,
            "build": "reference",
        }
