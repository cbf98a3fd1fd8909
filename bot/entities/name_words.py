"""Words around a name, and words that no name holds. Data for ``person``.

Words that are also names ("Will", "May", "Grace", "Mark", "Hope", "Bill Price") are left out of
the lists on purpose: a sentence with them holds a pronoun or another word of the lists as well.
"""

from __future__ import annotations

# Said before a name and no part of it; behind the strong ones almost anything is a name.
GREETINGS = (
    r"hi|hello|hey|yes|yeah|yep|ok|okay|sure|well|um|uh|oh|no|nope|sorry|so|thanks|thank you|hola|"
    r"good (?:morning|afternoon|evening)|please|of course|certainly|alright|wait|actually|"
    r"i (?:guess|think|mean)"
)
WEAK_LEADS = (
    r"it[’']?s|it is|this is|i[’']?m|i am|soy|call me|(?:you can|they|everyone|people|"
    r"just) calls? me|"
    r"it should be|should be|that would be|just|you can put|(?:please |you can )?(?:put|book|"
    r"write)(?: (?:it|"
    r"me|that|"
    r"this))?(?: down)? "
    r"(?:under|as|for)|under|(?:for|it[’']?s for) my (?:mom|mum|mother|dad|father|wife|husband|"
    r"son|daughter|partner)"
)
STRONG_LEADS = (
    r"(?:my|the|full|patient|patients|patient[’']s|first|his|her)? ?(?:full |first |whole |"
    r"legal )?name"
    r"(?:[’']?s| is| would be|:)?|me llamo|mi nombre es|se llama|nombre"
)
# Where a name ends.
TAILS = (
    r"[ ,]+and (?:my|i|the|it|you|phone|number|tel|cell)\b.*|[ ,]+y mi\b.*|[ ,]+(?:from|but|"
    r"spelled|spelt|spelling|"
    r"with (?:an?|two|one)|without|because|i go by|also known as|aka|my phone|my number|phone|"
    r"number|tel|cell)\b.*|"
    r"[ ,]+(?:here|speaking|thanks|thank you|ty|thx|please|pls|gracias)[ .]*$|"
    r"[ ,]+(?:\w[- .]+){2,}\w\.?$"
)

