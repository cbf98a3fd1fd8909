"""Work that Rasa does anew in every turn, done once or not at all.

Each call of an action checks Rasa's schema of the answer against the metaschema of all schemas, and
each stored event looks through all classes of events for its own: together more than the rest of
the turn takes. The rules are matched three times: once for rules on a message's very words, of
which there are none, and once to find that an action is a rule's last; and each time the whole
conversation is played again for the few states that a rule looks at. What goes into a line for the
debugging log is copied whole, whether there is such a log or not. The results are the same.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeVar

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core import agent, processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.engine.processor import TurnProcessor
from bot.engine.runner import DirectRunner

AnySlot = TypeVar("AnySlot", bound=Slot)

_resolve = Event.resolve_by_type
_find = RulePolicy._find_action_from_rules
_states = RulePolicy._prediction_states
_keys = RulePolicy._get_possible_keys


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


class _Rules:
    """What the learnt rules of a policy look at."""

    def __init__(self, policy: RulePolicy) -> None:
        self.go_on_after: set[str] = set()
        self.by_intent: dict[str | None, list[str]] = {}
        look_back = set()
        for key, action in policy.lookup[RULES].items():
            states = policy._rule_key_to_state(key)
            after = states[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
            self.by_intent.setdefault(states[-1].get(USER, {}).get(INTENT), []).append(key)
            if after and action != ACTION_LISTEN_NAME:
                self.go_on_after.add(after)
            if len(states) > 1:
                look_back.add(after)
        self.look_behind_a_message = ACTION_LISTEN_NAME in look_back or None in look_back


def _rules(policy: RulePolicy) -> _Rules:
    found: _Rules | None = policy.__dict__.get("_of_rules")
    if found is None:
        found = policy.__dict__["_of_rules"] = _Rules(policy)
    return found


def _prediction_states(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """Returns the states that rules may look at: the last one alone, where no more are needed."""
    new_message = tracker.latest_action_name == ACTION_LISTEN_NAME
    if not new_message or tracker.active_loop_name or _rules(policy).look_behind_a_message:
        found: list[State] = _states(
            policy, tracker, domain, use_text_for_last_user_input, rule_only_data
        )
        return found
    states = [domain.get_active_state(tracker)]
    policy.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def _possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Returns the rules that apply, of those with the last state's intent or with none."""
    if lookup is policy.lookup[RULES]:
        by_intent = _rules(policy).by_intent
        intent = states[-1].get(USER, {}).get(INTENT)
        near = [*by_intent.get(None, ()), *(by_intent.get(intent, ()) if intent else ())]
        lookup = {key: lookup[key] for key in near}
    found: set[str] = _keys(policy, lookup, states)
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
    if not (new_message or tracker.active_loop_name or last in _rules(policy).go_on_after):
        return ACTION_LISTEN_NAME, None, False
    found: tuple[str | None, str | None, bool] = _find(
        policy, tracker, domain, use_text_for_last_user_input
    )
    return found


def _copy_slot(slot: AnySlot) -> AnySlot:
    """Copies a slot as ``copy.copy`` does; every tracker begins with a copy of all of them."""
    copied = object.__new__(type(slot))
    copied.__dict__.update(slot.__dict__)
    return copied


def do_once() -> None:
    """Puts these in the place of Rasa's own, for this process."""
    RemoteAction._validate_action_result = _validate
    Event.resolve_by_type = staticmethod(_event_class)
    RulePolicy._find_action_from_rules = _find_action
    RulePolicy._prediction_states = _prediction_states
    RulePolicy._get_possible_keys = _possible_keys
    Slot.__copy__ = _copy_slot
    processor.copy = rule_policy.copy = SimpleNamespace(deepcopy=lambda logged: logged)
    agent.MessageProcessor = TurnProcessor
    # It builds an empty domain to warn of what training has refused.
    processor.MessageProcessor._check_for_unseen_features = lambda _self, _parsed: None
    processor.DaskGraphRunner = DirectRunner
