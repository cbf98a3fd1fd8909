"""What a text asks of the service itself: to stop, to start again, who it is.

The single words are those that US carriers and the provider require (CTIA Messaging Principles and
Best Practices; 47 CFR 64.1200(a)(10): any reasonable wording counts, not the words alone).
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum


class Keyword(Enum):
    """What a text asks of the service."""

    STOP = "stop"
    START = "start"
    YES = "yes"
    HELP = "help"
    CANCEL = "cancel"


_STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "stop all", "opt out",
     "opt-out", "please stop", "stop please", "pls stop", "stop pls", "stop now", "stop stop",
     "stop stop stop", "stop messages", "stop texts"}
)  # fmt: skip
_START = frozenset({"start", "unstop", "opt in", "optin", "opt-in"})
_HELP = frozenset({"help", "info"})

_REACH = r"(?:text|txt|messag|msg|contact|bother|spam|writ|send|ping|reach)\w*"
_ME = r"(?:me|us|this (?:number|phone|cell)|my (?:phone|cell|number))"
_THINGS = r"(?:texts?|txts?|messages?|msgs?|sms|texting|messaging|spam)"
_OPT_OUT = re.compile(
    rf"\b(?:stop|quit|cease) (?:all |with )?"
    rf"(?:the |these |those |your |ur |sending |getting |receiving |any )*"
    rf"(?:{_REACH} (?:to )?{_ME}\b|{_THINGS}\b(?! you))|"
    rf"\b(?:don'?t|do not|never|no longer|not) (?:ever |please )?{_REACH} (?:to )?{_ME}\b|"
    rf"\bno more (?:\w+ ){{0,2}}{_THINGS}\b|"
    rf"\b(?:don'?t|do not|no longer) (?:want|need|wish)(?: to (?:get|receive|have))?"
    rf"(?: \w+){{0,3}} (?:texts|txts|messages|msgs|sms|texting|messaging|spam)\b|"
    rf"\b(?:take|remove|get|drop|delete) (?:me|us|my (?:number|phone|name)|this number) "
    rf"(?:off|from|out of)\b|"
    rf"\bremove (?:my|this) (?:number|phone)\b|\blose (?:my|this) number\b|"
    rf"\bleave me alone\b|\bun-?subscribe\b|\bopt(?:ing)? (?:me )?(?:out|-out)\b|"
    rf"\b(?:revoke|withdraw|take back) (?:my )?consent\b|"
    rf"\bcancel (?:my |the |all |these |your )*(?:{_THINGS}|subscription)\b|"
    rf"\b(?:deja|dejen|dejar|pare|paren|no me) (?:de )?(?:mandar|enviar|mandes|manden|envien)\w*"
)
# "STOP I can't feel my legs": the command in capitals, and then a sentence of its own.
_COMMAND_FIRST = re.compile(
    r"\W*(?:STOP|STOPALL|UNSUBSCRIBE|QUIT|OPTOUT)\b\W+(?:I|[Hh]e|HE|[Ss]he|SHE|[Ww]e|WE)\b"
)
_SENTENCE_END = re.compile(r"[.!]+\s+|\n+")
# Another sender is meant: "he won't stop texting me".
_OTHERS = re.compile(
    r"\b(?:he|she|they|him|her|them|my (?:\w+ )?(?:ex|boss|wife|husband|son|daughter|friend|kids?|"
    r"mom|dad|neighbor|phone company)|scammers?|someone|somebody|people|who)\b[^.!?]*$"
)
_WONT = re.compile(r"\b(?:won'?t|can'?t|cannot|didn'?t|doesn'?t|never|not)(?: ever)? $")
# "Stop the reminders" is about the reminders; the dialogue does that.
_REMINDERS = re.compile(r"\breminders?\b")
_ALL = re.compile(r"\b(?:all|any|everything|anything|ever)\b")
# "How do I unsubscribe?" asks; "can you stop texting me?" asks for it to be done.
_ASKS_HOW = re.compile(
    r"^\W*(?:how (?:do|can|would|could) (?:i|we|you|one)|(?:can|could|may|do) i|is it possible|"
    r"what if i|what happens (?:if|when)|should i|when (?:do|should|can) i)\b"
)
_AGAIN = re.compile(
    r"\b(?:start|resume|begin) (?:texting|messaging|sending|texts|messages)\b|"
    r"\b(?:opt|sign|put) me (?:back )?(?:in|up|on)\b|\bre-?subscribe\b|"
    r"\b(?:you can|please|pls) (?:text|message) me (?:again|now)\b"
)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s'-]", " ", folded).split())


def _said(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("’", "'").split())


def keyword(text: str) -> Keyword | None:
    """Returns what a text asks of the service by one word alone.

    ``YES`` starts the service again for those who stopped it; for others it is an answer. What
    ``CANCEL`` means is up to the clinic's settings.
    """
    word = _bare(text)
    if word in _STOP:
        return Keyword.STOP
    if word in _START:
        return Keyword.START
    if word in _HELP:
        return Keyword.HELP
    return {"yes": Keyword.YES, "cancel": Keyword.CANCEL}.get(word)


def asks_to_stop(text: str) -> bool:
    """Tells whether a text asks in other words to be sent nothing more.

    "When should I stop?" and "it won't stop hurting" do not.
    """
    if _begins_with_command(text):
        return True
    said = _said(text)
    for found in _OPT_OUT.finditer(said):
        before = said[: found.start()]
        if _WONT.search(before) or _OTHERS.search(before):
            continue
        if _REMINDERS.search(said) and not _ALL.search(said):
            continue
        return not _ASKS_HOW.search(said)
    return False


def _begins_with_command(text: str) -> bool:
    """Tells whether a word that opts out stands alone before whatever else is written."""
    first, *rest = _SENTENCE_END.split(text.strip(), maxsplit=1)
    alone = bool(rest) and keyword(first) is Keyword.STOP
    return alone or bool(_COMMAND_FIRST.match(text))


def asks_how_to_stop(text: str) -> bool:
    """Tells whether a text asks how to be sent nothing more."""
    said = _said(text)
    return bool(_OPT_OUT.search(said) and _ASKS_HOW.search(said))


def asks_to_start(text: str) -> bool:
    """Tells whether somebody who opted out asks in other words to be sent texts again."""
    return bool(_AGAIN.search(_said(text))) and not asks_to_stop(text)
