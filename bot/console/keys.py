"""What the console derives from the installation's key: form tokens, digests, links to patients."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.channels.tokens import KEY_VARIABLE
from bot.settings import secret


@lru_cache(maxsize=8)
def _derived(passphrase: str, purpose: str) -> bytes:
    return HKDF(
        hashes.SHA256(), 64, salt=None, info=f"backcoach console {purpose}".encode()
    ).derive(passphrase.encode())


def _key(purpose: str) -> bytes:
    return _derived(secret(KEY_VARIABLE), purpose)


def new_token() -> str:
    """Returns a token for a cookie that cannot be guessed."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Returns what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_digest(name: str) -> str:
    """Returns what is stored of a name that was typed to sign in."""
    return hmac.new(_key("accounts"), name.encode(), hashlib.sha256).hexdigest()


def form_token(token: str) -> str:
    """Returns the token that every form of a cookie's owner must carry."""
    return hmac.new(_key("forms"), token.encode(), hashlib.sha256).hexdigest()


def is_form_token(given: str, token: str) -> bool:
    """Tells whether a form carries the token of its cookie."""
    return hmac.compare_digest(given.encode(), form_token(token).encode())


def patient_link(sender_id: str) -> str:
    """Returns a patient's id for an address: sealed, because it may hold a phone number."""
    sealed = AESSIV(_key("links")).encrypt(sender_id.encode(), None)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def patient_of(link: str) -> str | None:
    """Returns the patient of a link, or None where it was not made here."""
    try:
        sealed = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
        return AESSIV(_key("links")).decrypt(sealed, None).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None
