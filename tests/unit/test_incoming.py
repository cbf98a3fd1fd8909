"""What may come in: cleaned messages, offered buttons, and nothing forged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.incoming import MAX_CHARACTERS, Choice, OfferedButtons, clean, read_payload


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("my back hurts", "my back hurts"),
        ("  hi \n", "hi"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("nul\x00 bell\x07 esc\x1b[31m", "nul bell esc[31m"),
        ("\ud800broken", "broken"),
        ("/restart", "restart"),
        ('/book_evaluation{"exercise": "x"}', 'book_evaluation{"exercise": "x"}'),
        ("///restart", "restart"),
        (" / /restart", "restart"),
        ("\x00/restart", "restart"),
        ("/\x00/restart", "restart"),
        ("/\n/\u00a0/restart", "restart"),
        ("8/10 pain", "8/10 pain"),
        ("/ 8/10", "8/10"),
        ("", ""),
        (" \n\t ", ""),
        ("\x00", ""),
        ("/", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE patients;--", "'; DROP TABLE patients;--"),
        ("😖🔥", "😖🔥"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("ظهري يؤلمني", "ظهري يؤلمني"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(alphabet=st.one_of(st.sampled_from("/ \n\t\x00\u00a0{}"), st.characters())))
def test_cleaned_text_is_never_a_command(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.strip().startswith("/")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned
    cleaned.encode()


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_words_are_not_lost(text: str) -> None:
    assert clean(text) == text


def test_long_message_is_cut() -> None:
    assert len(clean("a" * MAX_CHARACTERS)) == MAX_CHARACTERS == 10_000
    assert clean("a" * MAX_CHARACTERS + "b") == "a" * MAX_CHARACTERS
    assert len(clean("x" * 2_000_000)) == MAX_CHARACTERS


@pytest.mark.parametrize(
    ("payload", "choice"),
    [
        ("/affirm", Choice("T", "affirm")),
        ("/start_exercise?exercise=long_bridge",
         Choice("T", "start_exercise", (("exercise", "long_bridge"),))),
        ("/faq/hours", Choice("T", "faq/hours")),
        ("affirm", None),
        ("", None),
    ],
)  # fmt: skip
def test_payload(payload: str, choice: Choice | None) -> None:
    assert read_payload("T", payload) == choice


def _reply(*buttons: tuple[str, str]) -> list[dict[str, object]]:
    return [{"buttons": [{"title": title, "payload": payload} for title, payload in buttons]}]


@pytest.fixture
def offered() -> OfferedButtons:
    buttons = OfferedButtons()
    buttons.offer("ana", _reply(("Yes, go on", "/start_exercise?exercise=long_bridge")))
    return buttons


@pytest.mark.parametrize("text", ["Yes, go on", "yes, GO on", "  Yes, go on "])
def test_offered_button_is_taken_by_its_title(offered: OfferedButtons, text: str) -> None:
    choice = offered.chosen("ana", text)
    assert choice
    assert choice.intent == "start_exercise"
    assert choice.entities == (("exercise", "long_bridge"),)


@pytest.mark.parametrize(
    "text", ["/start_exercise", "/start_exercise?exercise=long_bridge", "Yes", "Delete", ""]
)
def test_what_was_not_offered_is_plain_text(offered: OfferedButtons, text: str) -> None:
    assert offered.chosen("ana", text) is None


def test_another_patient_has_no_such_button(offered: OfferedButtons) -> None:
    assert offered.knows("ana")
    assert not offered.knows("bob")
    assert offered.chosen("bob", "Yes, go on") is None


def test_newest_meaning_of_a_title_counts(offered: OfferedButtons) -> None:
    offered.offer("ana", _reply(("Yes, go on", "/affirm")))
    choice = offered.chosen("ana", "Yes, go on")
    assert choice
    assert choice.intent == "affirm"


def test_memory_is_bounded_and_forgets_the_oldest(offered: OfferedButtons) -> None:
    offered.offer("ana", _reply(*((f"Title {n}", "/affirm") for n in range(24))))
    assert offered.chosen("ana", "Yes, go on") is None
    assert offered.chosen("ana", "Title 0")
    for number in range(10_000):
        offered.offer(f"visitor {number}", _reply(("Yes", "/affirm")))
    assert not offered.knows("ana")
    assert offered.chosen("visitor 9999", "yes")


def test_button_without_a_command_is_not_remembered(offered: OfferedButtons) -> None:
    offered.offer("ana", _reply(("Our videos", "https://example.com")))
    assert offered.chosen("ana", "Our videos") is None
