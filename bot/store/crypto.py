"""Encrypted columns: AES-256-GCM, the key from the environment, a key id in front."""

from __future__ import annotations

import base64
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from bot.settings import secret

KEY_VARIABLE = "BACKCOACH_DATA_KEY"
_NONCE_BYTES = 12


class DecryptionError(Exception):
    """A stored value does not open with the keys of this installation."""


@lru_cache(maxsize=8)
def _cipher(passphrase: str) -> tuple[str, AESGCM]:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"backcoach columns").derive(
        passphrase.encode()
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key)
    return digest.finalize().hex()[:8], AESGCM(key)


def encrypt(text: str) -> str:
    """Encrypts a text; the result is ``<key id>:<base64 of nonce and ciphertext>``."""
    key_id, cipher = _cipher(secret(KEY_VARIABLE))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """Opens what ``encrypt`` made.

    Raises:
        DecryptionError: The value was written under another key, or was changed.
    """
    key_id, cipher = _cipher(secret(KEY_VARIABLE))
    written_under, _, body = stored.partition(":")
    try:
        sealed = base64.b64decode(body, validate=True)
        opened = cipher.decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], written_under.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(
            f"A stored value was written under key {written_under}, this is key {key_id}: "
            f"set {KEY_VARIABLE} to the key that wrote it."
        ) from error
    return opened.decode()


class Encrypted(TypeDecorator[str]):
    """A text column that is encrypted at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: D102
        return None if value is None else encrypt(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: D102
        return None if value is None else decrypt(value)
