"""Encrypted columns: AES-256-GCM, keys from the environment, a key id in front.

A value is bound to its table and column: copied into another column it does not open. It is not
bound to its row, whose number does not exist yet when a value is encrypted.

``BACKCOACH_DATA_KEY`` writes and reads; what earlier keys wrote is read with the variables whose
names begin with ``BACKCOACH_DATA_KEY_OLD`` until ``bot keys rotate`` has written it anew.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Table, Text, event
from sqlalchemy.types import TypeDecorator

from bot.settings import SettingsError, secret

KEY_VARIABLE = "BACKCOACH_DATA_KEY"
OLD_KEY_PREFIX = "BACKCOACH_DATA_KEY_OLD"
_NONCE_BYTES = 12
# In front of values that are bound to their column; those of earlier versions have nothing there.
_BOUND = "2."


class DecryptionError(SettingsError):
    """A stored value does not open with the keys of this installation."""


@lru_cache(maxsize=32)
def _cipher(passphrase: str) -> tuple[str, AESGCM]:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"backcoach columns").derive(
        passphrase.encode()
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key)
    return digest.finalize().hex()[:8], AESGCM(key)


def old_keys() -> list[str]:
    """Returns the earlier keys, which only read."""
    names = sorted(name for name in os.environ if name.startswith(OLD_KEY_PREFIX))
    return [value for name in names if (value := os.environ[name])]


def _ciphers() -> Mapping[str, AESGCM]:
    """Returns all ciphers by the ids of their keys, the one that writes first."""
    return dict(_cipher(passphrase) for passphrase in (secret(KEY_VARIABLE), *old_keys()))


def current_key_id() -> str:
    """Returns the id of the key that writes: a part of its digest, which tells nothing of it."""
    return _cipher(secret(KEY_VARIABLE))[0]


def key_ids() -> list[str]:
    """Returns the ids of the keys that are here, the one that writes first."""
    return list(_ciphers())


def written_now() -> str:
    """Returns what every value begins with that the current key wrote in the current form."""
    return f"{_BOUND}{current_key_id()}:"


def key_id_of(stored: str) -> str:
    """Returns the id of the key that wrote a value."""
    return stored.partition(":")[0].removeprefix(_BOUND)


def _bound_to(key_id: str, place: str) -> bytes:
    return f"{key_id}|{place}".encode()


def encrypt(text: str, place: str = "") -> str:
    """Encrypts a text.

    Args:
        text: The text.
        place: Table and column that it is for; it opens nowhere else.

    Returns:
        ``2.<key id>:<base64 of nonce and ciphertext>``.
    """
    key_id, cipher = _cipher(secret(KEY_VARIABLE))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), _bound_to(key_id, place))
    return f"{_BOUND}{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, place: str = "") -> str:
    """Opens what ``encrypt`` made.

    Raises:
        DecryptionError: The value was written under a key that is not here, or was changed, or
            comes from another column.
    """
    front, _, body = stored.partition(":")
    key_id = key_id_of(stored)
    cipher = _ciphers().get(key_id)
    if cipher is None:
        raise DecryptionError(
            f"A stored value was written under key {key_id[:8]!r}, which is not here: put that key "
            f"into {KEY_VARIABLE}, or into {OLD_KEY_PREFIX} if a newer one is in use."
        )
    bound = _bound_to(key_id, place) if front.startswith(_BOUND) else key_id.encode()
    try:
        sealed = base64.b64decode(body, validate=True)
        opened = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(
            f"A stored value of {place or 'no column'} was changed outside of the product: "
            "restore it from a backup."
        ) from error
    return opened.decode()


class Encrypted(TypeDecorator[str]):
    """A text column that is encrypted at rest, bound to its place as soon as it has one.

    Args:
        place: Table and column; given by the table that the column is put into.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: D102
        return None if value is None else encrypt(value, self.place)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: D102
        return None if value is None else decrypt(value, self.place)


@event.listens_for(Column, "after_parent_attach")
def _bind(column: Any, parent: Any) -> None:
    """Binds an encrypted column to its place: no table can forget it."""
    if isinstance(column.type, Encrypted) and isinstance(parent, Table):
        column.type = Encrypted(f"{parent.name}.{column.name}")
