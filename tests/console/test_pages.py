"""What staff see and do: the first page, patients, requests, hand-offs, questions, the log."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.console import keys, questions
from bot.store import audit, sms_numbers
from bot.store.database import session
from bot.store.handoffs import record_hand_off
from bot.store.inbox import hand_offs, missed, requests
from bot.store.models import (
    BookingRequest,
    Conversation,
    HandOff,
    PatientLink,
    UrgencyRecord,
    Utterance,
    utc_now,
)
from bot.store.people import people, search
from bot.store.records import export_patient, record_urgency, request_booking
from bot.store.sms_models import SmsOutbound
from tests.console.conftest import Browser
from tests.console.made_up import ANA, GRACE, LEE, MARIA, SAM, VISITOR, fill


@pytest.fixture
def filled(staff: Browser) -> Browser:
    """Somebody signed in, and a morning's work."""
    fill()
    return staff


def _words(page: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" ,", ",")


def _part(browser: Browser, name: str, address: str = "/") -> str:
    """The words of one section of a page."""
    page = browser.get(address).text
    return _words(page.split(f'aria-labelledby="{name}"')[1].split("</section>")[0])


def _patient(sender_id: str) -> str:
    return f"/patients/{keys.patient_link(sender_id)}"


# --- today -------------------------------------------------------------------------------------


