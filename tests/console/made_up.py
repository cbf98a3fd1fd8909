"""Made-up patients for the console's tests and for the pictures of its guide."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from bot.booking.slots import Slot
from bot.store.appointments import book, hold
from bot.store.database import session
from bot.store.models import (
    Assessment,
    BookingRequest,
    Conversation,
    ExerciseSession,
    HandOff,
    OutboxMessage,
    Unanswered,
    UrgencyRecord,
    Utterance,
    utc_now,
)
from bot.store.reminders import save_plan

MARIA, SAM, ANA, LEE, GRACE, VISITOR = (
    f"web-{letter * 28}{number}"
    for letter, number in zip("abcdef", range(1004, 7000, 1111), strict=True)
)
SUMMARY = """\
- Numbness between the legs: no
- Trouble peeing or pooping: not sure
- Weak legs: in one leg
- Fever or chills: no"""


def _talk(sender_id: str, at: datetime, *said: tuple[str, str]) -> list[Any]:
    return [
        Utterance(
            sender_id=sender_id, said_at=at + timedelta(seconds=20 * number), speaker=who, text=text
        )
        for number, (who, text) in enumerate(said)
    ]


def _visit(sender_id: str, slot: Slot, name: str, phone: str, **more: Any) -> None:
    urgent = bool(more.pop("urgent", False))
    book(sender_id, hold(sender_id, slot), name, phone, urgent, "web", **more)


def _exercises(now: datetime) -> list[Any]:
    pain = [(7, 6), (6, 6), (6, 4), (5, 5), (5, 3), (4, 3), (4, 2), (3, 2)]
    names = ["long_bridge", "psoas_release", "iliacus_release", "long_bridge"]
    return [
        ExerciseSession(
            sender_id=MARIA, exercise=names[number % 4],
            finished_at=now - timedelta(days=23 - 3 * number),
            outcome="stopped" if number == 3 else "finished", pain_before=before, pain_after=after,
        )
        for number, (before, after) in enumerate(pain)
    ]  # fmt: skip


def fill(now: datetime | None = None) -> None:
    """Fills an empty database with a morning's work."""
    now = now or utc_now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with session() as opened:
        for number, sender in enumerate((MARIA, SAM, ANA, LEE, GRACE, VISITOR)):
            opened.add(
                Conversation(
                    sender_id=sender, state="[]", updated_at=now - timedelta(minutes=7 * number)
                )
            )
        opened.flush()
        opened.add_all(_talks(now))
        opened.add_all(_exercises(now))
        opened.add_all(_waiting(now))
    save_plan(
        MARIA, "web", hour + timedelta(hours=35), days="024", at_time="19:00",
        starts_on=(now - timedelta(days=24)).date(), ends_on=None, time_zone="America/Chicago",
    )  # fmt: skip
    dana, sam = "Dana Reyes", "Sam Okafor"
    soon, tomorrow, later = (hour + timedelta(hours=ahead) for ahead in (2, 26, 72))
    _visit(
        MARIA, Slot(soon, dana, 60), "Maria Ortega", "+15125550143",
        email="maria@example.org", reason="stiff in the mornings",
    )  # fmt: skip
    _visit(SAM, Slot(tomorrow, sam, 60), "Sam Whitfield", "+15125550176", urgent=True)
    _visit(GRACE, Slot(later, dana, 60), "Grace Kim", "+15125550128")
    _notices(now)


