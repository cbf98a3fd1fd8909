"""Work that Rasa does anew in every turn, done once or not at all.

Each call of an action checks Rasa's schema of the answer against the metaschema of all schemas, and
each stored event looks through all classes of events for its own: together more than the rest of
the turn takes. The rules are matched three times: once for rules on a message's very words, of
which there are none, and once to find that an action is a rule's last. The results are the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME

from bot.engine.runner import DirectRunner

_resolve = Event.resolve_by_type
_find = RulePolicy._find_action_from_rules


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


def _go_on_after(policy: RulePolicy) -> frozenset[str]:
    """Returns the actions after which some rule goes on with another action."""
    found: frozenset[str] | None = policy.__dict__.get("_go_on")
    if found is None:
        ends = (
            policy._rule_key_to_state(key)[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
            for key, action in policy.lookup[RULES].items()
            if action != ACTION_LISTEN_NAME
        )
        found = policy.__dict__["_go_on"] = frozenset(name for name in ends if name)
    return found


def _find_action(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool,
) -> tuple[str | None, str | None, bool]:
    if use_text_for_last_user_input:
        return None, None, False
    last = tracker.latest_action_name
    new_message = last in (None, ACTION_LISTEN_NAME)
    if not (new_message or tracker.active_loop_name or last in _go_on_after(policy)):
        return ACTION_LISTEN_NAME, None, False
    found: tuple[str | None, str | None, bool] = _find(
        policy, tracker, domain, use_text_for_last_user_input
    )
    return found


def do_once() -> None:
    """Puts these in the place of Rasa's own, for this process."""
    RemoteAction._validate_action_result = _validate
    Event.resolve_by_type = staticmethod(_event_class)
    RulePolicy._find_action_from_rules = _find_action
    # It builds an empty domain to warn of what training has refused.
    processor.MessageProcessor._check_for_unseen_features = lambda _self, _parsed: None
    processor.DaskGraphRunner = DirectRunner
