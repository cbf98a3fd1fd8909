"""What patients say during an exercise, as patterns. Data for ``reading``."""

from __future__ import annotations

import re

from bot.coaching.events import Event
from bot.entities.numbers import TEENS, TENS, UNITS

_NUMBER_WORDS = "|".join(sorted({*UNITS, *TEENS, *TENS} - {"un", "una"}, key=len, reverse=True))
_NUMBER = rf"(?P<number>\d{{1,3}}|(?:{'|'.join(TENS)})[ -](?:{'|'.join(UNITS)})|{_NUMBER_WORDS})"
_UNIT = r"(?:reps?|times|holds?|bends?|pushes|repeticiones|veces)"
_SO_FAR = (
    rf"(?:(?: of them| {_UNIT}| so far| done| now| already| in| of (?:the )?\d+)*"
    r"(?:,? (?:and |so )?\d+ (?:more )?(?:to go|left)(?:,? right)?)?)"
)
_STEP = r"(?: (?:this|the|that|it))?(?: (?:step|part|one|bit|it))?"

# Short commands as thumbs on the floor type them; put right before anything is read.
TYPOS = {
    "nxt": "next", "nexxt": "next", "nex": "next", "nect": "next", "netx": "next", "mext": "next",
    "stpo": "stop", "sotp": "stop", "stp": "stop", "stopp": "stop", "bck": "back", "bakc": "back",
    "pasue": "pause", "puase": "pause", "repat": "repeat", "agian": "again", "contiune": "continue",
    "continu": "continue", "contine": "continue", "hw": "how", "mny": "many", "lft": "left",
    "hrd": "hard", "teh": "the", "sid": "side", "skp": "skip", "dne": "done", "doen": "done",
    "cuont": "count", "cont": "count",
}  # fmt: skip

