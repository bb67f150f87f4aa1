"""The folder of the ledgers, outside every conformance report."""

from __future__ import annotations

import os
from pathlib import Path


def state_folder() -> Path:
    """`$XDG_STATE_HOME/reportconformance`, by default under `~/.local/state`; nothing can be written without a home."""
    home = os.path.expanduser("~")
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(home if home != "~" else os.devnull, ".local", "state")
    return Path(state) / "reportconformance"
