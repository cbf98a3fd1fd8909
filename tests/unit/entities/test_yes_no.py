"""Yes, no and not sure, as people type and dictate them; None for anything else."""

import pytest

from bot.entities.yes_no import Answer, read_answer

YES = """
yes
Yes.
YES!!!
y
ye
yea
yeah
yeahhh
yesss
yep
yup
yuh
yh
ya
yas
yessir
yes ma'am
yes sir
yse
uh huh
mhm
mm-hmm
ok
okay
k
kk
okie dokie
ok thanks
ok sure
ok cool
ok, let's do it
sure
sure thing
for sure
bet
definitely
absolutely
of course
totally
100%
correct
that's correct
that's right
right
exactly
true
sounds good
looks good
works for me
by all means
very well
certainly
aye
aye, go on then
go ahead
please do
yes please
yes pls
ya that one
i do
I do, yes
I have
I have, unfortunately
I am
I did
it does
it is
they do
I'm afraid so
I believe so, yes
yes I think so
yeah I guess so sure
yes kind of
a little
a little bit
a bit
sometimes
some of them
all of the above
yes to all
yes since Tuesday
yes it started last week after I lifted a box
yes but only a little
yes but only when I cough
yes but not much
yes, mostly at night
yes it's been going on for 3 weeks
no wait yes
no sorry i meant yes
no i mean yes
no, actually yes
no scratch that, yes
no I do
no i do have that
no, I am
no I have
no yeah
no yeah I do
si
sí
sí claro
claro que sí
simón
dale
por supuesto
así es
vale
si señora
un poco
a veces
👍
👍🏽
✅
👌
💯
👍👍👍
yes 👍
yes, is that bad?
yes is that normal
yeah, should I be worried?
yes what should i do
yes why
yes do it
yes send it
yes delete everything
yes, delete my data
yes go ahead and book it
ok no problem
okay no problem for me
no doubt
hell yes
heck yeah
ofc
hi yes
um yes
well yes
Yes, dear, go right ahead.
yes I'm sure
yes lol
can't deny it
I wouldn't say no
yes, I'd like that
I sure do
pretty sure yes
that's a yes
I think yes
big yes
Yes I want
why not
"""

NO = """
no
No.
NO!
n
nah
nahh
naw
nope
nop
noo
nooooo
no no no
nope nope
nuh uh
uh-uh
negative
never
nada
none
none of those
none of the above
none of them apply to me
I am happy to say that none of them apply to me.
neither
neither of those
nothing
nothing like that
no nothing like that
nothing of the kind
nope not that I know of
not that i know of
not that I'm aware of
Not that I've noticed.
not to my knowledge
not as far as I know
not really
nah not really
not at all
no not at all
Not in the slightest.
not yet
not now
not right now
not today
no thanks
no thank you
no ty
nty
no gracias
no sir
no ma'am
no way
hell no lol
hard no
i'll pass
pass
never have
never had that
no never
I never have
I've never had any of those
No, I have never had any of those things in my life.
I don't
i dont
I do not.
i don't have any of that
no i don't have any
No I don't have
I dont have any numbness
I haven't
I have not, no.
no I haven't noticed anything like that
I haven't noticed
I'm not
im not
i am not pregnant
i didn't
I don't think so
no I don't think so
dont think so
I think not.
i dont believe so
I'm afraid not
I'd rather not
I would prefer not to
certainly not
of course not
absolutely not
definitely not
Thank goodness, no.
no, thank God
know
know.
know I don't
know thank you
know not really
no numbness
no fever or chills
no pain there
no but my leg hurts
no but thanks
no my leg is fine
no, it started on Tuesday
yes wait no
yes i mean no
yes sorry, no
oh wait no
wait no
yeah no
yeah nah
ya no
no to all
no 2 all of them
no for all the questions
no for sure
no absolutely not
nothing new
nowt
no señor
para nada
nunca
ninguno
ninguna de esas
tampoco
no lo creo
no que yo sepa
creo que no
claro que no
no tengo
👎
❌
🙅‍♀️
no 👍
no, why?
no, is that a problem?
that's not right
that's wrong
wrong
false
incorrect
it doesn't
it isn't
it's not
there isn't
n/a
i aint got none
I don't have no numbness
well no
so no
um no
uh no
no?!! i mean no
No, dear, nothing of the kind.
can't say I have
nah that's not me
Nope, all normal there.
no don't
I sure don't
pretty sure no
I'm pretty sure I don't
I already said no
that's a no
it's a hard no
neither one
no why would i
no leave it
"""

