"""Who, whether and when: one table for every kind of assertion."""

import pytest

from bot.safety import Status, Urgency
from bot.safety.detector import screen_by_rules as screen

QUIET = {
    "negated": [
        "no numbness in my groin",
        "I don't have a fever",
        "never had any trouble peeing",
        "I haven't wet myself or anything",
    ],
    "list denial": [
        "no numbness, weakness or fever",
        "I have no fever, no chills, no numbness in my legs, no bladder problems",
        "denies saddle numbness, fever or leg weakness",
    ],
    "denied after": ["fever: none", "numbness in the saddle area, no."],
    "hypothetical": [
        "what if I ever wet myself?",
        "if my crotch ever went numb, who would I call?",
        "in case I can't pee some day, what then?",
    ],
    "question about": [
        "what does saddle numbness mean?",
        "what are the symptoms of cauda equina, like numb privates?",
    ],
    "other people": [
        "my neighbor had numb legs and couldn't pee last year",
        "a coworker wet himself at a party",
    ],
    "animals": ["my dog peed on the mat", "our old cat can't walk anymore"],
    "fiction": ["on the show he couldn't feel his legs", "in the movie a guy gets chest pain"],
    "resolved long ago": ["back in 2009 I couldn't pee for a day, never again"],
    "stable": ["both feet have been numb for ten years, no change"],
}

LOUD = {
    "contrast": [
        "no numbness but I peed myself",
        "nothing wrong except now I leak pee when I stand",
        "no fever, no falls, however I can't feel my crotch",
    ],
    "inability is a finding": ["I can't pee", "no feeling in my privates", "both feet won't lift"],
    "exception to a denial": ["never had trouble peeing until yesterday"],
    "self-correction": ["no numbness. wait, scratch that, my crotch is numb"],
    "caregiver": ["my dad can't feel his legs", "my wife wet herself and her back is out"],
    "returned": ["In 2015 my saddle area was numb. It's back as of this morning, numb again"],
    "minimised": [
        "prob nothing but I peed myself",
        "kidding lol but i really did wet myself",
        "my husband says I'm overreacting, my privates are numb",
    ],
    "asked whether it is normal": ["is it normal that I can't feel my crotch?"],
    "buried": ["STOP texting me, I can't feel my legs"],
    "no wonder": ["no wonder I wet myself, I can't tell when I'm peeing"],
}


def _cases(table: dict[str, list[str]]) -> list[object]:
    return [
        pytest.param(text, id=f"{kind}: {text}") for kind, texts in table.items() for text in texts
    ]


@pytest.mark.parametrize("text", _cases(QUIET))
def test_does_not_fire(text: str) -> None:
    screening = screen(text)
    assert screening.level is Urgency.NONE, screening


@pytest.mark.parametrize("text", _cases(LOUD))
def test_fires(text: str) -> None:
    screening = screen(text)
    assert screening.level >= Urgency.ER_NOW, screening


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I have no numbness in my groin", Status.NEGATED),
        ("what if I ever wet myself?", Status.HYPOTHETICAL),
        ("my neighbor wet himself", Status.OTHER_PERSON),
        ("both feet have been numb for ten years, no change", Status.RESOLVED),
        ("I wet myself", Status.PRESENT),
    ],
)
def test_status_is_reported(text: str, status: Status) -> None:
    assert status in {finding.status for finding in screen(text).findings}
