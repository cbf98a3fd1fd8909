"""Logging of the product: short lines without any patient's words."""

from __future__ import annotations

import logging
import sys
import warnings

# These quote messages or slots even in warnings, or only repeat themselves at every start.
_QUIET = ("rasa", "sanic", "sanic.root", "sanic.access", "apscheduler", "matplotlib", "ctparse",
          "tensorflow", "absl", "alembic", "asyncio", "rasa_sdk", "rasa_sdk.endpoint")  # fmt: skip


def silence_warnings() -> None:
    """Silences the libraries' warnings in this process, also where one resets the filters."""
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_args, **_kwargs: None


def set_up_logging(level: int = logging.INFO) -> None:
    """Sends the product's own log lines to standard error and silences the libraries'."""
    silence_warnings()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("backcoach").setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    _quiet_structlog()


def _quiet_structlog() -> None:
    try:
        import structlog
    except ImportError:
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