def test_urgent_things_stand_first_and_in_their_order(filled: Browser) -> None:
    words = _words(filled.get("/").text)
    order = [
        "Emergency: was sent to the emergency room, signs of: cauda equina",
        "Was told to see a doctor today, signs of: nerve loss",
        "Patient said later: a mistake",
        "Would like: as soon as you can",
        "Urgent appointment",
        "Waiting for a person",
        "Would like: Tuesday or Thursday after 5",
        "E-mail to the clinic: new appointment",
    ]
    body = words[words.index("Website visitor") :]
    places = [body.find(said) for said in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_counts_are_those_of_the_sections(filled: Browser) -> None:
    words = _words(filled.get("/").text)
    for said in ("5 urgent", "1 waiting for a person", "1 to call back", "1 messages not sent"):
        assert said in words


def test_empty_clinic_is_told_so(staff: Browser) -> None:
    words = _words(staff.get("/").text)
    for said in ("Nothing urgent.", "Nobody waits.", "No open requests.", "All messages went out."):
        assert said in words


def test_patient_without_a_name_has_a_mark_to_tell_them_by(filled: Browser) -> None:
    assert f"Website visitor {VISITOR[-4:]}" in _part(filled, "urgent")


def _follow_up_form(browser: Browser, sender_id: str) -> dict[str, str]:
    page = browser.get("/").text
    link = keys.patient_link(sender_id)
    up_to = re.search(rf'value="{link}">\s*<input [^>]*name="up_to" value="([^"]+)"', page)
    assert up_to
    return {"patient": link, "up_to": html.unescape(up_to[1])}


def test_followed_up_alarm_leaves_the_list_and_is_in_the_log(filled: Browser) -> None:
    assert "cauda equina" in _part(filled, "urgent")
    answer = filled.submit("/follow-up", **_follow_up_form(filled, VISITOR))
    assert "Marked as followed up." in filled.get(answer.headers["location"]).text
    assert "cauda equina" not in _part(filled, "urgent")
    entry = audit.entries(action="follow up")[0]
    assert (entry.actor, entry.patient) == ("rosa", VISITOR)


def test_alarm_that_came_while_the_page_was_open_is_not_followed_up(filled: Browser) -> None:
    form = _follow_up_form(filled, VISITOR)
    record_urgency(VISITOR, "raised", "call_911", "vascular")
    filled.submit("/follow-up", **form)
    assert "told to call 911, signs of: blood vessels" in _part(filled, "urgent")


@pytest.mark.parametrize(
    "up_to", ["", "soon", "2026-03-02", "2026-03-02T10:00:00", "2999-01-01T00:00:00+00:00"]
)
def test_follow_up_of_no_moment_or_of_the_future_is_refused(filled: Browser, up_to: str) -> None:
    answer = filled.submit("/follow-up", patient=keys.patient_link(VISITOR), up_to=up_to)
    assert answer.status_code == 400
    assert "cauda equina" in _part(filled, "urgent")


def test_deleted_patients_new_alarm_is_not_hidden_by_the_old_follow_up(filled: Browser) -> None:
    filled.submit("/follow-up", **_follow_up_form(filled, VISITOR))
    filled.submit(f"{_patient(VISITOR)}/delete", sure="yes")
    record_urgency(VISITOR, "raised", "er_now", "cauda_equina")
    assert "cauda equina" in _part(filled, "urgent")


def test_emergency_text_that_did_not_arrive_is_shown(staff: Browser) -> None:
    number = sms_numbers.meet("+15125550188")
    row = {
        "sender_id": sms_numbers.sender_of(number, 0), "number_hash": number, "segments": 1,
        "number": "+15125550188", "expires_at": utc_now(), "attempts": 1,
    }  # fmt: skip
    lost = {"status": "sent", "provider_status": "undelivered"}
    with session() as opened:
        opened.add(SmsOutbound(key="1", kind="emergency", status="failed", **row))
        opened.add(SmsOutbound(key="2", kind="help", **lost, **row))
        opened.add(SmsOutbound(key="3", kind="reply", status="sent", **row))
    words = _part(staff, "unsent")
    assert "Text to the patient: emergency instruction did not arrive" in words
    assert words.count("did not arrive Text message patient") == 2


def test_patient_who_texts_can_be_called_before_giving_a_name(staff: Browser) -> None:
    sender = sms_numbers.sender_of(sms_numbers.meet("+15125550188"), 0)
    record_urgency(sender, "raised", "er_now", "infection")
    assert "Text message patient" in _part(staff, "urgent")
    assert "(512) 555-0188" in _part(staff, "urgent")
    assert "(512) 555-0188" in staff.get(_patient(sender)).text


def test_old_alarms_are_not_on_the_first_page(staff: Browser) -> None:
    with session() as opened:
        opened.add(
            UrgencyRecord(
                sender_id="web-1", recorded_at=utc_now() - timedelta(days=31), event="raised",
                level="er_now", pathology="infection",
            )
        )  # fmt: skip
    assert "infection" not in staff.get("/").text


# --- hand-offs and requests --------------------------------------------------------------------


def test_hand_off_shows_the_last_messages_and_is_taken_once(filled: Browser) -> None:
    assert "can i talk to a real person please" in _part(filled, "waiting", "/hand-offs")
    wish = hand_offs()[0]
    taken = filled.submit(f"/hand-offs/{wish.id}/take")
    assert "Please contact the patient now." in filled.get(taken.headers["location"]).text
    assert "Nobody waits." in _part(filled, "waiting", "/hand-offs")
    assert "Ana Lopez" in _part(filled, "taken", "/hand-offs")
    again = filled.submit(f"/hand-offs/{wish.id}/take")
    assert "Somebody else was quicker" in filled.get(again.headers["location"]).text
    assert [e.patient for e in audit.entries(action="hand_off_done")] == [ANA]
    seen = audit.entries(patient=ANA, action="view")
    assert {entry.detail for entry in seen} == {"hand-off"}, "what was said was shown"
    with session() as opened:
        assert opened.get(HandOff, wish.id).closed_at is not None


def test_hand_off_put_back_waits_again(filled: Browser) -> None:
    number = hand_offs("done")[0].id
    filled.submit(f"/hand-offs/{number}/put-back")
    assert {wish.sender_id for wish in hand_offs()} == {ANA, GRACE}


def test_hand_off_without_messages_shows_the_conversation_before_it(staff: Browser) -> None:
    fill()
    with session() as opened:
        opened.query(HandOff).delete()
    record_hand_off(SAM)
    with session() as opened:
        later = utc_now() + timedelta(minutes=1)
        opened.add(Utterance(sender_id=SAM, said_at=later, speaker="patient", text="after it"))
    words = _part(staff, "waiting", "/hand-offs")
    assert "my left leg is numb" in words
    assert "after it" not in words


def test_reason_and_e_mail_that_were_given_are_shown(filled: Browser) -> None:
    words = _part(filled, "open", "/requests")
    assert "Reason: pain after a fall" in words
    assert "lee@example.org" in words
    assert "stiff in the mornings" in filled.get("/appointments").text
    page = filled.get(_patient(MARIA)).text
    assert "stiff in the mornings" in page
    assert "maria@example.org" in page
    assert '"maria@example.org","stiff in the mornings"' in filled.get("/appointments.csv").text


def test_request_is_called_back_and_opened_again(filled: Browser) -> None:
    assert "Urgent" in _part(filled, "open", "/requests")
    filled.submit("/requests/B7RQ2M/called-back")
    assert "Ana Lopez" not in _part(filled, "open", "/requests")
    assert "Ana Lopez Called back" in _part(filled, "others", "/requests")
    assert "Ana Lopez" not in _part(filled, "requests")
    filled.submit("/requests/B7RQ2M/open-again")
    assert "B7RQ2M" in {one.reference for one in requests()}
    done = [(e.action, e.detail) for e in audit.entries(patient=ANA) if e.action != "view"]
    assert done == [("open request", "B7RQ2M"), ("call back", "B7RQ2M")]


def test_request_that_the_patient_took_back_cannot_be_called_back(filled: Browser) -> None:
    with session() as opened:
        row = opened.query(BookingRequest).filter_by(reference="B7RQ2M").one()
        row.status = "cancelled"
    answer = filled.submit("/requests/B7RQ2M/called-back")
    assert "Somebody else was quicker" in filled.get(answer.headers["location"]).text
    assert [one.status for one in requests(None, ANA)] == ["cancelled"]


def test_requests_file_holds_each_request(filled: Browser) -> None:
    answer = filled.get("/requests.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="requests.csv"' in answer.headers["content-disposition"]
    head, *rows = answer.text.lstrip("\ufeff").splitlines()
    assert head.startswith('"reference","asked","status"')
    assert len(rows) == 3
    assert audit.entries(action="export")[0].detail == "requests as CSV, 3 rows"


# --- appointments ------------------------------------------------------------------------------


def test_appointments_ahead_and_past_and_as_a_file(filled: Browser) -> None:
    ahead = _words(filled.get("/appointments").text)
    assert ahead.index("Maria Ortega") < ahead.index("Sam Whitfield") < ahead.index("Grace Kim")
    assert "booked Not e-mailed" in ahead
    assert "None yet." in filled.get("/appointments?past=1").text
    with time_machine.travel(utc_now() + timedelta(days=10), tick=False):
        filled.sign_in()
        assert "No appointments ahead." in filled.get("/appointments").text
        assert "Maria Ortega" in filled.get("/appointments?past=1").text
    rows = filled.get("/appointments.csv").text.splitlines()
    assert len(rows) == 4
    assert [row.endswith('"yes"') for row in rows[1:]].count(True) == 2


# --- patients ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Ortega", "Maria Ortega"), ("  oRTe  ", "Maria Ortega"), ("ortega maria", "Maria Ortega"),
        ("5550165", "Ana Lopez"), ("(512) 555-0165", "Ana Lopez"), ("+1 512.555.0165", "Ana Lopez"),
        ("kx4t7p", "Lee Abernathy"),
    ],
)  # fmt: skip
def test_patients_are_found_by_name_phone_and_reference(
    filled: Browser, asked: str, name: str
) -> None:
    answer = filled.submit("/patients", asked=asked)
    assert "1 patient found" in answer.text
    assert f">{name}</a>" in answer.text
    assert "?" not in str(answer.url)


