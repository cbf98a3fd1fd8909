"""The words around a pain score, and those of better, same and worse. Data for ``pain``."""

from __future__ import annotations

import re

# --- numbers that are scores --------------------------------------------------------------------
OUT_OF_TEN = re.compile(r"(?:/|out of|out ?t?a|of|over|sobre|de) ?(?: ?10|ten|diez)\b")
SCALE = re.compile(
    r"\b(?:on |in |from )?(?:a|the|your|that|this)? ?scale ?(?:of|from|is)?(?: ?(?:0|1|zero|one|"
    r"nothing)"
    r" ?(?:to|through|-) ?(?:10|ten))?|\b(?:if |with |where )?(?:10|ten) (?:is|being|as) (?:the )?"
    r"(?:worst|most|max|highest|bad)\w*|\bfrom (?:nothing|zero|0|one|1) to (?:ten|10)\b|"
    r"\bfrom (?:10|ten)(?=,? i\b)"
    r"|\b(?:0|1) ?(?:-|to) ?10\b(?= ?[,.:]| scale)"
)
ISH = re.compile(r"(?<=\d)ish\b|[ -]ish\b")
ARROW = re.compile(r"\b(\d{1,2}) ?-*(?:>|→) ?(\d{1,2})\b")
# "not 5, more like 6", "5 no wait 6": the number before the correction is taken back.
CORRECTED = re.compile(
    r"\b(?:not|isnt) (?:an? )?\w+(?= ?, ?(?:more|its|it's|a|an|like|maybe|about|\d))"
    r"|\b(?:an? )?\w+[ ,.]{1,3}(?:no wait|wait no|i mean|i meant|sorry|actually|make that|"
    r"scratch that)\b"
)
APPROXIMATELY = frozenset(
    "a an about around like maybe approximately roughly almost nearly nearer probably say perhaps "
    "solid good bad basically kinda un como".split()
)  # fmt: skip
RANGE = frozenset({"or", "to", "maybe", "-", "/", "o", "a", "an", ",", "possibly", "even"})
BEFORE_AT = frozenset(
    "ended finished started starts began i'm im am it's its it is sitting pain currently still "
    "now hovering stays stayed i was been "
    "put back stuck level holding today remains keeps".split()
)
BEFORE_OF = frozenset({"pain", "level", "score", "rating", "dolor"})
NOT_BEFORE = frozenset(
    "step question exercise day week month year age aged room option page since until til till "
    "before after by for did do done hold held took take need get got want stop stopped at least "
    "every each call call feet foot ft x times top last first next another these those my the # l "
    "s t c other or under over past in error = grade phase set no. apartment apt suite unit "
    "highway exit bus route version part chapter".split()
)  # fmt: skip
BEFORE_ONE = frozenset(
    {"a", "an", "about", "to", "at", "like", "maybe", "say", "today", "is", "or", "-"}
)
AFTER_ONE = frozenset(
    ". , ! ; ? or to maybe today now right at i when but and pain out of lol ngl tbh".split()
)
AFTER_DICTATED = frozenset(". , ! ; ? i today now right out when but lol tbh maybe".split())
AFTER = frozenset(
    "or to maybe but when if i i'd i'm it it's its this that that's at on while after before "
    "during pain today now right currently tonight guess lol lmao haha ngl tbh honestly probably "
    "please thanks thank sorry is was still again as than compared because cause since with "
    "without for so then and y down up from yesterday most mostly only just max tops level "
    "depending unless until once first most in rn atm overall here there where which although "
    "though ahora hoy cuando con ayer antes o not no or earlier this today's yeah yes ok think "
    "has dear too usually by last doctor sir".split()
)  # fmt: skip
NOT_AFTER_IN = frozenset({"total", "all", "inch", "inches", "row"})
CLAUSE_ENDS = frozenset({".", ",", ";", "!", "?", "but", "then", "and", "y", "pero"})
_NOW, _PAST, _DAY = "now", "past", "another day"
# Words before a score that say when it held; a later one outweighs.
TENSE = {
    **dict.fromkeys(
        "now currently today rn down up to is it's its ahora hoy tonight im i'm".split(), _NOW
    ),
    **dict.fromkeys(
        "was were from started before earlier used era antes been begun began".split(), _PAST
    ),
    **dict.fromkeys("yesterday ayer last".split(), _DAY),
}  # fmt: skip
# Words behind a score that say when it held.
TENSE_BEHIND = {
    **dict.fromkeys("now currently today rn atm ahora hoy tonight".split(), _NOW),
    **dict.fromkeys("before earlier antes morning worst first".split(), _PAST),
    **dict.fromkeys("yesterday ayer last".split(), _DAY),
}

