"""Pathologies, levels, idioms and spans: tables of messages written for these tests."""

import pytest

from bot.safety import Urgency
from bot.safety.detector import screen_by_rules as screen
from bot.safety.signs import signs, sources

PRESENT = [
    ("my crotch has gone numb since the lifting", "cauda_equina", "er_now"),
    ("I can't feel it when I wipe", "cauda_equina", "er_now"),
    ("i wet myself in the car yesterday", "cauda_equina", "er_now"),
    ("cant pee at all since this morning", "cauda_equina", "er_now"),
    ("I soiled myself twice this week", "cauda_equina", "er_now"),
    ("both my legs are numb", "cauda_equina", "er_now"),
    ("i cant get an erection since my back went out", "cauda_equina", "same_day"),
    ("I can't walk anymore, my legs won't work", "cauda_equina", "call_911"),
    ("my lung cancer is back and my legs feel heavy and weak", "cord_compression", "er_now"),
    ("I had breast cancer, and this back pain is worse every night", "cancer", "same_day"),
    ("lost 20 pounds without trying and my back aches", "cancer", "physician_soon"),
    ("fell off a ladder and now my back is killing me", "fracture", "er_now"),
    ("I have osteoporosis, tripped on the rug, now my back hurts", "fracture", "same_day"),
    ("my temp is 101.4 and my back hurts", "infection", "same_day"),
    ("fever of 102, I'm diabetic and my back is awful", "infection", "er_now"),
    ("fever, bad back, and he's confused and not making sense", "infection", "call_911"),
    ("there's a heartbeat in my belly", "vascular", "same_day"),
    ("a pulse in my belly and my back aches", "vascular", "er_now"),
    ("my back pain hit all of a sudden and I passed out, all clammy", "vascular", "call_911"),
    ("my chest is tight and my left arm hurts", "cardiac", "call_911"),
    ("i cant breathe", "cardiac", "call_911"),
    ("one calf is swollen and hot", "cardiac", "call_911"),
    ("my left foot keeps dragging", "neuro_deficit", "same_day"),
    ("one side of his face is drooping", "neuro_deficit", "call_911"),
    ("stiff every morning for an hour, for 8 months, better when I move", "inflammatory",
     "physician_soon"),
    ("blood in my pee", "renal_visceral", "same_day"),
    ("pain in my right flank and I keep throwing up", "renal_visceral", "er_now"),
    ("I'm 22 weeks pregnant with a sore back", "pregnancy", "physician_soon"),
    ("31 weeks pregnant and I'm bleeding", "pregnancy", "er_now"),
    ("my son is 12 and his back hurts after soccer", "child", "physician_soon"),
    ("my back is worse since the epidural last week", "post_procedure", "same_day"),
    ("my incision is leaking yellow stuff", "post_procedure", "er_now"),
    ("I took a handful of oxycodone", "overdose", "er_now"),
    ("I want to kill myself", "crisis", "crisis"),
]  # fmt: skip

SPANISH = [
    ("no siento nada entre las piernas", "er_now"),
    ("me oriné encima", "er_now"),
    ("no puedo orinar desde ayer", "er_now"),
    ("me duele el pecho", "call_911"),
    ("no puedo respirar", "call_911"),
    ("me quiero morir", "crisis"),
    ("tengo fiebre y dolor de espalda", "same_day"),
]

HARMLESS = [
    "my back is killing me",
    "dying to get back to golf",
    "I'd kill for a massage",
    "hot yoga helped a lot",
    "is a hot pack ok on a sore back?",
    "spring fever, so I dug the garden",
    "I'm bored to death of these planks, next exercise please",
    "the ball has a slow leak",
    "there was a car accident on the highway so I'm running late",
    "my phone is dying, text me tomorrow",
    "chest day yesterday, pecs are sore",
    "I have a deadline at work",
    "just a dull ache on the right after gardening",
    "can I book for Thursday at three?",
    "put me down for monday",
    "how many times a day should I do the bridge?",
    "",
    "?!",
]

VARIANTS = [
    "my grion is numb",
    "I CANT FEEL MY CROTCH",
    "i cnt feel my crotch",
    "I can’t feel my crotch",
    "no feeling in my crotch",
    "cannot feel my crotch!!!",
    "my crotch is numbbb",
    "I can't feel my button when I sit",
    "my crotch is num",
    "book me friday at 4 oh and my privates are numb thanks see you then",
]


@pytest.mark.parametrize(("text", "pathology", "level"), PRESENT)
def test_every_pathology_and_level(text: str, pathology: str, level: str) -> None:
    screening = screen(text)
    assert screening.level.label == level, screening
    named = {f.pathology for f in screening.findings if f.status.value == "present"}
    assert pathology in named


def test_the_table_covers_every_pathology() -> None:
    assert {row[1] for row in PRESENT} == {sign.pathology for sign in signs()}


@pytest.mark.parametrize(("text", "level"), SPANISH)
def test_spanish_emergencies(text: str, level: str) -> None:
    assert screen(text).level >= Urgency.of(level)


@pytest.mark.parametrize("text", HARMLESS)
def test_idioms_and_ordinary_messages_do_not_fire(text: str) -> None:
    screening = screen(text)
    assert (screening.level, screening.ask) == (Urgency.NONE, None), screening


@pytest.mark.parametrize("text", VARIANTS)
def test_spelling_dictation_and_run_ons(text: str) -> None:
    assert screen(text).level is Urgency.ER_NOW


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Hi. My crotch is numb, help", "crotch is numb"),
        ("ok so i can’t pee today", "can’t pee"),
        ("ÉÉ soooo I wet myself", "wet myself"),
        ("tmp 101.5 w/ back pain", "101.5"),
    ],
)
def test_spans_quote_the_patient(text: str, quote: str) -> None:
    found = [f for f in screen(text).findings if f.status.value == "present"]
    assert quote in {text[f.span[0] : f.span[1]] for f in found}


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("my legs feel heavy", "legs"),
        ("had a bad car accident", "fall"),
        ("i feel hopeless", "crisis"),
        ("something is different with my bladder lately", "bladder"),
    ],
)
def test_what_is_unclear_is_asked(text: str, ask: str) -> None:
    screening = screen(text)
    assert screening.ask == ask, screening
    assert not screening.level.is_emergency


def test_signs_are_reviewable() -> None:
    questions = {
        "saddle", "bladder", "bowel", "sexual", "legs", "walk", "one_leg", "band", "fever", "fall",
        "cancer", "night_pain", "belly_pulse", "chest", "calf", "urine", "pregnancy", "age",
        "procedure", "overdose", "crisis", "eye", "stroke", "expecting",
    }  # fmt: skip
    for sign in signs():
        assert sign.question in questions, sign.name
        assert sign.sources, sign.name
        assert set(sign.sources) <= set(sources()), sign.name
        assert sign.patterns, sign.name
        assert sign.level >= Urgency.PHYSICIAN_SOON, sign.name
    assert len({sign.name for sign in signs()}) == len(signs())