# Short words whose meaning in an exercise is certain, whatever the classifier thinks of them.
BY_WORD = {
    Event.NEXT: r"n|next|done|ready|ok(ay)?|k|got it|did it|finished|go on|go ahead|continue|"
    r"yes|yep|yeah|next (one|step|please)|siguiente|listo",
    Event.BACK: r"b|back|go back|previous( step)?|last step|atr[aá]s",
    Event.REPEAT: r"r|repeat|again|say (that|it) again|what\??|huh\??|repite",
    Event.PAUSE: r"p|pause|wait|hold on|brb|one (sec|second|moment|min|minute)",
    Event.STOP: r"s|stop|quit|end|enough|i'?m done for today|no more|para|basta",
    Event.FINISH: r"(let'?s |i want to |can i )?(finish|wrap( it)? up)( now| here| up| early| it)*|"
    r"skip the rest|terminar",
    Event.SKIP: r"((?:ok|okay|then|just|no),? )?"
    rf"(can (i|we) |let'?s |i(?:'?ll| want to| wanna) |please |pls )?skip{_STEP}"
    r"( please| pls)?|saltar",
    Event.RESTART: r"(can we |let'?s |please )?(start|begin|do it|go) (over|again|"
    r"from (the )?(top|beginning|start|scratch))( please)?|from the (top|beginning)|"
    r"(go )?back to (the (start|beginning)|step (1|one))",
}
_PERSON = (
    r"(?:wife|husband|partner|spouse|girlfriend|boyfriend|friend|mom|mother|dad|father|sister|"
    r"brother|son|daughter|kid|roommate|neighbor)"
)
_OTHER_PERSON = (
    rf"\bmy {_PERSON}\b(?: \w+){{0,3}} (?:try|tries|trying|(?:do|does|doing) (?:it|this|these)|"
    rf"join|joins|take over|takes over)\b|\b{_PERSON}'?s turn\b|"
    r"\b(?:different|another|new) (?:person|patient|user)\b|"
    r"\b(?:someone|somebody) else(?:'s)?\b(?: \w+){0,3} (?:turn|try|do|doing|here|now)\b|"
    r"\b(?:he|she)(?:'s| is) (?:going to|gonna) (?:do|try) (?:it|this)\b"
)
_FINISH_HERE = (
    r"\b(?:can|could|may|let'?s|want to|wanna|need to|have to|i'?ll)(?: (?:i|we|just|like to))"
    r"{0,2} (?:finish|wrap (?:it |this )?up|call it (?:a day|quits)|end)(?: (?:it|this))? "
    r"(?:here|now|early|there|for (?:today|now))\b|\blet'?s call it (?:a day|quits)\b"
)
# Longer wordings, looked for anywhere in a message that asks nothing.
ANYWHERE = {
    Event.FINISH: _FINISH_HERE,
    Event.PAUSE: r"\b(?:brb|be right back|(?:bathroom|restroom|toilet|potty) break)\b|"
    r"\b(?:have to|gotta|got to|need to)(?: go)? (?:pee|use the (?:bathroom|restroom|toilet))\b|"
    r"\b(?:have to|gotta|got to|need to) (?:go|run|leave|take (?:this|a) call|"
    r"get (?:the|that) (?:door|phone))\b(?! (?:to (?:the )?(?:er|emergency|hospital|doctor)|slow|"
    r"eas|gent|back|on\b|again|over|down|up|further|deeper))",
    Event.SKIP_EXERCISE: r"\b(?:switch(?:ing)? to|do|try|want|rather) (?:the other one|"
    r"another one|something else|a different one)\b|"
    r"\bskip (?:\w+ ){0,2}?(?:exercise|bridge|release|whole thing)\b|"
    r"\b(?:next|another|different) exercise\b|\bon to the (?:bridge|psoas|iliacus)\b",
    Event.SWAP_SIDE: r"\b(?:swap|switch|chang)(?:e|ing|ping)?\b(?: \w+){0,2} (?:sides?|legs?|hips?)"
    r"\b|^\W*(?:ok |now )*(?:(?:do|on|to) )?(?:the )?(?:other|opposite|second) (?:side|leg|hip)"
    r"(?: now| please| next)*\W*$|\botro lado\b",
    Event.LOST_COUNT: r"\b(?:lost|losing|lose) (?:my |the )?(?:count|track)\b|\bmiscounted\b|"
    r"\bforgot (?:how many|my count|the count|to count|what number)\b|"
    r"\bdon'?t (?:know|remember) (?:how many|what (?:number|rep))\b|\bperd[ií] la cuenta\b",
    Event.HURTS: r"^\W*(?:ow+|ouch|oof|argh|agh)\b|\b(?:twing(?:e|es|ed|ing)|tweaked)\b",
    Event.TOO_HARD: r"\b(?:too|so|really|very|pretty) (?:hard|difficult|tough|intense|advanced)\b|"
    r"\btoo much for me\b|\b(?:can'?t|cannot|can not|unable to) (?:seem to |really )?(?:do|manage|"
    r"get into|hold|keep up) (?:this|it|that|the \w+)\b(?! any ?more)|\bmake (?:it|this) easier\b|"
    r"\beasier (?:way|version|one|option)\b|\bstruggling\b|\bmuy dif[ií]cil\b",
}
# These ask, and mean it.
ASKED = {
    Event.OTHER_PERSON: _OTHER_PERSON,
    Event.RESTART: r"\bwhat(?:'?s| was| is) (?:the )?(?:first step|step (?:1|one))\b",
    Event.HELP: r"\bhow long (?:do|should|must|am|to|can)(?: \w+){0,4} (?:stay|hold|lie|keep|"
    r"breathe|wait|do (?:this|it))\b|\bwhy (?:does|do|is|am|are|would)(?: \w+){0,2} (?:this|it|i|"
    r"we)\b|\bwhat(?:'?s| is) (?:this|it) (?:for|good for|supposed to do)\b|"
    r"\bpoint of (?:this|it)\b|"
    r"\b(?:both|one|which|other) sides?\?|\b(?:need|have|supposed) to do (?:it on )?both sides\b|"
    r"\b(?:is it|is this|is that|am i|should (?:i|it|this))(?: \w+){0,3} (?:normal|feel|"
    r"supposed to)\b",
    Event.FINISH: _FINISH_HERE,
    Event.HOW_MANY_LEFT: r"\bhow (?:many|much|long)(?: \w+){0,3} (?:left|remain\w*|to go|more)\b|"
    r"\bwhat'?s left\b|\bhow many more\b|\bam i (?:almost |nearly )?(?:done|there)\b|"
    r"\bcu[aá]nt[ao]s (?:me )?(?:faltan|quedan)\b",
    Event.TOO_HARD: r"\b(?:easier|gentler) (?:way|version|one|option)\b|"
    r"\bmake (?:it|this) easier\b",
}
GOES_ON = re.compile(r"\b(?:next|go(?:ing)? on|continue|moving on|done)\W*$")
NOT_TOO_HARD = re.compile(
    r"\b(?:push|press|pull|squeez|breath|work)\w*(?: \w+){0,2} (?:too|so|very|really|pretty) hard|"
    r"\b(?:not|isn'?t|wasn'?t) (?:too|so|that|very|really) (?:hard|difficult|tough)|\bhard to"
)
QUESTION = re.compile(
    r"\?|^\W*(?:do|does|should|shall|can|could|is|are|am|what|why|how|when|where|which|must)\b"
)
COUNT = re.compile(
    r"^\W*(?:ok |so |i think |well |um )*(?:i'?ve |i have |i )?(?:only |just |already )*"
    r"(?:did|done|got|finished|completed|counted|made|up to|on|that'?s|hice|llevo)"
    rf" (?:about |like |around |maybe |only |just |number |rep )*{_NUMBER}{_SO_FAR}\W*$|"
    rf"^\W*{_NUMBER.replace('number', 'bare')} (?:{_UNIT}|done|so far|down|of (?:the )?\d+)"
    rf"{_SO_FAR}\W*$"
)
COUNT_MORE = re.compile(
    r"^\W*(?:ok |so |i )*(?:did |done |and )?(?:another )?"
    rf"{_NUMBER}(?: more| extra)(?: {_UNIT}| done)*\W*$"
)
BARE_NUMBER = re.compile(r"^\W*(\d{1,3})\W*$")

