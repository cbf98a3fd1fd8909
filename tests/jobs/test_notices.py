"""What the clinic and the patient are told of an appointment: once, and never before it is so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.channels.waiting import waiting_replies
from bot.jobs.mail import TO_VARIABLE, URL_VARIABLE, SmtpMailer, mailer
from bot.jobs.notices import LEASE, run_once
from bot.jobs.reminders import run_once as run_reminders
from bot.settings import SettingsError
from bot.store import appointments
from bot.store.erasure import delete_patient
from bot.store.models import utc_now
from bot.store.notices import (
    GRACE,
    claim_notice,
    clinic_knows,
    confirmations_seen,
    free_notices,
)
from bot.store.records import cancel_bookings, request_booking
from bot.store.reminders import stop_reminders
from tests.booking.times import slot
from tests.jobs.mailbox import Mailbox, serving


@pytest.fixture
def server(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with serving() as running:
        monkeypatch.setenv(URL_VARIABLE, running.url)
        monkeypatch.setenv(TO_VARIABLE, "desk@clinic.example")
        yield running


def _book(
    sender: str = "p1",
    number: int = 0,
    urgent: bool = False,
    channel: str = "web",
    **more: str,
) -> appointments.Booked:
    key = appointments.hold(sender, slot(number))
    who = ("Ana Lopez", "+15125550100", urgent, channel)
    return appointments.book(sender, key, *who, **more)


def _told(sender: str = "p1") -> bool:
    (booked,) = appointments.appointments_of(sender)
    return booked.clinic_told


def test_clinic_is_told_once(server: Mailbox) -> None:
    booked = _book()
    assert not _told()
    assert run_once() == {"notices sent": 1}
    assert _told()
    assert run_once() == {}
    (message,) = server.got
    assert message["Subject"] == (f"New appointment: Monday, March 6 at 9 am ({booked.reference})")
    assert message["To"] == "desk@clinic.example"
    text = message.get_content()
    for part in ("Ana Lopez", "(512) 555-0100", booked.reference, "Dana Reyes"):
        assert part in text
    assert "urgent" not in text


def test_urgent_appointment_is_flagged_without_a_word_on_health(server: Mailbox) -> None:
    _book(urgent=True)
    run_once()
    (message,) = server.got
    assert "Marked as urgent" in message.get_content()
    assert "Ana" not in message["Subject"]
    assert "urgent" not in message["Subject"].lower()


def test_reason_of_a_visit_never_goes_by_e_mail(server: Mailbox) -> None:
    _book(reason="numb toes since Monday", email="ana@example.com")
    run_once()
    assert len(server.got) == 2
    for message in server.got:
        assert "numb" not in message.as_string()
    assert "gave a reason" in server.got[0].get_content()


def test_move_and_cancellation_are_told_in_their_order(server: Mailbox) -> None:
    booked = _book()
    run_once()
    appointments.move(booked.reference, "p1", appointments.hold("p1", slot(2)), "web")
    assert not _told(), "the clinic knows the old time only"
    appointments.cancel(booked.reference)
    assert run_once() == {"notices sent": 2}
    subjects = [subject.partition(":")[0] for subject in server.subjects()]
    assert subjects == ["New appointment", "Appointment moved", "Appointment cancelled"]
    assert len({message["Message-ID"] for message in server.got}) == 3


def test_later_notice_waits_for_an_earlier_one_that_failed(server: Mailbox) -> None:
    booked = _book()
    server.refuses = 1
    now = utc_now()
    assert run_once(now=now) == {"notices failed": 1}
    appointments.cancel(booked.reference)
    _book("p2", number=3)
    assert run_once(now=now + timedelta(seconds=30)) == {"notices sent": 1}, "the other patient's"
    assert run_once(now=now + timedelta(minutes=2)) == {"notices sent": 2}
    told = [subject.partition(":")[0] for subject in server.subjects()]
    assert told == ["New appointment", "New appointment", "Appointment cancelled"]


# --- requests for a call -------------------------------------------------------------------------


def test_request_for_a_call_is_told_once_and_withdrawn(server: Mailbox) -> None:
    words = "monday, I can hardly walk"
    monday = slot(0).starts.replace(hour=0)
    made = request_booking("p1", "Ana Lopez", "+15125550100", words, monday, urgent=True, key="k1")
    again = request_booking("p1", "Ana Lopez", "+15125550100", "evenings", key="k1")
    assert made.reference == again.reference
    assert not clinic_knows(made.reference)
    assert run_once() == {"notices sent": 1}
    assert clinic_knows(made.reference)
    cancel_bookings("p1")
    assert run_once() == {"notices sent": 1}
    assert server.subjects() == [
        f"Please call back ({made.reference})", f"No call needed any more ({made.reference})",
    ]  # fmt: skip
    text = server.got[0].get_content().splitlines()
    assert "Wished time: Monday, March 6" in text
    text = " ".join(text)
    for part in ("(512) 555-0100", "Marked as urgent"):
        assert part in text
    assert "walk" not in text, "the patient's words may tell of their health"


# --- the patient's e-mail ------------------------------------------------------------------------


def _to_patient(server: Mailbox) -> list[EmailMessage]:
    return [message for message in server.got if message["To"] == "ana@example.com"]


def test_patient_with_an_address_gets_the_visit_for_the_calendar(server: Mailbox) -> None:
    booked = _book(email="ana@example.com")
    assert run_once() == {"notices sent": 2}
    appointments.move(booked.reference, "p1", appointments.hold("p1", slot(2)), "web")
    run_once()
    appointments.cancel(booked.reference)
    run_once()
    assert run_once() == {}
    first, moved, cancelled = _to_patient(server)
    assert first["Subject"].startswith("Your visit: Monday, March 6 at 9 am")
    body = first.get_body()
    assert body
    text = body.get_content()
    assert booked.reference in text
    assert "{" not in text
    for message, status in ((first, "CONFIRMED"), (moved, "CONFIRMED"), (cancelled, "CANCELLED")):
        (file,) = message.iter_attachments()
        assert file.get_content_type() == "text/calendar"
        assert f"UID:{booked.reference}@backcoach.invalid" in file.get_content()
        assert f"STATUS:{status}" in file.get_content()


def test_address_that_does_not_exist_is_given_up_and_the_clinic_is_told_all_the_same(
    server: Mailbox,
) -> None:
    server.unknown.add("ana@example.com")
    _book(email="ana@example.com")
    assert run_once() == {"notices sent": 1, "notices dropped": 1}
    assert run_once(now=utc_now() + timedelta(days=1)) == {}
    server.unknown.add("desk@clinic.example")
    _book("p2", number=1)
    assert run_once() == {"notices failed": 1}
    server.unknown.clear()
    assert run_once(now=utc_now() + timedelta(days=1)) == {"notices sent": 1}, "never given up"


def test_e_mail_that_is_out_of_date_is_not_sent(server: Mailbox) -> None:
    booked = _book(email="ana@example.com")
    appointments.cancel(booked.reference)
    assert run_once() == {"notices sent": 3, "notices dropped": 1}
    (message,) = _to_patient(server)
    assert "cancelled" in message["Subject"]


# --- confirmations by text message ---------------------------------------------------------------


def test_confirmation_by_text_message_is_left_to_the_job_of_texts(store: Path) -> None:
    booked = _book(channel="sms")
    assert run_once(now=utc_now() + GRACE * 2) == {}
    (reply,) = waiting_replies("p1", "sms")
    assert booked.reference in reply["text"]


# --- failures, crashes, settings -----------------------------------------------------------------


def test_refused_notice_is_tried_again_later_and_later(server: Mailbox) -> None:
    server.refuses = 2
    _book()
    now = utc_now()
    assert run_once(now=now) == {"notices failed": 1}
    assert run_once(now=now) == {}, "not at once"
    assert run_once(now=now + timedelta(minutes=1)) == {"notices failed": 1}
    assert run_once(now=now + timedelta(minutes=2)) == {}
    assert run_once(now=now + timedelta(minutes=3, seconds=1)) == {"notices sent": 1}
    assert len(server.got) == 1
    assert _told()


def test_server_that_is_not_there_costs_no_notice(
    server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _book()
    monkeypatch.setenv(URL_VARIABLE, "smtp://127.0.0.1:1")
    assert run_once() == {"notices failed": 1}
    assert not _told()
    monkeypatch.setenv(URL_VARIABLE, server.url)
    assert run_once(now=utc_now() + timedelta(days=3)) == {"notices sent": 1}, "never too old"


def test_notice_of_a_job_that_crashed_is_sent_by_the_next_under_the_same_name(
    server: Mailbox,
) -> None:
    _book()
    now = utc_now()
    (notice,) = free_notices(now)
    assert claim_notice(notice.id, "crashed", now, LEASE)
    assert not claim_notice(notice.id, "another", now, LEASE)
    assert run_once(now=now) == {}
    assert run_once(now=now + LEASE * 2) == {"notices sent": 1}
    assert server.got[0]["Message-ID"] == f"<backcoach-{notice.id}@clinic.example>"


def test_without_settings_the_notice_waits_and_nobody_is_said_to_be_told(store: Path) -> None:
    _book()
    assert mailer() is None
    assert run_once() == {}
    assert not _told()
    assert len(free_notices(utc_now())) == 1


def test_reminders_job_leaves_notices_alone(server: Mailbox) -> None:
    """It drops what is late and what was stopped; a notice is neither."""
    _book()
    run_reminders(now=utc_now() + timedelta(days=2))
    assert stop_reminders("p1") == 0
    assert run_once() == {"notices sent": 1}


def test_deleted_patient_leaves_only_that_the_visit_is_off(server: Mailbox) -> None:
    booked = _book()
    erased = delete_patient("p1")
    assert erased.visits == [booked.slot.starts]
    assert run_once() == {"notices sent": 1}
    (message,) = server.got
    assert message["Subject"].startswith("Appointment cancelled: Monday, March 6 at 9 am")
    assert booked.reference in message["Subject"]
    text = message.get_content()
    assert "had their data deleted" in text
    assert "Ana" not in text
    assert "0100" not in text
    assert appointments.taken(utc_now()) == [], "the time is free again"
    assert run_once() == {}


def test_confirmation_that_did_not_arrive_is_said_at_the_next_visit_once(store: Path) -> None:
    booked = _book()
    (reply,) = waiting_replies("p1", "web")
    assert booked.reference in reply["text"]
    assert "Monday, March 6 at 9 am with Dana Reyes" in reply["text"]
    assert "{" not in reply["text"]
    assert waiting_replies("p1", "web") == []
    assert waiting_replies("p2", "web") == []


def test_confirmation_that_was_said_or_is_void_is_not_said_again(store: Path) -> None:
    _book()
    confirmations_seen("p1")
    assert waiting_replies("p1", "web") == []
    booked = _book(number=1)
    appointments.cancel(booked.reference)
    assert waiting_replies("p1", "web") == []


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b:c"])
def test_wrong_settings_are_named(url: str) -> None:
    with pytest.raises(SettingsError, match=URL_VARIABLE):
        SmtpMailer(url, "desk@clinic.example")
    with pytest.raises(SettingsError, match=TO_VARIABLE):
        SmtpMailer("smtp://mail.example", "no address\n")


def test_password_is_never_sent_in_the_clear(server: Mailbox) -> None:
    """The server offers no encryption: rather the e-mail waits."""
    _book()
    url = server.url.replace("//", "//user:secret@")
    assert run_once(SmtpMailer(url, "desk@clinic.example")) == {"notices failed": 1}
    assert server.got == []
