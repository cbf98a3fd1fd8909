"""Reads an e-mail address: the one that was meant, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities.email import read_email


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("ana@example.com", "ana@example.com"),
        ("it's Ana.Lopez@Example.COM.", "Ana.Lopez@example.com"),
        ("<ana+back@mail.example.co.uk>", "ana+back@mail.example.co.uk"),
        ("ana_l@example.com, thanks", "ana_l@example.com"),
        ("ana@example.com, not ana@example", "ana@example.com"), ("a@x.com and b@x.com", None),
        ("ana@example", None), ("@example.com", None), ("ana@@example.com", None),
        ("ana@-example.com", None), ("ana@exa mple.com", None), ("no", None), ("", None),
        ("a" * 65 + "@example.com", None), ("ana@" + "a." * 130 + "com", None),
        ("ana@example.com\r\nBcc: b", "ana@example.com"),
    ],
)  # fmt: skip
def test_address_that_is_meant(said: str, address: str | None) -> None:
    assert read_email(said) == address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("tom at gmail dot com", "tom@gmail.com"), ("Tom at gmail.com", "Tom@gmail.com"),
        ("it's tom dot ray at mail dot example dot com, thanks", "tom.ray@mail.example.com"),
        ("my email is tom_ray (at) example (dot) com", "tom_ray@example.com"),
        ("tom underscore ray at example dot com", "tom_ray@example.com"),
        ("tom ray at gmail dot com", None), ("I am at gmail dot com", None),
        ("ana at example", None), ("meet me at the clinic", None),
        ("find me at example.com", None), ("at 10 dot 30", None),
    ],
)  # fmt: skip
def test_dictated_address_is_written_down(said: str, address: str | None) -> None:
    assert read_email(said) == address


@given(st.text(max_size=200) | st.from_regex(r"[a@.\- ]{0,60}", fullmatch=True))
def test_what_is_read_can_stand_in_a_header(said: str) -> None:
    address = read_email(said)
    if address is None:
        return
    assert address.count("@") == 1
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.lower() in said.lower()
