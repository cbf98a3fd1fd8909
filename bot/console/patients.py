"""One patient's page, and finding patients."""

from __future__ import annotations

import json
from datetime import timedelta

from starlette.responses import Response

from bot import patient as records
from bot.coaching import chart, progress
from bot.console.alarms import alarms
from bot.console.keys import patient_link, patient_of
from bot.console.lists import ALARMS_SHOWN, Names
from bot.console.pages import Call, RefusedError, go, render
from bot.console.words import local
from bot.store import audit, inbox, links
from bot.store.erasure import delete_patient
from bot.store.models import utc_now
from bot.store.people import SEARCHED, newest_conversations, people, search
from bot.store.visits import visits_of

MESSAGES, MOST_MESSAGES = 60, 5000
_ALL_TIME = timedelta(days=36500)


def find(call: Call) -> Response:
    """Shows the search, and the patients found where something was asked for.

    It is sent as a form and not in the address: a name belongs in no history and no log.
    """
    asked = call.form.get("asked", "").strip()[:200]
    found = search(asked)
    newest = [] if asked else newest_conversations()
    names = Names(people({sender_id for sender_id, _ in newest}))
    audit.record(call.actor, "search" if asked else "view list", detail="patients")
    return render(
        call, "patients.html", asked=asked, found=found, newest=newest, name=names, limit=SEARCHED
    )


def _patient(call: Call) -> str:
    sender_id = patient_of(call.part("link"))
    # All that is stored of a joined channel is its patient's.
    patient_id = sender_id and links.patient_of(sender_id)
    if patient_id is None or not inbox.is_known(patient_id):
        raise RefusedError(404, "There is no such patient. Their data may have been deleted.")
    return patient_id


def page(call: Call) -> Response:
    """Shows what is stored of a patient."""
    sender_id = _patient(call)
    audit.record(call.actor, "view", sender_id)
    now = utc_now()
    raised = inbox.raised_since(now - _ALL_TIME, sender_id)
    recent = [one for one in raised if one.at >= now - ALARMS_SHOWN]
    done = records.record_of(sender_id)
    plan, reminder = records.plan_of(sender_id), records.next_reminder(sender_id)
    said, total = inbox.transcript(sender_id, MOST_MESSAGES if call.query("all") else MESSAGES)
    return render(
        call, "patient.html",
        sender_id=sender_id, name=Names(people([sender_id])),
        alarms=alarms(recent, inbox.followed_up()),
        levels=[one for one in raised[::-1] if one.event != "screened"],
        assessments=inbox.assessments_of(sender_id),
        progress=progress.table(done) if done else None, chart_text=progress.in_words(done),
        plan=records.say_plan(plan, local(now).date()) if plan else "",
        reminder=reminder.next_due_at if reminder else None,
        visits=visits_of(sender_id),
        requests=inbox.requests(None, sender_id), said=said, total=total,
    )  # fmt: skip


def chart_picture(call: Call) -> Response:
    """Gives the picture of a patient's pain and exercises; it belongs to the view of the page."""
    done = records.record_of(_patient(call))
    if not done:
        raise RefusedError(404, "There are no exercises yet.")
    return Response(chart.png(done), media_type="image/png")


def export(call: Call) -> Response:
    """Gives everything that is stored of a patient as a file."""
    sender_id = _patient(call)
    audit.record(call.actor, "export", sender_id)
    content = json.dumps(records.export(sender_id), indent=2, ensure_ascii=False)
    return Response(
        content, media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="patient.json"'},
    )  # fmt: skip


def ask_deletion(call: Call) -> Response:
    """Asks before anything is deleted."""
    sender_id = _patient(call)
    audit.record(call.actor, "view", sender_id, "deletion form")
    ahead = [
        one for one in visits_of(sender_id) if one.status == "booked" and one.ends > utc_now()
    ]  # fmt: skip
    return render(
        call, "delete.html", sender_id=sender_id, name=Names(people([sender_id])), ahead=ahead,
        missing=bool(call.query("missing")),
    )  # fmt: skip


def delete(call: Call) -> Response:
    """Deletes everything stored of a patient, once it was confirmed."""
    sender_id = _patient(call)
    if call.form.get("sure") != "yes":
        return go(f"/patients/{patient_link(sender_id)}/delete?missing=1")
    delete_patient(sender_id, call.actor)
    return go("/", "deleted")
