"""The words of yes, no and not sure, as patterns over text without apostrophes or hyphens.

Data only: ``yes_no`` says how they are put together. At one place of a message the longest
pattern wins, so "not sure" is never read as "not".
"""

from __future__ import annotations

# What a statement may go on with and still be a bare answer ("I don't have any of those").
_SYMPTOMS = (
    r"numb(?:ness)?|tingl\w+|weak(?:ness)?|fevers?|chills?|cancer|surger\w+|operations?|injur\w+|"
    r"accidents?|falls?|trauma|weight loss|night sweats|pregnan\w+|infections?|problems?|issues?|"
    r"troubles?|symptoms?|signs?|changes?|incontinen\w+|leak\w*|steroids?|osteoporosis|diabetes|"
    r"pain|pins|needles|history|accidente|fiebre|cancer|dolor|problemas?|cirugia"
)
_OBJECT = (
    r"(?: (?:any|anything|one|ones|that|those|these|this|it|them|of|like|such|either|no|none|all|"
    r"the|a|an|my|your|in|to|me|us|there|here|at|yet|ever|before|really|actually|thankfully|"
    r"fortunately|or|and|with|things?|kind|sort|life|legs?|back|so|too|up|above|listed|"
    + _SYMPTOMS
    + r")\b)*"
)  # fmt: skip
END = (
    r"(?=$| ?[.,;:!?)]| (?:but|and|because|cause|bc|since|though|although|or|so|sorry|thanks?|ty|"
    r"thx|lol|haha|just|only|its|i|im|no|yes|yeah|nope|tbh|ngl|dear|sir|maam|when|if|at all)\b)"
)
_NEGATION = (
    r"(?:i (?:really |honestly |personally |still )?(?:do not|dont|have not|havent|am not|did not|"
    r"didnt|was not|wasnt|had not|hadnt|aint|never|have never)|im not|ive not|ive never|dont|"
    r"do not|havent|aint|never|it (?:does not|is not|did not|was not|has not|doesnt|isnt|didnt|"
    r"wasnt|hasnt|never)|its (?:not|never)|they (?:dont|arent|are not|do not)|there (?:isnt|arent|"
    r"is not|are not)|theres (?:not|none)|(?:that|this)(?:s not| isnt| is not| doesnt))"
)
_NEGATED = (
    r"(?: (?:have|had|has|got|get|gotten|noticed?|experienced?|want|need|take|did|do|been|ever|"
    r"lost|fallen|fell|fall|smoke|happened|happens?|apply|applies|feel(?= (?:numb|weak|tingl|any "
    r"of|anything like|like that)))\b){0,2}"
)
_THOSE = r"(?:those|them|these|that|this|it|the above|the \w+)"

