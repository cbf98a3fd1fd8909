"""Better, the same or worse."""

import pytest

from bot.entities.pain import read_pain_change

BETTER = """
better
way better
lil better
sm better today
much better ty
a bit better
feeling a whole lot better today
it is somewhat better than last week
is more better than before
Slightly improved, thank you.
improving
Improved since the last session.
The pain has eased
it's easing up
it is less, thanks God
less pain
it hurts less
not as bad
not as bad as before
it went down
pain is going down
the pain is gone
it went away
looser
some relief
mejor
está mejor hoy
me duele menos
worse at first but better now
was worse, now better
bad this morning but better now
better, should I keep going?
better!!
was 8 now 5
down from a six to a three
feels good
feeling great
not worse, better
""".strip().split("\n")

SAME = """
same
Same.
same as yesterday
about the same
meh same old
the same really
Much the same, really.
no change
no real change
no difference
no real difference since last time
not much difference
unchanged
It has not changed since we last spoke.
hasn't changed
didn't change
didn't help
no improvement
no better
not better
not any better
isn't any better
no better no worse
neither better nor worse
not better but not worse
no worse
not worse
igual
sigue igual
ni mejor ni peor
lo mismo
I feel equal like yesterday
still the same
was 5 still 5
""".strip().split("\n")

WORSE = """
worse
Worse!
worse today
bit worse than yesterday
a lil worse ngl
it's worse
its getting worse
it got worse when I lifted my leg
it is a little worse this morning
it's worst
worst than before
more pain
hurts more
it hurts more now
that hurts worse
more painful
more sore
went up
pain just went up
pain's climbing
pain is up
increased
it's flaring
flared up
peor
un poco peor hoy
me duele más
está empeorando
not good, is more bad than before
that made it worse
better at first but worse now
was better yesterday, worse today
not better, worse
it went from a 3 to a 6
was 5 now 8
aggravated it
not as good as yesterday
worse, is that normal?
today the back is bad, more than yesterday
it hurts so much more
pain's gone up
when I hold it for five seconds it gets worse and worse
""".strip().split("\n")

NEITHER = (
    """
7
hello

yes
what makes it worse?
will it get better?
is it going to get worse?
should I stop if it gets worse?
can this make it worse
does heat make it better
it gets worse when I drive
gets worse if I sit
same day appointment?
at the same time
the same exercise again
same to you
same leg
what if it's worse tomorrow
I hope it gets better
I want to feel better
I want to get better
which is better heat or ice
get well soon
better safe than sorry
you better call me
up and down
more please
more exercises
less talking
a good morning to you
when will I feel better
how can I get better
I'd better go
lower back is killing me
woke up with the worst back ache
this lumbago has got the better of me
a lo mejor
""".rstrip("\n")
    .lstrip("\n")
    .split("\n")
)


@pytest.mark.parametrize("text", BETTER)
def test_better(text: str) -> None:
    assert read_pain_change(text) == "better"


@pytest.mark.parametrize("text", SAME)
def test_same(text: str) -> None:
    assert read_pain_change(text) == "same"


@pytest.mark.parametrize("text", WORSE)
def test_worse(text: str) -> None:
    assert read_pain_change(text) == "worse"


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert read_pain_change(text) is None