# --- no pain ------------------------------------------------------------------------------------
PAINLESS = re.compile(
    r"\bno (?:more )?pain\b|\bpain[ -]?free\b|\b(?:without|zero) (?:any )?pain\b|\bnothing hurts\b|"
    r"\b(?:doesn'?t|does not|isn'?t|is not|no longer|stopped) hurt(?:s|ing)?\b|\bpainless\b|"
    r"\b(?:pain|it|it'?s|all|hurt)(?: is| has|'s)? (?:all |totally |completely )?(?:gone(?! (?:up|"
    r"down|from|to|back))|went away|vanished)\b|"
    r"\bsin dolor\b|\bnada de dolor\b|\bno (?:me )?duele\b|\bno tengo dolor\b"
)
PAINLESS_BUT = re.compile(
    r"\bno (?:more )?pain (?:relief|reliever|killer|med|pill|no gain|until|unless|except|when|if|"
    r"than)|"
    r"\b(?:not|never|isn'?t|almost|nearly) (?:completely |totally |really )?pain[ -]?free|\?|"
    r"\bbut\b.*\b(?:hurts?|does|worse|pain|sore|now)\b|\b(?:want|wish|hope|like|"
    r"need) (?:\w+ )?(?:to be |it |to have )?(?:no pain|pain[ -]?free)"
)
NOTHING = re.compile(
    r"\W*(?:(?:right now|now|currently|today|at the moment|ok|well|honestly|um) )*(?:none|nothing|"
    r"nada|nil|zip|zilch)(?: (?:at all|now|right now|today|rn|really|thanks|thank you))*\W*"
)