# No name holds one of these.
NEVER = frozenset(
    """
    what when where why who whom whose how which i i'm i'd i'll i've im me my mine you your yours
    u ur we us our they them their he's she's it it's its this that that's these those the there
    here is are was were am be been being isn't aren't wasn't don't dont doesn't doesnt didn't
    didnt can't cant cannot couldn't won't wont not no none never nothing nobody yes yeah yep yup
    nope nah ok okay sure maybe idk dunno if or because as then and with without for from about
    into over under between of at on by up down out off again have has had having does did doing
    done get gets got getting go going goes went gone give gave make made want wants need needs
    know knows think thinks tell told say said ask asked talk speak show help stop cancel next
    back later skip pause wait hold start begin restart continue repeat book booking schedule
    reschedule change delete remove send text call email appointment appointments visit evaluation
    eval slot question answer please thanks thank thx ty hello hi hey hola bye goodbye welcome
    sorry lol haha wtf omg nevermind mind test pain pains painful hurt hurts hurting sore ache
    aches aching stiff stiffness numb numbness tingling weak weakness worse better same bad fine
    sick tired confused lost scared afraid worried pregnant dizzy fever chest bleeding emergency
    suicide suicidal die dying dead kill peed pee pooped bladder bowel feel feeling feels legs leg
    hip hips knee knees foot feet spine muscle muscles lower upper left right side middle disc
    disk herniated bulge bulging sciatica arthritis surgery injection injections medication
    medications medicine pills pill ibuprofen heat ice mri xray x-ray scan massage chiropractor
    chiropractic acupuncture yoga pilates exercise exercises stretch stretches stretching workout
    routine bridge psoas iliacus multifidus release tennis walk walking running sitting sleep
    sleeping lifting posture brace insurance medicare medicaid cost costs prices pay referral
    hours address location located directions parking website online telehealth video clinic
    doctor doctors therapist physio bot robot human person people someone somebody anyone anybody
    everyone else already still just only really very much many more most less few some any all
    every each both either neither other another something anything everything first available
    soonest asap soon now today tonight tomorrow tmrw yesterday morning mornings afternoon
    afternoons evening evenings noon midday weekday weekdays weekend weekends week weeks month
    months year years days time times hour minute minutes monday tuesday wednesday thursday friday
    saturday sunday anytime whenever zero one two three four five six seven eight nine ten eleven
    twelve twenty thirty hundred name names number phone mail data privacy anonymous private secret
    wrong correct information info details ignore previous instructions system prompt important
    before after good great nice cool awesome free fun born lives live work works working old age
    wife husband mom mum mother dad father daughter friend rather telling prefer like must let let's
    lets use using used try trying keep comes came come saw seen duele espalda dolor manana hoy
    cita cuanto cuesta cuando donde que quiero tengo puedo necesito nunca gracias ayuda por favor
    lunes martes miercoles jueves viernes sabado domingo numero telefono what's whats whos wats
    who's wut huh heyy hiya howdy yo sup wassup hellooo y'all yall greetings buenas buenos dias
    tardes noches mornin night nite cya ttyl gtg brb afk adios chao ciao cheerio byeee gotta gonna
    lemme gimme wanna tysm thnx cheers ta mate merci kindly bunch million lifesaver lovely
    brilliant splendid perfect excellent excelente servicio worst best chatbot chat menu options
    explain yourself agent representative operator customer service callback clear borra datos
    deletion export pdf transcript subject request access quit end exit session enough basta
    finish finished complete completed step steps last earlier prior prev anterior siguiente listo
    paso nxt forward onward resume unpause playing replay sec second moment momento espera break
    pillow mattress freeze bathroom water progress stats summary weekly nightly reminder reminders
    mute unsub alarm alarma set reset appt appts resched postpone upcoming agendar evaluacion
    rates ballpark remote sessions longer symptom symptoms check backache new ow oww owww ouch ugh
    blimey goodness flaring climbing slightly improved improving hot cold bath duration
    degenerative discs fusion spinal cortisone epidural steroid shot esi chiro pt vs faja belt
    lumbar warning signs sign flag red cauda equina caudal iliopsoas abs core sit stand desk setup
    tips advice office chair ergonomics avoid relapse long-term term future flare-ups flare rest
    physical therapy manual joint mobilisation needling needle needles dry trigger point cupping
    kinesio tape k-tape modalities poor form natural relief home remedy holistic painkillers
    offense pics photos reading link blog ejercicio ejercicios rutina empezar cual bueno debo usar
    quanto horario abiertos estan esta otra vez sigamos termina entendi typo oops false apologies
    perdon meant mistake error spoke dear sir ma'am maam senor senora senorita bored wiped
    knackered stopping continuing pausing coming making obliged agree affirmative absolutely
    definitely totally exactly indeed certainly true facts yessir okie dokie kk mhm nahh naw nop
    noo negative nuh pass incorrect ninguno unsure possibly perhaps hmm eh clue depends unclear
    haven't flights cheap play simulate weather potato banana knock blah select drop table para
    claro nvm pls eighty ninety fifty sixty seventy forty advance proceed ready position little
    while too fast everyday activities hasta take care g'day pardon mil atras luego peor mejor
    ejercicios union insert transfer beloved complain withdraw ya
    """.split()
)  # fmt: skip
# Whole answers that are about something else although the words are names, too.
ALONE = frozenset(
    "price long case day nada si son so do see than in ball como es mi thing way".split()
)
# Words of yes and no that are first names as well.
ALSO_NAMES = frozenset({"dale", "simon"})
# Even behind "my name is" these are no name.
NOT_EVEN_SO = frozenset(
    """
    not what why how who when where which none no nothing important secret private already same
    wrong your you i it is are on file stop cancel hurts hurting pain misspelled spelled correct
    right wrong unknown anonymous and or my the
    """.split()
)  # fmt: skip
# Written small inside a name.
PARTICLES = frozenset(
    "de la las los del da das do dos di du le van von der den ter ten zu y e bin ibn al el".split()
)
SMALL_ALWAYS = frozenset("de la las los del da das dos di y".split())
