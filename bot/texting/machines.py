"""Whether a machine writes: an automatic reply, or the same text again and again.

Two machines that answer each other never end, and the clinic pays for each text.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.texting.choices import is_bare

REPEATS = 3
"""The same text for the third time, without another one between, is a machine's."""
WITHIN = timedelta(minutes=10)
MOST_NUMBERS = 10_000
_SHORT = 12
"""Characters of a text that people repeat, as "next step"."""

_LATER = r"(?:later|get back|reply|respond|call you|text you|see your|when i|do not disturb|focus)"
_AUTOMATIC = re.compile(
    # what phones answer by themselves: iPhone, Android, cars
    rf"^\W*(?:(?:sorry|hi|hello)\W+)*(?:i'?m |i am )?(?:currently )?driving\b.{{0,60}}\b{_LATER}\b|"
    r"^\W*(?:i'?m |i am )?driving(?: right)? now\W*$|\bsent from my car\b|"
    r"\bi'?m not receiving notifications\b|"
    r"^\W*(?:sorry\W+)?(?:i )?(?:can'?t|cannot) (?:talk|text|answer)(?: right)? now\b|"
    # what says so itself
    r"^\W*(?:this is an? )?auto(?:mated|matic|matically)?[ -]?(?:generated )?"
    r"(?:reply|response|responder|message|text)\b|\bauto-?(?:reply|response|responder)\b|"
    r"^\W*(?:respuesta|mensaje) autom[aá]tic[oa]\b|"
    # numbers that nobody reads
    r"\b(?:not|isn'?t|is never) (?:being )?monitored\b|\bunmonitored\b|"
    r"\b(?:do not|don'?t|please don'?t) reply to this (?:message|text|number|sms)\b|"
    r"\b(?:(?:this|the) (?:number|phone|line|inbox|mailbox|account|service)|we) (?:is )?"
    r"(?:does not|doesn'?t|do not|don'?t|cannot|can'?t|unable to|not able to) "
    r"(?:accept|receive|get) (?:incoming )?(?:texts?|text messages?|replies|messages|sms|mms)\b|"
    r"\bno-?reply (?:number|text|message)\b|\bmessage blocking is active\b|"
    r"\bnumber (?:is )?(?:no longer|not) in service\b|"
    # businesses and offices
    r"\b(?:thanks|thank you) for (?:contacting|texting|messaging|reaching out|calling|your "
    r"(?:message|text|inquiry))\b.*\b(?:we will|we'll|our (?:team|office|staff)|business hours|"
    r"representative|someone will|shortly)\b|"
    r"\bwe(?:'re| are) (?:currently )?(?:closed|unavailable|out of (?:the )?office)\b|"
    r"\bout of (?:the )?office\b.*\b(?:limited access|(?:will|'ll) (?:respond|reply|get back)|"
    r"upon my return|when i return)\b|"
    r"\byour (?:message|text) (?:has been|was) received\b",
    re.DOTALL,
)


def _said(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def is_automatic(text: str) -> bool:
    """Tells whether a text is one of those that phones and offices send by themselves.

    A question is a person's: "I'm driving for three hours, should I stop and stretch?"
    """
    said = _said(text)
    return "?" not in said and bool(_AUTOMATIC.search(said))


class Repeats:
    """Counts how often each number has sent the same text in a row; keeps no words.

    In memory: after a restart a loop gets a few more answers, and the limits hold.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[str, list[datetime]]] = OrderedDict()

    def count(self, whose: str, text: str, at: datetime) -> int:
        """Notes a text and returns how often it came lately, this time included.

        Args:
            whose: The number's hash.
            text: What was written; what people repeat (a number, a yes, a word) counts once.
            at: When it came in.
        """
        said = _said(text)
        if len(said) < _SHORT or is_bare(text):
            self._last.pop(whose, None)
            return 1
        print_of_it = hashlib.sha256(said.encode()).hexdigest()
        known, times = self._last.pop(whose, (print_of_it, []))
        lately = [t for t in times if at - t < WITHIN] if known == print_of_it else []
        self._last[whose] = (print_of_it, [*lately, at][-REPEATS:])
        while len(self._last) > MOST_NUMBERS:
            self._last.popitem(last=False)
        return len(self._last[whose][1])
