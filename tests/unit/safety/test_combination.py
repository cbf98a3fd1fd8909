"""What signs and facts add up to."""

import pytest

from bot.safety import Urgency
from bot.safety.combination import Stated, combine, level_of, raised_by_risks
from bot.safety.detector import screen_by_rules as screen
from bot.safety.findings import Finding, Status
from bot.safety.signs import Sign


def _sign(level: Urgency, **raised: Urgency) -> Sign:
    return Sign("s", "p", level, "legs", ("ACR",), (), (), tuple(raised.items()))


def _stated(level: Urgency, status: Status) -> Stated:
    return Stated(_sign(level), Finding("p", "s", status, (0, 1)))


def test_a_fact_raises_and_never_lowers() -> None:
    sign = _sign(Urgency.SAME_DAY, worse=Urgency.ER_NOW, mild=Urgency.NONE)
    assert level_of(sign, set()) is Urgency.SAME_DAY
    assert level_of(sign, {"worse"}) is Urgency.ER_NOW
    assert level_of(sign, {"mild"}) is Urgency.SAME_DAY


@pytest.mark.parametrize(
    ("level", "facts", "risks", "raised"),
    [
        (Urgency.PHYSICIAN_SOON, {"new_pain"}, {"a", "b"}, Urgency.SAME_DAY),
        (Urgency.PHYSICIAN_SOON, {"new_pain"}, {"a"}, Urgency.PHYSICIAN_SOON),
        (Urgency.PHYSICIAN_SOON, set(), {"a", "b"}, Urgency.PHYSICIAN_SOON),
        (Urgency.SAME_DAY, {"new_pain"}, {"a", "b", "c"}, Urgency.SAME_DAY),
        (Urgency.NONE, {"new_pain"}, {"a", "b"}, Urgency.NONE),
    ],
)
def test_two_risks_with_new_pain_raise_one_level(
    level: Urgency, facts: set[str], risks: set[str], raised: Urgency
) -> None:
    assert raised_by_risks(level, facts, risks) is raised


def test_the_worst_present_sign_decides() -> None:
    stated = [_stated(Urgency.SAME_DAY, Status.PRESENT), _stated(Urgency.ER_NOW, Status.NEGATED)]
    assert combine(stated, set(), set()).level is Urgency.SAME_DAY


def test_a_question_is_asked_only_where_yes_would_be_more_urgent() -> None:
    unclear = _stated(Urgency.ER_NOW, Status.UNCLEAR)
    assert combine([unclear], set(), set()).ask == "legs"
    assert combine([unclear, _stated(Urgency.SAME_DAY, Status.PRESENT)], set(), set()).ask
    assert combine([unclear, _stated(Urgency.CALL_911, Status.PRESENT)], set(), set()).ask is None


@pytest.mark.parametrize(
    ("without", "with_it"),
    [
        ("my temp is 101.4 and my back hurts", "my temp is 101.4 and my back hurts, on dialysis"),
        (
            "I have osteoporosis and fell in the kitchen",
            "I have osteoporosis and fell in the kitchen, now my foot drops",
        ),
        ("I'm 20 weeks pregnant", "I'm 20 weeks pregnant and bleeding"),
        ("blood in my pee", "blood in my pee and a fever of 102"),
        ("my son is 9, back pain", "my son is 9, back pain and a fever of 102"),
    ],
)
def test_facts_of_the_message_raise_the_level(without: str, with_it: str) -> None:
    assert Urgency.NONE < screen(without).level < screen(with_it).level


@pytest.mark.parametrize("text", ["I am 55 and my back aches", "my back hurt last night"])
def test_age_or_one_night_alone_is_no_emergency(text: str) -> None:
    assert not screen(text).level.is_emergency
