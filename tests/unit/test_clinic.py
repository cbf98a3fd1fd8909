"""The clinic's profile: what is wrong is said in one sentence, what is missing with the phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.clinic import Clinic, load_clinic
from bot.settings import ROOT, SettingsError

GOOD = "name: The Clinic\nphone: 512-555-0100\narea: Austin\n"
OPTIONAL = {
    "address": "clinic_address",
    "hours": "clinic_hours",
    "prices": "clinic_prices",
    "referral": "clinic_referral",
    "first_visit": "clinic_first_visit",
    "telehealth": "clinic_telehealth",
    "links": "clinic_links",
}


def _profile(folder: Path, content: str | bytes) -> Path:
    path = folder / "clinic.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (GOOD + 'hours: "8 to 6\n', "line"),
        (GOOD + "hours: 8 to 6\n  prices: x\n", "line 5"),
        ("name: a: b\n", "line 1"),
        ("name: The Clinic\n\tphone: 1\n", "line"),
        (GOOD + "hours: \xff".encode("latin-1").decode("latin-1") + "\x00", "YAML"),
        (b"name: \xff\xfe", "YAML"),
        (GOOD + "hours: 2024-13-45\n", "YAML"),
        ("", "phone: 512-555-0100"),
        ("- name\n- phone\n", "phone: 512-555-0100"),
        ("just words", "phone: 512-555-0100"),
        (GOOD + "on: 1\n", "phone: 512-555-0100"),
        (GOOD.replace("phone: 512-555-0100\n", ""), "'phone' is missing"),
        (GOOD.replace("name: The Clinic\n", ""), "'name' is missing"),
        (GOOD.replace("area: Austin\n", ""), "'area' is missing"),
        (GOOD.replace("The Clinic", '"  "'), "'name' must not be empty"),
        (GOOD.replace("The Clinic", ""), "'name'"),
        (GOOD.replace("512-555-0100", "call us"), "'phone' is not a phone number"),
        (GOOD.replace("512-555-0100", "12"), "'phone' is not a phone number"),
        (GOOD + "huors: 8 to 6\n", "'huors' is not a known setting"),
        (GOOD + "time_zone: Austin\n", "'time_zone' is not a time zone"),
        (GOOD + "time_zone: ../../etc/passwd\n", "'time_zone' is not a time zone"),
        (GOOD + "links:\n- title: Videos\n  url: javascript:alert(1)\n", "'links.0.url'"),
        (GOOD + "links:\n- title: Videos\n", "'links.0.url' is missing"),
        (GOOD + "links: https://example.com\n", "'links'"),
        (GOOD + "hours: [8, 18]\n", "'hours'"),
        (GOOD + "prices: {first: 150}\n", "'prices'"),
    ],
)
def test_broken_profile_is_one_sentence_that_names_the_place(
    tmp_path: Path, content: str | bytes, named: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_clinic(_profile(tmp_path, content))
    sentence = str(raised.value)
    assert named in sentence
    assert sentence.startswith("clinic.yml")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_missing_profile_says_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^clinic\.yml is missing: put .* there\.$"):
        load_clinic(tmp_path / "clinic.yml")
    (tmp_path / "clinic.yml").mkdir()
    with pytest.raises(SettingsError, match=r"^clinic\.yml is a folder"):
        load_clinic(tmp_path / "clinic.yml")


def test_profile_of_this_repository_is_valid() -> None:
    profile = load_clinic(ROOT / "clinic.yml")
    assert profile.phone == "512-215-4227"
    assert "Austin" in profile.area
    assert "Westlake" in profile.area


@pytest.mark.parametrize(("field", "fact"), OPTIONAL.items())
@pytest.mark.parametrize("empty", ["left out", "", "   "])
def test_missing_fact_is_said_with_the_phone(
    tmp_path: Path, field: str, fact: str, empty: str
) -> None:
    line = {"left out": "", "": f"{field}:\n"}.get(empty, f'{field}: "{empty}"\n')
    if field == "links":
        line = {"left out": ""}.get(empty, "links:\n")
    said = load_clinic(_profile(tmp_path, GOOD + line)).facts()[fact]
    assert "512-555-0100" in said
    assert said.endswith(".")
    assert said == said.strip()


def test_known_facts_are_said_as_they_are() -> None:
    profile = Clinic(
        name=" The Clinic ", phone="512-555-0100", area="Austin",
        hours="Monday to Friday, 8 to 6.", prices="$150.",
        links=[{"title": "Videos", "url": "https://example.com/v"}],
    )  # fmt: skip
    facts = profile.facts()
    assert facts["clinic_name"] == "The Clinic"
    assert facts["clinic_hours"] == "Monday to Friday, 8 to 6."
    assert facts["clinic_prices"] == "$150."
    assert facts["clinic_links"] == "- [Videos](https://example.com/v)"


def test_times_in_this_repository_are_marked_as_made_up() -> None:
    rules = load_clinic(ROOT / "clinic.yml").booking
    assert rules
    assert rules.demo
    assert rules.opening(date(2026, 11, 30))


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ("booking:\n  therapists: [Dana]\n", "'booking.hours' is missing"),
        ("booking:\n  therapists: [Dana]\n  hours: {monday: 8 to 5}\n", "'booking.hours' has no"),
        ("booking:\n  therapists: [Dana]\n  hours: {funday: 08:00-09:00}\n", "no day 'funday'"),
    ],
)
def test_broken_booking_block_names_the_place(tmp_path: Path, block: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_clinic(_profile(tmp_path, GOOD + block))


def test_unquoted_phone_number_is_read_as_text(tmp_path: Path) -> None:
    profile = load_clinic(_profile(tmp_path, GOOD.replace("512-555-0100", "5125550100")))
    assert profile.phone == "5125550100"