NO = [
    r"i sure (?:dont|havent|am not)", r"neither one", r"not even close",
    r"no+", r"no+pe+s?", r"nop", r"nah+", r"naw+", r"na", r"nay", r"naur", r"n", r"n ?/ ?a",
    r"nein",
    r"nyet", r"non", r"nil", r"zilch", r"nowt", r"nty", r"nuh uh+", r"nuhuh", r"uh uh", r"unh unh",
    r"negative", r"neg" + END, r"never" + END, r"nada" + END, r"none" + END,
    rf"(?:none|neither|no one|not one|not any|"
    rf"nothing) of (?:all )?{_THOSE}(?: (?:that )?i (?:have|do|feel|had))?", r"neither" + END,
    r"nothing(?: like (?:that|this|it)| of the (?:kind|sort)| new| unusual| else| at all| that i "
    r"(?:know|noticed|can think) of)?" + END,
    r"not (?:at all|really|yet|now|right now|rn|today|me|this time|so far|particularly|especially|"
    r"that bad|even(?: a (?:little|bit))?|a bit|a thing|in the (?:slightest|least))" + END,
    r"not that i(?:m|ve)? (?:know|aware|noticed|seen|felt|remember|recall|can (?:tell|think|"
    r"remember)"
    r"|am aware|have noticed)(?: of)?", r"not to my knowledge",
    r"not (?:as|so) far as i \w+(?: tell)?",
    r"not" + END, r"no thank(?:s| you)", r"no ty", r"no way", r"hard no", r"hell no+", r"heck no+",
    r"fuck no+", r"god no+", r"(?:ill|i will) pass", r"pass" + END, r"maybe later",
    r"no need" + END, r"not yes", r"no quiero" + END, r"no me duele",
    r"(?:i )?(?:dont|do not) (?:think|believe) so", r"(?:i )?(?:dont|do not) think i (?:do|have)",
    r"i think not", r"(?:im|i am) afraid not",
    r"(?:id|i would|i) (?:rather|prefer) not(?: to)?(?: say)?" + END,
    r"(?:absolutely|certainly|definitely|of course|obviously|hopefully no|most certainly) not",
    r"(?:thats|that is|its|it is|not) (?:wrong|incorrect|not (?:right|correct|it|true|me|"
    r"what i \w+))",
    r"wrong" + END, r"false" + END, r"incorrect" + END, r"not (?:right|correct|true)" + END,
    r"(?:i )?(?:cant|cannot|can not|couldnt) say (?:that )?i (?:have|do|did|am)",
    _NEGATION + _NEGATED + _OBJECT + END, r"never (?:have|had|did)" + _OBJECT + END,
    r"no problems?(?= (?:with|there|\w+ing)\b)",
    rf"no (?:\w+ ){{0,2}}(?!problem\b)(?:{_SYMPTOMS})(?: (?:or|and|no) (?:no )?(?:{_SYMPTOMS}))*",
    r"(?:i )?(?:dont|do not) want (?:to|it|that)" + END,
    r"para nada", r"nunca", r"jamas", r"ningun[oa]?(?: de (?:es[oa]s|ellos|ellas))?", r"tampoco",
    r"no (?:lo )?creo", r"no que yo sepa", r"creo que no", r"claro que no", r"por supuesto que no",
    r"no tengo" + END, r"no senora?", r"no gracias",
]  # fmt: skip

# Dictation writes "know" for "no"; only where a message begins with it.
DICTATED_NO = (
    r"know(?=$| ?[.,;!]| (?:i|im|ive|it|its|not|never|none|nothing|thanks?|sir|maam|but|wait|"
    r"numbness|pain|fever|problems?)\b)"
)

YES = [
    r"i sure (?:do|have|am)", r"yeppers",
    r"y", r"ye+", r"ye+s+", r"yse", r"ye+a+h*", r"ye+p+", r"yu+p+", r"yu+h", r"yh", r"yah+",
    r"ya+s+",
    r"ya+(?=$| ?[.,;:!?]| (?:that|i|its|it|but|no$|please|pls|sure|lol|for|since|a|the|my|when|"
    r"yes)\b)",
    r"yis", r"yessir+", r"yee+", r"ay?e", r"uh ?huh", r"mm? ?hm+", r"m+hm+", r"affirmative", r"ofc",
    r"yes(?: (?:sir|maam|please|pls|plz|indeed|dear))", r"(?:hell|heck|fuck) (?:yes|yea+h?)",
    r"naam",
    r"affirm", r"for sure yes",
    r"(?:(?:that is|thats|its|it is|everything is|is) (?:right|correct|true)|thats it)" + END,
    r"all correct", r"by all means",
    r"you bet", r"looks (?:good|right|correct|great)", r"sounds (?:good|great|fine|right)",
    r"works for me", r"(?:that )?works" + END, r"go (?:right )?ahead", r"go on then", r"go for it",
    r"lets (?:do (?:it|this|that)|go+)" + END, r"do it" + END, r"(?:sure+ )?why not" + END,
    r"(?:no|not a) doubt",
    r"(?:im|i am) (?:down|in|ready|agree|afraid so|good with that|agreeable)"
    r"(?: to (?:that|it))?" + END,
    r"i will" + END, r"ill (?:do it|try)" + END, r"i can do (?:that|it)", r"id say so",
    r"that one" + END,
    r"(?:i )?(?:cant|cannot) deny (?:it|that)", r"i (?:wouldnt|would not) say no",
    r"(?:a (?:little|bit|lot|little bit|tiny bit|touch)|little bit|sometimes|some|often|always|"
    r"occasionally|now and (?:then|again)|from time to time|constantly|all the time|every day|"
    r"once)" + END,
    rf"(?:some|one|two|all|most|both|a few|several) of {_THOSE}", r"yes to all", r"all of it",
    r"s+i+" + r"(?!\w)(?! (?:it|me)\b)", r"si claro", r"claro que si", r"simon",
    r"asi es", r"de acuerdo", r"si tengo", r"si senora?", r"un poco" + END, r"un poquito",
    r"a veces", r"da" + END,
]  # fmt: skip

