"""Replays a recorded run to an edition: the same requests by the same identities, each in the recorded state.

Time does not pass by itself: before a request the executions that its recorded answer shows are put into the state that
it shows, and what waits for a report finds it done. So only the form of the answers is compared, not when they come.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import editions
from pytest_reportconformance.jasperserver.reference.identities import EXPENDABLE
from pytest_reportconformance.jasperserver.reference.state import Execution, Export
from tests.jasperserver.recorded import shape

RUNS = Path(__file__).parent / "runs"
VERSIONS = ("6.4.2", "7.8.1", "8.2.0")
RUNNING, OVER = ("queued", "execution"), ("ready", "failed")
LONG = 1000.0
SEARCH = re.compile(r"/reportExecutions/?(\?|$)")
OF_A_JOB = re.compile(r"jobID=\d")
ANONYMOUS = "anonymous"
SEARCH_FAILED = 500
TOKEN = re.compile(r"[\w-]+(?:\.\w+)?")


class Timeless:
    """Mixed into an edition: its clock stands still unless something waits."""

    now = LONG
    unknown_seconds = 0.0
    exports_at_once = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cancelled_exports: set[str] = set()

    def clock(self) -> float:
        """The time that was set."""
        return self.now

    def is_reset(self, execution: Execution, export: Export) -> bool:
        """Whether an export was shown as cancelled although its report is ready."""
        return export.id in self.cancelled_exports

    def add_export(self, execution: Execution, options: Any, caller: Any) -> Export:
        """An export that is done at once if that was recorded."""
        export: Export = super().add_export(execution, options, caller)  # type: ignore[misc]  # of the edition
        if self.exports_at_once:
            export.asked, export.takes = self.now - 1, 0.0
        return export

    def wait_for_report(self, execution: Execution) -> None:
        """The report is done at once."""
        self.now = max(self.now, execution.fill.ends)

    def wait_for_export(self, execution: Execution, export: Export) -> None:
        """The export is done at once."""
        self.now = max(self.now, execution.fill.ends, export.due(execution.fill))

    def wait_for_pages(self, execution: Execution, wanted: Any) -> None:
        """The page is done at once."""
        self.now = max(self.now, execution.fill.moment(wanted.last))


@dataclass
class Replay:
    """One run: the edition, the ids of the recording with those of the edition, and the sessions."""

    version: str
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[tuple[str, ...], str] = field(default_factory=dict)
    wrong: int = 0

    def __post_init__(self) -> None:
        edition = editions.edition(self.version)
        self.server: Any = type(f"Timeless{edition.__name__}", (Timeless, edition), {})(
            slow_seconds=4, page_seconds=0.5
        )

    def play(self) -> Iterator[tuple[dict[str, Any], shape.Form]]:
        """Each exchange with the form of the edition's answer."""
        for one in run(self.version):
            self.align(one)
            answer = self.server.answer(self.call(one))
            self.server.now += 0.01
            yield one, self.learn(one, answer)

    def call(self, one: dict[str, Any]) -> Call:
        """The request as the edition gets it."""
        headers = [("Host", "localhost"), *one["headers"].items()]
        role = one["by"]
        key = (one["scenario"], role, "other" if one["step"] == "other-session" else "")
        if one["signed"]:
            headers.append(("Authorization", f"Basic {self.credentials(role)}"))
        if one["cookie"] and key in self.sessions:
            headers.append(("Cookie", f"JSESSIONID={self.sessions[key]}"))
        body = self.translated(one["body"] or "").encode()
        return Call(one["method"], "/jasperserver" + self.translated(one["url"]), tuple(headers), body)

    def credentials(self, role: str) -> str:
        """Name and password; an anonymous request with credentials had a wrong password."""
        account = self.server.identities.get(role)
        if account is None:
            self.wrong += 1
            return base64.b64encode(f"{EXPENDABLE[self.wrong // 8 % 6]}:wrong".encode()).decode()
        return base64.b64encode(f"{account.username}:{account.password}".encode()).decode()

    def translated(self, text: str) -> str:
        """A text with the ids of the edition."""
        return TOKEN.sub(lambda found: self.ids.get(found[0], found[0]), text)

    def learn(self, one: dict[str, Any], answer: Answer) -> shape.Form:
        """Note session and ids of an answer; its form."""
        cookie = answer.header("Set-Cookie")
        role = one["by"]
        if cookie and answer.status != 401 and role != ANONYMOUS:
            key = (one["scenario"], role, "other" if one["step"] == "other-session" else "")
            self.sessions[key] = cookie.partition("=")[2].partition(";")[0]
        media = (answer.header("Content-Type") or "").partition(";")[0].strip().lower()
        body = None if one["method"] == "HEAD" else shape.read(answer.body.decode("utf-8", "replace"), media)
        found = shape.facts(body)
        if one["method"] == "GET" and SEARCH.search(one["url"]) and not OF_A_JOB.search(one["url"]):
            return shape.form(answer.status, answer.headers, media, body)  # it may list what is not answered yet
        for recorded, ours in zip(one["ids"], (found.requests, found.exports, found.files), strict=True):
            unknown = [id for id in recorded if id not in self.ids]
            fresh = [id for id in ours if id not in self.ids.values()]
            for id in unknown:
                alike = next((other for other in fresh if other[-4:] == id[-4:] or "." not in id), None)
                if alike is not None:
                    self.ids[id] = alike
                    fresh.remove(alike)
        return shape.form(answer.status, answer.headers, media, body)

    def align(self, one: dict[str, Any]) -> None:
        """Put the executions that a recorded answer shows into the state that it shows."""
        status, exports = one["shows"]
        path = one["url"].partition("?")[0].rstrip("/")
        if path == "/rest_v2/reportExecutions" and one["method"] == "GET":
            self._align_search(one)
            return
        execution = self._execution(path)
        self.server.exports_at_once = one["method"] == "POST" and status in OVER
        if execution is None:
            return
        if one["method"] in ("PUT", "POST") and path.endswith("/status"):
            status = {200: "execution", 204: "ready"}.get(one["form"]["status"])
        elif one["method"] == "DELETE":
            status = {400: "execution"}.get(one["form"]["status"])
        elif one["method"] == "POST":
            return
        if "/exports/" in path:
            exports, status = [status], "ready" if status == "ready" else None
        self._align(execution, status, exports)

    def _latest_run(self) -> str:
        """The latest run over REST that was not cancelled: on some versions no search works beside one that runs."""
        runs = [id for id, one in self.server.executions.items() if one.job is None and one.fill.cancelled_at is None]
        return runs[-1] if runs else ""

    def _execution(self, path: str) -> Execution | None:
        parts = path.split("/")
        recorded = parts[3] if len(parts) > 3 else ""
        found: Execution | None = self.server.executions.get(self.ids.get(recorded, recorded))
        return found

    def _align(self, execution: Execution, status: str | None, exports: list[str | None]) -> None:
        fill, now = execution.fill, self.server.now
        if status == "queued":
            fill.begins = now + 0.001
        elif status == "execution":
            fill.begins = now - 0.6 * min(fill.plan.seconds, 1.0)
        elif status in OVER or any(one in OVER for one in exports):
            fill.begins = now - fill.plan.seconds - LONG / 2
        for export, shown in zip(execution.exports.values(), exports, strict=False):
            reset = shown == "cancelled" and fill.cancelled_at is None
            (self.server.cancelled_exports.add if reset else self.server.cancelled_exports.discard)(export.id)
            if shown in RUNNING:
                export.asked, export.takes = now, 0.002 if shown == "queued" else 0.02
            elif shown in OVER:
                export.asked = now - LONG / 4

    def _align_search(self, one: dict[str, Any]) -> None:
        listed = {self.ids.get(id, id) for id in one["ids"][0]}
        if one["form"]["status"] == SEARCH_FAILED:
            listed.add(self._latest_run())
        known, unknown = set(self.ids.values()), set(one["ids"][0]) - set(self.ids)
        for execution in list(self.server.executions.values()):
            if execution.fill.cancelled_at is None:
                shown = execution.id in listed or (bool(unknown) and execution.id not in known)
                self._align(execution, "execution" if shown else "ready", [])


@cache
def run(version: str) -> list[dict[str, Any]]:
    """The recorded exchanges of a version."""
    found: list[dict[str, Any]] = json.loads(gzip.decompress((RUNS / f"{version}.json.gz").read_bytes()))
    return found
