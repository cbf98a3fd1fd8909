"""Reads a booking's reference where one is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities.reference import LETTERS, is_about_a_booking, read_reference
from bot.store.records import new_reference


@pytest.mark.parametrize(
    ("said", "reference", "about"),
    [
        ("cancel my appointment K7TW2B", "K7TW2B", True), ("k7tw2b", "K7TW2B", True),
        ("it's K7TW2B.", "K7TW2B", True), ("BCDFGH 512-555-0100", "BCDFGH", True),
        ("BCDFGH", "BCDFGH", False), ("512-555-0100", None, False), ("234567", None, False),
        ("K7TW2", None, False), ("K7TW2BB", None, False), ("my rhythm", None, False),
        ("K7TW2B@example.com", None, False), ("", None, False),
        ("what is my reference number", None, True), ("I lost my booking reference", None, True),
        ("what's the reference of my booking", None, True), ("I have a reference", None, False),
        ("here is my reference", None, False), ("what's the reference for that study", None, False),
    ],
)  # fmt: skip
def test_reference_that_is_meant(said: str, reference: str | None, about: bool) -> None:
    found = read_reference(said)
    assert (found[0] if found else None) == reference
    assert is_about_a_booking(said) is about


@given(st.text("abcdefghijklmnopqrstuvwxyz ,.'", max_size=60))
def test_plain_words_are_never_taken_for_a_booking(said: str) -> None:
    assert not is_about_a_booking(said)


def test_every_reference_that_is_made_is_read() -> None:
    for _ in range(500):
        made = new_reference()
        assert set(made) <= set(LETTERS)
        assert read_reference(made) == (made, " ")
