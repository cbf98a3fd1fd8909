"""Which exercise is named, however it is spelled or dictated."""

import pytest

from bot.entities.exercise import read_exercise

TABLE = {
    "iliacus_release": [
        "iliacus", "iliacus release", "Iliacus Release", "can we do iliacus", "illiacus", "ileacus",
        "iliakus", "iliacis", "ilicus", "the iliac release", "silly acus", "silly acus release",
        "can we do the ill e acus one right now", "illy ackus", "ilya kiss release", "ilia cuss",
        "tennis ball", "the tennis ball one", "wanna do the tennis ball one", "hip ball thing pls",
        "the hip ball release", "hip-ball release", "time 4 my hip release",
        "I want to make the exercise of the ball in the hip", "hip flexor release",
        "the one with the ball by the hip bone", "ball under my pelvic bone",
        "begin with the one where I lie on a tennis ball by the hip bone",
        "el de la pelota de tenis",
        "iliaco", "I want to do the silly acus release the one with the tennis ball",
        "give me iliacus, I have the ball already under", "iliacus instead of the psoas",
        "not the psoas, the iliacus", "tenis ball one", "la pelota en la cadera",
    ],
    "psoas_release": [
        "psoas", "psoas release", "soas", "so ass release", "let's start the so ass release",
        "tell me about the so ass one", "so as release", "start so as", "start so ass",
        "sew as release",
        "posas", "psoaz", "soaz", "p soas", "p so as", "psaos",
        "do the psoas one w the big squishy ball",
        "the belly ball", "belly-ball release", "belly button ball", "ball next to my belly button",
        "inflatable ball", "the inflatable ball one", "4 inch ball", "four-inch ball",
        "4-inch ball",
        "that softball size ball release by my belly", "soft ball one", "the softball one",
        "the soft four-inch ball", "second release, next to the navel", "ball by the navel",
        "stomach ball", "el psoas", "la pelota en el ombligo", "so-as release", "so ass",
        "the so ask release", "squishy ball one",
    ],
    "long_bridge": [
        "bridge", "long bridge", "lets do long bridge today", "the bridge",
        "Let's make the bridge long",
        "multifidus", "multifidus pls", "run me thru the multifidus one", "multifidis",
        "multifidous",
        "multi fidus", "mole to fetus", "start the mole to fetus exercise", "multi fetus",
        "the multi fetus bridge", "multifetus", "multi feed us", "mutlifidus", "multifitus",
        "multiple fetus exercise", "mole to feet us", "the heel thing", "heel push", "heel pushes",
        "the heel-push bridge", "heel digging exercise", "the one where I dig my heels in",
        "the exercise where the heels push in the floor", "push my heels into the floor one",
        "puente", "el puente largo", "heel press", "the one you dig your heels", "heel one",
        "bridge instead of psoas", "skip the psoas, do the bridge",
    ],
    "ta_activation": [
        "TA activation", "ta activation", "TA thing", "ta thing lets go", "TA", "T.A.",
        "T A activation",
        "start the ta one", "the ta exercise", "transverse abdominis", "transversus abdominis",
        "transverse abdominus", "the transverse ab one please", "transvers", "trans verse abs",
        "exercise of the transverse abdomen", "belly button pull", "the belly-button pull",
        "belly button exercise", "belly button", "let's do the belly button to spine thing",
        "pulling my navel toward my spine", "navel pull", "suck it in one",
        "the one where u suck it in",
        "drawing-in", "draw in exercise", "drawing in", "deep abs", "the deep abdominal exercise",
        "abs one. the deep one. now", "deep core", "tummy one", "the tummy pull", "stomach vacuum",
        "el ejercicio del ombligo, por favor", "deep belly muscle", "TVA", "transverso",
        "the stomach one", "stomach exercise with the navel", "belly breathing one",
    ],
    None: [
        "number 2", "number 2 please", "the second one", "exercise 3", "start", "my routine",
        "the ball", "the ball thing", "let's go", "exercise", "gimme an exercise", "", "hello",
        "ta", "ta very much", "ta love", "ta for that", "my heel hurts", "heel pain", "high heels",
        "my back is so ass", "so as to avoid pain", "so as not to fall", "I coach softball",
        "I play softball on weekends", "pulled something playing tennis", "tennis elbow",
        "my belly hurts", "stomach ache", "stomach pain", "my stomach is upset", "tummy tuck",
        "glute bridge hurt my knee", "a dental bridge", "drove over the bridge", "london bridge",
        "sacroiliac joint", "iliac crest", "hip pain", "my hip hurts", "core", "data", "tab",
        "pelvic floor", "pelvic pain", "abs hurt", "hip replacement", "multiple sclerosis",
        "the fetus is fine", "I'm a TA at the university", "no exercise today", "silly question",
        "soap", "bridgette", "transport", "transfer me", "how much is it?", "solid 8",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "exercise"),
    [(text, exercise) for exercise, texts in TABLE.items() for text in texts],
)
def test_exercise(text: str, exercise: str | None) -> None:
    assert read_exercise(text) == exercise
