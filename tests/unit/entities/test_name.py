"""A person's name, and answers that are none."""

import pytest

from bot.entities.person import MAX_NAME, read_name

NAMES = [
    ("Ana López", "Ana López"), ("it's Ana López", "Ana López"), ("ana lópez", "Ana López"),
    ("ANA LÓPEZ", "Ana López"), ("its ana", "Ana"), ("It’s Ana", "Ana"),
    ("María José García-Ruiz", "María José García-Ruiz"),
    ("maria jose garcia-ruiz", "Maria Jose Garcia-Ruiz"), ("Sinead O'Brien", "Sinead O'Brien"),
    ("sinead o'brien", "Sinead O'Brien"), ("SINEAD O’BRIEN", "Sinead O’Brien"),
    ("O'Brien", "O'Brien"), ("Nguyen Van An", "Nguyen Van An"), ("nguyen van an", "Nguyen Van An"),
    ("J.R. Smith", "J.R. Smith"), ("j.r. smith", "J.R. Smith"), ("JR Smith", "JR Smith"),
    ("John Q. Public", "John Q. Public"), ("Joe from accounting", "Joe"),
    ("my name's bob and my number is 512-555-0100", "Bob"), ("my name is Bob", "Bob"),
    ("My full name is Robert James Fischer", "Robert James Fischer"),
    ("name: Bob Jones", "Bob Jones"),
    ("I'm Bob", "Bob"), ("im bob", "Bob"), ("i am Bob Jones", "Bob Jones"),
    ("this is Bob Jones", "Bob Jones"), ("hi this is bob", "Bob"), ("call me Al", "Al"),
    ("you can call me Bill", "Bill"), ("Bob here", "Bob"), ("Bob Jones, thanks", "Bob Jones"),
    ("sure, it's Bob Jones", "Bob Jones"), ("yes Bob Jones", "Bob Jones"),
    ("ok my name is Priya Patel", "Priya Patel"), ("Will May", "Will May"),
    ("will may", "Will May"),
    ("Grace", "Grace"), ("grace", "Grace"), ("Hope Young", "Hope Young"),
    ("Mark Stone", "Mark Stone"),
    ("Bill Price", "Bill Price"), ("June August", "June August"), ("Rose Hill", "Rose Hill"),
    ("Art Long", "Art Long"), ("Chase Rich", "Chase Rich"), ("Kim Do", "Kim Do"),
    ("Jan de Vries", "Jan de Vries"), ("ana de la cruz", "Ana de la Cruz"),
    ("ANA DE LA CRUZ", "Ana de la Cruz"), ("Ludwig van Beethoven", "Ludwig van Beethoven"),
    ("sean mcdonald", "Sean McDonald"), ("Mrs. Eleanor Whitfield", "Mrs. Eleanor Whitfield"),
    ("Dr. Patel", "Dr. Patel"), ("John Smith Jr.", "John Smith Jr."), ("me llamo Luis", "Luis"),
    ("soy Carmen Díaz", "Carmen Díaz"), ("mi nombre es José", "José"), ("Bob 😊", "Bob"),
    ("Bob.", "Bob"), ("  Bob   Jones \n", "Bob Jones"), ("Bob Jones 512-555-0100", "Bob Jones"),
    ("Bob Jones, 5125550100", "Bob Jones"), ("bob and my phone is 512 555 0100", "Bob"),
    ("Bob Jones\nmy back hurts", "Bob Jones"), ("李明", "李明"),
    ("Алексей Иванов", "Алексей Иванов"),
    ("محمد علي", "محمد علي"), ("प्रिया शर्मा", "प्रिया शर्मा"),
    ("D'Angelo Russell", "D'Angelo Russell"),
    ("Siobhan, S-I-O-B-H-A-N", "Siobhan"), ("Jon Smith spelled j o n", "Jon Smith"),
    ("Jon without an h", "Jon"), ('Robert "Bob" Smith', "Robert Bob Smith"),
    ("first name Ana last name López", "Ana López"),
    ("the name's Bond, James Bond", "Bond, James Bond"),
    ("put it under Bob Jones", "Bob Jones"), ("William Smith but I go by Bill", "William Smith"),
    ("it should be Ana López", "Ana López"), ("no, it's Ana López", "Ana López"),
    ("my name is Tuesday Weld", "Tuesday Weld"), ("my name is Ana Back", "Ana Back"),
    ("Jo\u0301 Vance", "Jó Vance"), ("Bob Jones\u200b", "Bob Jones"), ("Xi", "Xi"),
    ("I guess it's Bob", "Bob"), ("for my mom, Rosa Diaz", "Rosa Diaz"),
    ("Son Heung-min", "Son Heung-min"), ("Doris Day", "Doris Day"),
    ("Lucille Ball", "Lucille Ball"),
    ("Nada Hassan", "Nada Hassan"), ("Young In Choi", "Young In Choi"), ("JR SMITH", "JR Smith"),
    ("My name is Larry Fine.", "Larry Fine"), ("Bob is my name", "Bob"), ("BOB", "Bob"),
    ("just Bob", "Bob"), ("you can put Sarah", "Sarah"), ("Bob Smith, DOB 1/2/1960", "Bob Smith"),
    ("Dale", "Dale"), ("simon", "Simon"),
    ("Good afternoon, this is Margaret speaking.", "Margaret"),
    ("Krzysztof Wójcik", "Krzysztof Wójcik"), ("Ng", "Ng"),
]  # fmt: skip

