"""Phone numbers, typed and spoken."""

import pytest

from bot.entities.person import read_phone, spoken_phone

US = "+15125550123"

TYPED = [
    "5125550123", "512-555-0123", "512 555 0123", "512.555.0123", "(512) 555-0123", "(512)555-0123",
    "512/555-0123", "512–555–0123", "5 1 2 5 5 5 0 1 2 3", "1-512-555-0123", "15125550123",
    "+1 512 555 0123", "+1 (512) 555-0123", "+15125550123", "001 512 555 0123", "512 5550123",
    "512_555_0123", "512*555*0123", "５１２５５５０１２３", "it's 512-555-0123",
    "my number is 512-555-0123.",
    "sure, 512-555-0123, call after 5", "512-555-0123 ext 12", "512-555-0123 x9",
    "512-555-0123 thanks!", "call me at 512-555-0123 after 5", "Bob 512-555-0123",
    "512-555-0123, Tuesday at 3", "512-555-O123", "tel:512-555-0123", "#5125550123",
    "not 512-555-0100, it's 512-555-0123", "my old number was 512-555-0100, now 512-555-0123",
    "cell 512-555-0123 home 512-555-0199", "512 555 0123 3pm works", "the number 512-555-0123?",
    "on 6/11 call 512-555-0123", "I was born 01/02/1960, phone 512-555-0123", "512-\n555-0123",
]  # fmt: skip

SPOKEN = [
    "five one two five five five oh one two three",
    "Five one two. Five five five. Oh one two three.",
    "it's five one two, five five five, zero one two three",
    "five one two triple five oh one two three",
    "five one two five double five zero one two three",
    "five twelve five fifty five oh one twenty three",
    "five twelve triple five zero one twenty-three",
    "area code five one two five five five oh one two three",
    "512 five five five 0123",
    "five one to five five five oh one too three",
    "five-one-two five-five-five oh-one-two-three",
    "five one two dash five five five dash zero one two three",
    "one five one two five five five oh one two three",
    "cinco uno dos cinco cinco cinco cero uno dos tres",
    "my number is five one two five five five oh one two three and call after work",
]

ABROAD = [
    ("+44 7911 123456", "+447911123456"), ("0044 7911 123456", "+447911123456"),
    ("011 44 7911 123456", "+447911123456"), ("+52 55 1234 5678", "+525512345678"),
    ("+52 (55) 1234-5678", "+525512345678"), ("+49 30 901820", "+4930901820"),
    ("my uk mobile is +44 7911 123456", "+447911123456"), ("plus 44 7911 123456", "+447911123456"),
]  # fmt: skip

NOT_PHONES = [
    "", "hello", "no", "I don't have a phone", "555-0123", "5550123", "512-555-012", "512 555",
    "512-555-01234", "51255501234", "512 555 0123 4567", "911", "988", "123-45-6789", "123 45 6789",
    "SSN 123-45-6789", "078051120", "12/03/2025", "2025-06-11", "2025-06-11 10:30",
    "06/11/2025 10:30",
    "06112025", "4111 1111 1111 1111", "4111111111111111", "1234567890", "012-555-0123",
    "512-155-0123", "member id 2125550123", "my policy number is 2125550123", "account 2125550123",
    "call me at 5", "7", "20 reps", "L5 S1", "five", "five one two", "one two three",
    "five one two five five five oh one two", "tuesday at three", "10.0.0.1", "192.168.100.200",
    "3 weeks and 2 days", "what number?", "0000000000", "+", "+1", "++++++++++", "()()()",
    "+999 123",
    "two to four works for me", "78701-1234", "not 512-555-0123", "512-555-0123 is wrong",
    "1 2 3 4 5 6 7 8 9 10 11 12",
]  # fmt: skip


@pytest.mark.parametrize("text", TYPED + SPOKEN)
def test_us_number(text: str) -> None:
    assert read_phone(text) == US


@pytest.mark.parametrize(("text", "phone"), ABROAD)
def test_number_from_abroad(text: str, phone: str) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize("text", NOT_PHONES)
def test_not_a_phone(text: str) -> None:
    assert read_phone(text) is None


def test_another_region() -> None:
    assert read_phone("07911 123456", region="GB") == "+447911123456"
    assert read_phone("07911 123456") is None


@pytest.mark.parametrize(
    ("phone", "spoken"),
    [("+15125550123", "(512) 555-0123"), ("+447911123456", "+44 7911 123456")],
)
def test_spoken(phone: str, spoken: str) -> None:
    assert spoken_phone(phone) == spoken