def test_search_finds_nobody_in_plain_words_and_asks_for_three_digits(filled: Browser) -> None:
    assert "Nobody found for “zz”" in html.unescape(filled.submit("/patients", asked="zz").text)
    assert search("12") == []
    assert search("") == []
    assert len(search("512")) == 5


def test_patient_is_called_by_the_name_given_last(staff: Browser) -> None:
    with time_machine.travel("2026-03-02 15:00Z", tick=False) as clock:
        request_booking("web-1", "Ana", "+15125550100", "now")
        clock.shift(60)
        request_booking("web-1", "Ana Lopez", "+15125550101", "now")
    assert people(["web-1", "web-2"])["web-1"].name == "Ana Lopez"
    assert [one.phone for one in search("ana")] == ["+15125550101"]


# The drawing library warns of its own parts when it is loaded.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_patients_page_holds_what_is_stored(filled: Browser) -> None:
    words = _words(filled.get(_patient(MARIA)).text)
    for said in (
        "Maria Ortega", "(512) 555-0143", "Dana Reyes", "Fits self-care",
        "Numbness between the legs: no", "Monday, Wednesday and Friday at 7 pm", "Long bridge",
        "1 stopped early", "Pain before", "can i do more bridges?", "Next reminder",
    ):  # fmt: skip
        assert said in words, said
    page = filled.get(_patient(MARIA)).text
    assert "Chart, " in page
    assert "7 exercises on 8 days. Pain before exercise went from 7 to 3." in page
    chart = filled.get(f"{_patient(MARIA)}/chart.png")
    assert chart.headers["content-type"] == "image/png"
    assert chart.content.startswith(b"\x89PNG")
    assert filled.get(f"{_patient(ANA)}/chart.png").status_code == 404
    words = _words(filled.get(_patient(SAM)).text)
    assert "Weak legs: in one leg" in words
    assert "Raised by a message" in words
    assert "Released: patient said it was a mistake" in _words(filled.get(_patient(LEE)).text)


