"""The lists: what waits today, hand-offs, requests, appointments, the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import Response

from bot.clinic import clinic
from bot.coaching.plan import moment_on
from bot.console import words
from bot.console.alarms import alarms
from bot.console.csv_file import csv_file
from bot.console.keys import patient_of
from bot.console.pages import Call, RefusedError, go, render
from bot.store import audit, inbox, opt_outs
from bot.store.handoffs import DONE, close_hand_off
from bot.store.models import utc_now
from bot.store.people import Person, people
from bot.store.visits import all_visits, visits_ahead, visits_over

ALARMS_SHOWN = timedelta(days=30)
NEXT = timedelta(days=7)
GRACE = timedelta(minutes=10)
"""How long a message may be on its way before staff are told of it."""
AUDIT_SHOWN = 500
_AUDIT_KINDS = (
    ("", "Everything"), ("view", "Patients looked at"), ("export", "Exports"),
    ("delete", "Deletions"), ("sign in", "Sign-ins"), ("sign-in failed", "Failed sign-ins"),
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Names of the patients on one page."""

    known: dict[str, Person]

    def __call__(self, sender_id: str) -> str:
        """Returns a patient's name, or what one without a name is called."""
        person = self.known.get(sender_id)
        return (person.name if person else "") or words.nameless(sender_id)

    def phone(self, sender_id: str) -> str:
        """Returns a patient's phone number, or ""."""
        person = self.known.get(sender_id)
        return person.phone if person else ""


def _today_begins(now: datetime) -> datetime:
    day = now.astimezone(ZoneInfo(clinic().time_zone)).date()
    return moment_on(day, time(), clinic().time_zone)


def _log(call: Call, page: str, wishes: Sequence[inbox.Wish]) -> None:
    """Writes down that a list was seen; of hand-offs each, because they show what was said."""
    audit.record(call.actor, "view list", detail=page)
    for wish in wishes:
        audit.record(call.actor, "view", wish.sender_id, "hand-off")


def today(call: Call) -> Response:
    """Shows what waits, the most urgent first."""
    now = utc_now()
    urgent = alarms(inbox.raised_since(now - ALARMS_SHOWN), inbox.followed_up())
    wishes, requests, ahead = inbox.hand_offs(), inbox.requests(), visits_ahead(now)
    tomorrow = _today_begins(now) + timedelta(days=1)
    unsent = [*inbox.failed_texts(now), *inbox.unsent(now, GRACE)]
    patients = {a.sender_id for a in urgent} | {w.sender_id for w in wishes}
    patients |= {u.sender_id for u in unsent}
    _log(call, "today", wishes)
    return render(
        call, "today.html",
        name=Names(people(patients)), alarms=urgent, wishes=wishes, unsent=unsent,
        urgent_requests=[one for one in requests if one.urgent],
        requests=[one for one in requests if not one.urgent],
        urgent_visits=[one for one in ahead if one.urgent],
        visits_today=[one for one in ahead if one.starts < tomorrow],
        visits_next=[one for one in ahead if tomorrow <= one.starts < tomorrow + NEXT],
        days=NEXT.days, alarm_days=ALARMS_SHOWN.days,
    )  # fmt: skip


def follow_up(call: Call) -> Response:
    """Notes that a patient's warning signs have been dealt with, up to what the page showed."""
    patient = patient_of(call.form.get("patient", ""))
    try:
        up_to = datetime.fromisoformat(call.form.get("up_to", ""))
    except ValueError:
        up_to = None
    if patient is None or up_to is None or up_to.tzinfo is None or up_to > utc_now():
        raise RefusedError(400, "That form is not complete. Nothing was changed.")
    inbox.follow_up(call.actor, patient, up_to)
    return go("/", "followed-up")


def hand_offs(call: Call) -> Response:
    """Shows who waits for a person, and the newest that were taken."""
    wishes, taken = inbox.hand_offs(), inbox.hand_offs(DONE, 20)
    names = Names(people({one.sender_id for one in [*wishes, *taken]}))
    _log(call, "hand-offs", wishes)
    return render(call, "hand_offs.html", name=names, wishes=wishes, taken=taken)


def take(call: Call) -> Response:
    """Marks a wish for a person as taken."""
    done = close_hand_off(call.number(), call.actor)
    return go(_back(call, "/hand-offs"), "taken" if done else "gone")