_HAVE_NO = (
    r"(?:no|without|without a|(?:don'?t|do not|doesn'?t) (?:have|own|got)|haven'?t got|ain'?t got|"
    r"lost|forgot|can'?t find|lack|ran out of|missing|left|no tengo)"
)
_BALL = r"(?:balls?|pelotas?|bolas?)"
NO_BALL = re.compile(
    rf"\b{_HAVE_NO}(?: (?:a|an|any|my|the|either|one of those|una|of|tennis|soft|big|squishy|"
    rf"inflatable|4|four|inch|4-inch))*[ -]{_BALL}\b|\b{_BALL} (?:popped|is flat|burst|broke|"
    r"deflated|rolled away|is gone|is at (?:home|work))\b|\bneither ball\b|"
    r"\b(?:don'?t (?:want|wanna|like|feel like)|rather not)(?: \w+){0,3} balls?(?: ones?| stuff|"
    r" exercises?| parts?)?\b|"
    r"\bskip (?:the |both |all )*balls?(?: ones?| stuff| exercises?| parts?)\b|"
    r"\b(?:never ?mind|forget(?: about)?|drop|leave out|not) (?:the |that |those |any |both )*"
    r"(?:tennis |soft |big )?balls?\b|\b(?:one|something|exercise) without (?:a |the )?ball\b"
)
TENNIS = re.compile(r"\btennis\b|\btenis\b")
SOFT = re.compile(
    r"\b(?:soft|big|squishy|inflatable|4|four)[ -](?:inch|ball|inflatable)\b|\bsuave\b"
)
ROUTINE = re.compile(
    r"\broutine\b|\brutina\b|\ball (?:of (?:them|it)|four|4|the|my)\b|\bwhole (?:thing|set|lot)\b|"
    r"\b(?:my|the|daily|today'?s|mis|morning|evening) (?:\w+ )?(?:exercises|set|session|workout|"
    r"program|ejercicios)\b|\bthe usual\b|\bworkout time\b|\beverything\b"
)

