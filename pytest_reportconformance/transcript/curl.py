"""A request as a curl line that can be pasted; credentials are names of environment variables, never values."""

from __future__ import annotations

import shlex

from pytest_reportconformance.secrets.forms import HIDDEN
from pytest_reportconformance.transcript.exchange import Exchange

LEFT_OUT = {"user-agent", "accept-encoding", "content-length", "cookie", "connection", "host"}
LONGEST_BODY = 2000


def line(exchange: Exchange) -> str:
    """The curl line of an exchange's request."""
    request = exchange.request
    words = ["curl", "-i", "--path-as-is"]
    if request.method == "HEAD":
        words += ["-I"]
    elif request.method != "GET" or request.body:
        words += ["-X", request.method]
    quoted = [shlex.quote(word) for word in words]
    for name, value in request.headers:
        if name.lower() == "authorization":
            quoted.append(_credentials(exchange.identity, value))
        elif name.lower() not in LEFT_OUT:
            quoted += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        quoted += ["--data-binary", _data(request.body)]
    return " ".join([*quoted, shlex.quote(request.url)])


def _credentials(identity: str, value: str) -> str:
    variable = f"RC_{identity.upper()}"
    scheme = value.split(" ")[0].lower()
    if scheme == "basic":
        return f'-u "${variable}_USERNAME:${variable}_PASSWORD"'
    if scheme == "bearer":
        return f'-H "Authorization: Bearer ${variable}_TOKEN"'
    return f"-H {shlex.quote(f'Authorization: {value.split()[0]} {HIDDEN}')}"


def _data(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return "@body.bin"
    return shlex.quote(text) if len(text) <= LONGEST_BODY and "\x00" not in text else "@body.bin"
