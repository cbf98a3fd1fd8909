"""The keys that every process needs: checked before it starts, in one place."""

from __future__ import annotations

import sys

from bot.channels.tokens import KEY_VARIABLE as SESSION_KEY
from bot.settings import WRONG_SETTINGS, SettingsError, secret
from bot.store.crypto import KEY_VARIABLE as DATA_KEY


def check_keys() -> None:
    """Makes sure that the keys are there and, in production, none for development.

    Raises:
        SettingsError: One sentence with the mend.
    """
    for name in (DATA_KEY, SESSION_KEY):
        secret(name)


def refuse_wrong_keys() -> None:
    """Ends this process, with one sentence, where its keys may not be used."""
    try:
        check_keys()
    except SettingsError as error:
        print(str(error), file=sys.stderr, flush=True)
        sys.exit(WRONG_SETTINGS)