# Signs during exercise at which it stops at once (clinical ground rules, "During exercise"). The
# danger screen hears the worst of them before; these are what it takes for no emergency.
ALARM = re.compile(
    r"\bnumb\w*|\btingl\w*|\bpins (?:and|&|n) needles|\bwent (?:dead|to sleep)\b|"
    r"\b(?:leg|foot|toe|knee)s?\b(?: \w+){0,3} (?:weak|weaker|buckl\w+|giv\w+ (?:out|way)|heavy)\b|"
    r"\bweak(?:ness)? (?:in|down) (?:my|the|one|both)\b|"
    r"\b(?:shoot|shot|run|ran|go|going|goes|went|travel|radiat|spread|zap|zing|fir|send)\w*"
    r"(?: \w+){0,3} (?:down|into|along|to|through) (?:my |the |one |both )?(?:\w+ )?"
    r"(?:legs?|thighs?|calf|calves|foot|feet|butt|knee)\b|"
    r"\b(?:pain|ache|burning)(?: \w+){0,2} down (?:my|the|one) (?:\w+ )?(?:leg|thigh|calf|foot)\b|"
    r"\b(?:electric|electrical) (?:pain|shock|zap|jolt)\w*|"
    r"\b(?:belly|stomach|tummy|abdom\w+|gut) (?:really |now |just |also )*(?:hurts?|pain|aches?|"
    r"cramp\w*)\b|\bpain in (?:my|the) (?:belly|stomach|abdomen|tummy|gut)\b|"
    r"\b(?:puls(?:e|ing|ating)|throbbing|heartbeat)\b|"
    r"\b(?:faint|fainting|dizzy|light ?-?headed|woozy|pass(?:ing|ed)? out|black(?:ing|ed)? out|"
    r"nauseous|nauseated|nausea|feel sick)\b|\bchest (?:hurts?|pain|tight\w*|pressure)\b|"
    r"\bhormigueo|\bentumecid\w+|\bmaread\w+|\bdebilidad\b"
)
DENIED = re.compile(
    r"(?:\b(?:no|not|without|never|nor|sin|any|stopped|less|anymore|dont|isnt|doesnt)|n't)\b[^.,;!?]{0,24}$"
)
# "What if I feel numb?", "what would numbness mean": no sign, a question about one.
SUPPOSED = re.compile(
    r"\bwhat if\b|\bif (?:i|it|my|there)\b|\bin case\b|\bshould i (?:feel|get|have)\b|\bwould\b|"
    r"\bsupposed to\b|\bused to\b|\bcan (?:this|it|the|they) cause\b|\bwhat (?:is|does|are)\b"
)

# Text messages number the choices in the order of ``events.FELT``.
FELT_NUMBER = re.compile(
    r"^\W*(?:reply |option |number )?([123])[\s.,:!)-]*"
    r"(?:(?:too )?(?:easy|hard)|(?:about )?right)?\W*$"
)
HARD = re.compile(
    r"\b(?:hard|harder|difficult|tough|rough|challenging|barely|exhaust\w*|dif[ií]cil)\b"
)
EASY = re.compile(r"\b(?:easy|easier|simple|piece of cake|no problem|breeze|f[aá]cil|nothing)\b")
RIGHT = re.compile(
    r"\b(?:right|ok|okay|fine|good|great|well|nice|not (?:too |so |that )?bad|alright|perfect|"
    r"manageable|bien)\b"
)
NOT_THAT = re.compile(r"\b(?:not|wasn'?t|isn'?t) (?:too |so |that |very |really |all that )*$")

# A flare: the pain came back up after exercise or by itself, told as something that happened.
FLARE = re.compile(
    r"\bflar(?:e|ed|es|ing)\b|\bflareup\b|\bset ?back\b|\bacting up\b|\brelapse\w*|"
    r"\b(?:worse|more pain|sorer|hurt(?:s|ing)? more|pain(?:'s| is| has)? (?:gone )?up)\b"
    r"(?: \w+){0,4} (?:since|after|from|following)(?: \w+){0,5} (?:exercis\w*|session|bridge|"
    r"release|routine|workout|stretch\w*|ball|last time|we did|i did)\b|"
    r"\b(?:exercis\w*|bridge|release|routine|workout|ball|it)(?: \w+){0,3} (?:made|left|got|set)"
    r"(?: \w+){0,3} (?:worse|sorer|off)\b|"
    r"\bafter(?: \w+){0,4} (?:exercis\w*|session|bridge|release|routine|workout)\b[^?]*"
    r"\b(?:worse|more pain|hurts? more|killing me)\b|"
    r"\bafter(?: \w+'?\w*){0,3} (?:exercis\w*|session|bridge|release|routine|workout)"
    r"(?: \w+){0,3} (?:hurts?|aches?|sore)\b|\bse (?:me )?empeor\w*"
)
