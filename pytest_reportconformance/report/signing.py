"""Signatures, ed25519 (RFC 8032). The only user of cryptography."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class NotInstalled(Exception):
    """The extra `signing` is not installed."""


def sign(message: bytes, private_pem: bytes) -> dict[str, str]:
    """Signature and public key, in hex. Raises ValueError if the PEM is not an ed25519 key, NotInstalled."""
    _installed()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(private_pem, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"the key cannot be used: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"the key is a {type(key).__name__}, not an ed25519 private key in PEM")
    return {"algorithm": "ed25519", "public_key": _hex(key.public_key()), "signature": key.sign(message).hex()}


def verify(message: bytes, signature: dict[str, str]) -> str:
    """The public key (hex) that signed a message. Raises ValueError if it did not, NotInstalled."""
    _installed()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
    try:
        public.verify(bytes.fromhex(signature["signature"]), message)
    except InvalidSignature:
        raise ValueError("it signs other data") from None
    return _hex(public)


def public_key(pem: bytes) -> str:
    """A public key in PEM as hex. Raises ValueError, NotInstalled."""
    _installed()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError(f"the key cannot be used: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"the key is a {type(key).__name__}, not an ed25519 public key in PEM")
    return _hex(key)


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes_raw().hex()


def _installed() -> None:
    if find_spec("cryptography") is None:
        raise NotInstalled("signatures need an extra: pip install 'pytest-reportconformance[signing]'")