def put_back(call: Call) -> Response:
    """Lets a wish for a person wait again."""
    done = inbox.put_back_hand_off(call.actor, call.number())
    return go("/hand-offs", "put-back" if done else "gone")


def _back(call: Call, page: str) -> str:
    """Returns the page to go back to: the first one or the list, never an address that was sent."""
    return "/" if call.form.get("back") == "today" else page


def requests(call: Call) -> Response:
    """Shows requests for an evaluation that wait for a call, and the newest of the others."""
    everything = inbox.requests(None)
    open_ones = inbox.requests()
    audit.record(call.actor, "view list", detail="requests")
    return render(
        call, "requests.html", requests=open_ones,
        others=sorted(
            [one for one in everything if one.status != inbox.REQUESTED],
            key=lambda one: one.at, reverse=True,
        )[:100],
    )  # fmt: skip


def called_back(call: Call) -> Response:
    """Marks a request as called back."""
    done = inbox.mark_called_back(call.actor, call.part("reference"))
    return go(_back(call, "/requests"), "called" if done else "gone")


def open_again(call: Call) -> Response:
    """Opens a request again."""
    done = inbox.open_again(call.actor, call.part("reference"))
    return go("/requests", "opened" if done else "gone")


def appointments(call: Call) -> Response:
    """Shows appointments ahead, or with ``?past=1`` those that are over or were cancelled."""
    now, past = utc_now(), bool(call.query("past"))
    shown = visits_over(now) if past else visits_ahead(now)
    audit.record(call.actor, "view list", detail="appointments")
    return render(call, "appointments.html", visits=shown, past=past)


def audit_log(call: Call) -> Response:
    """Shows who looked at or changed what; of one patient with ``?patient=``."""
    patient = patient_of(call.query("patient")) if call.query("patient") else None
    if call.query("patient") and patient is None:
        raise RefusedError(404, "There is no such patient.")
    action = call.query("action")[:40]
    entries = audit.entries(patient=patient, action=action or None, limit=AUDIT_SHOWN)
    names = Names(people({one.patient for one in entries if one.patient}))
    audit.record(call.actor, "view list", patient, detail="audit log")
    return render(
        call, "audit.html", entries=entries, name=names, patient=patient, most=AUDIT_SHOWN,
        kinds=_AUDIT_KINDS, action=action,
    )  # fmt: skip


def opted_out(call: Call) -> Response:
    """Shows who may not be texted."""
    found = opt_outs.opt_outs()
    names = Names(people({one.sender_id for one in found if one.sender_id}))
    audit.record(call.actor, "view list", detail="opt-outs")
    return render(call, "opt_outs.html", found=found, name=names, hows=words.HOWS)


# --- exports -------------------------------------------------------------------------------------


def _download(content: bytes, name: str) -> Response:
    return Response(
        content, media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def appointments_csv(call: Call) -> Response:
    """Gives all appointments as a table file, times by the clinic's clock."""
    rows = [
        (
            one.reference, words.stamp(one.starts), words.stamp(one.ends), one.therapist,
            one.status, "yes" if one.urgent else "no", one.name, words.phone_number(one.phone),
            one.email, one.reason, words.stamp(one.booked_at), "yes" if one.clinic_told else "no",
        )
        for one in all_visits()
    ]  # fmt: skip
    columns = (
        "reference", "begins", "ends", "therapist", "status", "urgent", "name", "phone", "e-mail",
        "reason", "booked", "clinic e-mailed",
    )  # fmt: skip
    audit.record(call.actor, "export", detail=f"appointments as CSV, {len(rows)} rows")
    return _download(csv_file(columns, rows), "appointments.csv")


def requests_csv(call: Call) -> Response:
    """Gives requests as a table file, the newest thousand at most."""
    rows = [
        (
            one.reference, words.stamp(one.at), words.status(one.status),
            "yes" if one.urgent else "no", one.name, words.phone_number(one.phone), one.email,
            one.preferred, one.reason,
        )
        for one in inbox.requests(None)
    ]  # fmt: skip
    columns = (
        "reference",
        "asked",
        "status",
        "urgent",
        "name",
        "phone",
        "e-mail",
        "preferred time",
        "reason",
    )
    audit.record(call.actor, "export", detail=f"requests as CSV, {len(rows)} rows")
    return _download(csv_file(columns, rows), "requests.csv")
