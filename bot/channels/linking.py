"""Going on with a conversation on the phone: a web visitor and a phone number become one patient.

On the web "continue on my phone" shows a one-time code. The patient texts it from their phone, says
yes once more there, and from then on both are one conversation, one plan, one record. Until then
the phone hears nothing of the other side. All of this stays outside the dialogue engine, so that a
code is in no transcript of it and whatever was being asked still waits for its answer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.channels.output import as_reply
from bot.clinic import clinic
from bot.entities.yes_no import Answer, read_answer
from bot.replies import plain_response
from bot.store import links
from bot.store.models import utc_now

WEB = "web"
MOST_CHARACTERS = 120
_PHONE = r"(?:phone|cell ?(?:phone)?|mobile|sms|texts?|texting|text messages?)"
_WANTS = re.compile(
    r"\b(?:continue|go on|carry on|keep going|resume|finish|switch|move|do (?:this|it|these|them|my"
    rf"|the)|pick (?:this|it) up)\b[^.!]{{0,40}}\b(?:on|to|by|over|via|with)"
    rf" (?:my |the |a )?{_PHONE}\b|"
    rf"\b(?:link|connect|join|pair)\b[^.!]{{0,20}}\b{_PHONE}\b",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(
    r"\b(?:appointments?|bookings?|visits?|evaluations?|remind\w*|call\w*|number|nurse|doctor)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?:unlink|unpair|disconnect|unjoin)\b[^.!?]{{0,20}}\b(?:{_PHONE}|chats?|website)\b",
    re.IGNORECASE,
)
_SIGNS = rf"[{links.LETTERS}]"
_CODE = re.compile(
    rf"^\W*(?:(?:link|code)\W+(?P<named>[a-z0-9]{{3,6}}[\s-]?[a-z0-9]{{3,6}})|"
    rf"(?P<bare>(?=\S*\s?\S*\d){_SIGNS}{{4}}[\s-]?{_SIGNS}{{4}}))\W*$",
    re.IGNORECASE,
)

Reply = dict[str, Any]


class PhoneLinks:
    """What is said about joining a phone to a web chat.

    Args:
        number: The number that patients text to; by default the clinic's. Without one no code is
            given.
        asked_sign: Tells whether a direct question about a danger sign waits for a patient's
            answer. Without it none is taken to wait.
    """

    def __init__(
        self,
        number: str | None = None,
        asked_sign: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        self._number = number or clinic().sms_number
        self._asked_sign = asked_sign

    def concerns(self, text: str, channel: str) -> bool:
        """Tells whether a message may have to do with joined channels: on the web few have."""
        return channel != WEB or _is_about_links(text)

    async def patient(self, sender_id: str, channel: str) -> str:
        """Returns whose conversation a sender's message belongs to."""
        # Codes are given on the web and sent from elsewhere: a web visitor is never joined.
        if channel == WEB:
            return sender_id
        return await asyncio.to_thread(links.patient_of, sender_id)

    async def answer(
        self, sender_id: str, patient_id: str, text: str, channel: str, calm: bool
    ) -> list[Reply] | None:
        """Answers a message that is about joining or parting; None for every other.

        Args:
            sender_id: Who writes, as the channel has verified it.
            patient_id: Whose conversation it is.
            text: The message, cleaned.
            channel: The channel.
            calm: Whether the message holds nothing that may be a danger sign.
        """
        sent = _code(text) is not None
        calm = calm or sent  # a code is no words
        if channel == WEB and not (calm and _is_about_links(text)):
            return None
        if sent and self._asked_sign and await self._asked_sign(patient_id):
            # The question is asked in a conversation that would end with the join: it goes first,
            # and the dialogue asks it again.
            await asyncio.to_thread(links.drop_claim, sender_id, utc_now())
            return None
        return await asyncio.to_thread(self._answer, sender_id, patient_id, text, channel, calm)

    def _answer(
        self, sender_id: str, patient_id: str, text: str, channel: str, calm: bool
    ) -> list[Reply] | None:
        now = utc_now()
        if channel != WEB and links.has_claim(sender_id, now):
            said = read_answer(text) if calm else None
            if said is Answer.YES:
                return self._join(sender_id, channel, now)
            # A yes belongs to the question before it: after anything else the code is void.
            links.drop_claim(sender_id, now)
            if said is Answer.NO:
                return self._say("utter_link_declined", channel)
        if not calm or not _is_about_links(text) or links.urgency_stands(patient_id):
            return None
        if _PART.search(text):
            parted = links.part(sender_id, patient_id)
            return self._say("utter_link_parted" if parted else "utter_link_nothing", channel)
        if _wants(text):
            return self._give_code(patient_id, channel, now)
        sent = _code(text)
        return self._take_code(sender_id, sent, channel, now) if sent and channel != WEB else None

    def _give_code(self, patient_id: str, channel: str, now: datetime) -> list[Reply]:
        if not self._number:
            return self._say("utter_link_unavailable", channel)
        if channel != WEB:
            return self._say("utter_link_from_web", channel)
        code = links.new_code(patient_id, now)
        if code is None:
            return self._say("utter_link_too_many", channel)
        return self._say("utter_link_code", channel, link_code=f"{code[:4]} {code[4:]}")

    def _take_code(self, sender_id: str, code: str, channel: str, now: datetime) -> list[Reply]:
        claimed = links.claim(sender_id, code, now)
        names = {
            links.Claim.MATCHED: "utter_link_confirm",
            links.Claim.WRONG: "utter_link_wrong",
            links.Claim.TOO_MANY: "utter_link_too_many",
        }
        return self._say(names[claimed], channel)

    def _join(self, sender_id: str, channel: str, now: datetime) -> list[Reply]:
        joined = links.join(sender_id, channel, now)
        return self._say("utter_link_joined" if joined else "utter_link_not_now", channel)

    def _say(self, name: str, channel: str, **facts: str) -> list[Reply]:
        response = plain_response(name, channel)
        text = response["text"]
        for fact, value in {"sms_number": self._number or "", **facts}.items():
            text = text.replace(f"{{{fact}}}", value)
        return [as_reply({**response, "text": text})]


def _is_about_links(text: str) -> bool:
    return bool(_PART.search(text) or _wants(text) or _code(text))


def _wants(text: str) -> bool:
    short = len(text) <= MOST_CHARACTERS
    return short and bool(_WANTS.search(text)) and not _OTHER_MATTER.search(text)


def _code(text: str) -> str | None:
    """Returns the code that a message is, right or wrong; each has a digit, "link my phone" not."""
    found = _CODE.match(text)
    if found is None:
        return None
    named: str | None = found["named"]
    if named is None:
        return str(found["bare"])
    return named if re.search(r"\d", named) else None
