"""Pain scores from 0 to 10, and numbers that are none."""

import pytest

from bot.entities.pain import read_pain_score

SCORES = [
    ("7", 7), ("0", 0), ("10", 10), ("a six", 6), ("A SIX", 6), ("6/10", 6), ("6 / 10", 6),
    ("6 out of 10", 6), ("six out of ten", 6), ("ten out of ten", 10), ("it's a 4/10 today", 4),
    ("about 7 or 8", 8), ("7-8", 8), ("7–8", 8), ("7 to 8", 8), ("2 or 3", 3), ("5/6", 6),
    ("between 4 and 5", 5), ("like a 3 maybe 4", 4), ("seven maybe eight when I bend over", 8),
    ("three, four", 4), ("it's at an eight", 8), ("I'm at a 5", 5), ("zero", 0), ("nought", 0),
    ("a nought from me", 0), ("zero pain today", 0), ("5.5", 6), ("6.4", 6), ("maybe 3.5", 4),
    ("five and a half", 6), ("6½", 7), ("6 1/2", 7), ("six point five", 7), ("7,5", 8),
    ("5ish", 5), ("~5", 5), ("7+", 7), ("like a 2", 2), ("solid 8", 8), ("a 6 i guess", 6),
    ("7, is that bad?", 7), ("7 is that bad", 7), ("it's a 7. should I worry?", 7),
    ("was 8 now 5", 5), ("8 this morning 4 now", 4), ("was a 7 yesterday now 5", 5),
    ("yesterday 8 today 5", 5), ("8 yesterday, 5 today", 5), ("went down to a 2", 2),
    ("it went from a 3 to a 6", 6), ("it's down from a six to a three", 3),
    ("Currently a 3, down from 5 on Monday.", 3), ("started at 2 now its like 5", 5),
    ("spiked to a 7 when i lifted my hips", 7), ("today a one. Yesterday was nearer four.", 1),
    ("After the walk it was a five, then by bedtime it was down to a two.", 2),
    ("up and down but avg 4", 4), ("pain level: 3", 3), ("Pain score today: 6.", 6),
    ("level 5", 5), ("I'd say it's about a four", 4), ("I would put it at about a four today.", 4),
    ("three when I sit and five when I stand", 5), ("from ten I give three", 3),
    ("If ten is the worst, then I am at three when I sit and five when I stand.", 5),
    ("On your scale from nothing to ten, I should say six.", 6),
    ("on a scale of 1 to 10, 4", 4), ("4 on a scale of 0-10", 4), ("I have pain of 4", 4),
    ("number eight today, sorry", 8), ("it's about a for I think", 4), ("I'm at a too today", 2),
    ("it's an ate", 8), ("no pain", 0), ("no pain at all rn", 0), ("I have no pain", 0),
    ("pain free", 0), ("pain-free today!", 0), ("nothing hurts", 0), ("it doesn't hurt", 0),
    ("doesnt hurt at all", 0), ("none", 0), ("nothing", 0), ("nada", 0), ("the pain is gone", 0),
    ("it went away", 0), ("no longer hurts", 0), ("without any pain", 0),
    ("no pain yesterday but 4 today", 4), ("no pain in my leg, back is a 6", 6),
    ("11/10", 10), ("15 out of 10", 10), ("hoy es un seis", 6), ("un 7", 7), ("7 de 10", 7),
    ("antes era 8 ahora 5", 5), ("sin dolor", 0), ("nada de dolor", 0), ("no me duele", 0),
    ("it was a 6", 6), ("4 lol", 4), ("a 7 ngl", 7), ("ok 5", 5), ("5 I think", 5),
    ("not 5, more like 6", 6), ("no 7", 7), ("5 no wait 6", 6),
    ("one", 1), ("a one", 1), ("it's a one", 1), ("like a 1", 1), ("at 5", 5), ("a 10!!!", 10),
    ("７", 7), ("**6**", 6), ("6️⃣", 6), ("it hurts about a 5 in my lower back", 5),
    ("I did 20 reps and it's a 4", 4), ("3 weeks in and still a 6", 6), ("seven/ten", 7),
    ("four outta ten", 4), ("3-4 out of 10", 4), ("five-ish", 5), ("a five ish", 5), ("7 -> 5", 5),
    ("started at a 7, ended at a 5", 5), ("6 today, was 7 yesterday", 6),
    ("4 with the ball, 2 without", 4), ("a 5 out of 10 at its worst, 2 now", 2),
]  # fmt: skip

NOT_SCORES = [
    "20 reps", "3 weeks", "call me at 5", "L5", "L4-L5", "S1", "512-555-0100", "5125550100",
    "it's been hurting for 3 days", "for three weeks", "I am 45 years old", "I'm 45",
    "step 3", "question 2", "exercise 2", "number 2 please, the ball one?", "day 4",
    "the 3rd", "3rd one", "5pm", "at 5 pm", "5:30", "come at 5", "around 5 o'clock",
    "2 times a day", "3x", "10x", "twice", "10 minutes", "5 min", "hold for 5", "hold 5 seconds",
    "600 mg", "took 2 advil", "two tablets", "5 feet 4", "6'2", "150 lbs", "$5", "60%",
    "24/7", "12/3", "11", "20", "a hundred", "-1", "3 out of 5", "twenty five",
    "five one two five five five oh one two three", "one leg", "this one hurts", "one of them",
    "which one", "one second", "one more question", "the other one", "two balls", "4 inch ball",
    "I have 3 kids", "how many, 10 or 20?", "what does 5 mean", "do I do 10?", "is a 7 bad?",
    "should I stop at 7?", "since 8 this morning", "no pain relief", "no pain killers",
    "no more pain than usual", "not pain free", "no pain until I stand", "", "hello", "yes", "no",
    "better", "it was 6 yesterday", "2024", "on 6/10/2025", "my address is 7 Oak Street",
    "between 4 and 5 pm", "call 911", "doctor at 10 tomorrow morning", "none of your business",
    "nothing helps", "does it hurt?", "I did 10", "for a while", "I want to go", "too much",
    "10 10 10 10", "to be honest it hurts", "I ate at five",
    "It did not hurt at the start, but it certainly does now.",
    "my pain's gone up since we started",
    "no pain at first but now it hurts", "1 more time", "I lost the number two", "the other ten",
    "need some exercises 4 my back thx", "what time did you put me down four", "a day or two",
    "remind me around six", "I've got three kids under six", "starts in 10", "no 2 all of them",
    "what was step 2 again, is this 3?", "10/10 would recommend", "can you call me at 7?",
]  # fmt: skip


@pytest.mark.parametrize(("text", "score"), SCORES)
def test_score(text: str, score: int) -> None:
    assert read_pain_score(text) == score


@pytest.mark.parametrize("text", NOT_SCORES)
def test_not_a_score(text: str) -> None:
    assert read_pain_score(text) is None
