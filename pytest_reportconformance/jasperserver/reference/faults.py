"""Why a request is refused or a report fails: the facts of an error descriptor, and the exception that carries them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """The content of an error descriptor: its code, a message, and the parameters of the message."""

    code: str
    message: str
    parameters: tuple[str, ...] = ()


class Refusal(Exception):
    """An unsuccessful answer: HTTP status, and the fault unless the answer has no body."""

    def __init__(self, status: int, fault: Fault | None = None, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(status, fault)
        self.status = status
        self.fault = fault
        self.headers = headers


def not_found(what: str) -> Refusal:
    """404: nothing has that name, or nothing that the caller may see."""
    return Refusal(404, Fault("resource.not.found", f"There is no {what} here.", (what,)))


def denied() -> Refusal:
    """403: the caller lacks the permission."""
    return Refusal(403, Fault("access.denied", "Your permissions do not cover this."))


def unreadable(reason: str) -> Refusal:
    """400: the body cannot be read."""
    return Refusal(400, Fault("serialization.error", f"The body cannot be read: {reason}"))


def illegal(name: str, value: str) -> Refusal:
    """400: an argument has an invalid value."""
    return Refusal(400, Fault("illegal.parameter.value.error", f"{name} cannot be {value!r}.", (name, value)))


GENERIC = Fault("generic.error.message", "The report could not be made.")
FAILED = Fault("report.execution.failed", "The report failed.")
CANCELLED = Fault("export.cancelled", "The export was cancelled.")