# A yes alone; beside a no they only stress it ("no, for sure").
STRESS = [
    r"absolutely", r"definite?ly", r"defo?", r"certainly", r"indeed", r"totally",
    r"exactly(?: so)?",
    r"of course", r"for sure", r"fo ?sho", r"100 ?(?:%|percent)", r"correct", r"obviously",
    r"claro",
    r"por supuesto", r"correcto",
]  # fmt: skip

# "No, I do" contradicts the no before it, which a plain yes would leave open.
EMPHATIC_YES = [
    r"(?:i|we|they|it|that) (?:do|have|am|did|was|had|does|is|are|has)(?: (?:have|feel|get|indeed|"
    r"too|actually|sometimes|often|unfortunately|sadly|that|it|those|some|one|this|still|all|"
    r"definitely|a little|a bit)\b)*(?=$| ?[.,;:!?)]| (?:but|and|because|since|when|if|lol|yes|"
    r"yeah|"
    r"though|thanks?|tbh|ngl)\b)",
    r"(?:i want|i would|i would like|id like|i should like)(?: (?:to|that|it|this|please|"
    r"very much))*"
    r"(?=$| ?[.,;:!?)])",
]  # fmt: skip

# These agree only where nothing else follows: "right side" and "ok how much" are no answers.
WEAK_YES = [
    r"o+k+(?:ay+|ey|ie)?", r"o ?k", r"ok(?:ie|ey) do(?:kie|key)", r"k+", r"sure+(?: thing)?",
    r"right",
    r"fine(?: by me| with me)?", r"perfect", r"cool", r"alright", r"all right", r"true", r"tru",
    r"very well",
    r"please(?: do(?: it| so)?)?", r"got it", r"bet", r"facts", r"vale", r"bueno", r"dale",
    r"roger",
    r"great", r"with pleasure", r"okey",
]  # fmt: skip

# Alone they leave it open; after a yes they soften it.
HEDGE = [
    r"kind ?a", r"kind of(?! (?:you|a)\b)", r"sort ?a", r"sort of", r"ish",
    r"(?:i )?(?:think|believe|guess|suppose) so",
    r"i (?:guess|suppose)", r"probably", r"hopefully", r"creo que si", r"mas o menos", r"so so",
    r"a tad",
    r"not (?:always|often|much|a lot|so much|usually|too much|very much)",
]  # fmt: skip

UNSURE = [
    r"not (?:since|after|until|unless|when|if)\b",
    r"(?:im |i am |i feel )?not (?:really |too |so |very |entirely |completely |totally |quite |"
    r"100 ?%? |"
    r"at all |exactly |all that |that )?(?:sure|certain|positive)(?: (?:about (?:it|that)|"
    r"of (?:it|that)))?",
    r"not (?:exactly|quite|entirely|completely|totally|fully|lately|recently|anymore|any more|"
    r"any longer)", r"not 100 ?%?", r"no longer" + END, r"used to" + END,
    r"unsure", r"unclear", r"(?:i )?(?:really )?(?:dont|do not|didnt|wouldnt) (?:really )?(?:know|"
    r"kno|no|remember|recall)"
    r"(?: (?:how|what) to (?:say|answer))?(?: the answer)?",
    r"i no know", r"idk", r"idek", r"dk", r"i ?dunno", r"dunno",
    r"(?:i )?(?:have )?(?:absolutely )?no (?:idea|clue)",
    r"(?:i )?(?:havent|have not) (?:a|the|any) (?:clue|idea|foggiest)", r"beats me",
    r"who (?:knows|can know)",
    r"(?:i )?(?:really )?(?:cant|cannot|couldnt|could not|can not) (?:really |quite )?(?:tell|say|"
    r"remember|recall|be sure)",
    r"(?:its |it is )?(?:hard|difficult) (?:to|2) (?:say|tell|know|judge)",
    r"i forget", r"i forgot",
    r"mayb(?:e+)?(?! (?:a )?\d)", r"perhaps", r"possibly",
    r"(?:it |i )?(?:might|may|could) (?:be|have)", r"(?:it )?can be",
    r"(?:it |that )?(?:all )?depends?", r"50 ?/ ?50", r"fifty fifty", r"yes and no", r"si y no",
    r"comme ci",
    r"(?:hopefully|probably|maybe|possibly|i hope|hope|i guess|i suppose) not",
    r"hardly(?: ever)?", r"barely",
    r"rarely", r"seldom", r"(?:i )?never (?:really )?(?:thought about it|paid (?:any )?attention|"
    r"checked|looked)", r"i have doubts?",
    r"(?:it )?comes and goes", r"on and off", r"off and on", r"(?:i )?no se", r"no sabria decir",
    r"quizas?",
    r"tal vez", r"a lo mejor", r"puede ser", r"no estoy segur[oa]", r"no recuerdo", r"depende",
    r"no (?:bladder |bowel |real |more |proper )?(?:feelings?|sensation|control|strength|power|"
    r"urge)",
    r"no (?:puedo )?s[ie]+nt\w+",
]  # fmt: skip

