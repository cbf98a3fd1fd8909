"""Reads a person's name and phone number from an answer."""

from __future__ import annotations

import re

import phonenumbers

MAX_NAME = 80

_LEAD = re.compile(
    r"^\W*(hi|hello|hey|yes|ok(ay)?|sure|it'?s|this is|i'?m|i am|im|my (full )?name(\W?s| is)?|"
    r"name(\W?s| is)?|the name is|call me|me llamo|soy|mi nombre es)\b[\s,:.-]*",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_]+([ '’.,-]+[^\W\d_]+\.?){0,5}$")
_NOT_A_NAME = frozenset(
    "what when where why who how can could should would do does did is are am will which tell show "
    "help stop cancel next back later no yes nope yeah not wait please thanks thank hello book "
    "appointment my your the pain hurts back leg don't dont idk nevermind never".split()
)


def read_name(text: str) -> str | None:
    """Reads a person's name.

    Args:
        text: The answer to "what is your name?", for example "it's Ana López".

    Returns:
        The name with its words capitalised where it was all lower case, or None when the message
        is a question, a command or too long to be a name.
    """
    first_clause = re.split(r"[\n;!?]|,\s*(?=my |and |phone|i )|\band my\b", text.strip())[0]
    name = _LEAD.sub("", first_clause).strip(" .,-")
    name = _LEAD.sub("", name).strip(" .,-")
    if not name or len(name) > MAX_NAME or not _NAME.match(name):
        return None
    if {word.strip(".,'").lower() for word in name.split()} & _NOT_A_NAME or "?" in text:
        return None
    return name.title() if name.islower() or name.isupper() else name


def read_phone(text: str, region: str = "US") -> str | None:
    """Reads a phone number.

    Args:
        text: The answer to "which number?", the number anywhere in it.
        region: The country whose number format is assumed without a country code.

    Returns:
        The number in E.164 form, or None when there is none that can exist.
    """
    for match in phonenumbers.PhoneNumberMatcher(
        text, region, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        # 555 numbers are not assigned but well formed: possible, not "valid".
        if phonenumbers.is_possible_number(match.number):
            return str(
                phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            )
    return None


def spoken_phone(phone: str) -> str:
    """Returns an E.164 number as people of its country write it."""
    parsed = phonenumbers.parse(phone)
    shape = phonenumbers.PhoneNumberFormat
    national = shape.NATIONAL if parsed.country_code == 1 else shape.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, national))
