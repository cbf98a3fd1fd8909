"""Reads YAML by the C library where it is there: the data files are long, and every start waits."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Returns what a YAML text holds, as ``yaml.safe_load`` does.

    Raises:
        yaml.YAMLError: It is not YAML.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  both are safe loaders
