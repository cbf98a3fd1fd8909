"""Conversations in the product's own database: encrypted and short.

Rasa's SQLTrackerStore keeps every event as plain text and loads the whole session on every turn.
Here a conversation is one row with its slots and its last turns, so that turn 200 loads as fast as
turn 2, and the transcript is written beside it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import bindparam, delete, insert, select, update

from bot.store.database import connection, engine
from bot.store.models import Conversation, UrgencyRecord, Utterance

T = TypeVar("T")

KEPT_TURNS = 4
# Until which event a tracker that was loaded is stored.
_STORED_UNTIL = "stored_until"

_CONVERSATION = Conversation.__table__
_IS_THIS = _CONVERSATION.c.sender_id == bindparam("sender")
_LOAD = select(_CONVERSATION.c.state, _CONVERSATION.c.last_event_at).where(_IS_THIS)
_UPDATE = update(_CONVERSATION).where(_IS_THIS)
_UPDATE = _UPDATE.values(state=bindparam("state"), last_event_at=bindparam("last_event_at"))
_INSERT, _SPEAK = insert(_CONVERSATION), insert(Utterance.__table__)
_RAISE = insert(UrgencyRecord.__table__)
_DELETE = delete(_CONVERSATION).where(_IS_THIS)
# What later turns still read of a message that was parsed.
_KEPT_PARSE = ("intent", "entities", "text", "message_id", "metadata", "safety")


def shortened(events: list[Event], turns: int = KEPT_TURNS) -> list[Event]:
    """Returns the last turns, led by the slots and the loop that stood before them.

    Args:
        events: All events of a tracker.
        turns: How many messages of the patient to keep.
    """
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= turns:
        return events
    cut = starts[-turns]
    slots: dict[str, Event] = {}
    loop: Event | None = None
    for event in events[:cut]:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, ActiveLoop):
            loop = event
    led_by: list[Event] = [event for event in slots.values() if event.value is not None]
    if loop is not None and loop.name:
        led_by.append(loop)
    return [*led_by, ActionExecuted(ACTION_LISTEN_NAME), *events[cut:]]


def _as_stored(event: Event) -> dict[str, Any]:
    stored: dict[str, Any] = event.as_dict()
    if "parse_data" in stored:
        parse = stored["parse_data"]
        stored["parse_data"] = {key: parse[key] for key in _KEPT_PARSE if key in parse}
    custom = (stored.get("data") or {}).get("custom") or {}
    if "content" in custom:
        # A file that was given to the patient; kept, it would be part of every later copy.
        lighter = {key: value for key, value in custom.items() if key != "content"}
        stored["data"] = {**stored["data"], "custom": lighter}
    return stored


def _is_forgotten(tracker: DialogueStateTracker, events: list[Event]) -> bool:
    """Tells whether the turn ended in a restart ("delete my data") and nothing was said since."""
    restarted = any(isinstance(event, Restarted) for event in tracker.events)
    return restarted and not any(isinstance(event, UserUttered) for event in events)


def _spoken(event: Event) -> tuple[str, str] | None:
    if isinstance(event, UserUttered) and event.text:
        return "patient", event.text
    if isinstance(event, BotUttered) and event.text:
        return "bot", event.text
    return None


async def database_step(work: Callable[..., T], *arguments: Any) -> T:
    """Does a step on the database on a thread, where the database is on a network.

    A file is read and written in a fraction of the time that a thread takes to wake up, and the
    engine has a process of its own: nobody but its turns waits when the file is locked.
    """
    if engine().dialect.name == "sqlite":
        return work(*arguments)
    return await asyncio.to_thread(work, *arguments)


class ConversationStore(TrackerStore):
    """A tracker store over the ``conversation`` and ``utterance`` tables."""

    def __init__(
        self,
        host: EndpointConfig | None = None,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores a conversation (see the parent class)."""
        await database_step(self._save, tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Loads a conversation (see the parent class)."""
        stored = await database_step(self._load, sender_id)
        if stored is None:
            return None
        state, until = stored
        events = [event for data in json.loads(state) if (event := Event.from_parameters(data))]
        tracker = DialogueStateTracker.from_events(
            sender_id, events, self.domain.slots, self.max_event_history, sender_source=None
        )
        tracker.__dict__[_STORED_UNTIL] = until
        return tracker

    async def keys(self) -> Iterable[str]:
        """Returns the ids of all conversations (see the parent class)."""

        def read() -> list[str]:
            with connection() as opened:
                return list(opened.execute(select(_CONVERSATION.c.sender_id)).scalars())

        return await database_step(read)

    @staticmethod
    def _load(sender_id: str) -> tuple[str, float] | None:
        with connection() as opened:
            found = opened.execute(_LOAD, {"sender": sender_id}).one_or_none()
            return None if found is None else (found.state, found.last_event_at)

    @staticmethod
    def _save(tracker: DialogueStateTracker) -> None:
        # After a restart ("delete my data") nothing from before it may be written again.
        events = list(tracker.events_after_latest_restart())
        if _is_forgotten(tracker, events):
            with connection() as opened:
                opened.execute(_DELETE, {"sender": tracker.sender_id})
            return
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # A turn that broke off must not keep the next message waiting for its end.
            events.append(ActionExecuted(ACTION_LISTEN_NAME))
        state = json.dumps([_as_stored(event) for event in shortened(events)])
        with connection() as opened:
            until = tracker.__dict__.get(_STORED_UNTIL)
            if until is None:
                found = opened.execute(_LOAD, {"sender": tracker.sender_id}).one_or_none()
                until = found.last_event_at if found else 0.0
            new = [event for event in events if (event.timestamp or 0.0) > until]
            until = max([until, *(event.timestamp or 0.0 for event in new)])
            values = {"state": state, "last_event_at": until}
            if not opened.execute(_UPDATE, {"sender": tracker.sender_id, **values}).rowcount:
                opened.execute(_INSERT, {"sender_id": tracker.sender_id, **values})
            spoken = _utterances(tracker.sender_id, new)
            if spoken:
                opened.execute(_SPEAK, spoken)
            raised = _raised(tracker, new)
            if raised:
                opened.execute(_RAISE, raised)
        tracker.__dict__[_STORED_UNTIL] = until


def _utterances(sender_id: str, new: list[Event]) -> list[dict[str, Any]]:
    """Returns the transcript rows that new events bring."""
    return [
        {
            "sender_id": sender_id,
            "said_at": datetime.fromtimestamp(event.timestamp, tz=timezone.utc),
            "speaker": spoken[0],
            "text": spoken[1],
        }
        for event in new
        if (spoken := _spoken(event))
    ]


def _raised(tracker: DialogueStateTracker, new: list[Event]) -> dict[str, Any] | None:
    """Returns the record of a level that new events raised."""
    raised = [e for e in new if isinstance(e, SlotSet) and e.key == "urgency" and e.value]
    if not raised:
        return None
    return {
        "sender_id": tracker.sender_id,
        "event": "raised",
        "level": raised[-1].value,
        "pathology": tracker.get_slot("urgency_pathology"),
    }
