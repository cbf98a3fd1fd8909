"""The clinic's profile (clinic.yml): what the bot may say about the clinic itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
import yaml
from pydantic import BaseModel, Extra, HttpUrl, ValidationError, validator

from bot.booking.rules import BookingRules
from bot.retention import RetentionRules
from bot.settings import CLINIC_FILE, SettingsError

LEAST_TEXTS = 40
"""What one patient may text at least: the whole routine with its questions takes about 35."""


class Link(BaseModel):
    """A page or video that the clinic recommends."""

    title: str
    url: HttpUrl


class SmsProfile(BaseModel):
    """What the clinic wants of its text messages."""

    pictures: bool = False
    cancel_word: str = "opt_out"
    texts_an_hour: int = 80
    texts_a_day: int = 200

    class Config:
        """Unknown keys are refused, as in the profile."""

        extra = Extra.forbid

    @validator("cancel_word")
    def _known_meaning(cls, value: str) -> str:  # noqa: N805
        if value not in ("opt_out", "booking"):
            raise ValueError("must be opt_out or booking")
        return value

    @validator("texts_an_hour", "texts_a_day")
    def _enough_for_a_routine(cls, value: int) -> int:  # noqa: N805
        if value < LEAST_TEXTS:
            raise ValueError(f"must be {LEAST_TEXTS} or more: an exercise takes so many answers")
        return value


class Clinic(BaseModel):
    """The clinic's profile; fields that are None are not known and are said to be so."""

    name: str
    phone: str
    sms_number: Optional[str] = None
    area: str
    time_zone: str = "America/Chicago"
    address: Optional[str] = None
    hours: Optional[str] = None
    prices: Optional[str] = None
    referral: Optional[str] = None
    first_visit: Optional[str] = None
    telehealth: Optional[str] = None
    links: list[Link] = []
    allowed_origins: list[str] = []
    booking: Optional[BookingRules] = None
    retention: RetentionRules = RetentionRules()
    sms: SmsProfile = SmsProfile()

    class Config:
        """Unknown keys are refused, so that a misspelled one does not vanish silently."""

        extra = Extra.forbid

    @validator("name", "area", "phone")
    def _not_empty(cls, value: str) -> str:  # noqa: N805
        if not value.strip():
            raise ValueError("must not be empty")
        return value.strip()

    @validator("address", "hours", "prices", "referral", "first_visit", "telehealth")
    def _blank_is_unknown(cls, value: str | None) -> str | None:  # noqa: N805
        return (value or "").strip() or None

    @validator("links", "allowed_origins", pre=True)
    def _empty_list(cls, value: object) -> object:  # noqa: N805
        return [] if value is None else value

    @validator("retention", pre=True)
    def _no_periods_of_its_own(cls, value: object) -> object:  # noqa: N805
        return {} if value is None else value

    @validator("phone", "sms_number")
    def _valid_phone(cls, value: str | None) -> str | None:  # noqa: N805
        if value is None:
            return None
        try:
            valid = phonenumbers.is_possible_number(phonenumbers.parse(value, "US"))
        except phonenumbers.NumberParseException:
            valid = False
        if not valid:
            raise ValueError("is not a phone number that can be called")
        return value

    @validator("time_zone")
    def _known_zone(cls, value: str) -> str:  # noqa: N805
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is not a time zone such as America/Chicago") from error
        return value

    @property
    def phone_e164(self) -> str:
        """Returns the phone number as links need it, for example +15125550100."""
        number = phonenumbers.parse(self.phone, "US")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def facts(self) -> Mapping[str, str]:
        """Returns what the placeholders in the answers stand for, as full sentences.

        A fact that the profile lacks becomes a plain sentence with the phone number.
        """

        def said(value: str | None, what: str) -> str:
            return value or f"I don't have {what} here. Please call the clinic at {self.phone}."

        links = "\n".join(f"- [{link.title}]({link.url})" for link in self.links)
        return {
            "clinic_name": self.name,
            "clinic_phone": self.phone,
            "clinic_area": self.area,
            "clinic_address": said(self.address, "the clinic's street address"),
            "clinic_hours": said(self.hours, "the clinic's hours"),
            "clinic_prices": said(self.prices, "the clinic's prices or insurance details"),
            "clinic_referral": self.referral or f"For your own plan, call {self.phone}.",
            "clinic_first_visit": said(
                self.first_visit, "the length of the first visit or what else to bring"
            ),
            "clinic_telehealth": said(
                self.telehealth, "word on whether the clinic does video visits"
            ),
            "clinic_retention": self.retention.in_words(),
            "clinic_links": links or f"I have no links from the clinic yet. Ask at {self.phone}.",
        }


def load_clinic(path: Path = CLINIC_FILE) -> Clinic:
    """Reads and checks the clinic's profile.

    Args:
        path: The profile's file.

    Raises:
        SettingsError: One sentence that names the wrong line and how to mend it.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing: put the clinic's profile there.") from None
    except IsADirectoryError:
        raise SettingsError(f"{path.name} is a folder: put the clinic's profile there.") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: bytes or a date that cannot be
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise SettingsError(
            f"{path.name} is not valid YAML{where}: mend that line (a missing quote or space?)."
        ) from None
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise SettingsError(f"{path.name} must hold lines such as 'phone: 512-555-0100'.")
    try:
        return Clinic(**content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        what = {
            "value_error.extra": "is not a known setting: remove it or mend its spelling",
            "value_error.missing": "is missing: add it",
        }.get(first["type"], f"{first['msg']}: mend it")
        raise SettingsError(f"{path.name}: '{field}' {what}.") from None


@lru_cache(maxsize=1)
def clinic() -> Clinic:
    """Returns the profile of this installation, read once per process."""
    return load_clinic()