def test_long_conversation_is_shown_in_part_and_whole(filled: Browser) -> None:
    with session() as opened:
        opened.add_all(
            Utterance(sender_id=GRACE, speaker="patient", text=f"message {number}.")
            for number in range(75)
        )
    page = filled.get(_patient(GRACE)).text
    assert "The newest 60 of 75 messages." in page
    assert "message 14." not in page
    assert "message 15." in page
    assert "message 0." in filled.get(f"{_patient(GRACE)}?all=1").text


def test_patient_on_two_channels_is_one_patient(filled: Browser) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id="sms-1", state="[]"))
        opened.flush()
        opened.add(Utterance(sender_id="sms-1", speaker="patient", text="texting you too"))
        opened.add(PatientLink(sender_id="sms-1", patient_id=MARIA, channel="sms"))
    for address in (_patient(MARIA), _patient("sms-1")):
        words = _words(filled.get(address).text)
        assert "Maria Ortega" in words
        assert words.index("is walking good too?") < words.index("texting you too")
    assert filled.get("/patients").text.count("Maria Ortega") == 1
    assert "Text message patient" not in filled.get("/patients").text
    assert {e.patient for e in audit.entries(action="view")} == {MARIA}


def test_joined_phone_that_wrote_nothing_before_leads_to_its_patient(filled: Browser) -> None:
    with session() as opened:
        opened.add(PatientLink(sender_id="sms-1", patient_id=MARIA, channel="sms"))
    assert "Maria Ortega" in _words(filled.get(_patient("sms-1")).text)


def test_every_view_of_a_patient_is_in_the_log(filled: Browser) -> None:
    filled.get(_patient(MARIA))
    filled.get(f"{_patient(MARIA)}/patient.json")
    filled.get(f"{_patient(MARIA)}/delete")
    filled.get("/questions/2")
    done = [(e.actor, e.action, e.detail) for e in audit.entries(patient=MARIA)]
    assert done == [
        ("rosa", "view", "question"), ("rosa", "view", "deletion form"), ("rosa", "export", ""),
        ("rosa", "view", ""),
    ]  # fmt: skip
    for address in ("/", "/hand-offs", "/requests", "/appointments", "/questions", "/patients"):
        before = len(audit.entries(action="view list"))
        filled.get(address)
        assert len(audit.entries(action="view list")) == before + 1, address
    words = _words(filled.get(f"/audit?patient={keys.patient_link(MARIA)}").text)
    assert "deletion form" in words
    assert "sign in" not in words.split("Newest first")[1]
    assert "Ana" not in " ".join(entry.detail for entry in audit.entries())


def test_log_is_shown_by_kind(filled: Browser) -> None:
    filled.get(_patient(ANA))
    words = _words(filled.get("/audit?action=view").text).split("Newest first")[1]
    assert "Ana Lopez" in words
    assert "sign in" not in words


def test_everything_of_a_patient_is_given_as_a_file(filled: Browser) -> None:
    answer = filled.get(f"{_patient(MARIA)}/patient.json")
    assert 'filename="patient.json"' in answer.headers["content-disposition"]
    exported = answer.json()
    assert exported["appointments"][0]["name"] == "Maria Ortega"
    assert len(exported["messages"]) == 4


