"""Room for threads when the memory of the process is limited.

Rule: a thread that dies for lack of memory before it has begun leaves its starter waiting for ever (seen with
CPython 3.11), so the room is looked for first.
"""

from __future__ import annotations

import mmap

ROOM = 16 * 1024 * 1024
"""Bytes of address space: the usual stack of a thread, and as much again for what it does first."""


def look_for_room() -> None:
    """Raise an OSError (ENOMEM) if there is no address space for one more thread."""
    mmap.mmap(-1, ROOM).close()
