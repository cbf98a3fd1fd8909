"""Passwords of staff: what is accepted, and how they are kept (argon2id)."""

from __future__ import annotations

import re
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 200
"""Characters of a password."""
_NAME = re.compile(r"[\w.@-]{2,64}")
_HASHER = PasswordHasher()  # the library's defaults follow RFC 9106 for servers
# Each check takes 64 MB: a flood of sign-ins must wait and not fill the memory.
_AT_ONCE = threading.BoundedSemaphore(2)
# A hash of no password: checking a name that does not exist must take as long as one that does.
_NOBODY = _HASHER.hash("\x00")


class AccountError(ValueError):
    """A name or password is not accepted; the text says why."""


def tidy_name(typed: str) -> str:
    """Returns an account's name as it is stored and compared: case does not matter."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def check_name(typed: str) -> str:
    """Returns the tidied name of a new account.

    Raises:
        AccountError: It has other signs than letters, digits, dot, dash, underscore and @.
    """
    name = tidy_name(typed)
    if not _NAME.fullmatch(name):
        raise AccountError("A name has 2 to 64 letters, digits, dots or dashes, for example ana.")
    return name


def hash_password(name: str, password: str) -> str:
    """Returns the hash to store.

    Raises:
        AccountError: The password is too short, too long or too simple.
    """
    said = unicodedata.normalize("NFKC", password)
    if not LEAST <= len(said) <= MOST:
        raise AccountError(f"A password has {LEAST} to {MOST} characters: take a few words.")
    if len(set(said)) < 6 or (len(name) > 3 and name in said.casefold()):
        raise AccountError("That password is too easy to guess: take a few words.")
    return _HASHER.hash(said)


def fits(password: str, stored: str | None) -> bool:
    """Tells whether a password is that of a stored hash; as slow where there is none."""
    said = unicodedata.normalize("NFKC", password[:MOST])
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODY, said) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