def test_deletion_asks_first_and_then_deletes(filled: Browser) -> None:
    page = filled.get(f"{_patient(MARIA)}/delete").text
    assert "There is an appointment ahead" in page
    refused = filled.submit(f"{_patient(MARIA)}/delete")
    assert "Please tick the box first" in filled.get(refused.headers["location"]).text
    assert export_patient(MARIA)["messages"]
    answer = filled.submit(f"{_patient(MARIA)}/delete", sure="yes")
    assert "was deleted" in filled.get(answer.headers["location"]).text
    assert not export_patient(MARIA)["messages"]
    assert filled.get(_patient(MARIA)).status_code == 404
    entry = audit.entries(action="delete")[0]
    assert (entry.actor, entry.patient) == ("rosa", MARIA)
    assert "Maria" not in filled.get("/patients").text


# --- questions ---------------------------------------------------------------------------------

TRAINING = """\
version: "3.1"
nlu:
- intent: faq/cost_insurance
  examples: |
    - what does a visit cost
- intent: greet
  examples: |
    - hello
"""


@pytest.fixture
def training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small folder of training messages in the place of the real ones."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    path = folder / "clinic.yml"
    path.write_text(TRAINING, encoding="utf-8")
    monkeypatch.setattr(questions, "NLU_DATA", folder)
    return path


def test_question_is_learnt_in_the_words_that_staff_chose(filled: Browser, training: Path) -> None:
    page = filled.get("/questions/1").text
    assert 'value="faq/cost_insurance" selected' in page, "the nearest is chosen already"
    answer = filled.submit(
        "/questions/1/accept", intent="faq/cost_insurance", wording="paying with two plans"
    )
    assert "Added to the training examples." in filled.get(answer.headers["location"]).text
    assert "    - paying with two plans\n- intent: greet" in training.read_text(encoding="utf-8")
    assert [one.id for one in missed()] == [2]
    entry = audit.entries(action="accept example")[0]
    assert (entry.detail, entry.patient) == ("faq/cost_insurance", None)


@pytest.mark.parametrize(
    ("intent", "wording", "why"),
    [
        ("", "paying with two plans", "choose what the patient meant"),
        ("../../evil", "x", "choose what the patient meant"),
        ("greet\n- intent: evil", "x", "choose what the patient meant"),
        ("greet", "  ", "The example is empty."),
        ("greet", "HELLO", "already has this example"),
    ],
)
def test_question_that_cannot_be_learnt_stays_with_the_reason(
    filled: Browser, training: Path, intent: str, wording: str, why: str
) -> None:
    answer = filled.submit("/questions/1/accept", intent=intent, wording=wording)
    assert answer.status_code == 400
    assert why in answer.text
    assert training.read_text(encoding="utf-8") == TRAINING
    assert len(missed()) == 2


def test_example_cannot_smuggle_in_another_intent(filled: Browser, training: Path) -> None:
    wording = 'hi\n- intent: evil\n  examples: |\n    - [x]{"entity": "y"}'
    filled.submit("/questions/1/accept", intent="greet", wording=wording)
    text = training.read_text(encoding="utf-8")
    assert text.count("\n- intent:") == 2
    assert "hi - intent: evil examples: | - (x)(" in text


def test_training_files_that_cannot_be_written_are_told(
    filled: Browser, training: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_values: object) -> None:
        raise PermissionError

    monkeypatch.setattr(questions, "add_to_folder", fails)
    answer = filled.submit("/questions/1/accept", intent="greet", wording="hi there")
    assert "cannot be written" in answer.text
    assert len(missed()) == 2


def test_dismissed_question_is_gone(filled: Browser) -> None:
    filled.submit("/questions/1/dismiss")
    assert [one.id for one in missed()] == [2]
    assert filled.get("/questions/1").status_code == 404
    again = filled.submit("/questions/1/dismiss")
    assert "done=gone" in again.headers["location"]


def test_intents_are_named_in_words() -> None:
    named = dict(questions.intents())
    assert named["faq/heat_or_ice"] == "Question: heat or ice"
    assert named["book_evaluation"] == "Book evaluation"
    assert len(named) > 60
