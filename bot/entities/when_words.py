"""The words of days and times. Data for ``when``, ``calendar_days`` and ``clock``."""

from __future__ import annotations

import re

WEEKDAYS = {
    **dict.fromkeys("monday mondays mon lunes monda mondey".split(), 0),
    **dict.fromkeys("tuesday tuesdays tues tue martes tuseday teusday tuesdy".split(), 1),
    **dict.fromkeys("wednesday wednesdays wed weds miercoles wensday wednsday wendsday".split(), 2),
    **dict.fromkeys("thursday thursdays thurs thur thu jueves thrusday thursdy".split(), 3),
    **dict.fromkeys("friday fridays fri viernes firday fridy".split(), 4),
    **dict.fromkeys("saturday saturdays sat sabado sabados saterday".split(), 5),
    **dict.fromkeys("sunday sundays sun domingo domingos".split(), 6),
}  # fmt: skip
PLURAL_WEEKDAYS = frozenset(word for word in WEEKDAYS if word.endswith(("days", "dos", "gos")))
MONTHS = {
    **dict.fromkeys("january jan enero".split(), 1),
    **dict.fromkeys("february feb febrero".split(), 2),
    **dict.fromkeys("march mar marzo".split(), 3), **dict.fromkeys("april apr abril".split(), 4),
    **dict.fromkeys("may mayo".split(), 5), **dict.fromkeys("june jun junio".split(), 6),
    **dict.fromkeys("july jul julio".split(), 7), **dict.fromkeys("august aug agosto".split(), 8),
    **dict.fromkeys("september sept sep septiembre".split(), 9),
    **dict.fromkeys("october oct octubre".split(), 10),
    **dict.fromkeys("november nov noviembre".split(), 11),
    **dict.fromkeys("december dec diciembre dic".split(), 12),
}  # fmt: skip
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

# "I get off work at 5": the hour opens a span.
FREE_FROM = re.compile(
    r"\b(?:get|gets|getting|am|i'm|im|go) (?:off|out|done)\b|\b(?:off|leave|done with|"
    r"finish) (?:work|school)\b|"
    r"\bi (?:work|finish|teach)\b|\bdrop\b"
)
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
# The part of the day, where no clock time says it better; the first that is found counts.
PARTS = (
    (AFTERNOON, re.compile(
        r"\b(?:end of (?:the )?day|eod|cob)\b|(?<!\d)(?<!\d )\bpm\b|\b(?:(?:late|early|mid|"
        r"this) )?afternoons?\b|\blunch ?time\b|\bafter (?:lunch|school|"
        r"noon)\b|\bmidday\b|"
        r"\b(?:la|las|esta|de la|por la) tardes?\b|\bmediodia\b|\blunch\b"
    )),
    (MORNING, re.compile(
        r"(?<!\d)(?<!\d )\bam\b(?<!i am)|\bmornings?\b|\bfirst thing\b|\bbefore (?:work|noon|"
        r"lunch|school)\b|\bearly\b|"
        r"\bbreakfast\b|"
        r"\b(?:por|de|en) las? mananas?\b|\besta manana\b|\btemprano\b"
    )),
    (EVENING, re.compile(
        r"\bevenings?\b|\btonight\b|\bnights?\b|\bafter (?:work|dinner|supper|hours)\b|^late\W*$|"
        r"\blater? (?:in the day|appointments?|slots?)\b|"
        r"\b(?:la|las|esta) noches?\b|\bdespues del? trabajo\b"
    )),
)  # fmt: skip

# A wish without a day of its own.
OPEN_WISH = re.compile(
    r"\basap\b|\bright now\b|^\W*now\W*$|\bimmediately\b|\bin (?:an?|\d|two|three) hours?\b|"
    r"\bnext few (?:days|weeks)\b|\bwithin (?:the|this|an?|\w+) (?:week|days|weeks|month)\b|"
    r"\bas late as possible\b|"
    r"\bas (?:soon|early) as (?:possible|you can|u can|i can|convenient)\b|\bsoonest\b|"
    r"\bearliest\b|"
    r"\bright away\b|\b(?:first|next) (?:available|availability|opening|open|slot|spot|"
    r"one you have)\b|\bsoon\b|"
    r"\bany ?time\b|\bany ?day\b|\bwhenever\b|\bwhen(?:ever)? (?:you|u) can\b|\bflexible\b|"
    r"\bwhatever (?:works|you have|"
    r"day|time|is (?:open|available))\b|\bno preference\b|\b(?:doesn'?t|does not|don'?t) matter\b|"
    r"\b24/7\b|"
    r"\b(?:you|u) (?:choose|pick|decide)\b|\blo antes posible\b|\bcuando (?:sea|pueda[ns]?|"
    r"quiera[ns]?)\b|"
    r"\bcualquier (?:dia|hora)\b|\bthis week\b|\bnext (?:week|month|year)\b|\bweekdays?\b|"
    r"\bweekends?\b|\bentre semana\b|"
    r"\bfin de semana\b|\b(?:later|sometime|end of|beginning of|early|late) (?:this|the|next|"
    r"in the) (?:week|month)\b|"
    r"\bweek after next\b|\b(?:la )?(?:proxima|otra) semana\b|\bsemana que viene\b|"
    r"\best[ae] (?:semana|mes)\b|"
    r"\bin a (?:few|couple(?: of)?) (?:days|weeks|months)\b|\bin (?:\w+ )?months?\b|\bmost days\b|"
    r"\bevery ?day\b|"
    rf"\b(?:in|during|sometime in|early|late|mid|end of|beginning of) (?:{MONTH})\b|\bday off\b"
)
# Days that are named only to be left out: "any day but Monday", "can't do thurs".
LEFT_OUT = re.compile(
    r"\b(?:not|but|except|besides|other than|apart from|excluding|no|never|can'?t|cannot|can not|"
    r"won'?t|excepto|menos)"
    r"(?: (?:do|make|come|be there|work|for|in|on|this|next|the|a|el|los))* "
    rf"(?:{WEEKDAY}|tomorrow|today|(?:the )?\d{{1,2}}(?:st|nd|rd|th))\b(?:,? (?:or|and|"
    rf"nor) (?:{WEEKDAY})\b)*|\b(?:can'?t|cannot|not) (?:\w+ )?at \d{{1,2}}(?::\d\d)?"
)
NOT_TODAY = re.compile(r"(?:no,? )?not (?:today|right now|now|yet|tonight)\W*")
GREETING = re.compile(r"\bgood (?:morning|afternoon|evening|night|day)\b")

