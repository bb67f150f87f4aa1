"""Errors of writing files, in one sentence that names the file.

Rule: an OSError that leaves a writer of this package names its file; those of `write` and `flush` name none by default.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

EXHAUSTED = {
    *(errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EPIPE),
    *(errno.ENOMEM, errno.EMFILE, errno.ENFILE),
}
"""What the machine has no more of, or what is gone: faults of no program."""

NO_MEMORY = ("can't allocate", "cannot allocate memory", "failed to map segment")
"""What Python and the loader of libraries say without a MemoryError, for locks, buffers and modules."""

NO_THREAD = "can't start new thread"


@contextmanager
def named(path: Path | str) -> Iterator[None]:
    """Name the file in each OSError that leaves the block."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def append(file: IO[str], path: Path, text: str) -> OSError | None:
    """Append a text to an open file at once; the error, if it cannot be written."""
    try:
        with named(path):
            file.write(text)
            file.flush()
    except OSError as error:
        return error
    return None


def close(file: IO[str]) -> None:
    """Close a file, whatever is still in its buffer."""
    with suppress(OSError):
        file.close()


def sentence(error: BaseException) -> str:
    """Why something could not be written or kept, in one sentence."""
    if _no_memory(error):
        return "the memory is exhausted: raise the memory limit of this process (ulimit -v)"
    if NO_THREAD in str(error):
        return "no more threads can be started: raise the limits of this process (ulimit -v, ulimit -u)"
    if isinstance(error, OSError) and error.errno == errno.EMFILE:
        return "this process may open no more files: raise the limit of this process (ulimit -n)"
    if isinstance(error, OSError):
        place = error.filename if error.filename is not None else "a file"
        return f"{place} cannot be written or read: {error.strerror or error}"
    return f"{type(error).__name__}: {error}"


def exhausted(error: BaseException) -> bool:
    """Whether an error is a fault of the machine: no memory, no space, no more threads."""
    if isinstance(error, OSError):
        return error.errno in EXHAUSTED
    return _no_memory(error) or NO_THREAD in str(error)


def _no_memory(error: BaseException) -> bool:
    """Whether an error says in any of its types that the memory is exhausted."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError | ImportError) and any(words in text for words in NO_MEMORY)
