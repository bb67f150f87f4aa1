"""GitHub's command `gh`, as far as action.yml uses it: artifacts are folders below $LOCAL_ACTION_STORE."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jq

STORE = Path(os.environ["LOCAL_ACTION_STORE"])


def listed(url: str) -> dict[str, Any]:
    """The answer to the request for the artifacts of a name: oldest first, so that the order is not relied on."""
    (name,) = parse_qs(urlsplit(url).query)["name"]
    assert urlsplit(url).path == f"repos/{os.environ['GITHUB_REPOSITORY']}/actions/artifacts", url
    found = []
    for run in sorted(STORE.iterdir(), key=lambda path: int(path.name)):
        if (run / "artifacts" / name).is_dir():
            branch, _, fork = (run / "branch").read_text(encoding="utf-8").partition("@")
            of = {
                "id": int(run.name),
                "head_branch": branch,
                "repository_id": 1,
                "head_repository_id": 2 if fork else 1,
            }
            created = f"2026-01-01T00:00:{int(run.name):02}Z"
            expired = (run / "expired").exists()
            found.append({"name": name, "expired": expired, "created_at": created, "workflow_run": of})
    return {"total_count": len(found), "artifacts": found}


def main(arguments: list[str]) -> None:
    """Answer `gh api URL --jq FILTER` and `gh run download RUN --name NAME --dir DIR`."""
    assert os.environ["GH_TOKEN"]
    assert os.environ["GH_REPO"] == os.environ["GITHUB_REPOSITORY"]
    if "GH_FAILS" in os.environ:
        sys.exit("gh: HTTP 503")
    match arguments:
        case ["api", url, "--jq", filter]:
            for value in jq.compile(filter).input_value(listed(url)).all():
                print(value if isinstance(value, str) else json.dumps(value))
        case ["run", "download", run, "--name", name, "--dir", folder]:
            for file in (STORE / run / "artifacts" / name).iterdir():
                if (Path(folder) / file.name).exists():
                    sys.exit(f"gh: {file.name} exists")
                shutil.copy(file, folder)
        case _:
            sys.exit(f"gh: not known here: {arguments}")


if __name__ == "__main__":
    main(sys.argv[1:])
