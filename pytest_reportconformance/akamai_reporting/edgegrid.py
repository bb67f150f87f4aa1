"""EdgeGrid, the request signatures of Akamai: credentials, the scheme that signs, and signatures of another time.

Rule: only this module imports edgegrid-python, and only for an identity that uses it. A server refuses a signature if
its time differs too much from the server's clock (clock skew) or if its nonce was used before.
"""

from __future__ import annotations

import configparser
import os
import time
import uuid
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.target.scheme import Scheme, Signer, Wire
from pytest_reportconformance.target.target import Identity, TargetError
from pytest_reportconformance.transcript.exchange import Request

if TYPE_CHECKING:
    from pytest_reportconformance.http.client import Conversation

SCHEME = "edgegrid"
TOKENS = ("client_token", "client_secret", "access_token")


def _signer(identity: Identity, _wire: Wire) -> Signer:
    """What signs requests. Raises TargetError if edgegrid-python is not installed."""
    tokens, options = credentials(identity)
    _require_library(identity)
    from akamai.edgegrid import EdgeGridAuth

    made: Signer = EdgeGridAuth(**{**tokens, "client_secret": identity.used(tokens["client_secret"])}, **options)
    return made


def credentials(identity: Identity) -> tuple[dict[str, str], dict[str, Any]]:
    """The tokens of an identity and options, from target.toml or its credentials file. Raises TargetError."""
    if not identity.value("edgerc"):
        return {name: identity.value(name) for name in TOKENS}, {}
    _require_library(identity)
    return _edgerc(identity)


def signed(conversation: Conversation, request: Request, age: float = 0.0) -> Request | None:
    """The request with a signature that is `age` seconds old; None if the identity does not sign with EdgeGrid.

    The signature is part of the returned request: whenever that is sent, it carries the same time and the same nonce.
    """
    if conversation.identity.auth != SCHEME:
        return None
    request = conversation.complete(request)
    moment = conversation.client.clock.wall() - age
    timestamp = time.strftime("%Y%m%dT%H:%M:%S+0000", time.gmtime(moment))
    scheme: Any = conversation.credentials.signer
    header: str = scheme.ah.make_auth_header(conversation.prepared(request), timestamp, str(uuid.uuid4()))
    return request.with_header("Authorization", header)


def _require_library(identity: Identity) -> None:
    if find_spec("akamai") is None:
        raise TargetError(
            f"identities.{identity.name}: 'edgegrid' needs an extra: pip install 'pytest-reportconformance[akamai]'"
        )


def _edgerc(identity: Identity) -> tuple[dict[str, str], dict[str, Any]]:
    """Tokens and options in the section of a credentials file."""
    from akamai.edgegrid import EdgeRc

    file, section = os.path.expanduser(identity.value("edgerc")), identity.value("section") or "default"
    _require_section(identity, Path(file), section)
    try:
        found = EdgeRc(file)
        options = {"headers_to_sign": found.getlist(section, "headers_to_sign")}
        options["max_body"] = found.getint(section, "max_body")
        return {name: found.get(section, name) for name in TOKENS}, options
    except Exception as error:  # edgegrid-python and configparser have no common base class
        raise TargetError(
            f"identities.{identity.name}: edgerc: found {file} [{section}]: {error}; allowed: a file with "
            f"{', '.join(TOKENS)} in that section"
        ) from None


def _require_section(identity: Identity, file: Path, section: str) -> None:
    """Raises TargetError if the credentials file cannot be read, or lacks the section or one of its tokens."""
    place = f"identities.{identity.name}: edgerc:"
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = lambda option: option.lower().replace("-", "_")  # type: ignore[method-assign,assignment]
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TargetError(f"{place} there is no file {file}: write one, or correct the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(f"{place} {file} cannot be read: {error}") from None
    except configparser.Error as error:
        raise TargetError(f"{place} {file} is no credentials file ({type(error).__name__})") from None
    if section not in parser and section != parser.default_section:
        known = ", ".join(parser.sections()) or "none"
        raise TargetError(f"{place} {file} has no section [{section}]; its sections: {known}; write section = …")
    missing = [name for name in TOKENS if not parser.get(section, name, fallback="").strip()]
    if missing:
        raise TargetError(f"{place} {file}, section [{section}] lacks {', '.join(missing)}")


def _needs(given: Collection[str]) -> tuple[str, ...]:
    return () if "edgerc" in given else tuple(name for name in TOKENS if name not in given)


def _stored(identity: Identity) -> list[str]:
    return list(credentials(identity)[0].values()) if identity.value("edgerc") else []


def _arguments(identity: Identity) -> dict[str, str]:
    """The account that the identity acts for."""
    key = identity.value("account_switch_key")
    return {"accountSwitchKey": key} if key else {}


EDGEGRID = Scheme(
    keys=("edgerc", "section", "account_switch_key", *TOKENS),
    secrets=TOKENS,
    files=("edgerc",),
    needs=_needs,
    signer=_signer,
    stored=_stored,
    arguments=_arguments,
    refused=lambda identity, hint: "the server refuses the EdgeGrid credentials",
    example=lambda role: {"edgerc": "~/.edgerc", "section": role},
    word="EG1-HMAC-SHA256",
    timed=True,
    loggers=("akamai.",),
)