CORRECTION = [
    r"wait", r"hold on", r"i mean(?: to say)?", r"i meant(?: to say)?", r"meant(?: to say)?",
    r"actually",
    r"scratch that", r"sorry", r"my bad", r"oops", r"whoops", r"correction", r"perdon", r"digo",
    r"typo",
    r"let me correct that",
]  # fmt: skip
# These announce more; where nothing follows, the answer is still open.
UNFINISHED = frozenset({"wait", "hold on", "i mean", "i meant", "meant"})

FILLER = [
    r"(?:im |i am )?(?:pretty|fairly|almost|quite) (?:sure|certain)(?= (?:yes|no|not|i|that)\b)",
    r"i (?:already )?said(?= (?:yes|no)\b)",
    r"(?:thats|its|the answer is|a|big|hard|solid)(?: an?)?"
    r"(?= (?:big |hard |solid )?(?:yes|no)(?!\w))", r"i think(?= (?:yes|no)(?!\w))",
    r"u+h+", r"u+m+", r"e+r+m?", r"h+m+", r"oh+", r"ah+", r"well", r"so", r"like", r"just",
    r"then", r"lol",
    r"lmao", r"haha+", r"tbh", r"ngl", r"honestly", r"really", r"to be honest", r"hi+", r"hello",
    r"hey+", r"omg",
    r"thanks?(?: you| u)?(?: so much| god| goodness| heavens?)?", r"thx", r"ty", r"cheers",
    r"thankfully",
    r"luckily", r"fortunately", r"unfortunately", r"sadly", r"sir", r"maam", r"dear", r"doc",
    r"doctor", r"man",
    r"bro", r"dude", r"hun", r"love", r"mate", r"pls", r"plz", r"senora?", r"gracias",
    r"por favor", r"im sure",
    r"no (?:problem|prob|worries|worry|biggie|rush|hurry|pressure|offense|offence)(?: (?:for|with|"
    r"to) (?:me|that|it)"
    r"| at all)?", r"np", r"you know", r"(?:i am|im) afraid(?= i\b)", r"no cap",
]  # fmt: skip

# Neither yes nor no although they begin like one.
BLOCK = [
    r"(?:yes|y) ?(?:or|/) ?(?:no|n)(?! maybe)", r"never ?mind", r"nvm",
    r"no ?[.#]? ?\d+(?=$| ?[.?!]$)",
    r"no more", r"no one" + r"(?! of)", r"no (?:ent[ie]+nd\w+|comprendo|understand|puedo)\b.*",
    r"ya no \w+", r"right now",
    r"no (?:better|worse|difference|luck|change)", r"no pain no gain",
]  # fmt: skip