UNSURE = """
idk
idk tbh
dunno
i dunno
not sure
I'm not sure
im not too sure
not 100% sure
unsure
no idea
no clue
I have no idea
i don't know
no i don't know
no, not sure
nope not sure
I don't know if it's numb
not sure if that counts
I couldn't say with any confidence.
maybe
mayb
maybe a little
maybe yes maybe no
perhaps
possibly
might be
could be
kinda
kinda?
kind of
sort of
sorta
-ish
i think so
I think so?
i think so?? idk
i guess
i guess? idk
probably
probably not
hopefully not
yes and no
yes but no
no but kind of
no but sometimes
no but maybe
no, yes
yes no
can be yes, can be no
yes to the first, no to the second
depends
it depends
hard to say
can't tell
cant remember
i forget
I no know
I don't no maybe
don't no
50/50
hmm
eh
🤷
🤷🏽‍♀️
🤷‍♀️ no idea
no sé
no se
quizás
tal vez
a lo mejor
puede ser
más o menos
creo que sí
no estoy seguro
yes?
no?
a little?
not exactly
not quite
not anymore
not always
hardly ever
no feeling down there
no control of it
no I can't feel it
no, can't move my foot
I haven't a clue
I am not at all certain.
who knows
never really thought about it
not positive
not since my surgery
not until I stand up
"""

NOT_AN_ANSWER = """
ok how much is it?
ok how much is it
no wait, how long do I hold?
no wait how long do i hold
yes can I book instead
no, what does that mean?
no what does that mean
what does that mean?
well how do I do it
ok what's next
ok stop
ok next
ok cancel
ok book me for tuesday
ok my name is Bob
ok so my back hurts
no stop
no cancel it
no I want to stop
no i want to talk to a person
yes, tell me about the exercises
yes and what does it cost?
yes but can you tell me how long it takes
No. I never had that. What do you think I should do?
right side
right now
right?
ok?
oh no
nevermind
never mind
nvm
no problem
no worries
no. 2
no more
I don't understand
i dont get the question
no entiendo
I don't feel anything
I don't feel my legs
I don't have control anymore
I can't
I can't pee
I can't feel anything down there
nothing comes out
I haven't been able to pee
I haven't peed since yesterday
never felt this bad
I have a question
I have back pain
I have been hurting for 3 weeks
I do the exercises every day
I am Bob
my back hurts
7
the left one
hello
thanks
lol
😂
🍕
book
stop
next
how long?
what
?
...

yes or no
y/n
know what I mean?
do I know you
I know
okra
note to self
yesterday
nobody told me
north austin
nothing helps
sure as hell hurts
not good
not bad
some people say heat helps
a little ball or a big one?
i don't know how to do this
not sure what you mean
both
wait
no wait
fine print
in the yes column
let's stop
some exercises help
no reminders on weekends
no drugs just vibes lol how do i fix my back
no cap which single exercise is best
In my country we never use cold on the back. Is correct?
My life is strange, no?
it was the dog, not me!
I am sorry to say that this movement is making my back worse.
is it so as or p s o a s
ya no quiero la cita
ya fui al doctor
go ahead and take my name off for Thursday
why not online
I don't want to do this exercise
Alright mate?
wait please, I am not in position yet
"""


def _rows(table: str) -> list[str]:
    return table[1:-1].split("\n")


@pytest.mark.parametrize("text", _rows(YES))
def test_yes(text: str) -> None:
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize("text", _rows(NO))
def test_no(text: str) -> None:
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize("text", _rows(UNSURE))
def test_not_sure(text: str) -> None:
    assert read_answer(text) is Answer.UNSURE


@pytest.mark.parametrize("text", _rows(NOT_AN_ANSWER))
def test_not_an_answer(text: str) -> None:
    assert read_answer(text) is None


@pytest.mark.parametrize("text", ["I don’t", "no I don’t think so", "I’m not", "that’s not it"])
def test_curly_apostrophes(text: str) -> None:
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize("text", ["  yes \n", "y\u200bes", "Ｙｅｓ", "*yes*", '"yes"', "> yes"])
def test_what_phones_add(text: str) -> None:
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize(
    "text",
    [
        "no feeling between my legs",
        "no sensation there",
        "no i can't hold it",
        "I don't have control",
        "I can't",
        "nothing comes out",
        "I don't feel it",
        "no siento nada",
        "no puedo orinar",
        "no urine since yesterday",
        "no movement in my toes",
        "no bowel movement for 3 days",
        "no pee all day",
        "no I can't pee",
        "there's no feeling in my leg",
        "i dont feel my left leg",
        "never felt my legs this weak",
        "no strength in my foot",
    ],
)
def test_a_missing_function_is_never_read_as_a_reassuring_no(text: str) -> None:
    assert read_answer(text) is not Answer.NO
