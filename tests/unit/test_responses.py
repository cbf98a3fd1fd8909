"""The texts as data: all are used, all that are used exist, answers name their source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.booking.choose import WhyNot
from bot.clinic import Clinic
from bot.coaching.ball_check import ball_questions
from bot.coaching.events import Say
from bot.coaching.exercises import exercises
from bot.coaching.plan import Trend
from bot.coaching.session import Phase
from bot.replies import fill, responses
from bot.safety.questions import questions
from bot.safety.signs import signs
from bot.safety.urgency import Urgency
from bot.settings import ROOT
from bot.triage.interview import screen_questions
from tests.unit.reading_grade import grade, spanish_ease, syllables

# The FAQ of the intent inventory (shared/intents.md): article, clinic, guidelines.
FAQ = """
    rest_or_move what_pt_does manual_therapy modalities exercises_for_back best_exercise
    does_exercise_help exercise_made_worse natural_relief medication hip_flexors multifidus
    deep_abdominals daily_activities why_in_person resources
    contact hours cost_insurance referral first_visit telehealth
    heat_or_ice imaging recovery_time sciatica sleep_position walking sitting_posture lifting
    surgery injections massage_chiropractic disc_bulge back_brace prevention return_to_sport
    return_to_work when_to_see_doctor
""".split()
CLINIC = Clinic(name="The Clinic", phone="512-215-4227", area="Austin and Westlake, Texas")
FACTS = CLINIC.facts()
INTENTS = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
SOURCES = yaml.safe_load((ROOT / "data" / "sources.yml").read_text(encoding="utf-8"))
# Filled in by actions; examples as they come out of the code.
BY_ACTIONS = {
    "booking_name": "Ana Lopez", "booking_phone": "(512) 555-0100",
    "booking_when": '"Tuesday after 5"', "reference": "K7TW2B", "exercise": "Long bridge",
    "lay_name": "the heel-push bridge", "purpose": "It works a deep back muscle.",
    "needs": "a mat", "stop_rule": "Stop at sharp pain.", "number": "2", "steps": "4",
    "do": "Lie on your back.", "feel": "Settle.", "pain_before": "4", "pain_after": "2",
    "next_exercise": "Long bridge", "next_id": "long_bridge", "finished": "3", "days": "2",
    "first_pain": "6", "last_pain": "3",
    "mistakes": "Lifting the pelvis.", "sms_step": "Push into your heels. Hold 5 s, 20 times.",
    "how": "Toes up, heels in.", "step_stop": "Stop at sharp pain.", "place": "2", "total": "4",
    "done": "8", "left": "12", "all_of_them": "20", "minutes": "2 to 3",
    "easier": "Push with half the effort.", "said_number": "8",
    "recent_days": "2 days", "planned_days": "3", "streak": "3",
    "reminder_first": ", the first time tomorrow at 7 pm",
    "reminder_when": "Monday to Friday at 7 pm", "reminder_days": "on Tuesday, March 10",
    "booking_more": "\nE-mail: ana@example.com\nReason: pain when I sit",
    "booking_times": "1. Tuesday, December 1 at 9 am\n2. Friday, December 4 at 3 pm",
    "link_code": "KDFR 7MQX", "sms_number": "512-555-0123",
    "visits": "Tuesday, December 1 at 9 am", "told_when": "today at 3:15 pm",
    "told": "you take a blood thinner",
    "reason": "You had a fall.", "summary": "Fever: no. Fall: yes.",
}  # fmt: skip
EMERGENCY = re.compile(r"utter_urgent_(crisis|call_911|er_now)")
VARIATIONS = [(name, v) for name, variations in responses().items() for v in variations]


def _said(variation: dict[str, Any]) -> str:
    facts = {**FACTS, "clinic_links": "", **BY_ACTIONS}
    return re.sub(r"\{(\w+)\}", lambda found: str(facts[found[1]]), variation["text"])


def _answers(topic: str) -> tuple[dict[str, Any], dict[str, Any]]:
    variations = responses()[f"utter_faq/{topic}"]
    web = [v for v in variations if "channel" not in v]
    sms = [v for v in variations if v.get("channel") == "sms"]
    assert len(web) == len(sms) == 1
    return web[0], sms[0]


# --- the answers -------------------------------------------------------------------------------


def test_inventory_has_39_questions_and_each_is_answered() -> None:
    assert len(FAQ) == len(set(FAQ)) == 39
    answered = {name.split("/")[1] for name in responses() if name.startswith("utter_faq/")}
    assert answered == set(FAQ)


@pytest.mark.parametrize("topic", FAQ)
def test_answer_has_both_wordings_and_its_sources(topic: str) -> None:
    web, sms = _answers(topic)
    for answer in (web, sms):
        data = answer["metadata"]
        assert data["sources"], "no source"
        assert set(data["sources"]) <= set(SOURCES), "a source that data/sources.yml lacks"
        assert data["title"].endswith("?")
        assert re.match(r"Sources?: \S", data["source_note"])
    assert len(web["metadata"]["source_note"].split(";")) == len(
        {SOURCES[code]["short"] for code in web["metadata"]["sources"]}
    ), "the note names another number of sources than the data"
    assert sms["text"].isascii(), "a curly quote makes a text message three times as dear"
    assert len(re.sub(r"\{\w+\}", "", sms["text"])) <= 306


@pytest.mark.parametrize("topic", FAQ)
def test_answer_uses_clinic_facts_only(topic: str) -> None:
    for answer in _answers(topic):
        used = set(re.findall(r"\{(\w+)\}", answer["text"]))
        assert used <= set(FACTS)
        assert "{" not in fill(answer["text"], FACTS)


@pytest.mark.parametrize("topic", FAQ)
def test_answer_invents_no_price_hour_or_dose(topic: str) -> None:
    """What the profile and the article do not say is never in the text itself."""
    for answer in _answers(topic):
        text = answer["text"].replace("1-800-222-1222", "")  # Poison Control
        assert not re.search(r"\$ ?\d|\d+ ?(dollars|bucks)", text), "a price"
        assert not re.search(r"\d ?(a\.?m\.?|p\.?m\.?)\b|\d:\d\d", text, re.I), "an hour"
        assert not re.search(r"\d+ ?(mg|milligrams?|tablets?|pills?)\b", text, re.I), "a dose"
        assert not re.search(r"https?://|www\.", text), "an address that is not the clinic's"
        assert not re.search(r"\b\d{3}[-.) ]+\d{3}[-. ]\d{4}\b", text), "a typed phone number"


@pytest.mark.parametrize("topic", FAQ)
def test_answer_never_claims_to_be_a_clinician(topic: str) -> None:
    for answer in _answers(topic):
        assert not re.search(
            r"\b(I('m| am) (a|your) (\w+ )?(therapist|doctor|PT)|I (have )?(examined|diagnos)|"
            r"your diagnosis is|you have a (herniat|slipped|bulging))",
            answer["text"],
            re.I,
        )


def test_follow_ups_of_answers_exist() -> None:
    for topic in FAQ:
        for answer in _answers(topic):
            for follow_up in answer["metadata"]["follow_up"]:
                topic_of = follow_up.partition("/")
                assert follow_up in INTENTS or (topic_of[0] == "faq" and topic_of[2] in FAQ)


def test_advice_that_the_ground_rules_forbid_is_not_given() -> None:
    text = " ".join(v["text"] for v in responses()["utter_faq/medication"]).lower()
    assert "ask" in text
    assert re.search(r"doctor|pharmacist", text)
    assert re.search(r"(don't|do not) (stop|start|change)|stop or change", text)


# --- names -------------------------------------------------------------------------------------


def _code() -> Iterator[str]:
    for folder, pattern in (("actions", "*.py"), ("bot", "**/*.py"), ("data/rules", "*.yml")):
        for path in sorted((ROOT / folder).glob(pattern)):
            yield path.read_text(encoding="utf-8")


def _dynamic() -> dict[str, set[str]]:
    """Returns the names behind each prefix that code completes."""
    urgent = {f"utter_urgent_{level.label}" for level in Urgency if level >= Urgency.PHYSICIAN_SOON}
    pathologies = {sign.pathology for sign in signs()}
    pathologies |= {question.pathology for question in questions().values()}
    for question in screen_questions():
        pathologies |= {question.pathology, *question.pathology_of.values()}
    coach = {word.value for word in Say} - {"help"}  # the exercise's own text
    silent = (Phase.STEP, Phase.FINISHED, Phase.STOPPED)
    asks = {phase.value for phase in Phase if phase not in silent}
    return {
        "utter_urgent_": urgent
        | {
            f"{level}_{p}" for level in urgent for p in pathologies if f"{level}_{p}" in responses()
        },
        "utter_ask_sign_": {f"utter_ask_sign_{name}" for name in questions()},
        "utter_coach_": {f"utter_coach_{name}" for name in coach},
        "utter_coach_side_": {"utter_coach_side_one", "utter_coach_side_both"},
        "utter_coach_ask_": {f"utter_coach_ask_{phase}" for phase in asks},
        "utter_progress_": {f"utter_progress_{trend.value}" for trend in Trend},
        "utter_reminder_": {"utter_reminder_days_invalid", "utter_reminder_time_invalid"},
        "utter_slots_": {f"utter_slots_{why.value}" for why in WhyNot},
        "utter_released_": {"utter_released_seen", "utter_released_mistake"},
        "utter_sign_cleared_": {f"utter_sign_cleared_{q}" for q in ("crisis", "age", "expecting")},
        "utter_release_check_": {"utter_release_check_seen", "utter_release_check_mistake"},
        "utter_ask_": {f"utter_ask_{q.name}" for q in screen_questions()}
        | {f"utter_ask_{name}" for name in ball_questions()}
        | {f"utter_ask_booking_{slot}" for slot in ("name", "phone", "email", "time")}
        | {"utter_ask_proof_reference", "utter_ask_proof_phone"},
        "utter_proof_": {"utter_proof_reference_invalid", "utter_proof_phone_invalid"},
        "utter_faq": {f"utter_faq/{topic}" for topic in FAQ},
    }


def _in_spanish() -> set[str]:
    """Returns the Spanish wordings of what may be said about danger."""
    bases = _dynamic()["utter_urgent_"] | _dynamic()["utter_ask_sign_"]
    bases |= _dynamic()["utter_release_check_"] | {"utter_hold", "utter_sign_cleared"}
    bases |= _dynamic()["utter_released_"] | {"utter_no_exercise_now"}
    return {f"{name}_es" for name in bases} & set(responses())


def _used() -> set[str]:
    literal = {name for code in _code() for name in re.findall(r"\butter_[a-z0-9_]+", code)}
    prefixes = set(_dynamic())
    names = {name for name in literal if name not in prefixes and not name.endswith("_")}
    names -= {"utter_message", "utter_action"}  # of the SDK
    return names | _in_spanish() | set().union(*_dynamic().values())


def test_every_response_that_is_used_exists() -> None:
    assert _used() - set(responses()) == set()


def test_every_response_is_used() -> None:
    assert set(responses()) - _used() == set()


def test_dynamic_names_are_complete() -> None:
    """The lists above are read from the code, so they may not come out empty."""
    dynamic = _dynamic()
    assert len(dynamic["utter_ask_sign_"]) == len(questions()) >= 22
    assert len(dynamic["utter_urgent_"]) > 5
    assert {"utter_coach_stop_for_pain", "utter_coach_well_done", "utter_coach_first_step"} <= (
        dynamic["utter_coach_"]
    )
    assert "utter_coach_start_gently" in dynamic["utter_coach_"]


def test_buttons_lead_somewhere() -> None:
    known = (*exercises(), "routine", "{next_id}")
    allowed = {"", *(f"exercise={name}" for name in known)}
    lost = [
        (name, button)
        for name, variation in VARIATIONS
        for button in variation.get("buttons", [])
        for intent, _, query in [button["payload"].partition("?")]
        if not (intent[0] == "/" and intent[1:] in INTENTS and query in allowed and button["title"])
    ]
    assert lost == []


def test_every_placeholder_is_known() -> None:
    known = set(FACTS) | set(BY_ACTIONS)
    used = {name: set(re.findall(r"\{(\w+)\}", str(v))) for name, v in VARIATIONS}
    assert {name: found - known for name, found in used.items() if found - known} == {}


def test_emergency_stands_alone() -> None:
    """From the emergency room up: no booking, no exercise, no button before the instruction."""
    for name, variations in responses().items():
        if EMERGENCY.match(name):
            for variation in variations:
                assert not variation.get("buttons"), name
                assert not re.search(r"\bbook|evaluation|cita\b|\{clinic", variation["text"]), name
                first = re.split(r"(?<=[.!])\s", variation["text"])[:3]
                assert re.search(r"911|988|emergenc|hospital|Poison", " ".join(first)), name


@pytest.mark.parametrize("level", ["same_day", "physician_soon"])
def test_below_an_emergency_booking_is_offered_at_once(level: str) -> None:
    for name, variations in responses().items():
        if name.startswith(f"utter_urgent_{level}"):
            assert variations[0]["buttons"][0]["payload"] == "/book_evaluation", name


# --- reading level -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "number"),
    [("emergency", 4), ("room", 1), ("evaluation", 5), ("exercise", 3), ("exercises", 4),
     ("therapist", 3), ("muscles", 2), ("minutes", 2), ("changed", 1), ("couldn't", 2),
     ("don't", 1), ("serious", 3), ("question", 2), ("abdominis", 4), ("people", 2),
     ("surgery", 3), ("uses", 2), ("needed", 2), ("safely", 2), ("911", 1), ("512-555-0100", 3)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, number: int) -> None:
    assert syllables(word) == number


def test_grade_tells_hard_texts_from_easy_ones() -> None:
    assert grade("Call 911 now. Do not drive.") < 1
    hard = "Transverse abdominis activation constitutes the predominant therapeutic intervention."
    assert grade(hard) > 15


def test_reading_grade() -> None:
    """Grade 5 for emergencies, 8 for all else (US health communication)."""
    grades = [
        (round(grade(_said(v)), 1), name, v.get("channel"))
        for name, v in VARIATIONS
        if name not in _in_spanish()
    ]
    assert [g for g in grades if g[0] > (5 if EMERGENCY.match(g[1]) else 8)] == []
    assert sum(bool(EMERGENCY.match(name)) for _, name, _ in grades) >= 10


def test_every_level_has_words_in_spanish_that_are_easy_to_read() -> None:
    levels = [level for level in Urgency if level >= Urgency.PHYSICIAN_SOON]
    assert {f"utter_urgent_{level.label}_es" for level in levels} <= _in_spanish()
    # 70 on the Fernandez Huerta scale is fit for readers of 11 or 12 years.
    ease = {n: spanish_ease(_said(v)) for n, v in VARIATIONS if n in _in_spanish()}
    assert {name: round(value) for name, value in ease.items() if value < 70} == {}


@pytest.mark.parametrize("how", ["seen", "mistake"])
def test_release_from_a_crisis_is_asked_about_safety_in_spanish_too(how: str) -> None:
    name = f"utter_release_check_{how}"
    english, spanish = responses()[name], responses()[f"{name}_es"]
    assert [v.get("condition") for v in spanish] == [v.get("condition") for v in english]
    assert "a salvo" in spanish[1]["text"]


def test_spanish_emergency_room_orders_say_what_to_do_without_a_driver() -> None:
    orders = [v["text"] for n, v in VARIATIONS if n.endswith("_es") and "Que maneje" in v["text"]]
    assert len(orders) >= 5
    assert [text for text in orders if not re.search(r"nadie puede[^.]*, llame al 911", text)] == []


def test_poison_control_is_called_on_the_way_in_spanish() -> None:
    text = responses()["utter_urgent_er_now_overdose_es"][0]["text"]
    assert (
        text.index("sala de emergencias") < text.index("En camino") < text.index("1-800-222-1222")
    )


def test_spanish_fever_question_asks_for_more_than_fever() -> None:
    (variation,) = responses()["utter_ask_sign_fever_es"]
    assert re.search(r"infección.*cirugía.*diabetes.*drogas", variation["text"])


def test_danger_questions_in_spanish() -> None:
    spoken = {name for name in questions() if f"utter_ask_sign_{name}_es" in responses()}
    assert set(questions()) - spoken == {"cancer", "night_pain", "expecting", "age", "eye"}


def test_spanish_ease_tells_hard_texts_from_easy_ones() -> None:
    assert spanish_ease("Llame al 911 ahora. No maneje.") > 90
    assert spanish_ease("La sintomatología neurológica requiere evaluación hospitalaria.") < 20


def test_reading_grade_of_exercises() -> None:
    for exercise in exercises().values():
        assert grade(f"{exercise.purpose.text} {exercise.stop.text}") <= 8, exercise.id
        assert grade(" ".join(exercise.help.values())) <= 8, exercise.id
        for step in exercise.steps:
            for cue in (step.do, step.feel, step.mistakes, step.stop, step.easier):
                assert grade(cue.text) <= 8, cue.text
            assert grade(step.alt) <= 8, step.alt