# --- messages that name a day and wish for none --------------------------------------------------
QUESTION = re.compile(
    r"\bhow (?:long|much|many|early|late|far|often|do|does|is|old)\b|\bwhat (?:are|is|does|"
    r"time do|time is|time are|day is|"
    r"day was|do you (?:do|charge|treat)|happens|should|if)\b|\bwhats (?:your|the)\b|\b(?:when|"
    r"where|why|who)\b"
    r"(?! (?:you|u|i|we|it|my) (?:can|have|get|are|am|works?|is)\b)(?!ever)|\bare (?:you|y'?all|u|"
    r"they) (?:guys )?open\b|"
    r"\b(?:do|does|when|are) (?:you|y'?all|it|the clinic|they)(?: guys)? (?:open|close)\b|"
    r"\byour hours\b|"
    r"\b(?:cost|insurance|referral|covered|price)\b|\b(?:do|should|can|must) i (?:need|have to|"
    r"bring|eat|take|wear|exercise|"
    r"do(?! (?:on |at |next |this |the \d|\d|tomorrow|today|mon|tue|wed|thu|fri|sat|sun)))\b|"
    r"\bam i\b|\bwhich (?!ever|day works)|\b(?:clinic|office|place|you guys|yall|"
    r"y'all)\b.*\b(?:(?<!have )opens?|closed?|"
    r"closes|shut)\b(?! (?:on|for)? ?(?:this|next))|^\W*(?:open|close)\b|\b(?:cuanto|cuando es|"
    r"donde|por que|abren|abiertos)\b"
)
STORY = re.compile(
    r"\b(?:started|began|begun|happened|hurt (?:it|my|myself|on|last|yesterday|since)|fell|"
    r"injured|lifted|pulled|twisted|"
    r"threw|tweaked|woke|popped|went out|seized|picked up|strained|slipped|crashed|bent|shoveled|"
    r"felt|drove|kept|"
    r"knelt|seen at)\b|\bi (?!want|need|prefer|hop)\w{2,}ed\b|\b(?:same as|than|"
    r"after) (?:yesterday|last)\b|\bago\b|"
    r"\bsince (?:last|yesterday|the|this|\d|early|late|my|about|around|"
    + WEEKDAY
    + "|"
    + MONTH
    + r")\b|\bbeen (?:\w+ )?(?:since|hurting|sore|in pain|for|a|going|having)\b|"
    r"\bfor (?:the (?:past|last)|about|\d+|one|two|three|"
    r"four|five|six|several|over|almost|a|an) ?(?:\d+ |few |couple |\w+ )?(?:days?|weeks?|months?|"
    r"years?|hours?|mins?|minutes?|"
    r"seconds?|secs?)\b|\b(?:was|were|had|saw|sat|came|got|did|went)\b(?! (?:hoping|thinking|"
    r"wondering|planning))"
)
HOPED = re.compile(
    r"\b(?:was|were) (?:hoping|thinking|wondering|planning)\b|\bhad (?:\w+ )?in mind\b|"
    r"\bprefer\w*\b"
)
ACHES = re.compile(
    r"\b(?:hurts?|hurting|aches?|aching|pain|painful|sore|stiff|worse|numb|duele|dolor|flares?)\b"
)
REQUEST = re.compile(
    r"\b(?:can|could|may|would|should) (?:i|we|you|u|someone|it|that)\b|\bcan(?:'t| not)? (?:do|"
    r"make|come)\b|\b(?:come|book|"
    r"schedule|appointment|appt|see|available|free|works?|prefer\w*|please|pls|how about|"
    r"what about|slot|opening|anything|"
    r"put me|i'd like|i would like|i want|fit me|squeeze|cita|get in)\b"
)
LAST = re.compile(
    rf"\byesterday\b|\bayer\b|\blast (?:week|month|year|night|{WEEKDAY})\b|\b(?:{WEEKDAY}|semana|"
    rf"mes) pasad[oa]\b"
)


def bounds(day: str) -> re.Pattern[str]:
    """Returns the pattern of a day that only begins or ends a span: "after the 15th"."""
    return re.compile(
        rf"\b(?:after|before|until|till|by|starting|past|week of) (?:on )?{re.escape(day.strip())}"
    )
