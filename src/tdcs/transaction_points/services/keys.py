"""The key by which this installation signs packs and receipts of logs; and how a pack is locked for one device."""

from __future__ import annotations

import os
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from tdcs.core.files import write_once

_INFO = b"session-pack-1"


def signing_key() -> Ed25519PrivateKey:
    """This installation's key for sessions, made once in its home; workers that start together agree on the first."""
    path = Path(settings.HOME) / "session-key"
    if path.exists():
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    fresh = Ed25519PrivateKey.generate().private_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(write_once(path, fresh, mode=0o600))


def public_key() -> str:
    """What a device keeps to know this installation by."""
    return signing_key().public_key().public_bytes_raw().hex()


def signed(content: bytes) -> str:
    """The signature of this installation, in hexadecimal."""
    return signing_key().sign(content).hex()


@lru_cache(maxsize=64)
def _public(key: str) -> Ed25519PublicKey:
    """Thousands of lines come from one device."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def is_signed(key: str, content: bytes, signature: str) -> bool:
    """Whether a device's key signed the content."""
    try:
        _public(key).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_signing_key(key: str) -> bool:
    """Whether the words are an Ed25519 public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except ValueError:
        return False
    return len(key) == 64


def is_agreement_key(key: str) -> bool:
    """Whether the words are an uncompressed point of P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(key))
    except ValueError:
        return False
    return len(key) == 130


def locked_for(agreement_key: str, content: bytes, header: bytes) -> dict[str, str]:
    """``content`` readable by the device alone: ECDH P-256 with a key of this once, HKDF-SHA256 (salt: the nonce), AES-256-GCM.

    ``header`` is bound to it as associated data.
    """
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), bytes.fromhex(agreement_key)
    )
    once = ec.generate_private_key(ec.SECP256R1())
    nonce = os.urandom(12)
    secret = HKDF(SHA256(), 32, salt=nonce, info=_INFO).derive(once.exchange(ec.ECDH(), theirs))
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        "once": point.hex(),
        "nonce": nonce.hex(),
        "body": b64encode(AESGCM(secret).encrypt(nonce, content, header)).decode(),
    }
