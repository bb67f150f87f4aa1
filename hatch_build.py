"""What pyproject.toml cannot state: the addresses of the project, and a long description whose links work on any page.

The address of the repository is that of the place from where the project is published: the variable
PROJECT_REPOSITORY_URL, or else the remote `origin` of the checkout. Without either, a package has no addresses, and
links to files are plain text. In a source distribution, PKG-INFO has them already.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)\s]+)\)")
REMOTE = re.compile(
    r"(?:https?://|ssh://)?(?:[^/@\s]+@)?(?P<host>[\w.-]+\.[a-z]+)(?::\d+)?[:/](?P<path>[^\s:]+?)(?:\.git)?/?"
)


class Metadata(MetadataHookInterface):
    """Adds the addresses and the long description."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling with the table `project`."""
        root = Path(self.root)
        if (root / "PKG-INFO").is_file():
            metadata.setdefault("urls", {})
            return
        address = repository(root)
        metadata["urls"] = urls(address, metadata["version"]) if address else {}
        text = absolute((root / "README.md").read_text(encoding="utf-8"), address, metadata["version"])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def repository(root: Path) -> str:
    """The address of the repository; empty if it is unknown. Raises ValueError if the variable holds no address."""
    if given := os.environ.get("PROJECT_REPOSITORY_URL", ""):
        if not (found := web(given)):
            raise ValueError(f"PROJECT_REPOSITORY_URL: found {given!r}; allowed: https://HOST/OWNER/NAME")
        return found
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return web(done.stdout.strip())


def web(remote: str) -> str:
    """The page of a remote, without credentials; empty for a path on this machine and for what is no address."""
    found = REMOTE.fullmatch(remote)
    return f"https://{found['host']}/{found['path']}" if found else ""


def urls(address: str, version: str) -> dict[str, str]:
    """The addresses of a version."""
    return {
        "Repository": address,
        "Documentation": f"{address}/blob/v{version}/docs/README.md",
        "Changelog": f"{address}/blob/v{version}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }


def absolute(text: str, address: str, version: str) -> str:
    """A text whose links to files lead to the files of a version; without an address, they are plain text."""
    return LINK.sub(rf"[\1]({address}/blob/v{version}/\2)" if address else r"\1", text)