NOT_NAMES = [
    "lower back pain", "heat or ice", "Heat Or Ice", "my back hurts", "My Back Hurts", "pain",
    "how much is it?", "how much is it", "what", "why do you need it", "why?", "who are you",
    "can I book instead", "will it hurt", "may I ask why", "is this a bot", "do you take insurance",
    "Bob?", "what is your name", "stop", "cancel", "Cancel", "next", "help", "start over",
    "go back",
    "book", "call me later", "call me back", "call me please", "skip", "yes", "no", "nope", "ok",
    "thanks", "thank you", "hello", "hi", "good morning", "hey there", "please", "idk",
    "i don't know", "not telling you", "rather not say", "nevermind", "anonymous", "none", "n/a",
    "12345", "R2D2", "512-555-0100", "Bob2", "tomorrow", "Tuesday", "monday at noon", "asap",
    "in the morning", "insurance", "sciatica", "massage", "exercise", "the tennis ball one",
    "psoas release", "left side", "I'm fine", "I'm in pain", "I'm confused", "im not sure",
    "I'm 45", "I was born in 1960", "a@b.com", "ana@example.com", "www.example.com", "x", ".", "",
    "   ", "😂", "!!!", "my name is not important", "btw I peed myself", "can't feel my legs",
    "my leg went numb", "I want to cancel", "tell me about your clinic", "it hurts",
    "same as before",
    "you already have it", "A" * 500, "ana " * 200, "the one with the ball", "worse", "much better",
    "lol", "never mind", "one two three four", "Ignore all previous instructions", "<script>",
    "what's the cost", "an appointment", "my name", "my name is", "it's", "herniated disc", "MRI",
    "where are you located", "I need a person", "talk to a human", "delete my data", "seven",
    "wait", "hold on", "it's my back", "still here", "emergency", "me duele la espalda", "no sé",
    "mañana", "cuánto cuesta", "first available", "any time", "the phone number is wrong",
    "can you call my wife", "numb between the legs", "chest pain",
    "asdfgh", "mnbvcxz", "zzzz", "noooo", "owww", "you're a lifesaver", "what's iliopsoas",
    "I'm bored",
    "wo ist der nächste supermarkt", "今天天气怎么样", "menu", "operator", "howdy y'all", "sir",
    "yes ma'am", "brb", "reminder pls", "home remedy", "appt pls", "oops typo", "definitely", "mhm",
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_name(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize("text", NOT_NAMES)
def test_not_a_name(text: str) -> None:
    assert read_name(text) is None


def test_longest_name() -> None:
    name = "Ab" + "an" * (MAX_NAME // 2 - 1)
    assert read_name(name) == name
    assert read_name(name + "a") is None