# --- better, same, worse ------------------------------------------------------------------------
_HARDLY = (
    r"(?:not|no|isnt|aint|wasnt|doesnt|didnt|never|hasnt|dont)(?: (?:feel|feels|feeling|get|got|"
    r"gotten|been|really|much|any|that|it|a lot|is))*"
)
SAME = re.compile(
    r"\b(?:neither|no|not) (?:any )?better,?(?: and| but)? (?:nor|no|or|not) (?:any )?worse\b|"
    r"\b(?:no|not much|little|hasnt|has not|havent|didnt|did not|wont|not) (?:real |much |big |"
    r"any |really )*"
    r"(?:change[ds]?|differen\w+|improvement|relief|moved?)\b|\bunchanged\b|\bigual\b|\blo mismo\b|"
    r"\b(?:didnt|did not|doesnt|hasnt) (?:really )?(?:help(?:ed)?|do (?:anything|much))\b|"
    r"\bni mejor ni peor\b|\bequal (?:like|to|as|than)\b|^(?:\w+ )?equal\W*$|"
    r"(?:^|\b(?:the|about|still|much|pretty much|meh|its|is|it is|feels?|exactly|stays?|stayed|"
    r"kinda|roughly) )"
    r"same\b(?! (?:day|time|exercise|leg|side|spot|place|to|here|hip|one|way|thing as|for|with|"
    r"question|number|"
    r"phone|name|ball|therapist|appointment|hour|week))"
)
BETTER = re.compile(
    r"\bbetter\b(?! of)|\bless(?! (?:than|talking|time|reps))\b|\bimprov\w+|\beas(?:ed|ing|ier)\b|"
    r"\blooser\b|\brelieved\b|"
    r"\b(?:some|big|such|lots of|much|instant) relief\b|\b(?:went|going|gone|goes|coming|came|is|"
    r"its) (?:way )?down\b|"
    r"\b(?:is|its|all|has|pain|completely) gone\b|\bwent away\b|\bfad(?:ed|ing)\b|\bsubsid\w+|"
    r"\b(?:decreas|reduc|lessen)(?:ed|ing)?\b|\blower(?= (?:now|today|than))|\bnot as (?:bad|sore|"
    r"painful|stiff|intense|strong)\b|"
    r"\b(?:feels?|feeling|felt) (?:so |really |pretty |very )?(?:good|great|amazing|fine)\b|"
    r"(?<!lo )\bmejor\b|\bduele menos\b|"
    r"\bmenos\b"
)
WORSE = re.compile(
    r"(?<!the )\bwors[et]\b|\bmore than (?:yesterday|before|last)\b|\bdoubled\b|\bbigger\b|"
    r"\b(?:rose|rised|risen)\b|\bmore (?:pain(?:ful)?|sore|bad|hurt\w*|stiff|strong|intense|"
    r"discomfort)\b|"
    r"\b(?:hurts?|hurting|aches?|aching|pains me) (?:\w+ ){0,2}?(?:more|worse)\b|\b(?:went|going|"
    r"gone|goes|shot|is|its) up\b|"
    r"\bincreas\w+|\bclimb(?:s|ing|ed)?\b|\bflar\w+|\bspik(?:ed|ing)\b|\baggravat\w+|\bstronger\b|"
    r"\bsorer\b|"
    r"\bpeor\b|\bempeor\w+|\bduele mas\b|\bmas dolor\b|\bnot as good\b"
)
NOT_CHANGED = re.compile(rf"\b{_HARDLY} (?:any |much |a lot |really )?(?:better|worse|improving)\b")
# Asked, wished or feared, not reported.
CHANGE_ASKED = re.compile(
    r"\b(?:what|which|how|when (?:will|do|does|can)|will|would|can|could|does|do|did|should|may|"
    r"might) (?:\w+ ){0,4}?(?:makes?|get|gets|"
    r"getting|feel|it|this|that|is|help|be|to|stop)\b(?: \w+){0,6}? ?(?:better|worse)\b|"
    r"\bis (?:it|this|that) (?:\w+ ){0,3}(?:get|supposed|better|worse)|\b(?:if|until|unless|hope|"
    r"hoping|wish|want|"
    r"wanna|like|going) (?:\w+ ){0,4}(?:better|worse)\b|\bwhich (?:\w+ )?better\b"
)
CHANGE_ELSEWHERE = re.compile(
    r"\bgets? (?:a (?:lot|bit|little) )?(?:better|worse) (?:when|if|with|while|after|by|at)\b|"
    r"\bbetter (?:safe|call|go|"
    r"be|not|luck|idea|time|day|stop|way|late)\b|\b(?:id|had|you|youd|we|i) better\b|"
    r"\b(?:is|are) (?:that|it|this) (?:better|worse)\b"
)

# Clauses that ask or arrange something hold no score.
ASKING = re.compile(
    r"(?:^|[.!?;,] ?)(?:(?:so|and|but|ok|well|hi) )*(?:what|how|why|who|where|when (?:will|do|"
    r"does|can|should|is)|which|"
    r"does|do (?:i|you|y)|did (?:i|you)|can (?:i|you|we)|could (?:i|you)|should (?:i|we)|"
    r"would (?:i|you|it)|"
    r"is (?:it|this|that|there|my|sleeping)|are (?:you|there|y)|will (?:it|i|this)|have (?:i|"
    r"you))\b[^.!?;,]*"
)
ARRANGING = re.compile(
    r"\bremind\w*|\brecuerda\w*|\bappointment|\bappt\b|\bcita\b|\bschedule|\bbook\b|\bnudge\b|"
    r"\bo'?clock\b"
    r"|\bcall me\b|\bopen\b|\bclose[sd]?\b|\bmessage me\b|\btext me\b"
)