def _talks(now: datetime) -> list[Any]:
    return [
        *_talk(
            MARIA, now - timedelta(hours=5),
            ("patient", "my back is better, can i do more bridges?"),
            ("bot", "Good to hear. You can add one round if your pain stays at 4 or less."),
            ("patient", "ok! and is walking good too?"),
            ("bot", "Yes, walking is a good choice for many people with back pain."),
        ),
        *_talk(
            SAM, now - timedelta(hours=9),
            ("patient", "since last night my left leg is numb and i cant lift my foot"),
            ("bot", "Please see a doctor today. A foot that you can't lift needs a look soon."),
        ),
        *_talk(
            ANA, now - timedelta(hours=2), ("patient", "how do i pay with two insurances?"),
            ("bot", "I don't have the clinic's prices or insurance details here."),
            ("patient", "can i talk to a real person please"),
            ("bot", "Our team is there Monday to Friday. You can call 512-215-4227."),
        ),
        *_talk(
            VISITOR, now - timedelta(hours=14),
            ("patient", "i peed myself and cant feel when i wipe"),
            ("bot", "Please go to the emergency room now. Let someone else drive."),
        ),
    ]  # fmt: skip


def _waiting(now: datetime) -> list[Any]:
    return [
        UrgencyRecord(
            sender_id=VISITOR, recorded_at=now - timedelta(hours=14), event="raised",
            level="er_now", pathology="cauda_equina",
        ),
        UrgencyRecord(
            sender_id=SAM, recorded_at=now - timedelta(hours=9), event="raised", level="same_day",
            pathology="neuro_deficit",
        ),
        UrgencyRecord(
            sender_id=LEE, recorded_at=now - timedelta(days=2), event="raised", level="call_911",
            pathology="cardiac",
        ),
        UrgencyRecord(
            sender_id=LEE, recorded_at=now - timedelta(days=2, minutes=-4), event="mistake",
            level="call_911", pathology="cardiac",
        ),
        Assessment(
            sender_id=SAM, finished_at=now - timedelta(hours=8), level="same_day",
            pathology="neuro_deficit", summary=SUMMARY,
        ),
        Assessment(
            sender_id=MARIA, finished_at=now - timedelta(days=23), level="self_care",
            summary="- Numbness between the legs: no\n- Fever or chills: no",
        ),
        BookingRequest(
            reference="KX4T7P", sender_id=LEE, created_at=now - timedelta(days=2), urgent=True,
            name="Lee Abernathy", phone="+15125550119", preferred="as soon as you can",
            email="lee@example.org", reason="pain after a fall",
        ),
        BookingRequest(
            reference="B7RQ2M", sender_id=ANA, created_at=now - timedelta(hours=3),
            name="Ana Lopez", phone="+15125550165", preferred="Tuesday or Thursday after 5",
        ),
        BookingRequest(
            reference="W9DC3H", sender_id=GRACE, created_at=now - timedelta(days=4),
            name="Grace Kim", phone="+15125550128", preferred="mornings", status="called_back",
        ),
        HandOff(
            sender_id=ANA, created_at=now - timedelta(hours=2), channel="web",
            last_messages=json.dumps(
                [["patient", "how do i pay with two insurances?"],
                 ["bot", "I don't have the clinic's prices or insurance details here."],
                 ["patient", "can i talk to a real person please"]]
            ),
        ),
        HandOff(
            sender_id=GRACE, created_at=now - timedelta(days=4), status="done",
            closed_at=now - timedelta(days=4),
        ),
        Unanswered(
            sender_id=ANA, created_at=now - timedelta(hours=2),
            nearest="faq/cost_insurance, faq/contact", text="how do i pay with two insurances?",
        ),
        Unanswered(
            sender_id=MARIA, created_at=now - timedelta(days=1), nearest="faq/heat_or_ice",
            text="is a warm rice sock ok before bridges",
        ),
    ]  # fmt: skip


def _notices(now: datetime) -> None:
    """Lets the mail on one appointment have failed; the other mails went out."""
    with session() as opened:
        mails = (
            opened.query(OutboxMessage).filter_by(channel="email").order_by(OutboxMessage.id).all()
        )
        for mail in mails:
            mail.status, mail.sent_at, mail.attempts = "sent", now, 1
        mails[-1].status, mails[-1].attempts = "pending", 3
        mails[-1].due_at = now + timedelta(minutes=8)
