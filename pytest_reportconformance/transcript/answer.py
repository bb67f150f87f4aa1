"""An answer in a line for a reader: status, media type, size, and the beginning of the body."""

from __future__ import annotations

from pytest_reportconformance.transcript.exchange import Exchange, Response
from pytest_reportconformance.transcript.parsing import visible

LONGEST_BODY = 300


def line(exchange: Exchange) -> str:
    """What was answered, or why there is no answer."""
    response = exchange.response
    why = exchange.error.text if exchange.error else ""
    if response is None:
        return visible(f"no answer: {why}" if why else "no answer")
    head = f"{response.status_code} {response.reason}".strip()
    text = f"{head}, {_media_type(response)}, {_size(response)}{_body(response)}"
    return visible(f"{text} ({why})" if why else text)


def _media_type(response: Response) -> str:
    return next((value for name, value in response.headers if name.lower() == "content-type"), "no Content-Type")


def _size(response: Response) -> str:
    return f"{response.size} bytes" if response.size else "empty body"


def _body(response: Response) -> str:
    body = response.content if response.content is not None else response.head
    text = body[: 4 * LONGEST_BODY].decode("utf-8", "replace")
    if not text or "\x00" in text or text.count("\ufffd") > len(text) // 20 + 1:
        return ""
    text = " ".join(text.split())
    return f": {text}" if len(text) <= LONGEST_BODY else f": {text[: LONGEST_BODY - 1]}…"
