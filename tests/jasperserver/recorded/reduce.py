"""Reduce a recorded run to what a replay needs: `python -m tests.jasperserver.recorded.reduce FOLDER VERSION`."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.jasperserver.recorded import shape

RUNS = Path(__file__).parent / "runs"
SENT = ("accept", "content-type", "x-http-method-override", "x-suppress-basic")
KIT = re.compile(r"/conf_[0-9a-f]+/")
ROLES = json.loads((RUNS / "renamed.json").read_text(encoding="utf-8"))["roles"]
USERS = {"owner": "joeuser", "other_user": "janeuser", "admin": "jasperadmin"}
USER = re.compile(rf"conf_[0-9a-f]+_({'|'.join([*USERS, *ROLES])})")
HOST = re.compile(r"http://[\w.:-]+/jasperserver")


def exchange(scenario: str, entry: dict[str, Any]) -> dict[str, Any]:
    """One exchange: the request as it was sent, and the form of its answer."""
    request, response = entry["request"], entry["response"]
    by = entry.get("_identity") or entry["_person"]
    sent = {one["name"].lower(): one["value"] for one in request["headers"]}
    received = [(one["name"], one["value"]) for one in response["headers"]]
    content_type = next((value for name, value in received if name.lower() == "content-type"), "")
    media = content_type.partition(";")[0].strip().lower()
    body = shape.read(response["content"].get("text") or "", media)
    found = shape.facts(body)
    posted = (request.get("postData") or {}).get("text")
    return {
        "scenario": scenario,
        "step": entry["_step"],
        "by": ROLES.get(by, by),
        "at": round(entry["_started"] + entry["time"] / 1000, 3),
        "method": request["method"],
        "url": _ours(HOST.sub("", request["url"])),
        "headers": {name: value for name, value in sent.items() if name in SENT},
        "signed": "authorization" in sent,
        "cookie": "cookie" in sent,
        "body": None if posted is None else _ours(posted),
        "form": shape.form(response["status"], received, media, body),
        "ids": [found.requests, found.exports, found.files],
        "shows": [found.status, found.export_statuses],
    }


def _ours(text: str) -> str:
    """A text with the folder and the users of the reference server."""
    return KIT.sub("/reports/", USER.sub(lambda found: USERS[ROLES.get(found[1], found[1])], text))


def reduced(folder: Path) -> list[dict[str, Any]]:
    """All exchanges of a recorded run that were answered, in the order of their answers."""
    found = []
    for path in sorted((folder / "transcripts").glob("*.har")):
        for entry in json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]:
            if entry["response"]["status"]:
                found.append(exchange(path.stem, entry))
    return sorted(found, key=lambda one: one["at"])


if __name__ == "__main__":
    folder, version = Path(sys.argv[1]), sys.argv[2]
    RUNS.mkdir(exist_ok=True)
    data = json.dumps(reduced(folder), separators=(",", ":"), ensure_ascii=False).encode()
    (RUNS / f"{version}.json.gz").write_bytes(gzip.compress(data, mtime=0))
    print(version, len(data))
