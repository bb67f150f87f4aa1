"""The folder of a conformance report: created, emptied and locked before a run sends anything.

Rule: one run writes into a folder at a time. The lock is held on the folder itself: it leaves no file, and it ends with
the process that holds it, in whatever way that ends.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_reportconformance.target.target import TargetError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder, created and without files of an earlier run. Raises TargetError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        _lock(folder, descriptor)
        _empty(folder)
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path, descriptor: int) -> None:
    if _taken(descriptor):
        raise TargetError(
            f"--conformance-report: another run writes its conformance report to {folder}: "
            "wait until it has ended, or name another folder"
        )


def _taken(descriptor: int) -> bool:
    """Whether another process holds the lock; False on a file system without locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _empty(folder: Path) -> None:
    """Remove the evidence of an earlier run, and find out whether a file can be created."""
    try:
        if (folder / "transcripts").is_symlink():
            (folder / "transcripts").unlink()
        for old in [*folder.glob("transcripts/*.har"), *folder.glob("results.json"), *folder.glob("target.har")]:
            old.unlink()
        (folder / "transcripts").mkdir(exist_ok=True)
        for place in (folder, folder / "transcripts"):
            with tempfile.TemporaryFile(dir=place):
                pass
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> TargetError:
    return TargetError(
        f"--conformance-report: the folder {folder} cannot be written ({error.strerror}): name a folder that can"
    )
