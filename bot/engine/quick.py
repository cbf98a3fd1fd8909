"""Work that Rasa does anew in every turn, done once.

Each call of an action checks Rasa's schema of the answer against the metaschema of all schemas, and
each stored event looks through all classes of events for its own: together more than the rest of
the turn takes. The results are the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

from bot.engine.runner import DirectRunner

_resolve = Event.resolve_by_type


@lru_cache(maxsize=1)
def _validator() -> Any:
    spec = RemoteAction.action_response_format_spec()
    return validator_for(spec)(spec)


def _validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


@lru_cache(maxsize=256)
def _event_class(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    found: type[Event] | None = _resolve(type_name, default)
    return found


def do_once() -> None:
    """Puts these in the place of Rasa's own, for this process."""
    RemoteAction._validate_action_result = _validate
    Event.resolve_by_type = staticmethod(_event_class)
    processor.DaskGraphRunner = DirectRunner
