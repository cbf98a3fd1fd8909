"""How Python looks for memory to free in a process that answers patients."""

from __future__ import annotations

import gc

COLLECT_AFTER = (20_000, 10, 10)
"""New objects before the young ones are searched for rings; a turn makes thousands of them."""


def keep_what_is_loaded() -> None:
    """Takes all that is loaded out of the search.

    Else every full collection walks all of it, a second for somebody.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
