"""Left, right, both or the middle."""

import pytest

from bot.entities.side import read_side

TABLE = {
    "left": [
        "left", "Left.", "the left", "left side", "on the left", "on my left side", "to the left",
        "mostly left", "mostly on the left", "my left leg", "down my left leg", "left hip",
        "lft", "lft side", "l side", "lt side", "lbp 3 weeks left side", "left i think", "lef",
        "leftt", "left, why?", "it pulls in left side", "left not right", "not right, left",
        "the left one", "left lower back", "left-sided", "right here on the left",
        "not the right, the left", "right wait no left", "izquierda", "el lado izquierdo",
        "la pierna izquierda", "a la izq", "left buttock", "outside of my left hip",
        "one spot left of my spine", "LEFT", "its on the left side right?", "i'd say left",
        "that's right, the left", "left side right now",
    ],
    "right": [
        "right", "right side", "on the right", "the right", "my right leg", "rt", "rt side",
        "r side", "rite side", "rigth", "rihgt side", "the write side", "write side",
        "its a dull ache on the right side", "my right but cheek", "right hip hurts",
        "mostly right",
        "right lower back", "right-sided", "derecha", "lado derecho", "la pierna derecha",
        "no the right", "left no wait right", "not left, right", "right, mainly", "on the r side",
        "the right one", "right I think", "right leg goes numb", "i left work with right side pain",
    ],
    "both": [
        "both", "both sides", "on both sides", "both legs", "either side", "each side",
        "left and right", "left & right", "right and left", "left more than right",
        "more on the right than the left", "bilateral", "bilaterally", "two sides", "ambos lados",
        "ambas piernas", "los dos lados", "las dos", "all the way across", "across my lower back",
        "it switches sides", "both but mostly left", "on both sides of the spine",
        "left and also the right", "l and r", "left side and right side", "izquierda y derecha",
    ],
    "middle": [
        "middle", "the middle", "in the middle", "right in the middle", "center", "centre",
        "dead center", "central", "in the center", "middle of my lower back", "midline",
        "smack in the middle", "on the spine itself", "en medio", "en el centro",
        "more in the middle", "middle, not left or right", "down the middle",
    ],
    None: [
        "", "hello", "right now", "right?", "that's right", "all right", "alright", "right away",
        "am i doing this right", "is that right", "I left work early", "left my ball at home",
        "what's left", "how many are left", "nothing left", "two reps left", "leftover",
        "i left", "you're right", "right on", "right after", "left or right?", "which side",
        "left or right", "one side", "my back hurts", "in the middle of the night",
        "in the middle of an exercise", "mid back", "middle back", "write me back", "both of us",
        "both my kids", "bright", "i have the right to know", "right handed", "the right way",
        "is this the right number", "the right exercise", "medical center", "call center",
        "fitness center", "not left", "left out", "left for work", "7", "right then",
        "they left me on hold", "health centre", "the right ball",
        "Right, I'm off to bed.", "Right, let's crack on", ";'l;'l", "can I use it on my spine",
        "Which side is correct for sleep, left or right, with lumbar pain?",
        "in the middle of my shift",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "side"), [(text, side) for side, texts in TABLE.items() for text in texts]
)
def test_side(text: str, side: str | None) -> None:
    assert read_side(text) == side