# A later chunk with one of these decides, wherever it stands in the chunk.
ANYWHERE = {
    "no": rf"\b(?:none of {_THOSE}|nothing like that|not that i know|the answer is no|"
    rf"any of (?:those|that|them))\b",
    "unsure": (
        r"\b(?:idk|dunno|i dont know|not sure|no idea|no clue|two minds)\b"
        r"(?! (?:how|what|where|when|which|why|who)\b)"
    ),
}
# A function that is missing: "no, I can't feel it" must not clear anybody.
LOSS = (
    r"\b(?:cant|cannot|can not|couldnt|unable to|not able to|no puedo) (?:really |even )?(?:feel|"
    r"move|lift|"
    r"hold|control|pee|urinate|go|walk|stand|stop|empty|poop|wiggle|orinar|sentir|mover)\b"
)
QUESTION = (
    r"^(?:(?:and|but|so|then|well|also|just|or|like|because) )*(?:what(?:s|re)?(?! (?:i|it|he|she|"
    r"they|we)\b)|how|"
    r"hows|why|whos|who (?:is|are|do|does|can)|wheres|where (?:is|are|do|can|should)|whens|"
    r"when (?:is|are|do|"
    r"does|can|will|should|am)|which (?:one|is|of|are|do|exercise)|(?:can|could|would|will|should|"
    r"do|did|may|shall|"
    r"are|have) (?:i|you|u|ya|we|they|yall|someone|somebody|it|this|that|there|she|he)\b|does|"
    r"doesnt|is (?:it|"
    r"this|that|there|the|my)|isnt|am i|whats|tell me|what if|como|cuanto|cuando|donde|que)\b"
)
# Asked about the answer itself: "yes, is that bad?" stays a yes.
ABOUT_ANSWER = (
    r"(?:so |and |but |then )*(?:(?:is|isnt|are) (?:that|this|it|those|these)(?: (?:so|really|"
    r"very|a|an|the|"
    r"too|bad|normal|ok|okay|serious|dangerous|problem|issue|concern|concerning|worrying|weird|"
    r"important|common|"
    r"good|sign|thing|emergency|alright|all|right))+|should i (?:be )?(?:worry|worried|concerned|"
    r"scared|afraid)"
    r"(?: about (?:that|it|this))?|what (?:should|do|can|must) i do(?: now| then| about (?:it|"
    r"that))?|"
    r"why would i(?: \w+)*|why(?: do you (?:ask|want to know|need to know)| you ask| does (?:that|"
    r"it) matter)?|"
    r"does (?:that|it) "
    r"(?:matter|count)|what now|now what|whats next|what next)"
)
ABOUT_YES = r"(?:so |and |but )*what (?:does|do) (?:that|it|this) mean"
COMMAND = (
    r"^(?:(?:and|but|so|then|well|just|please|lets|let us|i (?:want|wanna|need|would like|like|"
    r"have)(?: to)?|id "
    r"(?:like|rather|prefer)(?: to)?|let me|you can|quiero|can we) )*(?:stop|cancel|pause|book|"
    r"schedule|reschedule|start|begin|restart|"
    r"repeat|go back|skip|next|show|tell|explain|call|text|email|send|change|move|delete|erase|"
    r"remove|help|give|"
    r"talk|speak|take|wipe|put|sign|get|see somebody|see someone|quit|continue|end|connect|"
    r"transfer|do it|try|make an? appointment|see (?:a|the|someone)|ask|know|"
    r"para|cancelar|hablar|cambiar)\b"
)
CONFIRMED_COMMAND = (
    r"(?:(?:and|so|then|please|just|lets|you can) )*(?:do|go|go ahead|book|send|submit|confirm|"
    r"continue|delete|"
    r"erase|remove|start|begin|proceed|keep|save|cancel|call)(?: (?:it|that|this|them|ahead|"
    r"everything|all|all of "
    r"it|my data|my information|now|please|me|in|and|book|send|do|delete|right))*"
)
LEFT_AS_IT_IS = (
    r"(?:leave|keep|forget|save)(?: (?:it|that|this|them|everything|as is|as it is|please|all))*"
)
OPEN_AFTER_UNSURE = r" (?:how|what|where|when|which|why|who)\b(?! (?:to )?(?:say|answer|id call))"
# A question in the middle of words without punctuation.
ASKS_INSIDE = (
    r"\b(?:how (?:do|long|much|many|often|can|should)|what (?:do|should|is|does|can|about)|"
    r"should i|can i|"
    r"can you|could you|do i|when (?:can|do|should|is|will)|where (?:do|is|can))\b"
)
# What may follow "no" in one breath. Any other word ("no urine") makes it "no such thing".
AFTER_NO = frozenset(
    "i im ive id ill my mine it its the this that thats these those not just only we he she they "
    "there theres everything everythings all to for at on in since nothing none never a an "
    "because when if anything been had have has havent didnt dont doesnt isnt wasnt both still "
    "unless until usually mostly normal fine you im your 2 by so any with everyone much nor until "
    "lol mi es esta yo leave keep forget save why what how is should can could".split()
)
