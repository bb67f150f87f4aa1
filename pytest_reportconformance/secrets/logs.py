"""Redacts secrets in Python's logging, whoever logs: urllib3 logs each URL, libraries of schemes each signature.

Rule: a record is redacted as it is created, before any handler, captured log or file receives it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pytest_reportconformance.secrets.forms import HIDDEN

_FORMATTER = logging.Formatter()


def redact(clean: Callable[[str], str], signing: tuple[str, ...] = ()) -> Callable[[], None]:
    """Redact every record from now on with `clean`, and those of the loggers `signing` whole; returns what ends that.

    `signing` are prefixes of loggers that write signing keys and what is signed.
    """
    before = logging.getLogRecordFactory()

    def record(*arguments: Any, **more: Any) -> logging.LogRecord:
        return _redacted(before(*arguments, **more), clean, signing)

    def end() -> None:
        if logging.getLogRecordFactory() is record:
            logging.setLogRecordFactory(before)

    logging.setLogRecordFactory(record)
    return end


def _redacted(record: logging.LogRecord, clean: Callable[[str], str], signing: tuple[str, ...]) -> logging.LogRecord:
    try:
        text = record.getMessage()
    except Exception:  # arguments that do not fit: logging itself reports them, with the arguments
        record.msg, record.args = clean(f"{record.msg} {record.args}"), ()
        return record
    hidden = HIDDEN if record.name.startswith(signing) else clean(text)
    if hidden != text:
        record.msg, record.args = hidden, ()
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = clean(_FORMATTER.formatException(record.exc_info))
    if record.stack_info:
        record.stack_info = clean(record.stack_info)
    return record
